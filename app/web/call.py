"""One call: who asks, as part of which trace, since when.

Goes in: a request's headers and what the gate found out. Comes out: a `Call`.
Must not know: what is asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from starlette.requests import Request

from app.log.entry import Trace, trace_of

Scope = Literal["advies", "log:lezen", "beheer"]
SCOPES: Final[tuple[Scope, ...]] = ("advies", "log:lezen", "beheer")
TRACE: Final = "deelwijzer.trace"
"""Where in a request's scope the trace is that its call belongs to."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: a name that is no person's, and what they may do."""

    id: str
    scopes: frozenset[str]


class Gate(Protocol):
    """Lets callers in, or not."""

    async def admit(self, request: Request, scope: Scope) -> Caller:
        """Find out who asks and whether they may; raises Problem (401, 403, 429)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was let in. `begin_ms`: milliseconds since 1970, UTC."""

    caller: Caller
    trace: Trace
    begin_ms: int = field(default_factory=lambda: now_ms())


def now_ms() -> int:
    """Return the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def call_of(request: Request, caller: Caller) -> Call:
    """Begin a call, in the caller's trace when there is one."""
    found = request.scope.get(TRACE)
    return Call(caller, found if isinstance(found, Trace) else trace_of(request.headers.get("traceparent")))
