"""The calls in flight: so many at once in this process, and so many bytes of long questions.

Goes in: any ASGI application. Comes out: the same, wrapped; a call that does not fit is a 503 with Retry-After.
Must not know: callers, or what is asked. How callers share what there is, is decided behind the gate.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.envelope import problem_response
from app.web.health import HEALTH
from app.web.problems import overloaded
from app.web.sizes import QUESTION_LIMIT


class InFlight:
    """Counts calls while they are answered, and the bytes of their bodies while those are kept."""

    def __init__(self, app: ASGIApp, calls: int, size: int) -> None:
        """`calls`: the most at once. `size`: bytes of all bodies together; a question of at most 64 KiB always fits."""
        self._app = app
        self._places = calls
        self._left = size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # Health is told however busy it is: who asks for it decides whether this process is to be restarted.
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await self._app(scope, receive, send)
            return
        if self._places <= 0:
            await problem_response(overloaded())(scope, receive, send)
            return
        held = 0

        async def receive_counted() -> Message:
            nonlocal held
            message = await receive()
            size = len(message.get("body", b""))
            held += size
            self._left -= size
            if self._left < 0 and held > QUESTION_LIMIT:
                raise replace(overloaded(), headers={**overloaded().headers, "connection": "close"})
            return message

        self._places -= 1
        try:
            await self._app(scope, receive_counted, send)
        finally:
            self._places += 1
            self._left += held
