"""Years and school years as sums."""

from __future__ import annotations

import datetime

import pytest

from app.advice.reasons.comparisons import reader
from app.lang.ast import Arithmetic, Constant, Variable
from app.lang.date_sums import date_in_school_year, end_of_school_year, years


def last_day(day: datetime.date) -> datetime.date:
    """31 July of this year or of the next: said in another way than by sums."""
    end = datetime.date(day.year, 7, 31)
    return end if day <= end else datetime.date(day.year + 1, 7, 31)


def number(day: datetime.date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days) for days in range(0, 800, 3)]
BORDERS = [datetime.date(year, *day) for year in (2024, 2025) for day in ((7, 30), (7, 31), (8, 1), (8, 2), (2, 28))]


@pytest.mark.parametrize("date", [*DAYS, *BORDERS, datetime.date(2024, 2, 29), datetime.date(2025, 12, 31)])
def test_a_school_year_ends_on_31_july(date: datetime.date) -> None:
    end = reader(end_of_school_year(Variable("Datum")), {"Datum": 0})

    assert end([number(date)]) == number(last_day(date))


@pytest.mark.parametrize(
    ("born", "end"),
    [
        (20090731, 20250731),
        (20090801, 20260731),
        (20090802, 20260731),
        (20080228, 20240731),
        (20080229, 20240731),
        (20840229, 21000731),
        (20081231, 20250731),
        (20090101, 20250731),
    ],
)
def test_the_school_year_of_turning_16(born: int, end: int) -> None:
    """Lpw 3(1)(b): the birthday of 31 July is the last of its school year; of 29 February it may be no real date."""
    sixteen = Arithmetic("+", Variable("Geboren"), years(Constant(16)))

    assert reader(end_of_school_year(sixteen), {"Geboren": 0})([born]) == end


def test_the_date_in_a_school_year_is_found_back() -> None:
    date = Variable("Datum")

    assert date_in_school_year(end_of_school_year(date)) == date
    assert date_in_school_year(date) is None
