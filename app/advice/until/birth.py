"""Birth: what a case knows of when someone was born, and the same facts on another day.

Goes in: the facts of a case, and its clocks. Comes out: ages per day, days per age, facts of another day.
Must not know: any clock by name.
"""

from __future__ import annotations

from typing import Final

from app.advice import dates
from app.advice.law.clocks import Clocks
from app.engine.facts import FactSet, Row
from app.lang.ast import Value
from app.record import record

NOT_OVER: Final = "nee"
OVER: Final = "ja"
SCHOOL_AGE: Final = 16
"""What a clock `schooljaar` says of the school year of turning 16: that it is not over yet, or that it is."""


@record
class Birth:
    """What is known of when someone was born: a date, or only an age on a day.

    `morrow`: the first day on which someone of whom only an age is known can have a birthday. `next_year`: the day on
    which a school year that was stated not to be over is, None where that was not stated.
    """

    date: int | None
    age: int | None
    day: int
    morrow: int
    next_year: int | None = None

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

    date, age, morrow = one(clocks.geboortedatum), one(clocks.leeftijd), dates.after(day)
    said = facts.known.get(clocks.schooljaar, ()) if clocks.schooljaar else ()
    if date is not None or age is None or age > SCHOOL_AGE or all(row[1] != NOT_OVER for row in said):
        return Birth(date, age, day, morrow)
    if age < SCHOOL_AGE:
        turned = dates.ceiling(morrow + (SCHOOL_AGE - 1 - age) * 10000)
        return Birth(date, age, day, morrow, dates.school_year_after(turned))
    # Who turned 16 in this school year has no birthday again before the next one.
    return Birth(date, age, day, dates.school_year_after(day), dates.school_year_after(day))


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
    if clocks.schooljaar and birth.next_year is not None and day >= birth.next_year:
        known[clocks.schooljaar] = tuple([(row[0], OVER) for row in facts.known[clocks.schooljaar]])
    return facts.revise(known, unknown)
