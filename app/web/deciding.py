"""Deciding without keeping others waiting: short questions at once, long ones in a thread.

Goes in: work for a caller. Comes out: what it returns, or a Problem. Must not know: requests.

Only few threads decide, since they share one interpreter. The time that a question waits for its turn counts: a
service that is asked more than it can do says so after the budget, and not ever later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from app.advice.advies import Advies
from app.advice.budget import UNLIMITED, Budget
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.web.costs import Bill
from app.web.desk import Desk
from app.web.lanes import Lanes
from app.web.problems import Problem
from app.web.queries import MOST_WAITING, QUERY_THREADS, busy
from app.web.question import parse_json
from app.web.sizes import QUESTION_LIMIT

THREADS: Final = 2
EACH: Final = 1
"""Threads that one caller may have: another is always left for the next caller."""
WAITING: Final = 16
"""Heavy calls of one caller that may wait."""
SERIES_BUDGETS: Final = 12
"""A series may take as long as so many single questions."""
SLICE_SECONDS: Final = 0.002
"""How long a thread works before it rests, while others ask short questions."""
REST: Final = 2
"""A rest lasts so many times the work before it, per thread that works: two thirds of the time is for others."""
LONGEST_REST: Final = 0.1
LATELY_SECONDS: Final = 0.25
SHORT_BYTES: Final = 4 * 1024
"""A question of so many bytes is checked at once, within 3 ms also where everything in it is wrong."""
T = TypeVar("T")


class Deciding:
    """Has questions decided."""

    def __init__(self) -> None:
        self._lanes = Lanes(THREADS, EACH, WAITING, "deciding")
        self._queries = Lanes(QUERY_THREADS, EACH, MOST_WAITING, "queries")
        self._short_at = float("-inf")

    async def decide(
        self,
        desk: Desk,
        casus: Casus,
        extras: Extras,
        bill: Bill,
        budget: Budget | None = None,
        *,
        then: Callable[[Advies], T],
    ) -> T:
        """Answer a checked question, and return what `then` makes of the answer; raises Problem.

        Without a `budget` one begins now.
        """
        budget = budget or Budget.of(desk.seconds)
        if bill.heavy:
            return await self.apart(bill, budget, lambda paced: then(desk.decide(casus, extras, paced)))
        self._short_at = time.monotonic()
        return bill.working(lambda: then(desk.decide(casus, extras, budget)))

    async def checked(self, raw: bytes, bill: Bill, check: Callable[[], T]) -> T:
        """Check a question, in a thread where its text is so long that checking may take a while; raises Problem."""
        if len(raw) <= SHORT_BYTES:
            return bill.working(check)
        return await self.apart(bill, UNLIMITED, lambda _: check())

    async def parsed(self, raw: bytes, bill: Bill) -> Any:
        """Read JSON text, which for a series may be long; raises Problem."""
        if len(raw) <= QUESTION_LIMIT:
            return parse_json(raw)
        return await self.apart(bill, UNLIMITED, lambda _: parse_json(raw))

    async def apart(self, bill: Bill, budget: Budget, work: Callable[[Budget], T]) -> T:
        """Do something in a thread when it is the caller's turn; raises Problem (429) where too many of it wait.

        A call that was not refused at first is not refused half-way.

        The work gets a budget whose check also lets others go first.
        """
        refusal = None if bill.begun else _too_many()
        bill.begun = True
        return await self._lanes.run(bill.caller.id, self._measured(bill, budget, work), refusal)

    async def asked(self, bill: Bill, budget: Budget, work: Callable[[Budget], T]) -> T:
        """Do likewise what waits for the process that answers queries; raises Problem (503) where too many wait."""
        return await self._queries.run(bill.caller.id, self._measured(bill, budget, work), busy())

    def _measured(self, bill: Bill, budget: Budget, work: Callable[[Budget], T]) -> Callable[[], T]:
        def paced() -> T:
            pace = _Paced(budget.deadline, self)
            try:
                return work(pace)
            finally:
                pace.rest()

        return lambda: bill.working(paced)

    def rest(self, worked: float) -> None:
        """Let this thread rest after it worked for so many seconds; not where nobody asks short questions."""
        if time.monotonic() - self._short_at < LATELY_SECONDS:
            time.sleep(min(LONGEST_REST, worked * REST * (self._lanes.busy + self._queries.busy)))


class _Paced(Budget):
    """A budget whose check lets others have the interpreter now and then."""

    __slots__ = ("_deciding", "_since", "_worked")

    def __init__(self, deadline: float, deciding: Deciding) -> None:
        super().__init__(deadline)
        self._deciding = deciding
        self._since = time.monotonic()
        self._worked = time.thread_time()

    def check(self) -> None:
        """Rest after a slice of work; raises TimeUpError when the time has passed."""
        if time.monotonic() - self._since > SLICE_SECONDS:
            self.rest()
        super().check()

    def rest(self) -> None:
        """Rest for as long as the work since the last rest asks."""
        self._deciding.rest(time.thread_time() - self._worked)
        self._since, self._worked = time.monotonic(), time.thread_time()


def _too_many() -> Problem:
    detail = f"Er wachten al {WAITING} zware vragen van u. Wacht op een antwoord voordat u verder vraagt."
    return Problem(429, detail, headers={"retry-after": "2"})
