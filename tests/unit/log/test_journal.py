"""What is kept of a call, and that it comes back as it went in."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database.connection import Database
from app.database.faults import DatabaseFault, MigrationFault, RowFault
from app.database.migrating import HEAD
from app.log.entry import trace_of
from app.log.journal import DatabaseJournal
from app.log.reading import Wanted, as_adl
from app.logbook import LogBook
from tests.unit.log.entries import entry, opened, stuk, verified
from tests.unit.log.older import make_form_1


def test_an_entry_comes_back_as_it_went_in(book: LogBook) -> None:
    one = entry(stuk("A-1"), stuk(None))
    book.journal.append([one])

    (record,) = book.reader.records()
    assert (record.trace, record.event_name, record.begin_ms, record.einde_ms) == (
        one.trace,
        one.event_name,
        one.begin_ms,
        one.einde_ms,
    )
    assert (record.status, record.aanroeper, record.beleid, record.verwerking) == (
        one.status,
        one.aanroeper,
        one.beleid,
        one.verwerking,
    )
    assert [(part.id, part.vraag, part.antwoord, part.peildatum) for part in record.stukken] == [
        (part.id, part.vraag, part.antwoord, part.peildatum) for part in one.stukken
    ]
    assert record.stukken[0].betrokkene not in (None, "A-1")
    assert record.stukken[1].betrokkene is None
    assert verified(book).faults == ()


def test_writers_at_once_make_one_chain(log_url: str) -> None:
    """Two processes' worth of journals, eight threads: every entry once, in one unbroken chain."""
    with opened(log_url) as first, opened(log_url) as second:

        def write(number: int) -> None:
            (first if number % 2 else second).journal.append([entry(stuk(str(number))) for _ in range(3)])

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(write, range(16)))
        found = verified(first)

    assert (found.records, found.nr, found.faults) == (48, 48, ())


def test_the_same_call_is_not_kept_twice(book: LogBook) -> None:
    one = entry()
    book.journal.append([one])

    with pytest.raises(RowFault):
        book.journal.append([entry(), replace(one, stukken=(stuk(),))])
    assert verified(book).records == 1, "all of a batch or none"


def test_commitments_only_keep_no_text(committed: LogBook) -> None:
    committed.journal.append([entry()])

    (record,) = committed.reader.records()
    (part,) = record.stukken
    assert (part.vraag, part.antwoord) == (None, None)
    assert part.zout is not None
    assert record.bewaard == "afdruk"
    assert verified(committed).faults == ()


def test_a_caller_finds_only_their_own(book: LogBook) -> None:
    mine, theirs = stuk("A-1"), stuk("A-1")
    book.journal.append([entry(mine, aanroeper="sleutel:a"), entry(theirs, aanroeper="sleutel:b")])

    assert book.reader.part(mine.id, "sleutel:a") is not None
    assert book.reader.part(mine.id, "sleutel:b") is None
    assert [one.id for one in book.reader.search(Wanted("sleutel:a", "A-1"), 10)] == [mine.id]
    assert book.reader.search(Wanted("sleutel:a", "A-2"), 10) == []


def test_a_search_goes_by_period_and_on_from_a_place(book: LogBook) -> None:
    parts = [stuk(str(number)) for number in range(6)]
    book.journal.append([entry(*parts[:3], begin_ms=1_000), entry(*parts[3:], begin_ms=2_000)])

    def ids(**wanted: object) -> list[str]:
        return [one.id for one in book.reader.search(Wanted("sleutel:a", **wanted), 10)]  # type: ignore[arg-type]

    assert ids() == [part.id for part in parts]
    assert ids(van_ms=2_000) == [part.id for part in parts[3:]]
    assert ids(tot_ms=2_000) == [part.id for part in parts[:3]]
    assert ids(na=(1, 1)) == [part.id for part in parts[2:]]


def test_a_failed_call_is_in_the_log_and_in_no_list(book: LogBook) -> None:
    failed = stuk("A-1", antwoord="")
    book.journal.append([entry(failed, status="Error")])

    assert book.reader.search(Wanted("sleutel:a"), 10) == []
    assert book.reader.part(failed.id) is not None


def test_a_record_has_the_shape_of_the_authorization_decision_log(book: LogBook) -> None:
    called = replace(entry(stuk("A-1")), trace=trace_of(f"00-{'a' * 32}-{'b' * 16}-00"))
    book.journal.append([called])

    (record,) = book.reader.records()
    shown = as_adl(record, {"service.name": "deelwijzer"})
    assert shown["trace_id"] == "a" * 32
    assert shown["parent_span_id"] == "b" * 16
    assert len(shown["span_id"]) == 16
    assert shown["span_id"] != "b" * 16
    assert type(shown["timestamp"]) is int
    assert shown["status"] == "Unset"
    assert shown["body"]["adl.core.request"]["jongere"] == {"leeftijd": 18}
    assert shown["body"]["adl.core.response"]["adviezen"]
    assert shown["attributes"]["adl.core.policies"] == {"deelwijzer.beleid": called.beleid}
    assert shown["attributes"]["adl.core.configuration"]["deelwijzer.engine"] == "compiled"
    assert not set(shown["attributes"]) & set(shown["body"]), "a field stands in one of the two"
    assert "A-1" not in str(shown["attributes"])


def test_a_lost_file_is_noticed_and_a_found_one_used_again(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    with opened(f"sqlite:///{file}") as book:
        book.journal.append([entry()])
        for name in ("log.db", "log.db-wal", "log.db-shm"):
            if (tmp_path / name).exists():
                (tmp_path / name).rename(tmp_path / f"away-{name}")
        with pytest.raises(DatabaseFault, match="not where it was"):
            book.journal.append([entry()])
        assert not file.exists(), "an empty log would hide that one is lost"
        for name in ("log.db", "log.db-wal", "log.db-shm"):
            if (tmp_path / f"away-{name}").exists():
                (tmp_path / f"away-{name}").rename(tmp_path / name)
        book.journal.append([entry()])
        assert (verified(book).records, verified(book).faults) == (2, ())


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'deep' / 'log.db'}"):
        assert (tmp_path / "deep" / "log.db").stat().st_mode & 0o077 == 0


def test_a_second_start_changes_nothing(log_url: str) -> None:
    with opened(log_url) as book:
        book.journal.append([entry()])
        pseudonym = book.journal.pseudonyms.of("A-1")
    with opened(log_url) as again:
        assert again.journal.pseudonyms.of("A-1") == pseudonym
        assert verified(again).records == 1


def test_a_log_of_a_newer_version_is_refused(log_url: str) -> None:
    with opened(log_url) as book, book.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    database = Database(log_url)
    with closing(database), pytest.raises(MigrationFault, match=f"9999.*{HEAD}"):
        database.prepare()


def test_a_log_of_an_older_version_gets_its_summaries(log_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [stuk(f"kenmerk é {number}") for number in range(120)]
    with opened(log_url) as book:
        book.journal.append([entry(*parts, stuk("nothing decided", antwoord="", samenvatting=None))])
        make_form_1(book)
        with book.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE stuk DROP COLUMN samenvatting")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    with opened(log_url) as book:
        found = book.reader.search(Wanted("sleutel:a"), 1000)
        assert [one.samenvatting for one in found] == [*(one.samenvatting for one in parts), None]
        assert book.verify().faults == ()


def test_a_log_of_form_1_goes_on_in_form_2(log_url: str) -> None:
    with opened(log_url) as book:
        book.journal.append([entry(stuk("zaak e\u0301"), stuk("zaak 7")), entry(stuk(None))])
        make_form_1(book)
        old = book.journal.pseudonyms

    with opened(log_url) as book:
        assert book.verify().faults == ()
        assert old.of("zaak \u00e9") == book.journal.pseudonyms.of("zaak e\u0301")
        assert len(list(book.reader.about("zaak \u00e9"))) == 1
        book.journal.append([entry(stuk("zaak 8"))])
        assert [record.vorm for record in book.reader.records()] == [1, 1, 2, 2]
        assert book.verify().faults == ()
        with book.database.write() as connection:
            connection.exec_driver_sql("UPDATE stuk SET betrokkene = 'x' WHERE nr = 1 AND plaats = 1")
        assert len(book.verify().faults) == 1


def test_a_search_reads_no_answer(book: LogBook) -> None:
    book.journal.append([entry(stuk("A-1", antwoord="no JSON, and as large as it likes"))])

    (found,) = book.reader.search(Wanted("sleutel:a"), 10)
    assert found.kept
    assert json.loads(found.samenvatting or "") == {"kenmerk": "A-1", "oordelen": ["toegestaan"]}


def test_an_advice_of_a_series_is_read_without_the_others(book: LogBook) -> None:
    several = entry(stuk("A-1"), stuk("A-2"), stuk("A-3"))
    book.journal.append([several])
    wanted = several.stukken[1]

    found = book.reader.part(wanted.id, "sleutel:a")
    assert found is not None
    record, part = found
    assert (part.id, part.antwoord, record.stukken) == (wanted.id, wanted.antwoord, (part,))
    assert record.aanroeper == "sleutel:a"
    assert book.reader.part(wanted.id, "sleutel:b") is None


def test_no_fault_repeats_what_was_to_be_written(book: LogBook) -> None:
    one = entry(stuk("geheim kenmerk"))
    book.journal.append([one])

    with pytest.raises(DatabaseFault) as caught:
        book.journal.append([one])
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_journals_on_one_database_share_the_key_of_pseudonyms(log_url: str) -> None:
    with opened(log_url) as book, closing(Database(log_url)) as database:
        other = DatabaseJournal(database)
        assert other.pseudonyms.of("A-1") == book.journal.pseudonyms.of("A-1") != book.journal.pseudonyms.of("A-2")


def test_a_rehearsal_leaves_nothing_and_notices_what_would_stop_a_record(book: LogBook) -> None:
    book.journal.append([entry()])
    before = verified(book)
    book.journal.rehearse(3_000_000)
    assert verified(book) == before
    assert before.faults == ()

    with book.database.write() as connection:
        connection.execute(text("UPDATE ketenstand SET nr = 0"))
    with pytest.raises(DatabaseFault):
        book.journal.prove_writable()
    with pytest.raises(DatabaseFault):
        book.journal.rehearse(10)

    with book.database.write() as connection:
        connection.execute(text("UPDATE ketenstand SET nr = 1"))
    book.journal.rehearse(10)
    with book.database.write() as connection:
        connection.execute(text("ALTER TABLE stuk RENAME TO weg"))
    with pytest.raises(DatabaseFault):
        book.journal.rehearse(10)
