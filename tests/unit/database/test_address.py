"""Addresses of databases: each path works or is refused by name, and no message holds a password."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import MISUSED, main
from app.database.address import checked, file_of, place_of
from app.database.connection import Database
from app.database.faults import AddressFault
from app.logbook import open_log
from app.settings import Settings
from tests.contract.processes import ROOT

PASSWORD = "gehe1m"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite:///", "names a file"),
        ("sqlite://", "names a file"),
        ("sqlite:///log.db?mode=ro", "no parameters"),
        ("sqlite:///a?b.db", "question mark"),
        ("mysql://user@host/db", "starts with"),
        ("nonsens", "not a URL"),
        (f"postgresql://user:{PASSWORD}@host:poort/db", "not a URL"),
        (f"postgresql://user:@{PASSWORD}@host/db", "%40"),
        (f"postgresql://user:{PASSWORD}@host", "names a database"),
    ],
)
def test_what_names_no_database_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(AddressFault, match="DEELWIJZER_LOG_URL: ") as fault:
        checked(text)
    assert says in str(fault.value)
    assert PASSWORD not in str(fault.value)


def test_a_command_with_such_an_address_is_used_wrongly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", "sqlite:///:memory:")
    for command in (["log", "verify"], ["sleutel", "list"], ["sleutel", "new", "--naam", "X"], ["serve"]):
        assert main(command) == MISUSED
        assert ":memory:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "een log.db",
        "log#1.db",
        "100%.db",
        "%41.db",
        "log&x=y.db",
        "été.db",
        "a+b;c.db",
        "file:x.db",
        "'\".db",
        "%3Fa.db",
    ],
)
def test_a_file_is_made_under_the_very_name_that_was_given(tmp_path: Path, name: str) -> None:
    folder = tmp_path / f"map {name}"
    url = f"sqlite:///{folder / name}"
    for _ in range(2):  # made, and found again
        book = open_log(Settings(log_url=url))
        try:
            assert book.journal.pseudonyms.of("x")
        finally:
            book.close()
    assert {path.name for path in folder.iterdir()} >= {name}
    assert {path.name.removeprefix(name) for path in folder.iterdir()} <= {"", "-wal", "-shm", "-turn", "-open"}


def test_it_runs_from_a_folder_with_signs_that_mean_something_elsewhere(tmp_path: Path) -> None:
    """Its settings, its migrations and its default log all have this folder in their path."""
    folder = tmp_path / "50% deel#wijzer {x} $HOME"
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from app.logbook import open_log; from app.settings import Settings; open_log(Settings()).close()"
    subprocess.run([sys.executable, "-c", code], cwd=folder, env={"PYTHONPATH": str(folder)}, check=True, timeout=60)
    assert (folder / ".data" / "deelwijzer.db").is_file()


def test_a_place_is_named_without_user_or_password() -> None:
    named = place_of(checked(f"postgresql://gebruiker:{PASSWORD}@db.example:6432/beslislog"))
    assert named == "the database 'beslislog' at db.example:6432"
    assert place_of(checked("postgres:///x?host=/run/pg")) == "the database 'x' at /run/pg:5432"
    assert place_of(checked("sqlite:////data/log.db")) == "the database /data/log.db"
    assert file_of(checked("sqlite:////data/log.db")) == Path("/data/log.db")


def test_a_database_of_another_kind_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="starts with"):
        Database("mysql://u@h/d")
