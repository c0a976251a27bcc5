"""Upkeep: what a service does to its own log while it runs.

Goes in: the log, and how long records are kept. Comes out: log lines with the end of the chain, and a purge every hour.
Must not know: how a log keeps things, or who asks the service.

A log line leaves the database by itself, to wherever log lines are collected. So the end of the chain is in other
hands at the start, at the stop, every hour and after every purge and erasure, and `deelwijzer log verify --anker` can
hold the log to it. Commands erase and purge too, and what they print is not collected: the service looks for their
records every minute.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from app.database.clock import now_ms
from app.database.faults import DatabaseFault
from app.log.clock_trust import ClockFault
from app.log.privacy import ERASED, PURGED, purge
from app.logbook import LogBook
from app.operations.metrics import Metrics
from app.settings import VERSION

EVERY_SECONDS: Final = 3600
LOOK_SECONDS: Final = 60
_log = logging.getLogger("deelwijzer")


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The upkeep of one log. `days`: how long records are kept; None keeps them all."""

    book: LogBook
    metrics: Metrics
    days: int | None

    async def run(self) -> None:
        """Purge now and every hour, and tell the end of the chain every hour and after an erasure, until cancelled."""
        seen = await run_in_threadpool(self.tell_of_removals, None)
        while True:
            if self.days is not None:
                await run_in_threadpool(self.purge, self.days)
            for _ in range(EVERY_SECONDS // LOOK_SECONDS):
                await asyncio.sleep(LOOK_SECONDS)
                seen = await run_in_threadpool(self.tell_of_removals, seen)
            await run_in_threadpool(self.tell, "elk uur")

    def purge(self, days: int) -> None:
        """Purge once; a fault is logged, and an implausible clock counted."""
        stopped = False
        try:
            count = purge(self.book.database, days, now_ms(), VERSION)
            if count:
                _log.info("purged %d records older than %d days", count, days)
                self.tell("na opschonen")
        except ClockFault as fault:
            stopped = True
            _log.error("the decision log cannot be purged: %s", fault)
        except DatabaseFault as fault:
            _log.error("the decision log cannot be purged: %s", fault)
        self.metrics.purge_stopped(stopped)

    def tell_of_removals(self, after: int | None) -> int | None:
        """Log where the chain ends when a purge or erasure was recorded after record number `after`, by anyone.

        Returns the number of the last record now; None, or `after`, when it cannot be read. None as `after` is now.
        """
        try:
            end = self.book.journal.end()
            if after is not None and self.book.journal.tells_of((ERASED, PURGED), after):
                _log.info("keten: %s (na wissen of opschonen)", end)
        except DatabaseFault as fault:
            _log.error("the end of the decision log cannot be read: %s", fault)
            return after
        return end.nr

    def tell(self, why: str) -> None:
        """Log where the chain ends."""
        try:
            _log.info("keten: %s (%s)", self.book.journal.end(), why)
        except DatabaseFault as fault:
            _log.error("the end of the decision log cannot be read: %s", fault)

    def close(self) -> None:
        """Write what still waits, and tell where the chain ends now."""
        self.book.writer.close()
        self.tell("stop")
