"""Bringing the tables up to date, by one process at a time.

Goes in: a database. Comes out: the same with every step taken. Must not know: what the tables hold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from app.database.faults import MigrationFault

HEAD: Final = "0003"
"""The newest step; a test holds it to the folder of steps."""
_KNOWN: Final = tuple(f"{number:04}" for number in range(1, int(HEAD) + 1))
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_VERSION_TABLE: Final = "alembic_version"
_LOCK: Final = 0x6465656C77696A7A
"""The number of the PostgreSQL lock that processes starting together wait for."""


def has_tables(connection: Connection) -> bool:
    """Whether any step was ever taken here."""
    return inspect(connection).has_table(_VERSION_TABLE)


def is_current(connection: Connection) -> bool:
    """Whether every step was taken; MigrationFault when the table of steps holds anything else than one known step."""
    if not has_tables(connection):
        return False
    found = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalars().all()  # noqa: S608
    if any(str(version) > HEAD for version in found):
        raise MigrationFault(f"the database has step {max(found)}, this software knows {HEAD}: install the newer one")
    if len(found) != 1 or found[0] not in _KNOWN:
        raise MigrationFault(f"table {_VERSION_TABLE} does not hold one step of this software: the database is damaged")
    return list(found) == [HEAD]


def migrate(connection: Connection) -> None:
    """Take the steps not taken yet, inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if is_current(connection):
        return
    # Alembic is read only now: nearly every start finds the tables as they should be.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # its parser gives % a meaning
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
