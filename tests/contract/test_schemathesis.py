"""Schemathesis against the running service: what the description allows is answered as described, the rest refused.

`make test-processes` and `.ci/run` run it. tests/schemathesis.toml says what a schema cannot.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running import HOST, Service, running

SETTINGS = Path(__file__).resolve().parents[1] / "schemathesis.toml"
EXAMPLES = "25"
SECONDS = "20"
"""For all phases together; examples and coverage come first, fuzzing takes what is left."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}"
    with running(url, DEELWIJZER_ADVIES_SECONDEN="0.2", DEELWIJZER_VRAAG_SECONDEN="0.5") as made:
        yield made


@pytest.mark.parametrize("path", ["/v1", "/access/v1"])
def test_the_service_does_what_its_description_says(service: Service, tmp_path: Path, path: str) -> None:
    base = f"http://{HOST}:{service.port}{path}"
    command = [str(Path(sys.executable).with_name("st")), "--config-file", str(SETTINGS), "run", f"{base}/openapi.json"]
    options = [
        "--url",
        base,
        "--checks",
        "all",
        "--max-examples",
        EXAMPLES,
        "--seed",
        "1",
        "--no-color",
        "--max-time",
        SECONDS,
    ]
    done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)

    assert done.returncode == 0, done.stdout[-4000:]
