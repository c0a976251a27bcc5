"""The service as it really runs: a process of its own, with uvicorn, on a port of this machine."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds a start may take when three engines have to decide every scenario first."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(number)}
    command = [sys.executable, "-m", "app.cli", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            _wait_for(process, number)
            yield number
        finally:
            process.terminate()
            said = process.communicate(timeout=20)[0]
    assert f"http://127.0.0.1:{number}/" in said
    # INVARIANT: what callers send is never in what the service prints.
    assert "1987" not in said
    assert "Traceback" not in said


def _wait_for(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service stopped"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service did not start in time")


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {"content-type": "application/json"})
    response = connection.getresponse()
    read = response.read()
    connection.close()
    return response, read


def test_a_question_is_answered(port: int) -> None:
    response, body = ask(port, "POST", "/advies", b'{"jongere": {"geboortedatum": "1987-06-05"}}')

    assert response.status == 200
    assert response.getheader("server") is None
    assert b'"stromen"' in body


def test_a_refused_question_is_a_problem(port: int) -> None:
    response, body = ask(port, "POST", "/v1/advies", b'{"jongere": {"geboortedatum": "1987-06-55"}}')

    assert response.status == 400
    assert response.getheader("content-type") == "application/problem+json"
    assert b"1987" not in body


def test_head_has_no_body(port: int) -> None:
    response, body = ask(port, "HEAD", "/v1/openapi.json")

    assert response.status == 200
    assert body == b""
    assert int(response.getheader("content-length") or 0) > 1000


def test_a_body_that_declares_too_much_is_refused_before_it_is_sent(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        lines = [
            "POST /v1/advies HTTP/1.1",
            "host: localhost",
            "content-type: application/json",
            "content-length: 99999999",
        ]
        raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = raw.recv(4096).decode()

    assert re.match(r"HTTP/1.1 413 ", answer)
    assert "application/problem+json" in answer


def test_a_chunked_body_without_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        lines = [
            "POST /v1/advies HTTP/1.1",
            "host: localhost",
            "content-type: application/json",
            "transfer-encoding: chunked",
        ]
        raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        for _ in range(65):
            raw.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")
        answer = raw.recv(4096).decode()

    assert re.match(r"HTTP/1.1 413 ", answer)


def test_the_port_can_be_taken_by_one_service_only(port: int) -> None:
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    command = [sys.executable, "-m", "app.cli", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False)

    assert done.returncode != 0
    assert "address already in use" in done.stdout + done.stderr
