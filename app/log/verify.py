"""Verifying the chain: whether every record is as it was when it was written.

Goes in: a log. Comes out: a `Verdict` with every fault found. Must not know: what an advice says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from app.database.connection import Database
from app.database.tables import ketenstand
from app.log.chain import commitment, seal
from app.log.journal import SEALED, SEALED_PARTS
from app.log.privacy import ERASED
from app.log.reading import Kept, KeptPart, LogReader

MOST_FAULTS: Final = 100
Summarise = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many records, where the chain ends (number and hash), and every fault."""

    records: int
    nr: int
    hash: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain as somebody kept it elsewhere: a log cut off or made anew does not pass through it."""

    nr: int
    hash: str


def verify(
    database: Database, reader: LogReader, anchor: Anchor | None = None, summary: Summarise | None = None
) -> Verdict:
    """Go through the whole chain; raises DatabaseFault.

    `summary` makes what a search shows of an answer: the chain does not cover that, since it follows from the answer.
    """
    with database.read() as connection:
        chain = connection.execute(select(ketenstand)).one_or_none()
    if chain is None:
        return Verdict(0, 0, "", ("the row that says where the chain ends is gone",))
    walk = _Walk(chain.begin_nr, chain.begin_hash, summary)
    # Up to the end as it was just now: calls that are written meanwhile are not half of it.
    for record in reader.records(chain.begin_nr, chain.nr):
        walk.take(record)
        if anchor is not None and record.nr == anchor.nr and record.hash != anchor.hash:
            walk.fault(f"record {record.nr}: is not the one of the anchor")
    walk.finish(chain.nr, chain.hash)
    if anchor is not None and not chain.begin_nr <= anchor.nr <= walk.nr:
        walk.fault(f"record {anchor.nr} of the anchor is not in the log")
    return Verdict(walk.records, walk.nr, walk.hash, tuple(walk.faults[:MOST_FAULTS]))


class _Walk:
    """A walk along the chain, record by record."""

    def __init__(self, number: int, sealed: str, summary: Summarise | None) -> None:
        self.nr = number
        self.hash = sealed
        self.records = 0
        self.faults: list[str] = []
        self._summary = summary
        self._empty: dict[str, int] = {}
        self._erased: set[str] = set()

    def fault(self, text: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)

    def take(self, record: Kept) -> None:
        """Hold a record to the one before it and to its own seal."""
        if record.nr != self.nr + 1:
            self.fault(f"record {self.nr + 1}: is not there")
        elif record.vorige != self.hash:
            self.fault(f"record {record.nr}: does not follow the record before it")
        if record.hash != _sealed(record):
            self.fault(f"record {record.nr}: was changed after it was written")
        for part in record.stukken:
            for text in _part_faults(record, part, self._summary):
                self.fault(text)
            if part.vraag is None and record.bewaard == "volledig":
                self._empty[part.id] = record.nr
        if record.event_name == ERASED and record.bijzonderheden is not None:
            self._erased.update(json.loads(record.bijzonderheden)["stukken"])
        self.nr, self.hash = record.nr, record.hash
        self.records += 1

    def finish(self, number: int, sealed: str) -> None:
        """Hold the end to where the chain should end, and what is empty to what was erased."""
        if (self.nr, self.hash) != (number, sealed):
            self.fault(f"record {number}: the chain should end here, and ends at {self.nr}")
        for identifier, record in self._empty.items():
            if identifier not in self._erased:
                self.fault(f"record {record}: its text is gone, and no erasure was recorded")


def _sealed(record: Kept) -> str:
    trace = record.trace
    plain: dict[str, Any] = {
        "trace_id": trace.trace_id,
        "span_id": trace.span_id,
        "parent_span_id": trace.parent_span_id,
    }
    values = [plain[name] if name in plain else getattr(record, name) for name in SEALED]
    return seal(record.vorige, values, [[getattr(part, name) for name in SEALED_PARTS] for part in record.stukken])


def _part_faults(record: Kept, part: KeptPart, summary: Summarise | None) -> Iterator[str]:
    whole = True
    texts = (("question", part.vraag, part.vraag_afdruk), ("answer", part.antwoord, part.antwoord_afdruk))
    for name, text, afdruk in texts:
        if text is not None and (part.zout is None or commitment(part.zout, text) != afdruk):
            whole = False
            yield f"record {record.nr}: the {name} of {part.id} was changed after it was written"
    if whole and summary is not None and part.samenvatting != (summary(part.antwoord) if part.antwoord else None):
        yield f"record {record.nr}: what a search shows of {part.id} is not what was answered"
