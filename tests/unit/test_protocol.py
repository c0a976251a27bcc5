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
from app.settings import Settings

ASK = b"GET / HTTP/1.1\r\nhost: localhost\r\n"


class Wire(asyncio.Transport):
    """A transport that keeps what is written, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False
        self.aborted = False
        self.ended = False
        self.unsent = 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once; on /half, only begin to; on /echo, with the body and what stands in x-a."""
    if scope["path"] == "/echo":
        body = b""
        more = True
        while more:
            part = await receive()
            if part["type"] == "http.disconnect":
                return
            body += part["body"]
            more = part["more_body"]
        said = b"|".join([body, *(value for name, value in scope["headers"] if name == b"x-a")])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
        await send({"type": "http.response.body", "body": said})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    if scope["path"] == "/half":
        await receive()
    await send({"type": "http.response.body", "body": b"ok"})


def fed(
    *parts: bytes, seconds: float = 0.0, then: Callable[[BoundedHttp], None] = lambda _: None, keep_alive: int = 5
) -> Wire:
    """Feed a connection, wait, and return what came of it."""

    async def go() -> Wire:
        config = uvicorn.Config(
            application, http=BoundedHttp, lifespan="off", log_config=None, timeout_keep_alive=keep_alive
        )
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
    after = fed(ASK + b"\r\n", b"\r\n", seconds=0.2, keep_alive=0)
    assert (after.closed, after.written.count(b"HTTP/1.1 ")) == (True, 1)
    begun = fed(ASK + b"\r\n" + ASK, seconds=0.2)
    assert (begun.closed, begun.written.count(b"HTTP/1.1 ")) == (True, 2)


def test_an_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    open_still: list[bool] = []
    fed(
        b"POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
        seconds=0.2,
        then=lambda made: open_still.append(not made.transport.is_closing()),
    )

    assert open_still == [True]


ECHO = b"POST /echo HTTP/1.1\r\nhost: localhost\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"
OFFER = b"connection: upgrade\r\nupgrade: h2c\r\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("framed", [b"content-length: 2\r\n\r\n{}", CHUNKED + b"\r\n2\r\n{}\r\n0\r\nx-a: c\r\n\r\n"])
def test_an_offer_is_ignored_and_a_trailer_dropped(framed: bytes, size: int) -> None:
    text = ECHO + OFFER + b"x-a:  b \t\r\n" + framed + ASK + b"\r\n"
    wire = fed(*(text[start : start + size] for start in range(0, len(text), size)))

    assert wire.written.count(b"HTTP/1.1 200 ") == 2
    assert wire.written.count(b"{}|b") == 1
    assert wire.written.endswith(b"ok")


@pytest.mark.parametrize(
    "text",
    [
        b"CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"POST / HTTP/1.0\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
        ECHO + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        ECHO + b"transfer-encoding: x\r\n\r\n",
    ],
)
def test_what_could_be_read_in_two_ways(text: bytes) -> None:
    wire = fed(text)

    assert refused(wire)[0] == 400
    assert wire.written.count(b"HTTP/1.1 ") == 1


def test_what_is_around_a_body_is_bounded() -> None:
    wire = fed(ECHO + CHUNKED + b"\r\n", b"1\r\na\r\n" * 10, *[b"1;" + b"e" * 9000 + b"\r\na\r\n"] * 4)
    assert refused(wire)[0] == 400

    small = fed(ECHO + CHUNKED + b"\r\n", *[b"1\r\na\r\n" * 10] * 1000, b"0\r\n\r\n")
    assert small.written.endswith(b"a" * 10000)


def test_an_early_answer_ends_the_connection_which_reads_on_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LINGER_SECONDS", 0.05)
    early = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999\r\n\r\n"
    for seconds, closed in ((0.0, False), (0.2, True)):
        wire = fed(early, ASK + b"\r\n", seconds=seconds)
        assert (wire.ended, wire.closed) == (True, closed)
        assert b"connection: close" in wire.written
        assert wire.written.count(b"HTTP/1.1 ") == 1

    monkeypatch.setattr(protocol, "MOST_DISCARDED", 100)
    assert fed(early, b"a" * 101).closed


def test_a_refusal_waits_for_the_answers_before_it() -> None:
    wire = fed((ASK + b"\r\n") * 2 + b"\x00")
    assert wire.written.count(b"HTTP/1.1 200 ") == 2
    assert wire.written.rindex(b"HTTP/1.1 200 ") < wire.written.index(b"HTTP/1.1 400 ")

    queued = fed((ASK + b"\r\n") * 2 + ECHO + CHUNKED + b"\r\nno size\r\n")
    assert [queued.written.count(b"HTTP/1.1 %d " % status) for status in (200, 400)] == [2, 1]


def test_only_so_many_requests_wait_and_fields_make_a_head() -> None:
    wire = fed((ASK + b"\r\n") * 1000, seconds=0.1)
    assert wire.written.count(b"HTTP/1.1 200 ") == protocol.MOST_PIPELINED + 1
    assert wire.closed

    assert refused(fed(ASK + b"a: b\r\n" * protocol.MOST_FIELDS + b"\r\n"))[0] == 431


def allowing(monkeypatch: pytest.MonkeyPatch, **chosen: Any) -> None:
    monkeypatch.setattr(protocol, "limits", lambda: Settings(**chosen))


def test_an_answer_that_is_not_taken_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    allowing(monkeypatch, answer_seconds=0.05)
    assert fed(ASK + b"\r\n", seconds=0.2, then=lambda _: None).aborted is False
    waited: list[bool] = []

    async def go() -> None:
        made, wire = connection()
        made.pause_writing()
        made.data_received(ASK + b"\r\n")
        await asyncio.sleep(0.02)
        waited.append(wire.written == b"")  # the next answer begins when this one was taken
        made.resume_writing()
        await asyncio.sleep(0.1)
        waited.append(wire.written.endswith(b"ok") and not wire.aborted)
        made.pause_writing()
        made.data_received(ASK + b"\r\n")
        await asyncio.sleep(0.1)
        waited.append(wire.aborted)
        made.connection_lost(None)
        await asyncio.sleep(0)

    asyncio.run(go())
    assert waited == [True] * 3


def test_the_largest_answers_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    allowing(monkeypatch, most_underway_mib=10)
    monkeypatch.setattr(protocol, "ROOM_SECONDS", 0.01)

    async def go() -> list[bool]:
        state = ServerState()
        made = [connection(state) for _ in range(4)]
        for (one, wire), size in zip(made, (1, 9, 3, 8), strict=True):
            wire.unsent = size << 20
            one.pause_writing()
        await asyncio.sleep(0.05)
        for one, _ in made:
            one.connection_lost(None)
        return [wire.aborted for _, wire in made]

    assert asyncio.run(go()) == [False, True, False, True]


def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    allowing(monkeypatch, most_connections=2)

    async def go() -> tuple[list[bool], Wire]:
        state = ServerState()
        made = []
        for number in range(5):
            made.append(connection(state))
            if number in (0, 3):
                made[-1][0].data_received(b"POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n")
            for one, wire in made:
                if wire.closed:
                    one.connection_lost(None)
        closed = [wire.closed for _, wire in made]
        for one, wire in made:
            if not wire.closed:
                one.connection_lost(None)
        await asyncio.sleep(0.01)
        return closed, made[-1][1]

    closed, last = asyncio.run(go())
    assert closed == [False, True, True, False, True]
    assert refused(last)[0] == 503
    assert b"retry-after: 1" in last.written


def test_a_connection_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    allowing(monkeypatch, answer_seconds=0.05)
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)

    assert fed(ASK + b"connection: close\r\n\r\n", seconds=0.3).aborted


def connection(state: ServerState | None = None) -> tuple[BoundedHttp, Wire]:
    config = uvicorn.Config(application, http=BoundedHttp, lifespan="off", log_config=None)
    config.load()
    made = BoundedHttp(config, state or ServerState(), {}, asyncio.get_running_loop())
    wire = Wire()
    made.connection_made(wire)
    return made, wire
