"""Header fields as HTTP has them: a value without the blanks around it, and only one of what there can be one of.

Goes in: any ASGI application. Comes out: the same, wrapped; `only` reads a field. Must not know: what a field means.

`app/protocol.py` leaves the blanks out too; another server may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

_BLANKS: Final = b" \t"


class Fields:
    """Leaves the blanks around the values of header fields out (RFC 9110, 5.5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value.strip(_BLANKS)) for name, value in scope["headers"]]
        await self._app(scope, receive, send)


def only(scope: Mapping[str, Any], name: bytes) -> bytes | None:
    """Read a field of which there can be one; None when it is absent, or stands there twice: neither is believed."""
    found: bytes | None = None
    for given, value in scope["headers"]:
        if given == name:
            if found is not None:
                return None
            found = value
    return found
