"""The archive of the law: every policy set that decided, by the hash of its content, and which one is wanted now.

Goes in: the texts of a policy set. Comes out: the same texts, for deciding again. Must not know: what they mean.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select, update

from app.database.clock import now_ms
from app.database.connection import Database
from app.database.faults import RowFault
from app.database.tables import beleid, instelling
from app.log.stand import note_state

_WANTED: Final = "beleid_gewenst"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request to serve a policy set. `at_ms` tells it from an earlier one for the same."""

    hash: str
    at_ms: int


class Archive:
    """The policy sets in one database. Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, hash: str, versie: str, texts: dict[str, Any]) -> None:  # noqa: A002 - its name in the answer
        """Keep a policy set, unless it is there; raises DatabaseFault."""
        with self._database.read() as connection:
            if connection.execute(select(beleid.c.hash).where(beleid.c.hash == hash)).scalar() is not None:
                return
        packed = zlib.compress(json.dumps(texts, ensure_ascii=False).encode("utf-8"))
        row = {"hash": hash, "versie": versie, "sinds_ms": now_ms(), "teksten": packed}
        try:
            with self._database.write() as connection:
                connection.execute(insert(beleid), [row])
                note_state(connection)
        except RowFault:  # another process kept it at the same moment
            return

    def texts(self, hash: str) -> dict[str, Any] | None:  # noqa: A002
        """Give back the texts of a policy set; None when it never decided here. Raises DatabaseFault."""
        with self._database.read() as connection:
            packed = connection.execute(select(beleid.c.teksten).where(beleid.c.hash == hash)).scalar()
        return None if packed is None else unpacked(packed)

    def want(self, hash: str) -> None:  # noqa: A002
        """Ask every process on this database to serve a policy set; raises DatabaseFault."""
        asked = f"{hash} {now_ms()}"
        with self._database.write() as connection:
            # Updated in its place: the database role of the service may delete nothing.
            changed = connection.execute(update(instelling).where(instelling.c.naam == _WANTED).values(waarde=asked))
            if not changed.rowcount:
                connection.execute(insert(instelling).values(naam=_WANTED, waarde=asked))
            note_state(connection)

    def wanted(self) -> Wanted | None:
        """Tell which policy set is wanted; None when none was ever asked for. Raises DatabaseFault."""
        with self._database.read() as connection:
            found = connection.execute(select(instelling.c.waarde).where(instelling.c.naam == _WANTED)).scalar()
        if found is None:
            return None
        hash, _, at_ms = found.partition(" ")  # noqa: A001
        return Wanted(hash, int(at_ms))


def unpacked(packed: bytes) -> dict[str, Any]:
    """Read texts as they are kept; raises ValueError or zlib.error for anything else."""
    return dict(json.loads(zlib.decompress(packed)))
