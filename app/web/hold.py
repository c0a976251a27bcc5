"""Holding refused calls for a moment: a caller that asks again at once must not take the event loop from others.

Goes in: a refusal that is about to be answered. Comes out: the same, a moment later. Must not know: why it is refused.
"""

from __future__ import annotations

import asyncio
from typing import Final

SECONDS: Final = 0.1
MOST: Final = 50
"""Calls held at a time; more than these are refused at once, so that holding costs little memory."""


class Hold:
    """Holds calls. Belongs to one event loop."""

    def __init__(self) -> None:
        self._held = 0

    async def a_moment(self) -> None:
        """Wait, unless many others do."""
        if self._held >= MOST:
            return
        self._held += 1
        try:
            await asyncio.sleep(SECONDS)
        finally:
            self._held -= 1
