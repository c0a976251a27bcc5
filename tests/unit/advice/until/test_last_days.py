"""Until when an oordeel holds, against deciding every day."""

from __future__ import annotations

from typing import Any

import pytest

from app.advice import dates
from app.advice.advies import Advies
from app.advice.law.clocks import Clocks
from app.advice.until.birth import Birth, birth_of, facts_on
from app.engine.facts import FactSet, Row
from tests.unit.advice.small_law import casus, small_advisor

SETTLED: dict[str, Any] = {"startkwalificatie": False, "akkoord": True}
LEFT: dict[str, Any] = {**SETTLED, "ingeschreven": False, "opleiding": "kort"}


def until(day: int, **jongere: Any) -> str | None:
    return until_and_why(day, **jongere)[0]


def until_and_why(day: int, **jongere: Any) -> tuple[str | None, str | None]:
    found = small_advisor().advise(casus(day, jongere=jongere, document={"inhoud": []}))
    assert isinstance(found, Advies), found
    return found.adviezen[0].geldig_tot, found.adviezen[0].geldig_tot_reden


def test_with_only_an_age_the_birthday_may_be_tomorrow() -> None:
    assert until(20260301, leeftijd=26, ingeschreven=True, **SETTLED) == "2026-03-01"
    assert until(20260301, leeftijd=25, ingeschreven=True, **SETTLED) == "2027-03-01"


def test_with_a_date_of_birth_the_birthday_is_known() -> None:
    assert until(20260301, geboortedatum="2000-06-10", ingeschreven=True, **SETTLED) == "2027-06-09"
    both = {"geboortedatum": "2000-06-10", "leeftijd": 25}
    assert until(20260301, ingeschreven=True, **both, **SETTLED) == "2027-06-09"


def test_a_birthday_on_29_february_comes_on_1_march() -> None:
    assert until(20260301, geboortedatum="2000-02-29", ingeschreven=True, **SETTLED) == "2027-02-28"


@pytest.mark.parametrize(
    ("left", "last"),
    [("2025-07-11", "2026-07-11"), ("2025-03-01", "2026-03-01"), ("2025-02-28", None)],
)
def test_the_anniversary_of_a_term_still_counts(left: str, last: str | None) -> None:
    found = until(20260301, geboortedatum="2008-01-01", uitstroom=left, **LEFT)
    assert (found == last) if last else found != "2026-02-28"


def test_a_term_from_29_february_ends_on_28_february() -> None:
    assert until(20240301, geboortedatum="2008-01-01", uitstroom="2024-02-29", **LEFT) == "2025-02-28"


def test_the_law_of_a_later_day_counts() -> None:
    # Until 2026 the limit was 23: at 24 the flow becomes permitted with the new law, and that is a change.
    assert until(20251001, geboortedatum="2001-06-10", ingeschreven=True, **SETTLED) == "2025-12-31"
    assert until(20251001, geboortedatum="2008-06-10", ingeschreven=True, **SETTLED) == "2035-06-09"


def test_what_nothing_can_change_holds_for_good() -> None:
    assert until(20260301, leeftijd=30, **SETTLED) is None


CASES = [
    {"leeftijd": 15, "ingeschreven": True, **SETTLED},
    {"leeftijd": 11, **SETTLED},
    {"geboortedatum": "2014-06-10", "ingeschreven": True, **SETTLED},
    {"leeftijd": 25, "uitstroom": "2025-05-05", "ingeschreven": False, "opleiding": "lang", **SETTLED},
    {"leeftijd": 25, "uitstroom": "2025-05-05", **SETTLED},
    {"uitstroom": "2025-05-05", "ingeschreven": False, "opleiding": "kort", **SETTLED},
    {"leeftijd": 22, "ingeschreven": True, **SETTLED},
]


@pytest.mark.parametrize("jongere", CASES)
@pytest.mark.parametrize("day", [20250901, 20260301])
def test_no_day_before_the_last_one_has_another_oordeel(jongere: dict[str, Any], day: int) -> None:
    def on(later: int, changes: dict[str, Any]) -> str:
        known = {name: value for name, value in (jongere | changes).items() if value is not None}
        found = small_advisor().advise(casus(later, jongere=known, document={"inhoud": []}))
        assert isinstance(found, Advies)
        return found.adviezen[0].oordeel

    expected: str | None = None
    today, later = on(day, {}), day
    births = births_of(jongere.get("leeftijd"), day)
    for _ in range(650):
        later = dates.after(later)
        if any(on(later, birth) != today for birth in births):
            expected = dates.iso(dates.before(later))
            break
    found = until(day, **jongere)
    if expected is None:
        assert found is None or dates.number(found) >= later
    else:
        assert found == expected


def births_of(age: int | None, day: int) -> list[dict[str, Any]]:
    """The first and the last birthday someone of this age can have, as a date of birth."""
    if age is None:
        return [{}]
    oldest, youngest = dates.after(day) - (age + 1) * 10000, day - age * 10000
    return [{"leeftijd": None, "geboortedatum": dates.iso(born)} for born in (oldest, youngest)]


def test_two_ages_are_possible_until_everyone_has_had_a_birthday() -> None:
    birth = Birth(None, 18, 20260301, 20260302)
    assert birth.ages(20260301) == (18,)
    assert birth.ages(20260302) == (19, 18)
    assert birth.ages(20270228) == (19, 18)
    assert birth.ages(20270301) == (19,)
    assert birth.ages(20270302) == (20, 19)
    assert birth.turns(27) == 20340302
    assert Birth(20000229, None, 20260301, 20260302).turns(27) == 20270301
    assert Birth(None, None, 20260301, 20260302).turns(27) is None


def test_what_turns_on_the_next_day_is_named() -> None:
    assert until_and_why(20260301, leeftijd=26, ingeschreven=True, **SETTLED)[1] == "verjaardag_onbekend"
    assert until_and_why(20260301, geboortedatum="2000-06-10", ingeschreven=True, **SETTLED)[1] == "leeftijd"
    assert until_and_why(20260301, geboortedatum="2008-01-01", uitstroom="2025-07-11", **LEFT)[1] == "termijn"
    assert until_and_why(20251001, geboortedatum="2001-06-10", ingeschreven=True, **SETTLED)[1] == "wetswijziging"
    assert until_and_why(20260301, leeftijd=30, **SETTLED) == (None, None)


SCHOOL = Clocks("peildatum", "leeftijd", "geboortedatum", "schooljaar")


def school_facts(day: int, age: int | None, over: str | None) -> FactSet:
    known: dict[str, tuple[Row, ...]] = {"peildatum": (("c", day),)}
    if age is not None:
        known["leeftijd"] = (("c", age),)
    if over is not None:
        known["schooljaar"] = (("c", over),)
    return FactSet(known, {})


@pytest.mark.parametrize(
    ("day", "age", "next_year", "morrow"),
    [
        (20260301, 16, 20260801, 20260801),
        (20260731, 16, 20260801, 20260801),
        (20260801, 16, 20270801, 20270801),
        (20260301, 15, 20260801, 20260302),
        (20260731, 15, 20270801, 20260801),
        (20260301, 14, 20270801, 20260302),
        (20260301, 17, None, 20260302),
        (20260301, None, None, 20260302),
    ],
)
def test_a_school_year_that_is_not_over_is_on_the_first_of_august(
    day: int, age: int | None, next_year: int | None, morrow: int
) -> None:
    birth = birth_of(school_facts(day, age, "nee"), SCHOOL, day)
    assert (birth.next_year, birth.morrow) == (next_year, morrow)
    assert birth_of(school_facts(day, age, "ja"), SCHOOL, day).next_year is None


def test_who_turned_16_in_this_school_year_is_17_in_the_next_one_at_the_earliest() -> None:
    facts = school_facts(20260301, 16, "nee")
    birth = birth_of(facts, SCHOOL, 20260301)
    assert birth.turns(17) == 20260801
    assert (birth.ages(20260731), birth.ages(20260801)) == ((16,), (17, 16))
    assert facts_on(facts, SCHOOL, 20260731, birth, 16).known["schooljaar"] == (("c", "nee"),)
    assert facts_on(facts, SCHOOL, 20260801, birth, 17).known["schooljaar"] == (("c", "ja"),)
