"""The example client, run as an integrator would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.faults.running import HOST, ROOT, Service, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as made:
        yield made


def run(url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEELWIJZER_URL": url}
    command = [sys.executable, "-I", "examples/client.py"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_the_client_runs_and_says_what_to_do(service: Service) -> None:
    done = run(f"http://{HOST}:{service.port}")

    assert (done.returncode, done.stderr) == (0, "")
    first, *rest = done.stdout.splitlines()
    assert first.startswith("advies ")
    assert [line.split(":")[0] for line in rest if not line.startswith(" ")] == ["overgangsdocument", "behandelstatus"]
    assert "  nodig: " in done.stdout
    status, _ = service.send("GET", f"/v1/adviezen/{first.split()[1].rstrip(',')}")
    assert status == 200


def test_a_refused_question_is_shown_field_by_field(service: Service) -> None:
    code = (
        "import runpy, sys; sys.argv = ['x']; m = runpy.run_path('examples/client.py'); "
        "m['QUESTION']['jongere']['leeftyd'] = 1; sys.exit(m['main']())"
    )
    environment = {**os.environ, "DEELWIJZER_URL": f"http://{HOST}:{service.port}"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 1
    assert "jongere.leeftyd" in done.stdout
