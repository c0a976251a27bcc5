"""Reading the log: an advice by its id, a caller's own advices, and whole records.

Goes in: ids, callers, periods. Comes out: frozen records. Must not know: HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from app.database.connection import Database
from app.database.tables import besluit, stuk
from app.log.entry import Trace
from app.log.journal import Pseudonyms

BATCH = 200
"""Records read at a time, so that a long log does not fill the memory."""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part as it is kept: `vraag` and `antwoord` are None where only the commitment is left."""

    id: str
    plaats: int
    soort: str
    peildatum: int
    betrokkene: str | None
    zout: bytes | None
    vraag: str | None
    antwoord: str | None
    vraag_afdruk: str
    antwoord_afdruk: str
    samenvatting: str | None
    betrokkene_afdruk: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept; the fields are the columns of the table `besluit`."""

    nr: int
    trace: Trace
    event_name: str
    begin_ms: int
    einde_ms: int
    status: str
    aanroeper: str
    beleid: str | None
    engine: str
    versie: str
    verwerking: str | None
    bewaard: str
    bijzonderheden: str | None
    vorige: str
    hash: str
    vorm: int
    sleutel: str | None
    stukken: tuple[KeptPart, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """An advice in a list: which, when, about which day, whether its text is still there, and in short what it says."""

    nr: int
    plaats: int
    id: str
    begin_ms: int
    peildatum: int
    kept: bool
    samenvatting: str | None
    bewaard: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a caller's own advices, of one kenmerk, in a period (ms, end not included), after a place."""

    aanroeper: str
    kenmerk: str | None = None
    van_ms: int | None = None
    tot_ms: int | None = None
    na: tuple[int, int] | None = None


_PARTS = tuple(column for column in stuk.c if column.name != "nr")


class LogReader:
    """Reads one log. Safe to share between threads."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._pseudonyms = pseudonyms

    def part(self, identifier: str, aanroeper: str | None = None) -> tuple[Kept, KeptPart] | None:
        """Find an advice and the record it is in, without its other parts; of one caller, or (None) of anyone.

        Raises DatabaseFault.
        """
        query = select(stuk.c.nr).where(stuk.c.id == identifier)
        if aanroeper is not None:
            query = query.join(besluit).where(besluit.c.aanroeper == aanroeper)
        with self._database.read() as connection:
            number = connection.execute(query).scalar()
            if number is None:
                return None
            # The other parts of a series are not read: they may be many.
            row = connection.execute(select(besluit).where(besluit.c.nr == number)).one()
            part = KeptPart(*connection.execute(select(*_PARTS).where(stuk.c.id == identifier)).one())
        return _kept(row._asdict(), (part,)), part

    def search(self, wanted: Wanted, most: int) -> list[Summary]:
        """List a caller's own advices, oldest first, at most `most`. Raises DatabaseFault."""
        query = (
            select(
                stuk.c.nr, stuk.c.plaats, stuk.c.id, besluit.c.begin_ms, stuk.c.peildatum, stuk.c.antwoord.is_not(None),
                stuk.c.samenvatting, besluit.c.bewaard,
            )
            .join(besluit)
            .where(besluit.c.aanroeper == wanted.aanroeper, besluit.c.status == "Unset")
            .order_by(stuk.c.nr, stuk.c.plaats)
            .limit(most)
        )  # fmt: skip
        with self._database.read() as connection:
            return [Summary(*row) for row in connection.execute(self._narrowed(query, wanted))]

    def _narrowed(self, query: Select[Any], wanted: Wanted) -> Select[Any]:
        if wanted.kenmerk is not None:
            query = query.where(stuk.c.betrokkene == self._pseudonyms.of(wanted.kenmerk))
        if wanted.van_ms is not None:
            query = query.where(besluit.c.begin_ms >= wanted.van_ms)
        if wanted.tot_ms is not None:
            query = query.where(besluit.c.begin_ms < wanted.tot_ms)
        if wanted.na is not None:
            number, place = wanted.na
            query = query.where(or_(stuk.c.nr > number, and_(stuk.c.nr == number, stuk.c.plaats > place)))
        return query

    def records(self, after: int = 0, until: int | None = None, since_ms: int | None = None) -> Iterator[Kept]:
        """Go through the records in the order of the chain, a batch at a time. Raises DatabaseFault."""
        while True:
            query = select(besluit).where(besluit.c.nr > after).order_by(besluit.c.nr).limit(BATCH)
            if until is not None:
                query = query.where(besluit.c.nr <= until)
            if since_ms is not None:
                query = query.where(besluit.c.begin_ms >= since_ms)
            with self._database.read() as connection:
                rows = connection.execute(query).all()
                if not rows:
                    return
                numbers = [row.nr for row in rows]
                query_parts = (
                    select(stuk.c.nr, *_PARTS).where(stuk.c.nr.in_(numbers)).order_by(stuk.c.nr, stuk.c.plaats)
                )
                parts: dict[int, list[KeptPart]] = {number: [] for number in numbers}
                for number, *part in connection.execute(query_parts):
                    parts[number].append(KeptPart(*part))
            for row in rows:
                yield _kept(row._asdict(), tuple(parts[row.nr]))
            after = numbers[-1]

    def about(self, kenmerk: str) -> Iterator[Kept]:
        """Go through the records about one kenmerk, each with only the parts about that kenmerk (AVG 15)."""
        pseudonym = self._pseudonyms.of(kenmerk)
        query = select(stuk.c.nr).where(stuk.c.betrokkene == pseudonym).distinct().order_by(stuk.c.nr)
        with self._database.read() as connection:
            numbers = connection.execute(query).scalars().all()
        for number in numbers:
            for record in self.records(number - 1, number):
                mine = tuple(one for one in record.stukken if one.betrokkene == pseudonym)
                yield _with_parts(record, mine)


def _kept(row: Mapping[str, Any], parts: tuple[KeptPart, ...]) -> Kept:
    values = {name: value for name, value in row.items() if not name.endswith("_id")}
    trace = Trace(row["trace_id"], row["span_id"], row["parent_span_id"])
    return Kept(trace=trace, stukken=parts, **values)


def _with_parts(record: Kept, parts: tuple[KeptPart, ...]) -> Kept:
    values = {name: getattr(record, name) for name in Kept.__slots__}
    return Kept(**{**values, "stukken": parts})


def as_adl(record: Kept, producer: Mapping[str, str]) -> dict[str, Any]:
    """Write a record in the shape of the Authorization Decision Log, detail level 4.

    Each field stands in `attributes` (a reference) or in `body` (the text itself), never in both.
    """
    attributes: dict[str, Any] = {
        "adl.core.policies": {"deelwijzer.beleid": record.beleid},
        "adl.core.configuration": {"deelwijzer.engine": record.engine, "deelwijzer.versie": record.versie},
    }
    if record.verwerking is not None:
        attributes["dpl.core.processing_activity_id"] = record.verwerking
    subjects = list(dict.fromkeys(one.betrokkene for one in record.stukken if one.betrokkene is not None))
    if subjects:
        attributes["dpl.core.data_subject_id"] = subjects[0] if len(subjects) == 1 else subjects
    shown = {
        "trace_id": record.trace.trace_id,
        "span_id": record.trace.span_id,
        "event_name": record.event_name,
        "timestamp": record.begin_ms,
        "status": record.status,
        "attributes": attributes,
        "resource": dict(producer),
    }
    if record.trace.parent_span_id is not None:
        shown["parent_span_id"] = record.trace.parent_span_id
    questions = [json.loads(one.vraag) for one in record.stukken if one.vraag]
    answers = [json.loads(one.antwoord) for one in record.stukken if one.antwoord]
    if questions:
        body = {"adl.core.request": _one_or_all(questions)}
        shown["body"] = body | ({"adl.core.response": _one_or_all(answers)} if answers else {})
    else:  # the text is not kept: the commitments say which it was
        attributes["adl.core.request"] = _one_or_all([one.vraag_afdruk for one in record.stukken])
        attributes["adl.core.response"] = _one_or_all([one.antwoord_afdruk for one in record.stukken])
    return shown


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
