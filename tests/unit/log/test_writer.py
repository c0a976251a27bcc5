"""The writer: nobody is told that something is kept before it is, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from app.database.faults import DatabaseFault, RowFault
from app.log.entry import Entry
from app.log.writer import MOST_TOGETHER, CannotRecordError, Writer
from tests.unit.log.entries import entry


class Journal:
    """Keeps entries in a list; can be made slow, broken, or averse to one entry."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.groups: list[int] = []
        self.broken = False
        self.refused: Entry | None = None
        self.open = threading.Event()
        self.open.set()

    def append(self, entries: list[Entry]) -> None:
        self.open.wait(5)
        if self.broken:
            raise DatabaseFault("OperationalError")
        if self.refused in entries:
            raise RowFault("DataError")
        self.groups.append(len(entries))
        self.kept += entries


def test_what_is_recorded_is_kept_by_then() -> None:
    journal = Journal()
    writer = Writer(journal)
    one = entry()

    asyncio.run(writer.record(one))

    assert journal.kept == [one]
    writer.close()


def test_calls_that_wait_together_are_written_together() -> None:
    journal = Journal()
    writer = Writer(journal)
    journal.open.clear()
    entries = [entry() for _ in range(MOST_TOGETHER + 10)]

    async def run() -> None:
        waiting = asyncio.gather(*(writer.record(one) for one in entries))
        await asyncio.sleep(0.05)
        journal.open.set()
        await waiting

    asyncio.run(run())

    assert sorted(map(id, journal.kept)) == sorted(map(id, entries))
    assert len(journal.groups) <= 4
    assert max(journal.groups) <= MOST_TOGETHER
    writer.close()


def test_what_one_turn_of_the_loop_brings_forth_is_one_group() -> None:
    journal = Journal()
    writer = Writer(journal)

    async def decide_and_record() -> None:
        time.sleep(0.002)
        await writer.record(entry())

    async def run() -> None:
        await asyncio.gather(*(decide_and_record() for _ in range(20)))

    asyncio.run(run())

    assert journal.groups == [20]
    writer.close()


def test_closing_writes_what_was_not_handed_over_yet() -> None:
    journal = Journal()
    writer = Writer(journal)

    async def run() -> None:
        waiting = asyncio.create_task(writer.record(entry()))
        await asyncio.sleep(0)
        writer.close()
        await waiting

    asyncio.run(run())

    assert len(journal.kept) == 1


def test_a_log_that_fails_fails_the_call_and_recovers() -> None:
    journal = Journal()
    writer = Writer(journal)
    journal.broken = True
    with pytest.raises(CannotRecordError):
        asyncio.run(writer.record(entry()))

    journal.broken = False
    asyncio.run(writer.record(entry()))

    assert len(journal.kept) == 1
    writer.close()


def test_an_entry_that_is_refused_spoils_no_other() -> None:
    journal = Journal()
    writer = Writer(journal)
    entries = [entry() for _ in range(5)]
    journal.refused = entries[2]
    journal.open.clear()

    async def run() -> list[Any]:
        waiting = asyncio.gather(*(writer.record(one) for one in entries), return_exceptions=True)
        await asyncio.sleep(0.05)
        journal.open.set()
        return await waiting

    found = asyncio.run(run())

    assert [type(one) for one in found] == [type(None), type(None), CannotRecordError, type(None), type(None)]
    assert len(journal.kept) == 4
    writer.close()


def test_a_log_that_hangs_is_given_up_and_the_call_is_not_kept_later() -> None:
    journal = Journal()
    writer = Writer(journal, seconds=0.1)
    journal.open.clear()
    late = entry()

    async def run() -> list[Any]:
        first = asyncio.ensure_future(writer.record(entry()))
        await asyncio.sleep(0.05)  # the first is in the hands of the journal; the second waits behind it
        return list(await asyncio.gather(first, writer.record(late), return_exceptions=True))

    started = time.monotonic()
    found = asyncio.run(run())
    assert time.monotonic() - started < 2
    assert all(isinstance(one, CannotRecordError) for one in found)

    journal.open.set()
    writer.close()
    assert late not in journal.kept


def test_closing_writes_what_still_waits() -> None:
    journal = Journal()
    writer = Writer(journal)

    async def run() -> None:
        waiting = [asyncio.ensure_future(writer.record(entry())) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.get_running_loop().run_in_executor(None, writer.close)
        await asyncio.gather(*waiting)

    asyncio.run(run())

    assert len(journal.kept) == 20
    with pytest.raises(CannotRecordError):
        asyncio.run(writer.record(entry()))


def test_the_writer_tells_how_large_the_last_record_was_that_could_not_be_kept() -> None:
    journal = Journal()
    writer = Writer(journal, 0.3)
    one = entry()

    def record() -> None:
        with pytest.raises(CannotRecordError):
            asyncio.run(writer.record(one))

    def failed() -> int | None:
        return writer.failed

    assert failed() is None
    journal.broken = True
    record()
    assert failed() == len(one.stukken[0].vraag) + len(one.stukken[0].antwoord)
    journal.broken = False
    asyncio.run(writer.record(entry()))
    assert failed() is None
    journal.refused = one
    record()
    assert failed()
    asyncio.run(writer.record(entry()))
    journal.open.clear()  # it takes too long
    record()
    assert failed()
    journal.open.set()
    writer.close()
