"""Deciding without keeping others waiting: short questions at once, long ones in a thread.

Goes in: a desk and a checked question. Comes out: its answer, or a Problem. Must not know: requests.

Only few threads decide, since they share one interpreter. The time that a question waits for its turn counts: a
service that is asked more than it can do says so after the budget, and not ever later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread

from app.advice.advies import Advies
from app.advice.budget import Budget
from app.advice.casus import PROPOSED, Casus
from app.web.desk import Desk
from app.web.problems import Problem
from app.web.question import parse_json
from app.web.sizes import QUESTION_LIMIT, lists_more_than

FEW_ENTRIES: Final = 20
"""Of all lists in a question: so many are decided at once, within 2 ms mostly and 10 where nothing is known.

Whoever is sent to a thread waits until all others that are there had their turn, twice: at 16 callers some 20 ms.
Every list counts, not flows alone: each flow is held to each consent.
"""
THREADS: Final = 2
T = TypeVar("T")
SERIES_BUDGETS: Final = 12
"""A series may take as long as so many single questions."""


class Deciding:
    """Has questions decided."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "deciding")

    async def decide(self, desk: Desk, casus: Casus, explain: bool, budget: Budget | None = None) -> Advies:
        """Answer a checked question; raises Problem. Without a `budget` one begins now."""
        budget = budget or Budget.of(desk.seconds)
        if not takes_long(casus, explain):
            return desk.decide(casus, explain, budget)
        return await self._apart(lambda: desk.decide(casus, explain, budget))

    async def parsed(self, raw: bytes) -> Any:
        """Read JSON text, which for a series may be long; raises Problem."""
        if len(raw) <= QUESTION_LIMIT:
            return parse_json(raw)
        return await self._apart(lambda: parse_json(raw))

    def _apart(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Do something in a thread; anyio would let all others go first four times, and not two."""
        return asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, work)


class Turns:
    """A few threads for what waits elsewhere, and a few who wait for one of them; whoever else comes is refused."""

    def __init__(self, threads: int, waiting: int) -> None:
        self._threads = CapacityLimiter(threads)
        self._places = threads + waiting

    async def run(self, work: Callable[[], T], refusal: Problem) -> T:
        """Do something in a thread; raises the refusal at once where too many wait."""
        if not self._places:
            raise refusal
        self._places -= 1
        try:
            return await to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._places += 1


def takes_long(casus: Casus, explain: bool) -> bool:
    """Whether a question may keep others waiting: all flows, a derivation, or lists with more than a few entries."""
    return explain or PROPOSED not in casus.data or lists_more_than(casus.data, FEW_ENTRIES)
