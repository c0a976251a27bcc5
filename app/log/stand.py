"""The state of the tables beside the chain: every change of them is sealed into the chain as a digest.

Goes in: a connection, in a transaction that writes. Comes out: a record with a digest per table.
Must not know: what those tables mean, or who changes them.

The texts of the law, the settings that processes share and the API keys are not in any call's record. So whoever
changes them calls `note_state` in the same transaction, and the newest such record in the chain (a purge makes one
too) says what the tables must be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from app.database.tables import beleid, instelling, ketenstand, sleutel
from app.log.links import note

NOTED: Final = "deelwijzer.log.stand"
TABLES: Final = "tabellen"
"""The member of a record's bijzonderheden that holds the digests."""
BESIDE: Final = (beleid, instelling, sleutel)


def note_state(connection: Connection) -> None:
    """Seal the digests of the tables beside the chain, in the transaction that changed one of them."""
    # Another process that changes a table waits here, so the newest record always tells of the newest state.
    connection.execute(select(ketenstand.c.nr).with_for_update()).all()
    note(connection, NOTED, json.dumps({TABLES: digests(connection)}))


def digests(connection: Connection) -> dict[str, str]:
    """Return a digest per table beside the chain, in hexadecimal."""
    return {table.name: _digest(tuple(row) for row in connection.execute(select(*_columns(table)))) for table in BESIDE}


def _columns(table: Table) -> list[Any]:
    return list(table.c)


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """Digest rows in any order, since databases sort texts differently: hash the sorted hashes of the rows' JSON."""
    found = sorted(_hashed(json.dumps([_plain(one) for one in row], separators=(",", ":"))) for row in rows)
    return _hashed("".join(found))


def _plain(value: Any) -> Any:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes | memoryview) else value


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
