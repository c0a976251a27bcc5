"""What is logged of one call, before it has a place in the log.

Goes in: what the web layer knows when an answer is ready. Comes out: frozen records.
Must not know: databases, HTTP.

The fields are those of the Authorization Decision Log (OpenTelemetry shape): `Entry` is the call, each
`Stuk` one young person's part of it. Times are milliseconds since 1970, UTC; dates are yyyymmdd.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Status = Literal["Unset", "Error"]
"""Unset for every answer, also for a no; Error when nothing could be decided."""
ADVIES: Final = "advies"
"""The kind of part that was asked as a casus, alone or in a series; "advies met …" names the extras in its answer."""
AUTHZEN: Final = "authzen"
"""The kind of part that was asked over AuthZEN: an evaluation or a search."""
_TRACE: Final = 32
"""Hexadecimal digits of a trace's identifier."""
_SPAN: Final = 16
_ZEROS: Final = "0" * _SPAN
_TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a call stands among others (W3C Trace Context): hexadecimal ids of 32, 16 and 16 digits."""

    trace_id: str
    span_id: str
    parent_span_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stuk:
    """One young person's part of a call: the question as it was decided, and the answer as it was sent, in JSON.

    `id` is the advice's own. `antwoord` is "" when nothing could be decided. `samenvatting` is what a search shows of
    the answer, in JSON; it follows from the answer.
    """

    id: str
    soort: str
    kenmerk: str | None
    peildatum: int
    vraag: str
    antwoord: str
    samenvatting: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `beleid` is the content hash of the policy set that decided."""

    trace: Trace
    event_name: str
    begin_ms: int
    einde_ms: int
    status: Status
    aanroeper: str
    beleid: str | None
    engine: str
    versie: str
    verwerking: str | None
    stukken: tuple[Stuk, ...]


class Journal(Protocol):
    """Where entries are kept."""

    def append(self, entries: list[Entry]) -> None:
        """Keep entries for good, all or none; raises DatabaseFault."""


def trace_of(traceparent: str | None) -> Trace:
    """Take over the caller's trace, with a span of our own; begin a new trace where there is none, or no real one.

    >>> trace_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").parent_span_id
    'b7ad6b7169203331'
    """
    found = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
    if found is not None:
        version, trace, parent, rest = found.groups()
        if version != "ff" and (version != "00" or rest is None) and int(trace, 16) and int(parent, 16):
            return Trace(trace, _random(_SPAN), parent)
    made = _random(_TRACE + _SPAN)  # asking the system once and not twice is what costs least
    return Trace(made[:_TRACE], made[_TRACE:])


def _random(digits: int) -> str:
    """Make random hexadecimal digits, with none of the identifiers in them all zeros."""
    while True:
        made = secrets.token_hex(digits // 2)
        if made[:_SPAN] != _ZEROS and made[-_SPAN:] != _ZEROS:
            return made
