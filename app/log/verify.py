"""Verifying the log: whether every row is as it was when it was written.

Goes in: a log. Comes out: a `Verdict` with every fault found. Must not know: what an advice says.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, or_, select, text

from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.database.tables import beleid, besluit, ketenstand, stuk
from app.log.archive import unpacked
from app.log.reading import LogReader
from app.log.stand import digests
from app.log.walk import MOST_FAULTS, Edition, Sources, Walk

_TRIES: Final = 3
_ID: Final = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many records, where the chain ends (number and hash), and every fault.

    `purges`: the purges that the log itself tells of: number of the record, when (ms), and up to which record.
    """

    records: int
    nr: int
    hash: str
    faults: tuple[str, ...]
    purges: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain as somebody kept it elsewhere: a log cut off or made anew does not pass through it."""

    nr: int
    hash: str


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the chain begins and ends, and what lies around it, at one moment."""

    begin_nr: int
    begin_hash: str
    nr: int
    hash: str
    tables: Mapping[str, str]
    faults: tuple[str, ...]


def verify(
    database: Database,
    reader: LogReader,
    anchors: Sequence[Anchor] = (),
    sources: Sources | None = None,
) -> Verdict:
    """Go through the whole log; raises DatabaseFault when it cannot be read.

    `sources` recompute what the chain does not cover since it follows from what it does cover.
    """
    for _ in range(_TRIES):
        edges = _edges(database)
        if isinstance(edges, str):
            return Verdict(0, 0, "", (edges,))
        walk = Walk(edges.begin_nr, edges.begin_hash, sources or Sources(), {one.nr: one.hash for one in anchors})
        later = _walked(database, reader, walk, edges)
        if later is not None:
            break
    else:
        raise DatabaseFault("the log was purged again and again while it was verified: repeat")
    for fault in later.faults:
        walk.fault(fault)
    walk.finish(later.nr, later.hash, later.tables)
    _hold_erased(database, walk)
    if sources is not None and sources.edition is not None:
        _hold_editions(database, walk, sources.edition)
    _hold_anchors(walk, anchors, edges)
    return Verdict(walk.records, walk.nr, walk.hash, tuple(walk.faults[:MOST_FAULTS]), tuple(walk.purges))


def _walked(database: Database, reader: LogReader, walk: Walk, edges: _Edges) -> _Edges | None:
    """Walk to the end as it is now, and on to the end as it is then; None when the log was purged meanwhile.

    The second part holds the erasures that were made during the first.
    """
    for record in reader.records(edges.begin_nr, edges.nr):
        walk.take(record)
    later = _edges(database)
    if isinstance(later, str) or later.begin_nr != edges.begin_nr:
        return None
    for record in reader.records(edges.nr, later.nr):
        walk.take(record)
    return later


def _edges(database: Database) -> _Edges | str:
    """Read what stands around the records, at one moment; a text when the chain has no beginning and end."""
    with database.read() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        rows = connection.execute(select(ketenstand)).all()
        if len(rows) != 1 or rows[0].id != _ID or not _are_numbers(rows[0].begin_nr, rows[0].nr):
            return "table ketenstand: has not its one row, which says where the chain begins and ends"
        row = rows[0]
        faults = tuple(_outside(connection, row.begin_nr, row.nr))
        return _Edges(row.begin_nr, row.begin_hash, row.nr, row.hash, digests(connection), faults)


def _are_numbers(*values: object) -> bool:
    """Whether values are whole numbers: SQLite takes anything anywhere."""
    return all(isinstance(one, int) for one in values)


def _outside(connection: Connection, begin: int, end: int) -> list[str]:
    """Find rows that the walk does not come by."""
    records = select(func.count()).select_from(besluit).where(or_(besluit.c.nr <= begin, besluit.c.nr > end))
    lost = select(func.count()).select_from(stuk).where(stuk.c.nr.not_in(select(besluit.c.nr)))
    found = []
    if count := connection.execute(records).scalar_one():
        found.append(f"table besluit: {count} records lie outside the chain, which goes from {begin + 1} to {end}")
    if count := connection.execute(lost).scalar_one():
        found.append(f"table stuk: {count} parts belong to no record")
    return found


def _hold_erased(database: Database, walk: Walk) -> None:
    """Hold the parts that were erased to having no content: a row put back from elsewhere would."""
    numbers = list(walk.erased)
    for start in range(0, len(numbers), MOST_FAULTS):
        some = numbers[start : start + MOST_FAULTS]
        content = or_(
            *(stuk.c[name].is_not(None) for name in ("zout", "vraag", "antwoord", "samenvatting", "betrokkene"))
        )
        with database.read() as connection:
            for nr, identifier in connection.execute(
                select(stuk.c.nr, stuk.c.id).where(stuk.c.id.in_(some), content)
            ).all():
                walk.fault(f"record {nr}: {identifier} was erased, and its content is there")


def _hold_editions(database: Database, walk: Walk, edition: Edition) -> None:
    """Hold the texts of each law to the hash under which they are kept."""
    with database.read() as connection:
        hashes = connection.execute(select(beleid.c.hash)).scalars().all()
    for kept in hashes:
        with database.read() as connection:
            packed = connection.execute(select(beleid.c.teksten).where(beleid.c.hash == kept)).scalar()
        if packed is None:
            continue
        try:
            found = edition(unpacked(packed))
        except (ValueError, TypeError, KeyError, zlib.error):
            found = ()
        if found is not None and kept not in found:
            walk.fault(f"table beleid: the texts of {kept} are not those that it is the hash of")


def _hold_anchors(walk: Walk, anchors: Sequence[Anchor], edges: _Edges) -> None:
    """Hold the log to each anchor. Those that fall before the beginning need one at or after it that fits."""
    fitting = [one for one in anchors if walk.passed.get(one.nr) == one.hash]
    for anchor in anchors:
        found = walk.passed.get(anchor.nr)
        if found is not None and found != anchor.hash:
            walk.fault(f"record {anchor.nr}: is not the one of the anchor")
        elif found is None and anchor.nr > edges.begin_nr:
            walk.fault(f"record {anchor.nr} of the anchor is not in the log, which ends at {walk.nr}")
        elif found is None and not fitting:
            walk.fault(
                f"record {anchor.nr} of the anchor is before the beginning of the log, {edges.begin_nr}: it can only "
                "be believed beside a younger anchor, such as the one that the purge logged"
            )
