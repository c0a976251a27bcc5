"""What was erased or purged is gone from the files too, while others use them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from app.cli import main
from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.database.tables import stuk as table
from app.log.clock_trust import DAY_MS
from app.log.privacy import erase, purge
from app.logbook import LogBook
from tests.unit.log.entries import entry, opened, stuk, verified

MARKER = "MARKERXYZQ"
LONG = f'{{"kenmerk":"{MARKER}","x":"{f"{MARKER} " * 2000}"}}'
"""Longer than a page of the database."""


def found_in(folder: Path) -> dict[str, int]:
    """Count the marker in every file of a folder."""
    return {path.name: count for path in folder.iterdir() if (count := path.read_bytes().count(MARKER.encode()))}


def fill(book: LogBook) -> None:
    """Write three advices about the marker between others, each with a long text."""
    book.journal.append([entry(stuk("A-1"), begin_ms=DAY_MS)])
    for _ in range(3):
        book.journal.append([entry(stuk(MARKER, vraag=LONG, antwoord=LONG), stuk("A-2"), begin_ms=DAY_MS)])
    book.journal.append([entry(stuk("A-3"), begin_ms=90 * DAY_MS)])


def test_what_was_erased_is_in_no_file_while_the_service_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    (tmp_path / "kenmerk").write_text(f"{MARKER}\n", encoding="utf-8")
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url)
    with opened(url) as service:
        fill(service)
        assert found_in(tmp_path).pop("log.db-wal") > 3

        assert main(["log", "erase", "--kenmerk", str(tmp_path / "kenmerk")]) == 0
        assert capsys.readouterr().out == "de inhoud van 3 adviezen is gewist\n"
        assert found_in(tmp_path) == {"kenmerk": 1}
        service.journal.append([entry(stuk("A-4"))])
        assert verified(service).faults == ()
    assert found_in(tmp_path) == {"kenmerk": 1}


def test_what_was_purged_is_in_no_file(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'log.db'}") as book:
        fill(book)
        assert purge(book.database, 30, 100 * DAY_MS, "0.1.0", trust_clock=True) == 4

        assert found_in(tmp_path) == {}
        assert verified(book).faults == ()


def test_freed_space_is_overwritten_whatever_this_sqlite_does_by_itself(tmp_path: Path) -> None:
    """Some builds do so without being told (Debian's), so only the setting itself shows."""
    with opened(f"sqlite:///{tmp_path / 'log.db'}") as book, book.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_what_may_still_be_in_a_file_is_no_success(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with opened(url) as book, closing(Database(url, seconds=0.05)) as other:
        fill(book)
        with book.database.read() as reader:
            reader.execute(select(table.c.id)).all()
            with pytest.raises(DatabaseFault, match=r"log\.db-wal.*repeat"):
                erase(other, book.journal.pseudonyms, MARKER, "0.1.0")
        assert found_in(tmp_path)
        assert erase(other, book.journal.pseudonyms, MARKER, "0.1.0") == 0
        assert found_in(tmp_path) == {}


def test_a_kenmerk_is_looked_for_exactly_as_it_stands_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url)
    with opened(url) as book:
        book.journal.append([entry(stuk(" zaak-77 "), stuk("zaak-77"))])
    kenmerk = tmp_path / "kenmerk"
    for text, status, said in (
        (" zaak-77 \r\n", 0, "de inhoud van 1 advies is gewist\n"),
        (" zaak-77\n", 1, ""),
        ("zaak-77", 0, "de inhoud van 1 advies is gewist\n"),
    ):
        kenmerk.write_bytes(text.encode())
        assert main(["log", "erase", "--kenmerk", str(kenmerk)]) == status
        assert capsys.readouterr().out == said
