"""Observing: what is measured of each call, around what answers it.

Goes in: any ASGI application, adviser or log. Comes out: the same, wrapped. Must not know: how metrics are kept.

INVARIANT: nothing a caller sent is measured but the route it asked, by its template.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.advice.advies import Advies, Contradiction
from app.log.entry import Entry, trace_of
from app.operations.log_lines import current_trace
from app.operations.metrics import Metrics
from app.web.call import TRACE, traceparent_in
from app.web.recording import Log

if TYPE_CHECKING:
    from app.operations.tracing import Tracing

Templates = dict[object, str]
NO_ROUTE: Final = "none"
_ABORTED: Final = 499
"""What is counted when a call ended without an answer."""
_STATUSES: Final = {status: str(status) for status in range(100, 600)}
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_UNTRACED: Final = frozenset(("/livez", "/readyz", "/metrics"))


class Observing:
    """Gives each call its trace, and measures it: route, status, time."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing
        self._templates: Templates | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        trace = scope[TRACE] = trace_of(traceparent_in(scope))
        token = current_trace.set(trace.trace_id)
        status = _ABORTED

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            current_trace.reset(token)
            seconds = time.perf_counter() - begin
            route = self._route(scope)
            self._metrics.called(route, _STATUSES[status], seconds)
            if self._tracing is not None and route not in _UNTRACED:
                self._trace(scope, route, status, seconds)

    def _route(self, scope: Scope) -> str:
        if self._templates is None:  # only now: routes are added until the first call
            self._templates = templates_of(scope["app"].routes)
        endpoint = scope.get("endpoint")
        if endpoint is None:
            return NO_ROUTE
        return self._templates.get(scope["path"]) or self._templates.get(endpoint, NO_ROUTE)

    def _trace(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        from app.operations.tracing import Ended

        assert self._tracing is not None
        end_ns = time.time_ns()
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"  # whatever else is the caller's text
        self._tracing.ended(Ended(scope[TRACE], method, route, status, end_ns - int(seconds * 1e9), end_ns))


@dataclass(frozen=True, slots=True)
class MeasuredAdviser:
    """Measures an adviser: how long it takes, which oordelen it gives, and which norms carry them."""

    adviser: Any
    metrics: Metrics

    def advise(self, *asked: Any, **how: Any) -> Advies | Contradiction:
        """Decide a casus; any failure is an exception."""
        begin = time.perf_counter()
        found: Advies | Contradiction = self.adviser.advise(*asked, **how)
        seconds = time.perf_counter() - begin
        if isinstance(found, Advies):
            given = found.adviezen
            norms = (one.norm for advies in given for one in advies.grondslagen)
            self.metrics.decided(seconds, (one.oordeel for one in given), norms)
        return found


@dataclass(frozen=True, slots=True)
class MeasuredLog:
    """Measures a log: how long calls wait for their record, how many wait, and how many wait in vain."""

    log: Log
    metrics: Metrics
    clock: Callable[[], float] = time.perf_counter

    async def record(self, entry: Entry) -> None:
        """Return once the entry is kept for good; raises CannotRecordError."""
        begin = self.clock()
        kept = False
        self.metrics.recording()
        try:
            await self.log.record(entry)
            kept = True
        finally:
            self.metrics.recorded(self.clock() - begin, kept)


def templates_of(routes: Iterable[BaseRoute]) -> Templates:
    """Find the template of each route by its path, or by what answers it where the path has parameters."""
    found: Templates = {}
    for route in routes:
        if isinstance(route, Mount):
            found[route.app] = f"{route.path}/*"
        elif isinstance(route, Route):
            found[route.endpoint if "{" in route.path else route.path] = route.path
    return found
