"""Privacy: erasing what the log says of one young person, and purging what is older than it may be.

Goes in: a kenmerk, or a period. Comes out: how much was erased. Must not know: HTTP.

Both leave the chain whole: erasing takes text, salt and pseudonym away and keeps the seal; purging takes
the oldest records off and lets the chain start after them. Both are recorded in the chain themselves, and leave nothing
of what they took away in the files of SQLite.
"""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import delete, func, select, update

from app.database.connection import Database
from app.database.tables import besluit, ketenstand, stuk
from app.log.journal import NO_CONTENT, Pseudonyms, note

ERASED: Final = "deelwijzer.log.erase"
PURGED: Final = "deelwijzer.log.purge"
DAY_MS: Final = 86_400_000
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


def purge(database: Database, days: int, now_ms: int, versie: str) -> int:
    """Delete the records older than `days` days; how many. Raises DatabaseFault.

    From the oldest up to the first that is young enough: the chain has no holes. What is purged was
    written in the order of the chain, so an older record after a younger one waits seconds at most.
    """
    limit = now_ms - days * DAY_MS
    with database.write() as connection:
        first_young = connection.execute(select(func.min(besluit.c.nr)).where(besluit.c.begin_ms >= limit)).scalar()
        last = select(besluit.c.nr, besluit.c.hash).order_by(besluit.c.nr.desc()).limit(1)
        if first_young is not None:
            last = last.where(besluit.c.nr < first_young)
        end = connection.execute(last).one_or_none()
        if end is None:
            return 0
        old = select(besluit.c.nr).where(besluit.c.nr <= end.nr)
        count = connection.execute(select(func.count()).select_from(old.subquery())).scalar_one()
        connection.execute(delete(stuk).where(stuk.c.nr <= end.nr))
        connection.execute(delete(besluit).where(besluit.c.nr <= end.nr))
        connection.execute(update(ketenstand).values(begin_nr=end.nr, begin_hash=end.hash))
        note(connection, PURGED, json.dumps({"tot_en_met": end.nr, "hash": end.hash}), versie)
    database.scrub()
    return int(count)
