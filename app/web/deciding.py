"""Deciding without keeping others waiting: short questions at once, long ones in a thread.

Goes in: a desk and a checked question. Comes out: its answer, or a Problem. Must not know: requests.

Only few threads decide, since they share one interpreter. The time that a question waits for its turn counts: a
service that is asked more than it can do says so after the budget, and not ever later.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from anyio import CapacityLimiter, to_thread

from app.advice.budget import Budget
from app.advice.casus import Casus
from app.web.desk import Desk

FEW_FLOWS: Final = 4
"""About a millisecond each: so many are decided sooner than a thread is found for them."""
THREADS: Final = 2
SERIES_BUDGETS: Final = 12
"""A series may take as long as so many single questions."""


class Deciding:
    """Has questions decided."""

    def __init__(self) -> None:
        self._turns = CapacityLimiter(THREADS)

    async def decide(self, desk: Desk, casus: Casus, explain: bool, budget: Budget | None = None) -> dict[str, Any]:
        """Answer a checked question; raises Problem. Without a `budget` one begins now."""
        budget = budget or Budget.of(desk.seconds)
        if not takes_long(casus, explain):
            return desk.decide(casus, explain, budget)
        return await to_thread.run_sync(partial(desk.decide, casus, explain, budget), limiter=self._turns)


def takes_long(casus: Casus, explain: bool) -> bool:
    """Whether a question may keep others waiting: all flows, a derivation, or more than a few flows."""
    delingen = casus.data.get("delingen")
    return explain or delingen is None or sum(len(one["gegevens"]) for one in delingen) > FEW_FLOWS
