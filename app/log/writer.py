"""The writer: calls that wait for their record, and one thread that writes them together.

Goes in: entries, from the event loop. Comes out: the assurance that they are kept, or CannotRecord.
Must not know: what is in an entry.

What a turn of the event loop brings forth is handed over together, and while one transaction is being written the next
calls gather: they go together in the next one. So a busy service pays for one transaction per group of calls, and a
quiet one answers at once.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from app.database.faults import DatabaseFault, RowFault
from app.log.entry import Entry, Journal

MOST_TOGETHER: Final = 64
MOST_WAITING: Final = 2000
"""More calls than this waiting for the log means that it does not keep up: the next ones are refused."""
_log = logging.getLogger("deelwijzer")


class CannotRecordError(RuntimeError):
    """The call could not be recorded, so there is no advice."""


@dataclass(slots=True)
class _Waiting:
    entry: Entry
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Writer:
    """Writes entries to a journal, in a thread of its own."""

    def __init__(self, journal: Journal, seconds: float = 5.0) -> None:
        """`seconds`: how long a call waits for its record."""
        self._journal = journal
        self._seconds = seconds
        self._queue: deque[_Waiting] = deque()
        self._gathering: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
        self._wake = threading.Condition()
        self._closed = False
        self.failed: int | None = None
        """How large the last record was, in characters, when it could not be kept; None when it was."""
        self._thread = threading.Thread(target=self._run, name="decision-log", daemon=True)
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether the thread that writes is there."""
        return self._thread.is_alive()

    async def record(self, entry: Entry) -> None:
        """Return once the entry is kept for good; raises CannotRecordError when that fails or takes too long."""
        try:
            await self._record(entry)
        except CannotRecordError:
            self.failed = sum(len(one.vraag) + len(one.antwoord) for one in entry.stukken)
            raise
        self.failed = None

    async def _record(self, entry: Entry) -> None:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(entry, loop, loop.create_future())
        with self._wake:
            if self._closed or len(self._queue) + len(self._gathering.get(loop, ())) >= MOST_WAITING:
                raise CannotRecordError
            gathering = self._gathering.setdefault(loop, [])
            gathering.append(waiting)
        if len(gathering) == 1:
            # That runs after everything that is ready now: so the records of all that go along.
            loop.call_soon(self._hand_over, loop)
        timer = loop.call_later(self._seconds, _fail, waiting.done)
        try:
            await waiting.done
        finally:
            timer.cancel()

    def close(self) -> None:
        """Write what still waits, then stop."""
        with self._wake:
            self._closed = True
            for gathering in self._gathering.values():
                self._queue += gathering
            self._gathering.clear()
            self._wake.notify()
        self._thread.join(self._seconds)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._wake:
            self._queue += self._gathering.pop(loop, [])
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._closed:
                    self._wake.wait()
                group = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
            if not group:
                return
            # A call that gave up waiting has been answered with an error: it needs no record.
            group = [one for one in group if not one.done.done()]
            if group:
                self._write(group)

    def _write(self, group: list[_Waiting]) -> None:
        kept = False
        try:
            self._journal.append([one.entry for one in group])
            kept = True
        except RowFault as fault:
            if len(group) > 1:  # one of them is at fault: the others must not suffer for it
                for one in group:
                    self._write([one])
                return
            _log.error("the decision log refuses a record: %s", fault)
        except DatabaseFault as fault:
            _log.error("the decision log cannot be written: %s", fault)
        except Exception as fault:
            _log.error("the decision log cannot be written: %s", type(fault).__name__)
        self._tell(group, kept)

    def _tell(self, group: list[_Waiting], kept: bool) -> None:
        for loop in {id(one.loop): one.loop for one in group}.values():
            mine = [one.done for one in group if one.loop is loop]
            try:
                loop.call_soon_threadsafe(_settle, mine, kept)
            except RuntimeError:  # that loop is gone, and its callers with it
                continue


def _settle(waiting: list[asyncio.Future[None]], kept: bool) -> None:
    for done in waiting:
        if not kept:
            _fail(done)
        elif not done.done():
            done.set_result(None)


def _fail(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_exception(CannotRecordError())
