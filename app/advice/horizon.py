"""The horizon: until when an answer surely holds if nothing but time changes.

Goes in: the facts of a case and what was answered. Comes out: per answer the last day it holds, or
None when it holds for good. Must not know: how an answer is read (the caller says how).

Every day on which something may turn is decided again, in order, under the law of that day. Where only
an age is known the birthday may be tomorrow, so on a later day two ages are possible and both must
give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.advice import dates
from app.advice.budget import UNLIMITED, Check
from app.advice.clocks import Clocks
from app.advice.law import Law
from app.advice.thresholds import Moments, Thresholds
from app.engine.facts import FactSet, Row
from app.lang.ast import Value
from app.record import record

State = Mapping[Any, str]
"""What was answered, per thing asked about."""
Reader = Callable[[Law, FactSet], State]
"""Decides facts under a law and says what is answered."""
NormsOf = Callable[[Law, FactSet, Sequence[object]], Iterable[str]]
"""The norms that some of the things asked about can depend on."""
LawOn = Callable[[int], Law]
NextChange = Callable[[int], int | None]


@record
class Birth:
    """What is known of when someone was born: a date, or only an age on a day."""

    date: int | None
    age: int | None
    day: int
    morrow: int

    def turns(self, age: int) -> int | None:
        """The first day on which someone may have reached an age; None when unknown."""
        if self.date is not None:
            return dates.ceiling(self.date + age * 10000)
        if self.age is None:
            return None
        return dates.ceiling(self.morrow + (age - self.age - 1) * 10000) if age > self.age else self.day

    def youngest(self, day: int) -> int:
        """The lowest age someone can have on a day; 0 when unknown."""
        if self.date is not None:
            return (day - self.date) // 10000
        return 0 if self.age is None else self.age + (day - self.day) // 10000

    def ages(self, day: int) -> tuple[int | None, ...]:
        """The ages someone can have on a later day; (None,) where rules or nothing tell it."""
        if self.date is not None or self.age is None:
            return (None,)
        youngest = self.age + (day - self.day) // 10000
        oldest = self.age + 1 + (day - self.morrow) // 10000 if day > self.day else self.age
        return (youngest,) if youngest == oldest else (oldest, youngest)


def birth_of(facts: FactSet, clocks: Clocks, day: int) -> Birth:
    """Read what a case knows of someone's birth."""

    def one(predicate: str | None) -> int | None:
        rows = facts.known.get(predicate, ()) if predicate else ()
        return rows[0][1] if rows and isinstance(rows[0][1], int) else None

    return Birth(one(clocks.geboortedatum), one(clocks.leeftijd), day, dates.after(day))


def facts_on(facts: FactSet, clocks: Clocks, day: int, birth: Birth, age: int | None) -> FactSet:
    """The same facts on another day: the calendar moves on, and the age with it."""
    known: dict[str, tuple[Row, ...]] = {
        clocks.peildatum: tuple([(row[0], day) for row in facts.known[clocks.peildatum]])
    }
    unknown: dict[str, tuple[Value, ...]] = {}
    if clocks.leeftijd and (stated := facts.known.get(clocks.leeftijd)):
        if birth.date is not None:
            # The age follows from the date of birth; the age that was stated is that of another day.
            known[clocks.leeftijd] = ()
            unknown[clocks.leeftijd] = (*facts.unknown.get(clocks.leeftijd, ()), *(row[0] for row in stated))
        elif age is not None:
            known[clocks.leeftijd] = tuple([(row[0], age) for row in stated])
    return facts.revise(known, unknown)


class Horizon:
    """Finds out how long answers hold."""

    def __init__(self, law_on: LawOn, next_change: NextChange) -> None:
        self._law_on = law_on
        self._next_change = next_change
        self._thresholds: dict[int, Thresholds] = {}

    def thresholds(self, law: Law) -> Thresholds:
        """The thresholds of a law, found once."""
        found = self._thresholds.get(id(law))
        if found is None or found.law is not law:
            found = self._thresholds[id(law)] = Thresholds(law)
        return found

    def until(
        self,
        day: int,
        facts: FactSet,
        answered: State,
        read: Reader,
        norms_of: NormsOf,
        check: Check = UNLIMITED.check,
    ) -> Mapping[object, int | None]:
        """Say of each answer the last day it surely holds; None for good."""
        law = self._law_on(day)
        birth = birth_of(facts, law.clocks, day)
        result: dict[object, int | None] = dict.fromkeys(answered)
        pending = list(answered)
        start, boundary = day, self._next_change(day)
        while pending:
            moments = self.thresholds(law).moments(norms_of(law, facts, pending), facts, start, birth.youngest(start))
            for moment in _days(moments, birth, start, boundary):
                check()
                ages = _ages(moments, birth, moment)
                changed = self._changed(law, facts, birth, moment, ages, answered, pending, read)
                for key in changed:
                    result[key] = dates.before(moment)
                pending = [key for key in pending if key not in changed]
                if not pending:
                    return result
            if boundary is None:
                return result
            law, start = self._law_on(boundary), dates.before(boundary)
            boundary = self._next_change(boundary)
            morrow = dates.after(start)
            changed = self._changed(law, facts, birth, morrow, birth.ages(morrow), answered, pending, read)
            for key in changed:
                result[key] = start
            pending = [key for key in pending if key not in changed]
        return result

    def _changed(
        self,
        law: Law,
        facts: FactSet,
        birth: Birth,
        day: int,
        ages: Iterable[int | None],
        answered: State,
        pending: Sequence[object],
        read: Reader,
    ) -> set[object]:
        changed: set[object] = set()
        for age in ages:
            state = read(law, facts_on(facts, law.clocks, day, birth, age))
            changed |= {key for key in pending if state.get(key) != answered[key]}
        return changed


def _days(moments: Moments, birth: Birth, start: int, boundary: int | None) -> list[int]:
    """The days after `start` and before `boundary` on which something may turn, in order."""
    found = {dates.ceiling(day) for day in moments.days}
    found |= {turned for age in moments.ages if (turned := birth.turns(age)) is not None}
    return sorted(day for day in found if start < day and (boundary is None or day < boundary))


def _ages(moments: Moments, birth: Birth, day: int) -> Sequence[int | None]:
    """The ages to decide on a day: the second only when something depends on which of the two it is.

    A day that is only a birthday changes nothing for those whose birthday comes later.
    """
    ages = birth.ages(day)
    if len(ages) == 1 or (ages[0] in moments.ages and any(dates.ceiling(turn) == day for turn in moments.days)):
        return ages
    return ages[:1]
