"""The end of the chain, as a process saw it last: a log that went back under a running service is noticed.

Goes in: where the chain ends now. Comes out: nothing, or a fault. Must not know: who writes, or what.

A file that was copied over the log, or a database that was restored while the service runs, shows here: the end is
before the one seen last, or the record seen last is another. From then on nothing is written until a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from app.database.faults import DamagedFault
from app.database.tables import besluit, ketenstand

REPLACED: Final = "the decision log was replaced while this process used it: verify it, and start the service again"
BROKEN: Final = (
    "the decision log is damaged: the chain does not end where table ketenstand says; see `deelwijzer log verify`"
)


@dataclass(frozen=True, slots=True)
class End:
    """Where the chain ends: the number and seal of its last record, or where a purge left off."""

    nr: int
    hash: str

    def __str__(self) -> str:
        """Write it as `log verify --anker` reads it."""
        return f"{self.nr}:{self.hash}"


class ChainFault(DamagedFault):
    """The chain in the database is not the one that this process wrote to, or has no end."""


class SeenEnd:
    """The end that one process saw last. Safe to share between threads: a writer holds the row of the chain."""

    def __init__(self) -> None:
        self._seen: End | None = None
        self._stopped = False

    def hold(self, connection: Connection, end: End) -> None:
        """Hold the end to the one seen last; raises ChainFault, of a whole but other log from then on every time."""
        if not self._stopped and self._seen not in (None, end):
            hold_to_records(connection, end)  # an end that is merely wrong can be put right while the service runs
            self._stopped = not _goes_on(connection, self._seen, end)
        if self._stopped:
            raise ChainFault(REPLACED)

    def see(self, end: End) -> None:
        """Remember an end that was committed."""
        self._seen = end


def end_of(connection: Connection, lock: bool = False) -> End:
    """Read where the chain ends, and `lock` it for a writer; raises ChainFault when the table does not say."""
    query = select(ketenstand.c.nr, ketenstand.c.hash)
    rows = connection.execute(query.with_for_update() if lock else query).all()
    if len(rows) != 1:
        raise ChainFault(BROKEN)
    return End(*rows[0])


def hold_to_records(connection: Connection, end: End) -> None:
    """Hold the end to the newest record; raises ChainFault when they differ."""
    newest = connection.execute(select(besluit.c.nr, besluit.c.hash).order_by(besluit.c.nr.desc()).limit(1)).first()
    if newest is None:  # all of it was purged, or nothing was written yet
        newest = connection.execute(select(ketenstand.c.begin_nr, ketenstand.c.begin_hash)).first()
    if newest is None or End(*newest) != end:
        raise ChainFault(BROKEN)


def _goes_on(connection: Connection, seen: End | None, end: End) -> bool:
    """Whether a chain that ends here can be the one whose end was seen."""
    if seen is None:
        return True
    if end.nr <= seen.nr:
        return end == seen
    kept = connection.execute(select(besluit.c.hash).where(besluit.c.nr == seen.nr)).scalar()
    if kept is not None:
        return bool(kept == seen.hash)
    purged = connection.execute(select(func.max(ketenstand.c.begin_nr))).scalar()
    return purged is not None and purged >= seen.nr
