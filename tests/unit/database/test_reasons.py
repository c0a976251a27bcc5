"""Why a database cannot be used: where, which SQLSTATE, what to check; never a password or a value."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import text

from app.cli import MISUSED, REFUSED, main
from app.database.connection import Database
from app.database.faults import DatabaseFault
from tests.contract.processes import free_port
from tests.databases import new_database

PASSWORD = "gehe1m"


def fault_at(url: str) -> str:
    database = Database(url, 1.0)
    try:
        with pytest.raises(DatabaseFault) as fault:
            database.prepare()
    finally:
        database.close()
    assert PASSWORD not in str(fault.value)
    return str(fault.value)


@pytest.mark.parametrize(
    ("place", "state", "check"),
    [
        ("127.0.0.1:{port}/beslislog", "08001", "is the port right"),
        ("nergens.invalid/beslislog", "08001", "is the host right"),
    ],
)
def test_a_server_that_is_not_there_is_named_with_what_to_check(place: str, state: str, check: str) -> None:
    place = place.format(port=free_port())
    said = fault_at(f"postgresql://gebruiker:{PASSWORD}@{place}")

    host, _, name = place.partition("/")
    assert f"the database '{name}' at {host}" in said
    assert f"SQLSTATE {state}" in said
    assert check in said


def test_a_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = fault_at(f"postgresql://u:{PASSWORD}@/beslislog?host={tmp_path}")
    assert f"'beslislog' at {tmp_path}:5432" in said
    assert "SQLSTATE 08001" in said
    assert "does the server run" in said


def test_what_the_server_refuses_is_quoted_with_its_state(postgres: str) -> None:
    parts = urlsplit(new_database(postgres))
    other = urlunsplit(parts._replace(path="/bestaat_niet"))
    said = fault_at(other)
    assert "the database 'bestaat_niet' at " in said
    assert "SQLSTATE 3D000" in said
    assert 'database "bestaat_niet" does not exist' in said

    stranger = urlunsplit(parts._replace(netloc=f"vreemde:{PASSWORD}@"))
    said = fault_at(stranger)
    assert "SQLSTATE 28000" in said
    assert "is the user right" in said


def test_a_refused_statement_is_named_by_its_state_alone(postgres: str) -> None:
    database = Database(new_database(postgres))
    with pytest.raises(DatabaseFault) as fault, database.read() as connection:
        connection.execute(text("SELECT nummer FROM zoekgeraakt WHERE naam = :naam"), {"naam": "Jan"})
    assert "SQLSTATE 42P01" in str(fault.value)
    assert "Jan" not in str(fault.value)
    assert "zoekgeraakt" not in str(fault.value)
    database.close()


def test_a_transaction_has_its_time_limits_and_leaves_none_behind(postgres: str) -> None:
    database = Database(new_database(postgres), 1.5)
    with database.read() as connection:
        for name, value in (("lock_timeout", "1500ms"), ("statement_timeout", "7500ms")):
            assert connection.execute(text(f"SHOW {name}")).scalar() == value
    with database._engine.connect() as connection:  # what the next client of a pooled connection finds
        raw = connection.connection.cursor()
        for question, answer in (
            ("SHOW statement_timeout", "0"),
            ("SHOW lock_timeout", "0"),
            ("SELECT count(*) FROM pg_prepared_statements", 0),
        ):
            raw.execute(question)
            assert raw.fetchone() == (answer,)
    database.close()


@pytest.mark.parametrize(
    ("content", "names", "check"), [(b"x" * 5000, "SQLITE_NOTADB", "no SQLite database"), (b"", None, None)]
)
def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, content: bytes, names: str | None, check: str | None
) -> None:
    file = tmp_path / "log.db"
    file.write_bytes(content)
    if names is None or check is None:
        Database(f"sqlite:///{file}").prepare()  # an empty file is an empty database
        return
    said = fault_at(f"sqlite:///{file}")
    assert str(file) in said
    assert names in said
    assert check in said


def test_no_key_is_made_where_there_is_no_log(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped address would give a database that no service reads, and a key that opens nothing."""
    for url in (f"sqlite:///{tmp_path / 'verschreven.db'}", new_database(postgres)):
        monkeypatch.setenv("DEELWIJZER_LOG_URL", url)
        assert main(["sleutel", "new", "--naam", "X"]) == MISUSED
        said = capsys.readouterr()
        assert said.out == ""
        assert "there is no decision log at this address" in said.err
    assert list(tmp_path.iterdir()) == []

    monkeypatch.setenv("DEELWIJZER_LOG_URL", f"postgresql://u:{PASSWORD}@127.0.0.1:{free_port()}/beslislog")
    assert main(["sleutel", "new", "--naam", "X"]) == REFUSED
    said = capsys.readouterr()
    assert "'beslislog' at 127.0.0.1:" in said.err
    assert PASSWORD not in said.err + said.out
