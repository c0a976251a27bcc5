"""One connection: HTTP as uvicorn reads it with httptools, held to limits, with problems for what is no HTTP.

Goes in: bytes of a connection. Comes out: calls to the application, or an answer and a closed connection.
Must not know: routes, or what is asked.

Everything here happens before anyone is asked who they are, or after the application has answered. ADR 0016 says why
this is a subclass, ADR 0018 why it still is and what it bounds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Iterable
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import httptools
from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.settings import VERSION, Settings, from_environment
from app.web.envelope import SECURITY
from app.web.problems import MEDIA_TYPE, Problem, overloaded

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, HTTPScope, Scope

MOST_HEAD: Final = 32 * 1024
"""Bytes of a request line and its header fields. A token takes 8 KiB at most."""
MOST_FIELDS: Final = 100
"""Header fields of a request: each costs more memory than its bytes."""
MOST_FRAMING: Final = 16 * 1024
"""Bytes of a body that are no content (chunk sizes, extensions, trailers), beside `FRAMING_SHARE` times its content."""
FRAMING_SHARE: Final = 8
"""A chunk of one byte has five bytes around it."""
MOST_PIPELINED: Final = 16
"""Requests that wait for their turn on one connection; later ones are not read."""
HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, and how long a new connection may be silent."""
LINGER_SECONDS: Final = 2.0
"""How long a body that nobody wants is thrown away, so that its sender can read the answer instead of a reset."""
MOST_DISCARDED: Final = 16 * 1024 * 1024
"""Bytes of such a body; a whole series fits."""
ROOM_SECONDS: Final = 0.25
"""How long answers may together be too large: a caller who reads has taken its answer by then."""
_NO_HTTP: Final = Problem(400, "Dit verzoek is geen geldig HTTP/1.1.")
_TOO_LARGE: Final = Problem(
    431, f"Een verzoek mag hooguit {MOST_FIELDS} koppen hebben, samen hooguit {MOST_HEAD // 1024} KiB."
)
_TOO_SLOW: Final = Problem(408, "De koppen van het verzoek kwamen te langzaam binnen.")
_MIB: Final = 1024 * 1024
_RESET: Final = struct.pack("ii", 1, 0)
_BLANKS: Final = b" \t"
_log = logging.getLogger("deelwijzer")


@cache
def limits() -> Settings:
    """Return the settings of this process; uvicorn makes the protocol and cannot pass them on."""
    return from_environment(os.environ)


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with bounds on what comes before a question, around it, and after its answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection, and wait for the first request."""
        super().connection_made(transport)
        self.ws_protocol_class = None  # no offer of another protocol is ever taken up
        self._limits = limits()
        self._problem = _NO_HTTP
        self._refusal: Problem | None = None  # to be sent once the requests before it are answered
        self._deaf = False  # nothing that still comes is read into anything
        self._discarded = 0
        self._head_bytes = 0
        self._chunk_bytes = 0
        self._in_body = False
        self._body_bytes = 0  # as sent, from the first packet that holds nothing but body
        self._content = 0
        self._answering: RequestResponseCycle | None = None
        # Since when there is no request, and since when the rest of a head is awaited (None: it is not).
        self._idle_since = self.loop.time()
        self._head_since: float | None = self._idle_since
        self._giving_up: asyncio.TimerHandle | None = None
        # One timer for all of the connection, which looks now and then: setting one per request would cost every call.
        self._timer = self.loop.call_later(HEAD_SECONDS, self._look)
        self._make_place()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._timer.cancel()
        self._stop_giving_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read some bytes."""
        was_in_body = self._in_body
        if self._deaf:
            self._discard(len(data))
            return
        while data:
            self._chunk_bytes = len(data)
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = self._without_offer() + data[offer.args[0] :]
                continue
            except httptools.HttpParserError:
                if not self._deaf:
                    self._refuse(self._problem)
                return
            break
        if self._in_head():
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD:
                self._refuse(_TOO_LARGE)
        elif self._in_body and was_in_body:
            self._body_bytes += len(data)
            if self._body_bytes > MOST_FRAMING + (FRAMING_SHARE + 1) * self._content:
                self._refuse(_NO_HTTP)

    def on_message_begin(self) -> None:
        """Begin the head of a request; raises ValueError, and reads no more, when too many wait for their turn."""
        if len(self.pipeline) >= MOST_PIPELINED:
            self.cycle.keep_alive = False
            self._deaf = True
            raise ValueError("too many requests at once")
        # Only here: an empty line is no request, and does not make an idle connection a busy one.
        self._unset_keepalive_if_required()
        if not self._is_busy():
            self._head_since = self.loop.time()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field without the blanks around its value (RFC 9112, 5.1); raises ValueError to break off."""
        if self._in_body:  # a trailer, which is never a header (RFC 9110, 6.5.1)
            return
        if len(self.headers) >= MOST_FIELDS:
            self._problem = _TOO_LARGE
            raise ValueError("too many header fields")
        # Not by super(): this happens for every field of every request.
        name = name.lower()
        value = value.rstrip(_BLANKS)
        if name == b"expect":
            self.expect_100_continue = value.lower() == b"100-continue"
        elif name == b"transfer-encoding" and value.lower() != b"chunked":
            raise ValueError("no coding that is known here")  # another reader could see another end of the body
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Hand a request over, unless its head is no good; raises ValueError to break off."""
        # A chunk can hold a body too: only where that could matter the head itself is measured.
        if self._head_bytes + self._chunk_bytes > MOST_HEAD and self._size() > MOST_HEAD:
            self._problem = _TOO_LARGE
            raise ValueError("the head is too large")
        version = self.parser.get_http_version()
        if version != "1.1" and (version != "1.0" or any(name == b"transfer-encoding" for name, _ in self.headers)):
            raise ValueError("another HTTP, or a coding that HTTP/1.0 does not have")
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise ValueError("no proxy")
            return  # once more, without the offer: _without_offer
        self._head_bytes = 0
        self._head_since = None
        self._in_body = True
        self._body_bytes = self._content = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._content += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if not self.parser.should_upgrade():
            self._in_body = False
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, or with what came instead of one."""
        super().on_response_complete()
        if not self._is_busy():
            self._idle_since = self.loop.time()
            if self._in_head():
                self._head_since = self._idle_since
            if self._refusal is not None:
                self._refuse(self._refusal)

    def pause_writing(self) -> None:
        """Begin to wait for a caller to take its answer."""
        super().pause_writing()
        self._giving_up = self.loop.call_later(self._limits.answer_seconds, self._give_up)
        self.loop.call_later(ROOM_SECONDS, self._make_room)

    def resume_writing(self) -> None:
        """See an answer taken."""
        super().resume_writing()
        self._stop_giving_up()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, partial(self._answer, cycle, app))

    async def _answer(
        self,
        cycle: RequestResponseCycle,
        app: ASGI3Application,
        scope: Scope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        """Have one request answered, when the answer before it was taken."""
        if self.flow.write_paused:
            await self.flow.drain()
        if self.transport.is_closing():
            cycle.disconnected = True
            return
        early = False

        async def send_bounded(message: ASGISendEvent) -> None:
            nonlocal early
            if message["type"] == "http.response.start":
                if cycle.more_body:  # whoever answers now does not want the rest
                    early = True
                    cycle.keep_alive = False  # uvicorn says so in the answer
                await send(message)
            elif early and not message.get("more_body"):
                cycle.keep_alive = True  # else uvicorn closes with the rest unread, and the system drops the answer
                await send(message)
                self._linger()
            else:
                await send(message)

        await app(scope, receive, send_bounded)

    def _without_offer(self) -> bytes:
        """Write the head that was read once more, for a parser of its own, without its offer of another protocol.

        That offer is ignored (RFC 9110, 7.8). httptools takes what comes after such a head for the other protocol.
        """
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % field for field in self.headers if field[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join([*lines, b"", b""])

    def _linger(self) -> None:
        """Read and throw away for a short time, and close."""
        self._deaf = True
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer.cancel()
        self._timer = self.loop.call_later(LINGER_SECONDS, self._close)

    def _discard(self, size: int) -> None:
        self._discarded += size
        if self._discarded > MOST_DISCARDED:
            self._close()

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem, when everything before it is answered, and close."""
        self._deaf = True
        cycle = self._answering
        if cycle is not None and self._is_busy():
            if cycle is not self.cycle or not cycle.more_body:  # no good is what comes after it
                if self.pipeline and self.pipeline[0][0].more_body:
                    self.pipeline.popleft()
                self._refusal = problem
                return
            cycle.disconnected = True
            cycle.message_event.set()
        if not self.transport.is_closing():
            # In the middle of an answer another one would be taken for a part of it.
            if cycle is None or not cycle.response_started or cycle.response_complete:
                self.transport.write(_written(problem, self.server_state.default_headers))
            self._close()

    def _close(self) -> None:
        """Close once everything that was written is taken, or after the time for that."""
        self._timer.cancel()
        self._timer = self.loop.call_later(self._limits.answer_seconds, self._give_up)
        self.transport.close()

    def _give_up(self) -> None:
        """Close with an answer that was not taken."""
        _log.warning("gave up an answer of which %d bytes were not taken", self.transport.get_write_buffer_size())
        kept_by_the_system = self.transport.get_extra_info("socket")
        if kept_by_the_system is not None:  # else the system goes on with what it has of it: some MiB, for minutes
            kept_by_the_system.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()

    def _stop_giving_up(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _make_room(self) -> None:
        """Give up the largest answers when those of all connections are together too large."""
        waiting = [(one.transport.get_write_buffer_size(), one) for one in self._all()]
        held = sum(size for size, _ in waiting)
        for size, one in sorted(waiting, key=lambda pair: pair[0], reverse=True):
            if held <= self._limits.most_underway_mib * _MIB:
                return
            one._give_up()
            held -= size

    def _make_place(self) -> None:
        """Close the connection that is idle longest when there are too many, or else this one."""
        if len(self.connections) <= self._limits.most_connections:
            return
        idle = [one for one in self._all() if one is not self and not one._is_busy() and not one.transport.is_closing()]
        if idle:
            min(idle, key=lambda one: one._idle_since)._close()
        else:
            self._refuse(overloaded())

    def _all(self) -> Iterable[BoundedHttp]:
        return [one for one in self.connections if isinstance(one, BoundedHttp)]

    def _is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self._answering is not None and not self._answering.response_complete

    def _in_head(self) -> bool:
        """Whether a request has begun whose head is not whole."""
        scope: HTTPScope | None = self.scope
        return scope is not None and "method" not in scope

    def _size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _look(self) -> None:
        """Give up on a head that takes too long; otherwise look again when it would."""
        if self.transport.is_closing():  # and not closed: something is not taken
            self._close()
            return
        left = HEAD_SECONDS if self._head_since is None else self._head_since + HEAD_SECONDS - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._look)
        elif self._in_head():
            self._refuse(_TOO_SLOW)
        else:  # nobody asked anything
            self._close()


def _written(problem: Problem, default_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Write a problem as a whole response: no application is involved that could."""
    body = to_json(problem.as_json())
    headers: list[tuple[bytes, Any]] = [
        *default_headers,
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"api-version", VERSION.encode()),
        *((name.encode(), value.encode()) for name, value in problem.headers.items()),
        *SECURITY,
    ]
    status = HTTPStatus(problem.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode(), *(b"%s: %s" % header for header in headers)]
    return b"\r\n".join([*lines, b"", body])
