"""The database role of the service: it adds to the log, and can rewrite nothing of it (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app.access.keys import KeyBook
from app.database.faults import DatabaseFault
from app.database.tables import metadata
from app.log.clock_trust import DAY_MS
from app.log.privacy import erase, purge
from app.log.stand import note_state
from app.logbook import LogBook, open_log
from app.settings import Settings
from tests.databases import new_database
from tests.unit.log.entries import entry, opened, stuk

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "postgresql-roles.sql"
USER = "deelwijzer_proef"


@pytest.fixture
def owner(postgres: str) -> Iterator[str]:
    """A log whose owner ran the script, twice; and a user of the role."""
    url = new_database(postgres)
    with opened(url) as book:
        book.journal.append([entry(stuk("A-1"), begin_ms=DAY_MS), entry(stuk("A-2"))])
        book.archive.want("sha256:een")
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for _ in range(2):
            connection.execute(SCRIPT.read_bytes())
        connection.execute(f"DROP ROLE IF EXISTS {USER}".encode())
        connection.execute(f"CREATE USER {USER} IN ROLE deelwijzer_dienst".encode())
    yield url
    with closing(psycopg.connect(postgres, autocommit=True)) as connection:
        connection.execute(f"DROP ROLE {USER}".encode())


@pytest.fixture
def service(owner: str) -> Iterator[LogBook]:
    """The log as the service has it: a user of the role."""
    head, _, rest = owner.partition("://")
    book = open_log(Settings(log_url=f"{head}://{USER}@{rest.partition('@')[2]}"))
    yield book
    book.close()


def test_the_service_does_all_that_it_must(service: LogBook, owner: str) -> None:
    service.journal.append([entry(stuk("A-1"), stuk("A-3"))])
    service.journal.prove_writable()
    service.archive.keep("sha256:twee", "2", {})
    service.archive.want("sha256:twee")
    assert service.archive.wanted() is not None
    assert KeyBook(service.database).all() == []
    assert len(list(service.reader.about("A-1"))) == 2
    assert all("table beleid: the texts" in fault for fault in service.verify().faults), "these texts are no law"


def test_the_owner_purges_and_erases_and_makes_keys(service: LogBook, owner: str) -> None:
    with opened(owner) as book:
        KeyBook(book.database, note_state).new("een", ["advies"])
        assert erase(book.database, book.journal.pseudonyms, "A-2", "0.1.0") == 1
        assert purge(book.database, 1, 100 * DAY_MS, "0.1.0", trust_clock=True) > 0
    service.journal.append([entry()])
    assert service.verify().faults == ()


@pytest.mark.parametrize("table", [*(table.name for table in metadata.sorted_tables), "alembic_version"])
def test_the_service_deletes_and_rewrites_nothing(service: LogBook, table: str) -> None:
    allowed = {("ketenstand", "nr"), ("ketenstand", "hash"), ("instelling", "waarde")}
    columns = metadata.tables[table].columns.keys() if table in metadata.tables else ["version_num"]
    statements = [f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"DROP TABLE {table} CASCADE"]
    statements += [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} OWNER TO {USER}"]
    statements += [f"UPDATE {table} SET {name} = {name}" for name in columns if (table, name) not in allowed]
    for statement in statements:
        with pytest.raises(DatabaseFault, match=r"42501"), service.database.write() as connection:
            connection.exec_driver_sql(statement)
    if table in ("sleutel", "alembic_version"):
        statement = f"INSERT INTO {table} SELECT * FROM {table}"
        with pytest.raises(DatabaseFault, match=r"42501"), service.database.write() as connection:
            connection.exec_driver_sql(statement)


def test_the_service_cannot_change_the_key_of_the_pseudonyms(service: LogBook, owner: str) -> None:
    with service.database.write() as connection:
        changed = connection.exec_driver_sql("UPDATE instelling SET waarde = 'ff' WHERE naam = 'betrokkene'")
        assert changed.rowcount == 0
    with pytest.raises(DatabaseFault), service.database.write() as connection:
        connection.exec_driver_sql("UPDATE instelling SET naam = 'betrokkene'")
    assert service.verify().faults == ()


def test_the_service_cannot_purge_and_says_so(service: LogBook) -> None:
    with pytest.raises(DatabaseFault, match=r"42501"):
        purge(service.database, 1, 100 * DAY_MS, "0.1.0", trust_clock=True)
    with pytest.raises(DatabaseFault, match=r"42501"):
        erase(service.database, service.journal.pseudonyms, "A-1", "0.1.0")
    assert service.verify().faults == ()
