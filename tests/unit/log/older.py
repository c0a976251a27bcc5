"""Logs as older versions wrote them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from app.database.tables import besluit, ketenstand, stuk
from app.log.chain import ROOT, sealed
from app.logbook import LogBook


def make_form_1(book: LogBook) -> None:
    """Make a log as it was at step 0002: records of form 1, and none of the later columns."""
    with book.database.write() as connection:
        previous = ROOT
        for row in connection.execute(select(besluit).order_by(besluit.c.nr)).all():
            previous = _reseal(connection, {**row._mapping, "vorige": previous, "vorm": 1})
        connection.execute(update(ketenstand).values(hash=previous))
        for table, column in (("besluit", "vorm"), ("besluit", "sleutel"), ("stuk", "betrokkene_afdruk")):
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")


def _reseal(connection: Connection, record: dict[str, Any]) -> str:
    parts = connection.execute(select(stuk).where(stuk.c.nr == record["nr"]).order_by(stuk.c.plaats)).all()
    seal = sealed(record, [dict(one._mapping) for one in parts])
    kept = {"vorige": record["vorige"], "hash": seal}
    connection.execute(update(besluit).where(besluit.c.nr == record["nr"]).values(**kept))
    return seal
