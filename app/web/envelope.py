"""What every response carries, whoever made it: version, security headers, and never a stack trace.

Goes in: any ASGI application. Comes out: the same, wrapped, for requests that name one host.
Must not know: routes, or what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.desk import our_fault
from app.web.host import names_one_host
from app.web.problems import MEDIA_TYPE, Problem

SECURITY: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
_CACHING: Final = b"cache-control"
_NO_HOST: Final = Problem(400, "Stuur precies één kop Host.", headers={"connection": "close"})
Header = tuple[bytes, bytes]


def problem_response(problem: Problem) -> Response:
    """Write a problem as the caller gets it."""
    body = to_json(problem.as_json())
    return Response(body, problem.status, dict(problem.headers), media_type=MEDIA_TYPE)


class Envelope:
    """Adds the headers, drops the body of an answer to HEAD, and turns any exception into a bare 500."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self._app = app
        self._headers = [(b"api-version", version.encode("ascii")), *SECURITY]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        is_head = scope["method"] == "HEAD"

        async def send_wrapped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = self._completed(message.get("headers", ()))
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if not names_one_host(scope):
            await problem_response(_NO_HOST)(scope, receive, send_wrapped)
            return
        try:
            await self._app(scope, receive, send_wrapped)
        except ClientDisconnect:  # the caller hung up in the middle of the question: nobody is at fault, nobody waits
            return
        except Exception as fault:
            problem = our_fault(fault)
            if started:  # too late for another answer: break off, so that half an answer is not taken for one
                raise RuntimeError("the answer broke off") from None
            await problem_response(problem)(scope, receive, send_wrapped)

    def _completed(self, given: Iterable[Header]) -> list[Header]:
        """Add the headers; an answer that may be kept for a while says so itself."""
        headers = list(given)
        own = any(name == _CACHING for name, _ in headers)
        return [*headers, *(one for one in self._headers if not (own and one[0] == _CACHING))]
