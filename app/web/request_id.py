"""The caller's own name for a request, given back with whatever answers it.

Goes in: any ASGI application. Comes out: the same, wrapped. Must not know: routes, or what is answered.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.fields import only

HEADER: Final = b"x-request-id"
_ALLOWED: Final = re.compile(rb"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")
"""Printable ASCII, 200 characters at most: what is anything else is not repeated."""


class RequestIds:
    """Repeats X-Request-ID, on errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        given = only(scope, HEADER) if scope["type"] == "http" else None
        if given is None or not _ALLOWED.fullmatch(given):
            await self._app(scope, receive, send)
            return

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (HEADER, given)]
            await send(message)

        await self._app(scope, receive, send_named)
