"""A series that is being answered: one question at a time in a thread, since it may be long whatever it asks.

Goes in: the questions as they came in. Comes out: the JSON text of each answer or problem, and what to keep of it.
Must not know: HTTP requests, or how an entry is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_core import to_json

from app.advice.advies import Advies
from app.advice.budget import Budget
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.log.entry import Stuk
from app.web.costs import units_for
from app.web.desk import Desk, our_fault
from app.web.problems import Listing, Problem, refuses
from app.web.recording import part_of
from app.web.sizes import flows_in, flows_of_series
from app.web.writing import text_of


@dataclass(frozen=True, slots=True)
class Series:
    """The questions of one call, and what their answers share: the faults that still may be listed.

    `trial`: whether the answers are provisional, so that nothing of them is kept.
    """

    desk: Desk
    extras: Extras
    trial: bool = False
    listing: Listing = field(default_factory=Listing)

    def cost_of(self, cases: Sequence[Any]) -> tuple[int, int]:
        """Count the flows that will be decided, and estimate the units that takes; the cases are not checked yet."""
        flows = flows_of_series(cases, self.extras)
        asked = [
            case for case, many in zip(cases, flows, strict=True) if type(case) is dict and (many or not flows_in(case))
        ]
        units = sum(units_for(case, self.extras, self.desk.seconds) for case in asked)
        return sum(max(1, many) for many in flows), units

    def one(self, case: Any, budget: Budget) -> tuple[bytes, Stuk | None]:
        """Answer one question, and make the part to keep of it, None where nothing is kept.

        A bad question does not spoil the others, and one we fail on is recorded.
        """
        casus: Casus | None = None
        try:
            casus = self.desk.one_of_series(case, self.extras, self.listing.left)
            answer, text = written(self.desk.decide(casus, self.extras, budget), self.trial)
        except Exception as fault:
            problem = fault if isinstance(fault, Problem) else our_fault(fault)
            part = None if casus is None or self.trial or refuses(problem) else part_of(casus, self.extras)
            return to_json({"probleem": self.listing.within(problem).as_json()}), part
        part = None if self.trial else part_of(casus, self.extras, answer, text.decode())
        return b'{"advies":' + text + b"}", part


def written(answer: Advies, trial: bool = False) -> tuple[Advies, bytes]:
    """Write an answer out, where it was decided: a large one takes a while. One on trial has no id, but a mark."""
    given = replace(answer, id=None, voorlopig=True) if trial else answer
    return given, text_of(given)
