"""One call: who asks, as part of which trace, since when.

Goes in: a request's headers and what the gate found out. Comes out: a `Call`.
Must not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from starlette.requests import Request

from app.access.caller import SCOPES, Caller, Scope
from app.database.clock import now_ms
from app.log.entry import Trace, trace_of
from app.web.fields import only

__all__ = ["SCOPES", "TRACE", "Call", "Caller", "Gate", "Scope", "call_of", "traceparent_in"]

TRACE: Final = "deelwijzer.trace"
"""Where in a request's scope the trace is that its call belongs to."""


class Gate(Protocol):
    """Lets callers in, or not."""

    async def admit(self, request: Request, scope: Scope) -> Caller:
        """Find out who asks and whether they may; counts one unit. Raises Problem (400, 401, 403, 429, 503)."""

    def count(self, caller: Caller, flows: int, units: int) -> int:
        """Count what a call is expected to cost beyond the unit that `admit` counted; raises Problem (413, 429).

        Returns how many units are counted of it now.
        """

    def settle(self, caller: Caller, units: int) -> None:
        """Count what a call cost beyond what was counted, or less than that (below 0); it is never refused now."""

    def visit(self, request: Request) -> None:
        """Count a call for what anyone may read; raises Problem (429)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was let in. `begin_ms`: milliseconds since 1970, UTC."""

    caller: Caller
    trace: Trace
    begin_ms: int = field(default_factory=now_ms)


def call_of(request: Request, caller: Caller) -> Call:
    """Begin a call, in the caller's trace when there is one."""
    found = request.scope.get(TRACE)
    return Call(caller, found if isinstance(found, Trace) else trace_of(traceparent_in(request.scope)))


def traceparent_in(scope: Mapping[str, Any]) -> str | None:
    """Read the caller's trace; of two, neither is believed (W3C Trace Context, 3.2)."""
    given = only(scope, b"traceparent")
    return None if given is None else given.decode("latin-1")
