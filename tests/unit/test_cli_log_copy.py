"""Backup and restore of a log in SQLite, and a log that is damaged or replaced: named, and never written over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.database.faults import DamagedFault, DatabaseFault
from tests.databases import new_database
from tests.unit.log.entries import entry, opened, stuk


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log with two records, at the address of the settings."""
    file = tmp_path / "log.db"
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{file}")
    with opened(url) as book:
        book.journal.append([entry(stuk("A-1")), entry(stuk("A-2"))])
    return file


def numbers(file: Path) -> list[int]:
    with opened(f"sqlite:///{file}") as book:
        assert book.verify().faults == ()
        return [record.nr for record in book.reader.records()]


def test_a_backup_made_while_the_service_writes_is_restored(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = file.with_name("copy.db")
    with opened(f"sqlite:///{file}") as service:
        service.journal.append([entry()])
        assert file.with_name("log.db-wal").stat().st_size > 0, "the newest record is not in the file itself"
        assert main(["log", "backup", str(copy)]) == 0
        assert "3 regels, 0 fouten; anker 3:" in capsys.readouterr().out
        service.journal.append([entry(), entry()])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not copy.with_name("copy.db-wal").exists()
    assert numbers(file) == [1, 2, 3, 4, 5]

    assert main(["log", "restore", str(copy)]) == 0
    assert "is teruggezet" in capsys.readouterr().out
    assert numbers(file) == [1, 2, 3]
    assert numbers(copy) == [1, 2, 3]


def test_what_belonged_to_the_old_file_is_not_replayed(file: Path, tmp_path: Path) -> None:
    """The `-wal` of a service that was killed holds records of the old log."""
    copy, killed = tmp_path / "copy.db", tmp_path / "killed"
    assert main(["log", "backup", str(copy)]) == 0
    killed.mkdir()
    with opened(f"sqlite:///{file}") as service:
        service.journal.append([entry(), entry()])
        for path in tmp_path.glob("log.db*"):
            shutil.copyfile(path, killed / path.name)
    for path in killed.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    (tmp_path / "log.db-journal").write_bytes(b"old")

    assert main(["log", "restore", str(copy)]) == 0
    assert not any((tmp_path / f"log.db{ending}").exists() for ending in ("-wal", "-shm", "-journal"))
    assert not list(tmp_path.glob("*restore*"))
    assert numbers(file) == [1, 2]


def test_nothing_is_restored_while_anyone_has_the_log_open(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = file.with_name("copy.db")
    assert main(["log", "backup", str(copy)]) == 0
    with opened(f"sqlite:///{file}") as service:
        service.journal.append([entry()])
        assert main(["log", "restore", str(copy)]) == 1
        assert "stop the service" in capsys.readouterr().err
        service.journal.append([entry()])
    assert numbers(file) == [1, 2, 3, 4]


def test_a_faulty_backup_is_not_restored(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = file.with_name("copy.db")
    assert main(["log", "backup", str(copy)]) == 0
    wrong = f"2:{'f' * 64}"
    assert main(["log", "restore", str(copy), "--anker", wrong]) == 1
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE besluit SET aanroeper = 'x' WHERE nr = 1")
    assert main(["log", "restore", str(copy)]) == 1
    assert "was changed" in capsys.readouterr().err
    copy.write_bytes(b"this is no database, and it is longer than a hundred bytes" * 20)
    assert main(["log", "restore", str(copy)]) == 1
    assert "no SQLite database" in capsys.readouterr().err
    assert main(["log", "restore", str(file.with_name("gone.db"))]) == 2
    assert not list(file.parent.glob("*restore*"))
    assert numbers(file) == [1, 2]


def test_a_backup_is_never_written_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = file.with_name("copy.db")
    copy.write_bytes(b"mine")
    assert main(["log", "backup", str(copy)]) == 1
    assert "exists" in capsys.readouterr().err
    assert copy.read_bytes() == b"mine"


def test_postgresql_has_its_own_ways(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", new_database(postgres))
    for command in ("backup", "restore"):
        assert main(["log", command, str(tmp_path / "copy.db")]) == 2
        assert "pg_dump" in capsys.readouterr().err


def test_a_file_that_was_replaced_needs_a_restart(file: Path) -> None:
    other = file.with_name("other.db")
    with opened(f"sqlite:///{other}") as book:
        book.journal.append([entry()])
    with opened(f"sqlite:///{file}") as service:
        service.journal.append([entry()])
        os.replace(other, file)
        for _ in range(2):
            with pytest.raises(DamagedFault, match="replaced"):
                service.journal.append([entry()])
            with pytest.raises(DamagedFault, match="replaced"):
                service.journal.prove_writable()
    for ending in ("-wal", "-shm"):  # of the old file; `log restore` removes them, a plain copy does not
        file.with_name(f"log.db{ending}").unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM besluit").fetchone() == (1,), "nothing was written into it"


def test_a_log_that_went_back_under_a_service_needs_a_restart(file: Path) -> None:
    """A copy over the file itself, or a database restored on its server: the file is the same, the log is not."""
    with opened(f"sqlite:///{file}") as service:
        service.journal.append([entry(), entry()])
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in ("DELETE FROM stuk WHERE nr > 2", "DELETE FROM besluit WHERE nr > 2"):
                connection.execute(statement)
            connection.execute("UPDATE ketenstand SET nr = 2, hash = (SELECT hash FROM besluit WHERE nr = 2)")
        for _ in range(2):
            with pytest.raises(DamagedFault, match="replaced"):
                service.journal.append([entry()])
            with pytest.raises(DamagedFault, match="replaced"):
                service.journal.prove_writable()
    with opened(f"sqlite:///{file}") as restarted:
        restarted.journal.append([entry()])
    assert numbers(file) == [1, 2, 3]


def test_an_end_that_is_one_behind_is_named_everywhere(log_url: str) -> None:
    with opened(log_url) as service:
        service.journal.append([entry(), entry()])
        with service.database.write() as connection:
            connection.exec_driver_sql("UPDATE ketenstand SET nr = 1, hash = (SELECT hash FROM besluit WHERE nr = 1)")
    with pytest.raises(DamagedFault, match="chain does not end"), opened(log_url):
        pass


def test_an_end_that_is_one_behind_is_named_in_a_running_service(log_url: str) -> None:
    with opened(log_url) as service, opened(log_url) as other:
        other.journal.append([entry(), entry()])
        with other.database.write() as connection:
            connection.exec_driver_sql("UPDATE ketenstand SET nr = 1, hash = (SELECT hash FROM besluit WHERE nr = 1)")
        with pytest.raises(DamagedFault, match="chain does not end"):
            service.journal.append([entry()])
        with pytest.raises(DamagedFault, match="chain does not end"):
            service.journal.prove_writable()
        assert any("outside the chain" in fault for fault in service.verify().faults)


@pytest.mark.parametrize("damage", ["no database", "a page"])
def test_a_damaged_file_is_named(file: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    raw = bytearray(file.read_bytes())
    if damage == "a page":
        size = int.from_bytes(raw[16:18], "big")
        raw[size * 2 :] = os.urandom(len(raw) - size * 2)
    else:
        raw[:100] = b"x" * 100
    file.write_bytes(raw)

    assert main(["log", "verify"]) == 1
    assert "damaged" in capsys.readouterr().err
    if damage == "no database":
        with pytest.raises(DatabaseFault, match="damaged"), opened(f"sqlite:///{file}"):
            pass
