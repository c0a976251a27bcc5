"""One connection: HTTP as uvicorn reads it with httptools, held to limits, with problems for what is no HTTP.

Goes in: bytes of a connection. Comes out: calls to the application, or an answer and a closed connection.
Must not know: routes, or what is asked.

httptools keeps a header field until it is whole, however long that takes and however large it is; uvicorn closes a
connection that is silent after an answer, but not one that is silent before its first request. All that happens before
anyone is asked who they are.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.settings import VERSION
from app.web.envelope import SECURITY
from app.web.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

MOST_HEAD: Final = 32 * 1024
"""Bytes of a request line and its header fields. A token takes 8 KiB at most."""
HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take: from the start of the connection, or the end of the answer before it."""
_NO_HTTP: Final = Problem(400, "Dit verzoek is geen geldig HTTP/1.1.")
_TOO_LARGE: Final = Problem(431, f"De koppen van het verzoek mogen samen hooguit {MOST_HEAD // 1024} KiB groot zijn.")
_TOO_SLOW: Final = Problem(408, "De koppen van het verzoek kwamen te langzaam binnen.")


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with a bound on the size and the time of what comes before a question."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection, and wait for the first request."""
        super().connection_made(transport)
        self._problem = _NO_HTTP
        self._head_bytes = 0
        self._chunk_bytes = 0
        # Since when the head of a request is awaited; None while one is being answered.
        self._awaiting: float | None = self.loop.time()
        # One timer for all of the connection, which looks now and then: setting one per request would cost every call.
        self._timer = self.loop.call_later(HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read some bytes; a head that is still not whole may not become too large."""
        self._chunk_bytes = len(data)
        super().data_received(data)
        if self._in_head():
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD and not self.transport.is_closing():
                self._refuse(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Hand a request over, unless its head is too large; raises to have uvicorn break off."""
        # A chunk can hold a body too: only where that could matter the head itself is measured.
        if self._head_bytes + self._chunk_bytes > MOST_HEAD and self._size() > MOST_HEAD:
            self._problem = _TOO_LARGE
            raise ValueError("the head is too large")
        self._head_bytes = 0
        self._awaiting = None
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        super().on_response_complete()
        if self.cycle.response_complete:  # else another one was sent already
            self._awaiting = self.loop.time()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words are not for callers
        """Answer what is no HTTP with a problem, and close."""
        self._refuse(self._problem)

    def _refuse(self, problem: Problem) -> None:
        if not self._is_answering():
            self.transport.write(_written(problem, self.server_state.default_headers))
        self.transport.close()

    def _is_answering(self) -> bool:
        """Whether an answer is on its way: another one in the middle of it would be taken for a part of it."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_started and not cycle.response_complete

    def _in_head(self) -> bool:
        """Whether a request has begun whose head is not whole."""
        scope: HTTPScope | None = self.scope
        return scope is not None and "method" not in scope

    def _size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _look(self) -> None:
        """Give up on a head that takes too long; otherwise look again when it would."""
        left = HEAD_SECONDS if self._awaiting is None else self._awaiting + HEAD_SECONDS - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._look)
        elif not self.transport.is_closing():
            if self._in_head():
                self._refuse(_TOO_SLOW)
            else:  # nobody asked anything
                self.transport.close()


def _written(problem: Problem, default_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Write a problem as a whole response: no application is involved that could."""
    body = to_json(problem.as_json())
    headers = [
        *default_headers,
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"api-version", VERSION.encode()),
        *SECURITY,
    ]
    status = HTTPStatus(problem.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode(), *(b"%s: %s" % header for header in headers)]
    return b"\r\n".join([*lines, b"", body])
