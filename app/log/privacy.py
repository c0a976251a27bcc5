"""Privacy: erasing what the log says of one young person, and purging what is older than it may be.

Goes in: a kenmerk, or a period. Comes out: how much was erased. Must not know: HTTP.

Both leave the chain whole: erasing takes text, salt and pseudonym away and keeps the seal; purging takes
the oldest records off and lets the chain start after them. Both are recorded in the chain themselves, and leave nothing
of what they took away in the files of SQLite.
"""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from app.database.connection import Database
from app.database.tables import besluit, ketenstand, stuk
from app.log.clock_trust import DAY_MS, hold_clock
from app.log.journal import NO_CONTENT, Pseudonyms
from app.log.links import note
from app.log.stand import TABLES, digests

ERASED: Final = "deelwijzer.log.erase"
PURGED: Final = "deelwijzer.log.purge"
_TOGETHER: Final = 500
"""Rows in one statement: databases limit how many values it may hold."""


def erase(database: Database, pseudonyms: Pseudonyms, kenmerk: str, versie: str) -> int:
    """Erase what the log holds of one kenmerk (AVG 17); the number of advices erased. Raises DatabaseFault."""
    with database.write() as connection:
        mine = stuk.c.betrokkene == pseudonyms.of(kenmerk)
        found = connection.execute(select(stuk.c.id).where(mine).order_by(stuk.c.nr, stuk.c.plaats)).scalars().all()
        for start in range(0, len(found), _TOGETHER):
            some = found[start : start + _TOGETHER]
            connection.execute(update(stuk).where(stuk.c.id.in_(some)).values(**NO_CONTENT))
            note(connection, ERASED, json.dumps({"stukken": list(some)}), versie)
    database.scrub()
    return len(found)


def purge(database: Database, days: int, now_ms: int, versie: str, trust_clock: bool = False) -> int:
    """Delete the records older than `days` days; how many. Raises DatabaseFault.

    From the oldest up to the last that is old enough, so the chain has no holes: see `_last_old`. A clock that is
    implausible (ClockFault) stops the purge, unless `trust_clock` says that somebody looked at it.
    """
    limit = now_ms - days * DAY_MS
    with database.write() as connection:
        last = _last_old(connection, limit)
        if last is None:
            return 0
        if not trust_clock:
            hold_clock(connection, days, now_ms)
        end = connection.execute(select(besluit.c.nr, besluit.c.hash).where(besluit.c.nr == last)).one()
        old = select(besluit.c.nr).where(besluit.c.nr <= end.nr)
        count = connection.execute(select(func.count()).select_from(old.subquery())).scalar_one()
        connection.execute(delete(stuk).where(stuk.c.nr <= end.nr))
        connection.execute(delete(besluit).where(besluit.c.nr <= end.nr))
        connection.execute(update(ketenstand).values(begin_nr=end.nr, begin_hash=end.hash))
        # The newest record of the tables beside the chain may be gone now: this one takes its place.
        gone = {"tot_en_met": end.nr, "hash": end.hash, TABLES: digests(connection)}
        note(connection, PURGED, json.dumps(gone), versie)
    database.scrub()
    return int(count)


def _last_old(connection: Connection, limit: int) -> int | None:
    """Find the last record to purge: a record is as old as the oldest record at or after it, since the chain is in
    order.

    So a record from a clock that ran ahead holds up nothing behind it. Where fewer records say so than there are
    younger ones before them, the clock of those few ran behind: then only what comes before the first young record is
    old.
    """
    old, young = besluit.c.begin_ms < limit, besluit.c.begin_ms >= limit
    last: int | None = connection.execute(select(func.max(besluit.c.nr)).where(old)).scalar()
    first_young = connection.execute(select(func.min(besluit.c.nr)).where(young)).scalar()
    if last is None or first_young is None or last < first_young:
        return last
    between = select(func.count()).select_from(besluit).where(besluit.c.nr.between(first_young, last))
    if connection.execute(between.where(young)).scalar_one() <= connection.execute(between.where(old)).scalar_one():
        return last
    before: int | None = connection.execute(select(func.max(besluit.c.nr)).where(besluit.c.nr < first_young)).scalar()
    return before
