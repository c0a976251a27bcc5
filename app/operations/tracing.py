"""Traces: one span per call, sent over OTLP to whatever collects them.

Goes in: the trace of a call, its route, status and times. Comes out: spans, in batches, from a thread of their own.
Must not know: questions, answers, callers. Imported only where traces are wanted: the packages are optional.

The span has the ids of the call's record in the decision log, and the caller's span as its parent. Every call is
sent, whatever the caller's `sampled` flag says (Logboek Dataverwerkingen: no sampling).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from app.log.entry import Trace

SERVER_ERROR: Final = 500
_PATH: Final = "/v1/traces"


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that ended. Times are nanoseconds since 1970, UTC."""

    trace: Trace
    method: str
    route: str
    status: int
    begin_ns: int
    end_ns: int


class _Ids(IdGenerator):
    """Gives the ids that the call already has. Spans are made on the event loop only, one at a time."""

    def __init__(self) -> None:
        self.trace = Trace("0" * 32, "0" * 16)

    def generate_trace_id(self) -> int:
        return int(self.trace.trace_id, 16)

    def generate_span_id(self) -> int:
        return int(self.trace.span_id, 16)


class Tracing:
    """Makes spans and sends them. Sending never keeps a call waiting; what cannot be sent is lost and logged."""

    def __init__(self, url: str, version: str) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create({"service.name": "deelwijzer", "service.version": version}),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}{_PATH}")))
        self._tracer = self._provider.get_tracer("deelwijzer", version)

    def ended(self, call: Ended) -> None:
        """Make the span of a call that ended."""
        self._ids.trace = call.trace
        span = self._tracer.start_span(
            call.route,
            context=_parent(call.trace),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": call.method,
                "http.route": call.route,
                "http.response.status_code": call.status,
            },
            start_time=call.begin_ns,
        )
        if call.status >= SERVER_ERROR:
            span.set_status(Status(StatusCode.ERROR))
        span.end(call.end_ns)

    def close(self) -> None:
        """Send what still waits."""
        self._provider.shutdown()


def _parent(trace: Trace) -> Context:
    if trace.parent_span_id is None:
        return Context()
    there = SpanContext(
        int(trace.trace_id, 16), int(trace.parent_span_id, 16), is_remote=True, trace_flags=TraceFlags.get_default()
    )
    return set_span_in_context(NonRecordingSpan(there), Context())
