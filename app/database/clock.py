"""The clock, as the tables and the Authorization Decision Log write it.

Goes in: nothing. Comes out: milliseconds since 1970, UTC. Must not know: what is timed.
"""

from __future__ import annotations

import time


def now_ms() -> int:
    """Return the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
