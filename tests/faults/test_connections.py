"""Connections over a real socket: heads without end, silence, and what is no HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from app import protocol
from app.protocol import MOST_HEAD, BoundedHttp
from tests.contract.asking import QUESTION
from tests.faults.running import HOST, Service, running

ASK = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n"
SHORT = 0.6
"""Seconds for a head, where a test waits for them."""
KEPT = 1
"""Seconds for which a connection is kept that asked something; more than for a head."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as made:
        yield made


def connected(port: int) -> socket.socket:
    return socket.create_connection((HOST, port), timeout=10)


def answer(connection: socket.socket) -> bytes:
    """Read until the other end closes."""
    read = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            read += part
    return read


def problem(raw: bytes, status: int) -> dict[str, Any]:
    """Return the problem in a whole response, after which the connection was closed."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0].startswith(f"http/1.1 {status} "), raw
    assert {"content-type: application/problem+json", "connection: close", "cache-control: no-store"} <= set(lines)
    assert any(line.startswith("api-version: ") for line in lines)
    assert not any(line.startswith("server: ") for line in lines)
    found: dict[str, Any] = json.loads(body)
    assert found["status"] == status
    return found


def test_a_head_without_end_is_broken_off_and_holds_up_nobody(service: Service) -> None:
    sent = 0
    with connected(service.port) as connection:
        connection.sendall(ASK + b"x-a: ")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(400):
                connection.sendall(b"a" * 65536)
                sent += 65536
        started = time.monotonic()
        assert service.ask(QUESTION)[0] == 200
        assert time.monotonic() - started < 1
    assert sent < 8 * 1024 * 1024, "what is on its way is all that is taken"


@pytest.mark.parametrize(
    "head",
    [
        ASK + b"x-a: " + b"a" * MOST_HEAD + b"\r\n\r\n",
        ASK + b"a:b\r\n" * (MOST_HEAD // 4) + b"\r\n",
        b"GET /" + b"a" * MOST_HEAD + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
        ASK + b"x-a: " + b"a" * MOST_HEAD,
    ],
)
def test_a_head_that_is_too_large_is_a_problem(service: Service, head: bytes) -> None:
    with connected(service.port) as connection:
        connection.sendall(head)
        assert "32 KiB" in problem(answer(connection), 431)["detail"]


def test_a_head_that_fits_is_read_however_it_comes(service: Service) -> None:
    head = ASK + b"connection: close\r\nx-a: " + b"a" * (MOST_HEAD - 200) + b"\r\n\r\n"
    for size in (1 << 20, 1000):
        with connected(service.port) as connection:
            for start in range(0, len(head), size):
                connection.sendall(head[start : start + size])
            assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_a_large_body_is_not_taken_for_a_head(service: Service) -> None:
    body = json.dumps({"casussen": [QUESTION] * 40}).encode() + b" " * (2 << 20)
    head = "POST /v1/advies/reeks HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    with connected(service.port) as connection:
        for _ in range(2):
            connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            read = b""
            while b"]}" not in read[-4:]:
                read += connection.recv(65536)
            assert read.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_text",
    [
        b"FOO /livez HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"POST /v1/advies HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
        b"POST /v1/advies HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        ASK + b"x-a: \x00\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /livez HTTP/9.9\r\nhost: localhost\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_problem(service: Service, request_text: bytes) -> None:
    with connected(service.port) as connection:
        connection.sendall(request_text)
        assert problem(answer(connection), 400)["title"] == "De vraag klopt niet"


@pytest.mark.parametrize("hosts", [b"", b"host: a\r\nhost: b\r\n"])
def test_a_request_without_one_host_is_a_problem(service: Service, hosts: bytes) -> None:
    with connected(service.port) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\n" + hosts + b"\r\n")
        assert "Host" in problem(answer(connection), 400)["detail"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve an application that answers after the seconds that its path says, and gives little time for a head."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", SHORT)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(float(scope["path"].removeprefix("/")))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    with socket.socket() as listening:
        listening.bind((HOST, 0))
        config = uvicorn.Config(
            application,
            http=BoundedHttp,
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_keep_alive=KEPT,
        )
        made = uvicorn.Server(config)
        thread = threading.Thread(target=made.run, args=([listening],))
        thread.start()
        while not made.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        made.should_exit = True
        thread.join(10)


def asking(seconds: float) -> bytes:
    return f"GET /{seconds} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()


def test_who_says_nothing_is_let_go(server: int) -> None:
    started = time.monotonic()
    with connected(server) as connection:
        assert answer(connection) == b""
    assert SHORT / 2 < time.monotonic() - started < SHORT * 4


def test_a_head_that_comes_too_slowly_is_a_problem(server: int) -> None:
    started = time.monotonic()
    with connected(server) as connection:
        connection.sendall(b"GET /0 HTTP/1.1\r\n")
        stop = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not stop.wait(SHORT / 20):
                    connection.sendall(b"a:b\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        found = answer(connection)
        stop.set()
        dripping.join()
    assert "langzaam" in problem(found, 408)["detail"]
    assert time.monotonic() - started < SHORT * 4


@pytest.mark.parametrize("line_ends", [b"\r\n", b""])
def test_who_says_nothing_after_an_answer_is_let_go(server: int, line_ends: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(asking(0))
        assert connection.recv(65536).endswith(b"ok")
        started = time.monotonic()
        connection.sendall(line_ends)  # no beginning of a request, but it stops the wait of the server for one
        assert answer(connection) == b""
    assert time.monotonic() - started < SHORT * 4


def test_an_answer_may_take_longer_than_a_head(server: int) -> None:
    with connected(server) as connection:
        for _ in range(2):
            connection.sendall(asking(SHORT * 2.5))
            assert connection.recv(65536).endswith(b"ok")


def test_requests_sent_before_their_turn_are_all_answered(server: int) -> None:
    with connected(server) as connection:
        connection.sendall(asking(SHORT * 0.8) * 4)
        read = b""
        while read.count(b"ok") < 4:
            read += connection.recv(65536)
        assert read.count(b"HTTP/1.1 200 ") == 4
