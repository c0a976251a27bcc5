"""Callers that take no answer, send no question, or do too much at once: what they cost, and what others notice."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.contract.asking import QUESTION
from tests.faults.running import HOST, ROOT, Service, free_port, running
from tests.faults.test_connections import answer, connected, problem

pytestmark = pytest.mark.processes

MIB: Final = 1024 * 1024
LARGE: Final = 12
"""MiB of an answer: a series with every derivation."""
AS_FREED: Final = {"MALLOC_MMAP_THRESHOLD_": "1000000"}
"""Has the C library give large pieces of memory back at once, so that what a process keeps can be seen."""
REEKS: Final = b"POST /v1/advies/reeks HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"


@contextmanager
def large_answers(**settings: str) -> Iterator[Service]:
    """Serve large answers in a process, with the connections of `deelwijzer serve`."""
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "tests.faults.large_answers:application", "--http", "app.protocol:BoundedHttp",
        "--host", HOST, "--port", str(port), "--loop", "uvloop", "--lifespan", "off", "--log-level", "error",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **AS_FREED, **settings}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until(lambda: reachable(port), 30)
            yield Service(process, port, "")
        finally:
            process.terminate()


def reachable(port: int) -> bool:
    with contextlib.suppress(OSError), connected(port):
        return True
    return False


def until(reached: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def memory(service: Service) -> float:
    """Resident memory in MiB."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def held(service: Service) -> int:
    """How many sockets a process has open, the one it listens on among them."""
    folder = Path(f"/proc/{service.process.pid}/fd")
    found = 0
    for one in folder.iterdir():
        with contextlib.suppress(OSError):
            found += os.readlink(one).startswith("socket:")
    return found


def never_reading(port: int, path: str = f"/{LARGE}", connection: str = "keep-alive") -> socket.socket:
    """Ask for an answer with little room for it, and take nothing."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect((HOST, port))
    made.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: {connection}\r\n\r\n".encode())
    return made


def taken(port: int, path: str = f"/{LARGE}") -> int:
    """Ask and read at once; returns how many bytes came."""
    with connected(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        return len(answer(connection))


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_answers_that_nobody_takes_are_given_up(connection: str) -> None:
    with large_answers(DEELWIJZER_AFNAME_SECONDEN="3", DEELWIJZER_ONDERWEG_MIB="4096") as service, ExitStack() as stack:
        assert taken(service.port) > LARGE * MIB
        before, sockets = memory(service), held(service)
        for _ in range(10):
            stack.enter_context(never_reading(service.port, connection=connection))
        until(lambda: memory(service) > before + 6 * LARGE, 20)
        until(lambda: held(service) <= sockets, 20)
        assert memory(service) < before + 3 * LARGE


def test_a_slow_drip_is_given_up_too() -> None:
    with large_answers(DEELWIJZER_AFNAME_SECONDEN="2") as service, never_reading(service.port) as slow:
        begun = time.monotonic()
        read = 0
        with contextlib.suppress(ConnectionResetError):
            while part := slow.recv(20000):
                read += len(part)
                time.sleep(0.05)
        assert 0 < read < LARGE * MIB
        assert time.monotonic() - begun < 12


def test_all_answers_together_are_bounded_and_readers_get_theirs() -> None:
    """INVARIANT: whoever does not read holds no memory that others need, and who reads is answered in full."""
    with large_answers(DEELWIJZER_AFNAME_SECONDEN="60", DEELWIJZER_ONDERWEG_MIB="48") as service, ExitStack() as stack:
        taken(service.port)
        before = memory(service)
        for _ in range(20):
            stack.enter_context(never_reading(service.port))
        for _ in range(5):
            assert taken(service.port) > LARGE * MIB
        until(lambda: memory(service) < before + 48 + 3 * LARGE, 10)
        assert taken(service.port, "/0") > 0


def test_one_answer_at_a_time_is_on_its_way_on_a_connection() -> None:
    with large_answers(DEELWIJZER_AFNAME_SECONDEN="60", DEELWIJZER_ONDERWEG_MIB="4096") as service:
        taken(service.port)
        before = memory(service)
        with never_reading(service.port) as slow:
            slow.sendall(f"GET /{LARGE} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode() * 10)
            time.sleep(1.5)
            assert memory(service) < before + 3 * LARGE


def test_a_slow_reader_of_a_small_answer_holds_its_connection_not_for_ever() -> None:
    with large_answers(DEELWIJZER_AFNAME_SECONDEN="1") as service, ExitStack() as stack:
        sockets = held(service)
        for _ in range(5):
            stack.enter_context(never_reading(service.port, "/0", "close"))
            stack.enter_context(never_reading(service.port, "/0"))
        until(lambda: held(service) <= sockets, 25)


def test_only_so_many_calls_are_answered_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url, DEELWIJZER_GELIJKTIJDIG="3", DEELWIJZER_LEES_SECONDEN="4") as service, ExitStack() as stack:
        for _ in range(3):
            waiting = stack.enter_context(connected(service.port))
            waiting.sendall(REEKS + b"content-length: 100\r\n\r\n{")
        time.sleep(0.3)
        for path in ("/v1/advies", "/v1/vragen", "/access/v1/evaluation", "/nergens"):
            with connected(service.port) as connection:
                connection.sendall(REEKS.replace(b"/v1/advies/reeks", path.encode()) + b"content-length: 2\r\n\r\n{}")
                refused = connection.recv(65536)
            assert refused.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nretry-after: 1\r\n" in refused
            assert b"application/problem+json" in refused
        for path in ("/livez", "/readyz"):
            assert service.send("GET", path)[0] == 200
        until(lambda: service.ask(QUESTION)[0] == 200, 10)


def test_long_questions_that_do_not_come_are_bounded_together(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url, DEELWIJZER_ONDERWEG_MIB="1", DEELWIJZER_LEES_SECONDEN="4") as service, ExitStack() as stack:
        size = 700 * 1024
        first = stack.enter_context(connected(service.port))
        first.sendall(REEKS + b"content-length: %d\r\n\r\n" % (size + 1) + b" " * size)
        time.sleep(0.3)
        with connected(service.port) as second:
            second.sendall(REEKS + b"content-length: %d\r\n\r\n" % (size + 1) + b" " * size)
            assert "te veel tegelijk" in problem(answer(second), 503)["detail"]
        assert service.ask(QUESTION)[0] == 200
        until(lambda: service.send("POST", "/v1/advies/reeks", series(size))[0] == 200, 10)


def series(size: int) -> bytes:
    return json.dumps({"casussen": [QUESTION]}).encode() + b" " * size
