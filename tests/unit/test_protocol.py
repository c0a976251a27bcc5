"""One connection, fed with bytes by hand: what is too much, too slow, or no HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from app import protocol
from app.protocol import MOST_HEAD, BoundedHttp

ASK = b"GET / HTTP/1.1\r\nhost: localhost\r\n"


class Wire(asyncio.Transport):
    """A transport that keeps what is written, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once; on /half, only begin to."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    if scope["path"] == "/half":
        await receive()
    await send({"type": "http.response.body", "body": b"ok"})


def fed(*parts: bytes, seconds: float = 0.0, then: Callable[[BoundedHttp], None] = lambda _: None) -> Wire:
    """Feed a connection, wait, and return what came of it."""

    async def go() -> Wire:
        config = uvicorn.Config(application, http=BoundedHttp, lifespan="off", log_config=None)
        config.load()
        made = BoundedHttp(config, ServerState(), {}, asyncio.get_running_loop())
        wire = Wire()
        made.connection_made(wire)
        for part in parts:
            if not wire.closed:
                made.data_received(part)
            await asyncio.sleep(0.001)
        await asyncio.sleep(seconds)
        then(made)
        closed = wire.closed
        made.connection_lost(None)  # which closes it anyhow
        wire.closed = closed
        await asyncio.sleep(0)
        return wire

    return asyncio.run(go())


def refused(wire: Wire) -> tuple[int, str]:
    """Return status and detail of the one problem that was written, after which the connection closed."""
    assert wire.closed
    head, _, body = wire.written.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    found = json.loads(body)
    assert head.startswith(f"HTTP/1.1 {found['status']} ".encode())
    return found["status"], found["detail"]


def test_requests_are_answered_and_the_connection_is_kept() -> None:
    wire = fed(ASK + b"\r\n", ASK, b"\r\n", (ASK + b"\r\n") * 2)

    assert wire.written.count(b"ok") == 4
    assert not wire.closed


@pytest.mark.parametrize(
    "parts",
    [
        [ASK + b"x: " + b"a" * MOST_HEAD + b"\r\n\r\n"],
        [ASK + b"x: ", *[b"a" * 1000] * 40],
        [b"GET /" + b"a" * MOST_HEAD],
        [ASK + b"\r\n" + ASK + b"x: ", *[b"a" * 1000] * 40],
    ],
)
def test_a_head_that_is_too_large(parts: list[bytes]) -> None:
    wire = fed(*parts)
    wire.written = wire.written[wire.written.rfind(b"HTTP/1.1 ") :]

    assert refused(wire)[0] == 431


def test_a_body_is_no_head() -> None:
    body = b" " * (2 * MOST_HEAD)

    assert fed(ASK + b"content-length: %d\r\n\r\n" % len(body) + body).written.endswith(b"ok")


@pytest.mark.parametrize("text", [b"FOO / HTTP/1.1\r\n\r\n", b"\x00", ASK + b"content-length: x\r\n\r\n"])
def test_what_is_no_http(text: bytes) -> None:
    assert refused(fed(text)) == (400, "Dit verzoek is geen geldig HTTP/1.1.")


def test_what_is_no_http_in_the_middle_of_an_answer_ends_it_without_another() -> None:
    wire = fed(b"POST /half HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n", b"no size\r\n")

    assert wire.closed
    assert wire.written.count(b"HTTP/1.1 ") == 1


def test_a_head_that_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)

    assert refused(fed(ASK, seconds=0.2))[0] == 408
    silent = fed(seconds=0.2)
    assert (silent.closed, silent.written) == (True, b"")
    after = fed(ASK + b"\r\n", seconds=0.2)
    assert (after.closed, after.written.count(b"HTTP/1.1 ")) == (True, 1)


def test_an_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    open_still: list[bool] = []
    fed(
        b"POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
        seconds=0.2,
        then=lambda made: open_still.append(not made.transport.is_closing()),
    )

    assert open_still == [True]
