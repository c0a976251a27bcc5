"""The example client, run as an integrator would run it."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import socket
from threading import Thread

import pytest

from tests.contract.test_docs import printed_request
from tests.faults.running import HOST, ROOT, Service, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as made:
        yield made


def run(url: str, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEELWIJZER_URL": url}
    command = [sys.executable, "-I", *(more or ("examples/client.py",))]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_its_question_is_the_one_of_the_readme() -> None:
    client = runpy.run_path(str(ROOT / "examples" / "client.py"))

    assert client["QUESTION"] == json.loads(printed_request()[2])


def test_the_client_runs_and_says_what_to_do(service: Service) -> None:
    done = run(f"http://{HOST}:{service.port}/")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith((" ", "advies "))] == [
        "het overgangsdocument: toegestaan",
        "het overgangsdocument: onder voorwaarden",
    ]
    assert "  doe ook: leg uw afweging vast" in lines
    assert any(line.startswith("  omdat: een taak van algemeen belang (Wet ") for line in lines)
    assert any(
        line.startswith("  zeg tegen de jongere: De school geeft dit over jou aan de gemeente") for line in lines
    )
    assert "  kan op ALB-1: een taak van algemeen belang" in lines
    assert any(line.startswith("    nodig: overgangsdocument.akkoord_jongere (handeling): ") for line in lines)
    identifiers = [line.split()[1].rstrip(",") for line in lines if line.startswith("advies ")]
    assert len(identifiers) == 2
    for identifier in identifiers:
        assert service.send("GET", f"/v1/adviezen/{identifier}")[0] == 200


def test_all_its_calls_are_one_trace(service: Service) -> None:
    code = (
        "import runpy; m = runpy.run_path('examples/client.py'); "
        "print(*(m['headers']()['traceparent'] for _ in range(2)), m['TRACE'])"
    )
    first, second, trace = run("http://x", "-c", code).stdout.split()

    assert first.split("-")[1] == second.split("-")[1] == trace
    assert first.split("-")[2] != second.split("-")[2]


def test_a_refused_question_is_shown_field_by_field(service: Service) -> None:
    code = (
        "import runpy, sys; sys.argv = ['x']; m = runpy.run_path('examples/client.py'); "
        "m['QUESTION']['jongere']['leeftyd'] = 1; sys.exit(m['main']())"
    )
    done = run(f"http://{HOST}:{service.port}", "-c", code)

    assert done.returncode == 1
    assert "jongere.leeftyd" in done.stdout
    assert not done.stderr


QUICK = "import runpy, sys, time; time.sleep = lambda _: None; sys.exit(runpy.run_path('examples/client.py')['main']())"


def test_a_service_that_is_not_there_is_told_in_words() -> None:
    with closing(socket()) as free:
        free.bind((HOST, 0))
        done = run(f"http://{HOST}:{free.getsockname()[1]}", "-c", QUICK)

    assert (done.returncode, done.stderr) == (1, "")
    assert "geeft geen antwoord" in done.stdout


@pytest.mark.parametrize(
    ("status", "body", "retry", "asked", "says"),
    [
        (502, b"<html>Bad Gateway</html>", None, 3, "(status 502)"),
        (503, b'{"detail": "Het log is weg."}', "Fri, 27 Nov 2026 00:00:00 GMT", 1, "Het log is weg."),
        (503, b'{"detail": "Het log is weg."}', "1", 3, "Het log is weg."),
        (401, b'{"detail": "Stuur een sleutel."}', None, 1, "Stuur een sleutel."),
        (200, b"<html>", None, 3, "geeft geen antwoord"),
    ],
)
def test_whatever_stands_in_between_is_told_in_words(
    status: int, body: bytes, retry: str | None, asked: int, says: str
) -> None:
    with answering(status, body, retry) as (url, calls):
        done = run(url, "-c", QUICK)

    assert (done.returncode, done.stderr) == (1, "")
    assert says in done.stdout
    assert len(calls) == asked


@contextmanager
def answering(status: int, body: bytes, retry: str | None) -> Iterator[tuple[str, list[str]]]:
    """A server that gives everyone the same answer; yields its address and what was asked."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(status)
            if retry is not None:
                self.send_header("retry-after", retry)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer((HOST, 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{HOST}:{server.server_port}", calls
        server.shutdown()
        thread.join()
