"""An application whose answers are as large as its path says, for the tests of callers that do not read them.

`GET /12` is an answer of 12 MiB.
"""

from __future__ import annotations

from typing import Any

MIB = 1024 * 1024


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer with so many MiB."""
    size = int(scope["path"].removeprefix("/")) * MIB
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % size)]})
    await send({"type": "http.response.body", "body": b"a" * size})
