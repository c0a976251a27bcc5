"""Until when an answer surely holds if nothing but time changes.

Goes in: a decided case, and what was answered of it. Comes out: per answer the last day it holds, or None when it
holds for good. Must not know: how an answer is worded.

Every day on which something may turn is evaluated again, in order, under the law of that day. Where only an age is
known the birthday may be tomorrow, so on a later day two ages are possible and both must give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from app.advice import dates
from app.advice.advies import GeldigTotReden
from app.advice.budget import UNLIMITED, Check
from app.advice.law.law import Law
from app.advice.until.birth import Birth, birth_of, facts_on
from app.engine.facts import FactSet
from app.kern.formula import FALSE
from app.kern.model import Judged, KernModel
from app.kern.moments import Moments
from app.kern.terms import Row
from app.record import record

LawOn = Callable[[int], Law]
NextChange = Callable[[int], int | None]
Asked = TypeVar("Asked")


@record
class Claim:
    """What was answered about a flow: a row of a predicate about it has this value."""

    deling: str
    predicate: str
    rest: Row
    value: int

    def holds(self, judged: Judged) -> bool:
        """Whether the same is answered of the flow as it is judged on another day."""
        judged.prepare(self.predicate)
        return judged.evaluation.value(self.node(judged)) == self.value

    def node(self, judged: Judged) -> int:
        """The node that the answer is the value of, in the law by which a flow is judged."""
        return judged.nodes(self.predicate).get(self.rest, FALSE)


@record
class End:
    """The last day (yyyymmdd) on which an answer surely holds, and what turns on the day after it."""

    day: int
    reason: GeldigTotReden


class Until:
    """Finds out how long answers hold."""

    def __init__(self, law_on: LawOn, next_change: NextChange) -> None:
        self._law_on = law_on
        self._next_change = next_change

    def last_days(
        self, day: int, model: KernModel, claims: Mapping[Asked, Claim], check: Check = UNLIMITED.check
    ) -> Mapping[Asked, End | None]:
        """Say of each answer given on a day (yyyymmdd) until when it surely holds; None for good."""
        return _Search(self._law_on, self._next_change, day, model, claims, check).run()


class _Search(Generic[Asked]):
    """The search for the end of one case's answers."""

    def __init__(
        self,
        law_on: LawOn,
        next_change: NextChange,
        day: int,
        model: KernModel,
        claims: Mapping[Asked, Claim],
        check: Check,
    ) -> None:
        self._law_on = law_on
        self._next_change = next_change
        self._day = day
        self._model = model
        self._facts: FactSet = model.facts
        self._claims = claims
        self._check = check
        self._pending: Sequence[Asked] = list(claims)
        self._result: dict[Asked, End | None] = dict.fromkeys(claims)

    def run(self) -> Mapping[Asked, End | None]:
        """Go through the days, one regime after the other."""
        law, start, boundary = self._law_on(self._day), self._day, self._next_change(self._day)
        model = self._model
        birth = birth_of(self._facts, law.clocks, self._day)
        while self._pending:
            moments = self._moments(law, model, start, birth)
            for moment in _days(moments, birth, start, boundary):
                self._check()
                self._drop(law, model, birth, moment, _ages(moments, birth, moment), moments)
                if not self._pending:
                    return self._result
            if boundary is None:
                return self._result
            law, start = self._law_on(boundary), dates.before(boundary)
            model = model.under(law.kern.classes)
            self._drop(law, model, birth, boundary, birth.ages(boundary), None)
            boundary = self._next_change(boundary)
        return self._result

    def _moments(self, law: Law, model: KernModel, start: int, birth: Birth) -> Moments:
        """When a leaf under the answers still held may turn."""
        flows = model.flows()
        nodes: dict[int, tuple[Judged, set[int]]] = {}  # flows that are judged as one count once
        for claim in self._claimed():
            judged = flows[claim.deling]
            nodes.setdefault(id(judged), (judged, set()))[1].add(claim.node(judged))
        timed = [(judged.evaluation, law.timed.under(mine)) for judged, mine in nodes.values()]
        return law.timed.moments(timed, model.case().evaluation, start, birth.youngest(start))

    def _claimed(self) -> Iterable[Claim]:
        return (self._claims[one] for one in self._pending)

    def _drop(
        self, law: Law, model: KernModel, birth: Birth, day: int, ages: Iterable[int | None], moments: Moments | None
    ) -> None:
        """Take away the answers that no longer hold on a day for one of the ages; without moments a law begins."""
        for age in ages:
            again = model.again(facts_on(self._facts, law.clocks, day, birth, age))
            flows = again.flows()
            for one in self._pending:
                claim = self._claims[one]
                if not claim.holds(flows[claim.deling]) and self._result[one] is None:
                    reason = "wetswijziging" if moments is None else _reason(law, model, again, birth, day, moments)
                    self._result[one] = End(dates.before(day), reason)
            self._pending = [one for one in self._pending if self._result[one] is None]


def _days(moments: Moments, birth: Birth, start: int, boundary: int | None) -> list[int]:
    """The days after `start` and before `boundary` on which something may turn, in order."""
    found = {dates.ceiling(day) for day in moments.days}
    found |= {turned for age in moments.ages if (turned := birth.turns(age)) is not None}
    if birth.next_year is not None:
        found.add(birth.next_year)
    return sorted(day for day in found if start < day and (boundary is None or day < boundary))


def _reason(law: Law, before: KernModel, after: KernModel, birth: Birth, day: int, moments: Moments) -> GeldigTotReden:
    """What turns on a day: a school year, else an age, else a term."""
    schooljaar = law.clocks.schooljaar
    if (
        schooljaar
        and day == dates.school_year_after(dates.before(day))
        and set(before.rows("zeker", schooljaar)) != set(after.rows("zeker", schooljaar))
    ):
        return "schooljaar"
    if any(birth.turns(age) == day for age in moments.ages):
        return "leeftijd" if birth.date is not None else "verjaardag_onbekend"
    return "termijn"


def _ages(moments: Moments, birth: Birth, day: int) -> Sequence[int | None]:
    """The ages to judge on a day: the second only when something depends on which of the two it is.

    A day that is only a birthday changes nothing for those whose birthday comes later.
    """
    ages = birth.ages(day)
    if (
        len(ages) == 1
        or day == birth.next_year
        or (ages[0] in moments.ages and any(dates.ceiling(turn) == day for turn in moments.days))
    ):
        return ages
    return ages[:1]
