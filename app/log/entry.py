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
"""The kind of part that was asked as a casus, alone or in a series."""
ADVIES_UITLEG: Final = "advies met uitleg"
"""The same, with the derivation in the answer."""
AUTHZEN: Final = "authzen"
"""The kind of part that was asked over AuthZEN: an evaluation or a search."""
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
    span = _identifier(8)
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is not None:
        version, trace, parent, rest = found.groups()
        if version != "ff" and (version != "00" or rest is None) and int(trace, 16) and int(parent, 16):
            return Trace(trace, span, parent)
    return Trace(_identifier(16), span)


def _identifier(size: int) -> str:
    """Make a random identifier of `size` bytes that is not all zeros."""
    while not int(made := secrets.token_hex(size), 16):
        pass
    return made
