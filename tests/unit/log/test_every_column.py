"""Who can write to the database changes nothing unseen: every column, every row, of every table.

What cannot be seen without an anchor stands in docs/decision-log.md, and at the end of this module.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.access.keys import KeyBook
from app.database.faults import DatabaseFault
from app.database.tables import metadata
from app.log.clock_trust import DAY_MS
from app.log.journal import DatabaseJournal
from app.log.privacy import erase, purge
from app.log.stand import note_state
from app.log.verify import Anchor, Verdict
from app.logbook import open_log
from app.settings import Settings
from app.store.policies import read_policies
from tests.unit.log.entries import entry, opened, stuk

TABLES = (*(table.name for table in metadata.sorted_tables), "alembic_version")
Change = Callable[[sqlite3.Connection], Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log in which everything was done that can be done by right."""
    file = tmp_path_factory.mktemp("whole") / "log.db"
    plain = Settings()
    law = read_policies(plain.facts, plain.policies)
    with opened(f"sqlite:///{file}") as book:
        keys = KeyBook(book.database, note_state)
        key, _ = keys.new("een", ["advies"], 30)
        keys.new("twee", ["advies"])
        keys.revoke(key.id)
        book.archive.keep(law.hash, law.version, law.texts())
        book.archive.want(law.hash)
        book.journal.append([entry(stuk("oud"), begin_ms=day * DAY_MS) for day in range(1, 12)])
        assert purge(book.database, 30, 100 * DAY_MS, "0.1.0", trust_clock=True) > 0
        book.journal.append([entry(stuk("A-1"), stuk("A-2"), begin_ms=90 * DAY_MS), entry(stuk("A-3"), stuk(None))])
        DatabaseJournal(book.database, "afdruk").append([entry(stuk("B-1"), stuk("B-2")), entry(stuk("B-3"))])
        assert erase(book.database, book.journal.pseudonyms, "A-1", "0.1.0") == 1
        book.journal.append([entry(stuk("A-4"))])
        assert book.verify().faults == ()
    return file


def found(whole: Path, folder: Path, change: Change, *anchors: Anchor) -> list[str]:
    """What `log verify` finds after a change; a log that it refuses by name is found too."""
    file = folder / "log.db"
    shutil.copyfile(whole, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        change(connection)
    try:
        book = open_log(Settings(log_url=f"sqlite:///{file}"), make=False)
    except DatabaseFault as fault:
        return [str(fault)]
    try:
        verdict: Verdict = book.verify(anchors)
    except DatabaseFault as fault:
        return [str(fault)]
    finally:
        book.close()
    return list(verdict.faults)


def found_or_refused(whole: Path, folder: Path, change: Change) -> bool:
    """Whether a change is found; a change that the table itself refuses needs no finding."""
    try:
        return bool(found(whole, folder, change))
    except sqlite3.Error:
        return True


def others(value: Any, null: bool) -> Iterator[Any]:
    """Other values, of the same kind and of another."""
    if value is None:
        yield "x"
        return
    if isinstance(value, int):
        yield value + 1
        yield value - 1
    elif isinstance(value, bytes):
        yield bytes([value[0] ^ 1]) + value[1:]
    else:
        yield f"{value[:-1]}{'0' if value[-1:] == '1' else '1'}"
        yield ""
    yield b"\xff\x00"
    if null:
        yield None


def rows_of(whole: Path, table: str) -> tuple[list[tuple[str, bool]], list[tuple[Any, ...]]]:
    """The columns of a table (name, and whether it may be empty), and its rows, each with its rowid first."""
    with closing(sqlite3.connect(whole)) as connection:
        columns = [(one[1], not one[3] and not one[5]) for one in connection.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid").fetchall()
    assert rows, f"the log has no row in {table}"
    return columns, rows


def test_an_unchanged_copy_is_whole(whole: Path, tmp_path: Path) -> None:
    assert found(whole, tmp_path, lambda _: None) == []


@pytest.mark.parametrize("table", TABLES)
def test_every_changed_value_shows(whole: Path, tmp_path: Path, table: str) -> None:
    columns, rows = rows_of(whole, table)
    unseen = []
    for place, (column, null) in enumerate(columns):
        different = {repr(type(row[place + 1])): row for row in rows}.values()
        for row in different:
            for value in others(row[place + 1], null):

                def change(it: sqlite3.Connection, value: Any = value, n: int = row[0], name: str = column) -> None:
                    it.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (value, n))

                if not found_or_refused(whole, tmp_path, change):
                    unseen.append(f"{table}.{column} of row {row[0]}: {row[place + 1]!r:.20} became {value!r:.20}")
    assert unseen == []


@pytest.mark.parametrize("table", TABLES)
def test_every_removed_and_every_added_row_shows(whole: Path, tmp_path: Path, table: str) -> None:
    columns, rows = rows_of(whole, table)
    unseen = []
    for row in rows:

        def remove(it: sqlite3.Connection, n: int = row[0]) -> None:
            it.execute(f"DELETE FROM {table} WHERE rowid = ?", (n,))

        if not found(whole, tmp_path, remove):
            unseen.append(f"row {row[0]} removed")
    for row in (rows[0], rows[-1]):
        for first in ("0", "zz", 0, 10_000):
            rest = zip(columns[1:], row[2:], strict=True)
            more = [first, *(f"x{one}" if name == "span_id" else one for (name, _), one in rest)]
            marks = ", ".join("?" * len(more))

            def add(connection: sqlite3.Connection, more: list[Any] = more, marks: str = marks) -> None:
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", more)

            if not found_or_refused(whole, tmp_path, add):
                unseen.append(f"a copy of row {row[0]} added as {first}")
    assert unseen == []


@pytest.mark.parametrize("table", ["besluit", "stuk"])
def test_every_two_values_that_change_places_show(whole: Path, tmp_path: Path, table: str) -> None:
    columns, rows = rows_of(whole, table)
    unseen = []
    for place, (column, _) in enumerate(columns[1:], start=2):
        for one, other in pairwise(rows):
            if one[place] == other[place] or column in ("span_id", "id"):
                continue

            def swap(
                connection: sqlite3.Connection, one: Any = one, other: Any = other, n: str = column, at: int = place
            ) -> None:
                connection.execute(f"UPDATE {table} SET {n} = ? WHERE rowid = ?", (other[at], one[0]))
                connection.execute(f"UPDATE {table} SET {n} = ? WHERE rowid = ?", (one[at], other[0]))

            if not found(whole, tmp_path, swap):
                unseen.append(f"{column} of {one[0]} and {other[0]}")
    assert unseen == []


def _emptied(connection: sqlite3.Connection, begin: int, seal: str) -> None:
    connection.execute("DELETE FROM stuk")
    connection.execute("DELETE FROM besluit")
    connection.execute("UPDATE ketenstand SET begin_nr=?, begin_hash=?, nr=?, hash=?", (begin, seal, begin, seal))


def test_a_deleted_past_shows_also_with_a_forged_record_after_it(whole: Path, tmp_path: Path) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        _emptied(connection, 51, "f" * 64)

    assert any("no purge was recorded" in fault for fault in found(whole, tmp_path, forge))

    with opened(f"sqlite:///{tmp_path / 'log.db'}") as book:
        book.journal.append([entry()])
        assert any("no purge was recorded" in fault for fault in book.verify().faults)


def test_an_anchor_is_compared_wherever_it_falls(whole: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(whole)) as connection:
        begin, seal, end, last = connection.execute("SELECT begin_nr, begin_hash, nr, hash FROM ketenstand").fetchone()
    good = [Anchor(begin, seal), Anchor(end, last)]
    before = Anchor(begin - 1, "a" * 64)

    def check(*anchors: Anchor) -> list[str]:
        return found(whole, tmp_path, lambda _: None, *anchors)

    assert check(*good) == check(good[0]) == check(good[1]) == []
    assert check(before, good[1]) == [], "a younger one that fits was made after it"
    assert "before the beginning" in check(before)[0]
    assert "is not the one of the anchor" in check(Anchor(begin, "f" * 64))[0]
    assert "is not the one of the anchor" in check(Anchor(end, "f" * 64), good[0])[0]
    assert "not in the log" in check(Anchor(end + 1, last), good[0])[0]
    assert check(before, Anchor(end, "f" * 64)) != []


def test_what_shows_only_by_an_anchor(whole: Path, tmp_path: Path) -> None:
    """The documented limit: an end that is cut off with care. The anchor of the log lines tells."""
    with closing(sqlite3.connect(whole)) as connection:
        end, last = connection.execute("SELECT nr, hash FROM ketenstand").fetchone()
        previous = connection.execute("SELECT hash FROM besluit WHERE nr = ?", (end - 1,)).fetchone()[0]

    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM stuk WHERE nr = ?", (end,))
        connection.execute("DELETE FROM besluit WHERE nr = ?", (end,))
        connection.execute("UPDATE ketenstand SET nr = ?, hash = ?", (end - 1, previous))

    assert found(whole, tmp_path, cut) == []
    assert found(whole, tmp_path, cut, Anchor(end, last)) != []
