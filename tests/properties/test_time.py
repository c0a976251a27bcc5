"""Laws about time: an oordeel surely holds until its last day, and no longer."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.advice import dates
from app.advice.question.casus import Casus
from tests.properties.real_law import real_law
from tests.properties.strategies_casussen import LEAP_DAYS, casussen, numbers_of_law

FAR = 30 * 366
BIRTHDAYS = st.one_of(
    st.tuples(st.sampled_from([one for one in numbers_of_law() if 9 < one < 30]), st.sampled_from((-1, 0, 1, 30, 200))),
    st.sampled_from(LEAP_DAYS),
)


def shifted(day: int, days: int) -> int:
    """Return the day so many days later."""
    return dates.number((datetime.date.fromisoformat(dates.iso(day)) + datetime.timedelta(days)).isoformat())


def on(casus: Casus, day: int) -> Casus:
    """The same facts on another day."""
    return replace(casus, peildatum=day, data={**casus.data, "peildatum": dates.iso(day)})


def born(casus: Casus, born_on: str | None) -> Casus:
    """The same casus with only a date of birth, so that nothing but time changes; None leaves both unsaid."""
    jongere = {
        name: value
        for name, value in casus.data.get("jongere", {}).items()
        if name not in ("leeftijd", "geboortedatum")
    }
    if born_on is not None:
        jongere["geboortedatum"] = born_on
    return replace(casus, data={**casus.data, "jongere": jongere})


def some_days(start: int, last: int | None, seed: int) -> Iterable[int]:
    """Choose days from `start` up to and including `last`; far into the future without one."""
    distance = FAR
    if last is not None:
        distance = (datetime.date.fromisoformat(dates.iso(last)) - datetime.date.fromisoformat(dates.iso(start))).days
    chance = random.Random(seed)
    days = {shifted(start, chance.randint(0, distance)) for _ in range(3)}
    return days | ({last, dates.before(last)} - {dates.before(start)} if last is not None else set())


# The education is not known, so that the term may be one or two years.
UNKNOWN_TERM = Casus(
    None,
    20260315,
    {
        "jongere": {
            "startkwalificatie": False,
            "ingeschreven": False,
            "diploma_behaald": True,
            "uitstroomdatum": "2025-07-11",
            "gebruik_aanvullende_loopbaanbegeleiding": True,
        },
        "overleg_met_school": True,
        "delingen": [
            {
                "verstrekker": "school",
                "ontvanger": "doorstroompunt",
                "gegevens": ["stagegegevens"],
                "doel": "ondersteunen_voortijdig_schoolverlater",
                "afweging": {"alternatief": "geen", "gegevens": {"stagegegevens": "noodzakelijk"}},
            }
        ],
    },
)


@example(UNKNOWN_TERM, "2014-03-14", 0)
@given(casussen(most_flows=2), BIRTHDAYS, st.integers(0, 2**32))
def test_an_oordeel_holds_until_its_last_day_and_not_the_day_after(
    casus: Casus, birthday: str | tuple[int, int], seed: int
) -> None:
    law = real_law()
    if isinstance(birthday, tuple):
        years, days = birthday
        birthday = dates.iso(shifted(dates.floor(casus.peildatum - years * 10000), days))
    casus = born(casus, birthday)
    assume(not law.book.on(casus.peildatum).rows_only(law.facts(casus), "zeker", "strijdig"))
    for place, advies in enumerate(law.advise(casus).adviezen):
        until = None if advies.geldig_tot is None else dates.number(advies.geldig_tot)
        for day in some_days(casus.peildatum, until, seed):
            assert law.oordelen(on(casus, day))[place] == advies.oordeel, day
        if until is not None:
            assert until >= casus.peildatum
            assert law.oordelen(on(casus, dates.after(until)))[place] != advies.oordeel


@given(
    casussen(most_flows=2), st.sampled_from([one for one in numbers_of_law() if 9 < one < 30]), st.integers(0, 2**32)
)
def test_with_only_an_age_the_birthday_may_be_tomorrow(casus: Casus, age: int, seed: int) -> None:
    law = real_law()
    casus = born(casus, None)
    assume(age != 16)  # then a date of birth says more: whether the school year of 16 is over
    casus = replace(casus, data={**casus.data, "jongere": {**casus.data["jongere"], "leeftijd": age}})
    assume(not law.book.on(casus.peildatum).rows_only(law.facts(casus), "zeker", "strijdig"))
    tomorrow, today = dates.after(casus.peildatum), casus.peildatum
    eldest, youngest = dates.ceiling(tomorrow - (age + 1) * 10000), dates.floor(today - age * 10000)
    between = dates.floor((eldest // 10000 + 1) * 10000 + 101)
    birthdays = {eldest, youngest, min(max(between, eldest), youngest)}
    twins = [born(casus, dates.iso(day)) for day in birthdays]
    assume(not any(law.book.on(today).rows_only(law.facts(twin), "zeker", "strijdig") for twin in twins))
    assert all(law.advise(twin).jongere.leeftijd == age for twin in twins)
    for place, advies in enumerate(law.advise(casus).adviezen):
        until = None if advies.geldig_tot is None else dates.number(advies.geldig_tot)
        for day in some_days(casus.peildatum, until, seed):
            for twin in twins:
                assert law.oordelen(on(twin, day))[place] == advies.oordeel, (day, twin.data["jongere"])
        if until is not None:
            after = [law.oordelen(on(twin, dates.after(until)))[place] for twin in twins]
            assert set(after) != {advies.oordeel}
