"""Links: records sealed to the end of the chain, and written.

Goes in: the plain columns of records and their parts, in a transaction that writes. Comes out: where the chain ends
then. Must not know: who writes them, or what they tell of.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, update

from app.database.clock import now_ms
from app.database.tables import besluit, ketenstand, stuk
from app.log.chain import NEWEST, SEALED, sealed
from app.log.chain_end import End, end_of
from app.settings import VERSION


def link(connection: Connection, made: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]]) -> End:
    """Seal records to the end of the chain and write them; the caller's transaction is one that writes."""
    end = end_of(connection, lock=True)
    number, previous = end.nr, end.hash
    records: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for record, own in made:
        number += 1
        record["nr"] = number
        record["vorige"] = previous
        record["vorm"] = NEWEST
        previous = record["hash"] = sealed(record, own)
        records.append(record)
        for part in own:
            part["nr"] = number
        parts += own
    if records:
        connection.execute(insert(besluit), records)
    if parts:
        connection.execute(insert(stuk), parts)
    connection.execute(update(ketenstand).values(nr=number, hash=previous))
    return End(number, previous)


def note(connection: Connection, event: str, bijzonderheden: str, versie: str = VERSION) -> None:
    """Write into the chain that something was done to the log itself."""
    now = now_ms()
    record = {
        **dict.fromkeys(SEALED),
        "trace_id": secrets.token_hex(16),
        "span_id": secrets.token_hex(8),
        "event_name": event,
        "begin_ms": now,
        "einde_ms": now,
        "status": "Unset",
        "aanroeper": "beheer",
        "engine": "",
        "versie": versie,
        "bewaard": "volledig",
        "bijzonderheden": bijzonderheden,
    }
    link(connection, [(record, [])])
