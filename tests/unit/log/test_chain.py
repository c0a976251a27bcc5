"""The chain: a change shows, whatever was changed, and what was erased by right does not."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert, select

from app.database.tables import besluit, ketenstand, stuk
from app.log.chain import ROOT, SEALED, SEALED_PARTS, commitment, seal
from app.log.clock_trust import DAY_MS
from app.log.journal import NO_CONTENT
from app.log.privacy import erase, purge
from app.log.verify import Anchor, verify
from app.logbook import LogBook
from tests.unit.log.entries import change, entry, opened, verified
from tests.unit.log.entries import stuk as made

NOW = 100 * DAY_MS
CONTENT = {"vraag": "{}", "antwoord": "{}", "zout": b"0" * 16}


@contextmanager
def a_log(records: int = 4) -> Iterator[LogBook]:
    """A log in a folder of its own: Hypothesis makes many in one test."""
    with tempfile.TemporaryDirectory() as folder, opened(f"sqlite:///{Path(folder) / 'log.db'}") as book:
        book.journal.append([entry(made("A-1"), made("A-2"), begin_ms=number * DAY_MS) for number in range(records)])
        yield book


def other(value: Any) -> Any:
    """Another value of the same kind."""
    return (
        value + 1
        if isinstance(value, int)
        else "x"
        if value is None
        else f"{value[:-1]}{'y' if value[-1] == 'x' else 'x'}"
    )


@pytest.mark.parametrize("column", [name for name in (*SEALED, "vorige", "hash") if name != "nr"])
def test_a_changed_record_shows(book: LogBook, column: str) -> None:
    book.journal.append([entry(), entry(), entry()])
    record = next(one for one in _rows(book, besluit) if one["nr"] == 2)

    change(book, besluit, 2, **{column: other(record[column])})

    assert any("record 2" in fault or "record 3" in fault for fault in verified(book).faults)


@pytest.mark.parametrize("column", [*(name for name in SEALED_PARTS if name != "id"), "vraag", "antwoord"])
def test_a_changed_part_shows(book: LogBook, column: str) -> None:
    book.journal.append([entry(), entry()])
    part = next(one for one in _rows(book, stuk) if one["nr"] == 2)

    change(book, stuk, 2, **{column: other(part[column])})

    assert any("record 2" in fault for fault in verified(book).faults)


def _rows(book: LogBook, table: Table) -> list[dict[str, Any]]:
    with book.database.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


@given(data=st.data())
@settings(max_examples=60)
def test_a_removed_row_shows(data: st.DataObject) -> None:
    with a_log() as book:
        table, nr = data.draw(st.sampled_from([besluit, stuk])), data.draw(st.integers(1, 4))
        with book.database.write() as connection:
            connection.execute(delete(stuk).where(stuk.c.nr == nr))
            if table is besluit:
                connection.execute(delete(besluit).where(besluit.c.nr == nr))

        assert verified(book).faults


def test_a_log_that_was_cut_off_shows_by_its_anchor(book: LogBook, log_url: str) -> None:
    book.journal.append([entry(), entry()])
    anchor = Anchor(verified(book).nr, verified(book).hash)
    # Who can write everything can also move the end of the chain; only a copy of it kept elsewhere tells.
    with book.database.write() as connection:
        previous = connection.execute(select(besluit.c.hash).where(besluit.c.nr == 1)).scalar_one()
        connection.execute(delete(stuk).where(stuk.c.nr == 2))
        connection.execute(delete(besluit).where(besluit.c.nr == 2))
        connection.execute(ketenstand.update().values(nr=1, hash=previous))

    assert verify(book.database, book.reader).faults == ()
    assert verify(book.database, book.reader, [anchor]).faults
    with opened(log_url) as later:
        later.journal.append([entry()])
    assert verify(book.database, book.reader, [anchor]).faults, "another record in its place is not the one"


def test_an_inserted_row_shows(book: LogBook) -> None:
    book.journal.append([entry()])
    part = _rows(book, stuk)[0]
    with book.database.write() as connection:
        connection.execute(insert(stuk).values(**{**part, "id": "extra", "plaats": 1}))

    assert verified(book).faults


def test_text_taken_away_without_a_record_of_it_shows(book: LogBook) -> None:
    book.journal.append([entry()])

    change(book, stuk, 1, **NO_CONTENT)

    assert "no erasure was recorded" in verified(book).faults[0]


def test_erasing_takes_everything_of_one_kenmerk_and_leaves_the_chain(book: LogBook) -> None:
    book.journal.append([entry(made("A-1"), made("A-2")), entry(made("A-1"))])

    assert erase(book.database, book.journal.pseudonyms, "A-1", "0.1.0") == 2

    assert verified(book).faults == ()
    rows = _rows(book, stuk)
    gone = [row for row in rows if row["vraag"] is None]
    assert len(gone) == 2
    assert all(row[name] is None for row in gone for name in NO_CONTENT)
    assert "A-1" not in json.dumps(rows, default=str)
    assert list(book.reader.about("A-1")) == []
    assert [len(record.stukken) for record in book.reader.about("A-2")] == [1]


def test_nothing_is_left_to_guess_a_kenmerk_from(book: LogBook) -> None:
    """A kenmerk has few possible values: without its salt no commitment may give it away, nor any other column."""
    one = made("7")
    book.journal.append([entry(one)])
    erase(book.database, book.journal.pseudonyms, "7", "0.1.0")

    (row,) = _rows(book, stuk)
    assert row["zout"] is None
    assert row["betrokkene"] is None
    assert row["vraag_afdruk"] != commitment(b"", one.vraag)


def test_purging_takes_the_oldest_off_and_the_chain_starts_after_them(book: LogBook) -> None:
    book.journal.append([entry(begin_ms=day * DAY_MS) for day in (1, 50, 90, 99)])

    assert purge(book.database, 30, NOW, "0.1.0", trust_clock=True) == 2
    assert purge(book.database, 30, NOW, "0.1.0", trust_clock=True) == 0

    found = verified(book)
    assert (found.records, found.faults) == (3, ())
    assert [record.begin_ms // DAY_MS for record in book.reader.records()][:2] == [90, 99]
    assert len(_rows(book, stuk)) == 2


def test_a_log_that_is_purged_whole_goes_on(book: LogBook) -> None:
    book.journal.append([entry(begin_ms=DAY_MS)])
    assert purge(book.database, 1, NOW, "0.1.0", trust_clock=True) == 1

    book.journal.append([entry(begin_ms=NOW)])

    assert (verified(book).records, verified(book).faults) == (2, ())


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 3), st.sampled_from("ABC")),
        st.tuples(st.just("erase"), st.just(0), st.sampled_from("ABC")),
        st.tuples(st.just("purge"), st.integers(1, 20), st.just("")),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=60)
def test_whatever_is_done_by_right_the_chain_verifies(steps: list[tuple[str, int, str]]) -> None:
    with a_log(0) as book:
        day = 80
        for what, number, kenmerk in steps:
            day += 1
            if what == "write":
                book.journal.append([entry(made(kenmerk), made(None), begin_ms=day * DAY_MS) for _ in range(number)])
            elif what == "erase":
                erase(book.database, book.journal.pseudonyms, kenmerk, "0.1.0")
                assert list(book.reader.about(kenmerk)) == []
            else:
                purge(book.database, number, day * DAY_MS, "0.1.0", trust_clock=True)
            assert verified(book).faults == ()


def test_the_seal_can_be_made_again_from_its_description() -> None:
    """docs/decision-log.md: SHA-256 of a JSON array without spaces; written out here by hand."""
    import hashlib

    for form in (1, 2):
        text = f'["deelwijzer-log/{form}","' + ROOT + '",[1,"a",null],[["p",0]]]'
        assert seal(ROOT, (1, "a", None), [("p", 0)], form) == hashlib.sha256(text.encode()).hexdigest()
