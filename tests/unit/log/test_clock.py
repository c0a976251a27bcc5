"""Purging by wrong clocks: a record that ran ahead holds nothing up, and a clock that jumped empties nothing."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.cli import main
from app.database.clock import now_ms
from app.database.tables import ketenstand
from app.log.clock_trust import DAY_MS, ClockFault
from app.log.privacy import erase, purge
from app.operations.metrics import Metrics
from app.upkeep import Upkeep
from tests.unit.log.entries import entry, opened

DAYS = 30


def written(url: str, *days: int) -> None:
    with opened(url) as book:
        book.journal.append([entry(begin_ms=day * DAY_MS) for day in days])


def purged(url: str, today: int, days: int = DAYS) -> list[int]:
    """The days of the records that a purge leaves, without what it writes itself."""
    with opened(url) as book:
        purge(book.database, days, today * DAY_MS, "0.1.0")
        assert book.verify().faults == ()
        return [record.begin_ms // DAY_MS for record in book.reader.records() if record.aanroeper != "beheer"]


def test_a_record_from_a_clock_that_ran_ahead_holds_up_nothing(log_url: str) -> None:
    written(log_url, *range(40, 60), 9_999, *range(60, 101))
    assert purged(log_url, 100) == list(range(70, 101))
    assert purged(log_url, 101, 20) == list(range(81, 101))


@pytest.mark.parametrize("ahead", [31, 40, 400, 40_000])
def test_a_clock_that_jumped_purges_nothing(log_url: str, ahead: int) -> None:
    written(log_url, *range(1, 51))
    with opened(log_url) as book, pytest.raises(ClockFault, match=r"the clock is .* days past"):
        purge(book.database, DAYS, (50 + ahead) * DAY_MS, "0.1.0")
    # Calls that are recorded by the same clock do not make it right.
    written(log_url, 50 + ahead)
    with opened(log_url) as book:
        with pytest.raises(ClockFault, match=r"the newest records are .* days past"):
            purge(book.database, DAYS, (50 + ahead) * DAY_MS, "0.1.0")
        assert len([record for record in book.reader.records() if record.begin_ms <= 50 * DAY_MS]) == 50
        assert purge(book.database, DAYS, (50 + ahead) * DAY_MS, "0.1.0", trust_clock=True) >= 49


def test_a_record_from_a_clock_that_ran_behind_purges_nothing_young(log_url: str) -> None:
    written(log_url, *range(60, 81), 0, *range(81, 101))
    assert purged(log_url, 100)[:1] == [70]


@given(data=st.data())
@settings(max_examples=25)
def test_a_purge_takes_no_young_record_unless_it_ran_ahead(data: st.DataObject) -> None:
    """One stray clock among many good ones: never early by more than that record, never late once the rest is old."""
    good = list(range(40, 101))
    place = data.draw(st.integers(1, len(good) - 1))
    stray = data.draw(st.integers(0, 400))
    today = 100
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'log.db'}"
        written(url, *good[:place], stray, *good[place:])
        try:
            left = purged(url, today)
        except ClockFault:
            assert stray < good[place - 1], "only a record from the past can look like a jump of the clock"
            return
        young = [day for day in good if day >= today - DAYS]
        assert [day for day in left if day in young and day != stray] == [day for day in young if day != stray]


def test_the_command_says_why_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{tmp_path / 'log.db'}")
    written(url, 1, 2, 3)
    assert main(["log", "purge", "--dagen", "30"]) == 1
    assert "--klok-klopt" in capsys.readouterr().err
    assert main(["log", "purge", "--dagen", "30", "--klok-klopt"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("3 regels verwijderd")
    assert said.err.startswith("keten: 4:")


def test_the_service_counts_a_purge_that_was_stopped_and_tells_the_chain(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()
    with opened(f"sqlite:///{tmp_path / 'log.db'}") as book, caplog.at_level(logging.INFO, "deelwijzer"):
        upkeep = Upkeep(book, metrics, DAYS)
        book.journal.append([entry(begin_ms=DAY_MS)])
        upkeep.purge(DAYS)
        assert b"deelwijzer_purge_stopped 1.0" in metrics.text("1", "x")
        assert "--klok-klopt" in caplog.text
        book.journal.append([entry(begin_ms=now_ms() - day * DAY_MS) for day in range(60, 0, -1)])
        upkeep.purge(DAYS)
        assert b"deelwijzer_purge_stopped 0.0" in metrics.text("1", "x")
        assert f"keten: {book.journal.end()} (na opschonen)" in caplog.text
        upkeep.tell("start")
        upkeep.close()
        assert f"keten: {book.journal.end()} (stop)" in caplog.text
        assert book.verify().faults == ()


def test_the_service_tells_the_chain_after_an_erasure_or_purge_by_a_command(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The commands run elsewhere: what they print is in no log lines."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with opened(url) as book, caplog.at_level(logging.INFO, "deelwijzer"):
        upkeep = Upkeep(book, Metrics(), None)
        book.journal.append([entry(begin_ms=now_ms()), entry(begin_ms=DAY_MS)])
        seen = upkeep.tell_of_removals(None)
        assert upkeep.tell_of_removals(seen) == seen
        assert "keten" not in caplog.text
        with opened(url) as other:
            assert erase(other.database, other.journal.pseudonyms, "A-1", "x")
        seen = told_once(upkeep, seen, caplog)
        with opened(url) as other:
            assert purge(other.database, DAYS, now_ms() + 400 * DAY_MS, "x", trust_clock=True)
        told_once(upkeep, seen, caplog)


def told_once(upkeep: Upkeep, seen: int | None, caplog: pytest.LogCaptureFixture) -> int | None:
    """Have the service look twice: it tells the end of the chain once."""
    caplog.clear()
    seen = upkeep.tell_of_removals(seen)
    assert upkeep.tell_of_removals(seen) == seen
    assert caplog.messages == [f"keten: {upkeep.book.journal.end()} (na wissen of opschonen)"]
    return seen


def test_an_end_that_cannot_be_read_is_said_and_looked_for_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(f"sqlite:///{tmp_path / 'log.db'}") as book:
        upkeep = Upkeep(book, Metrics(), None)
        with book.database.write() as connection:
            connection.execute(delete(ketenstand))
        assert upkeep.tell_of_removals(7) == 7
    assert "cannot be read" in caplog.text
