"""The calendar in whole numbers: dates as yyyymmdd, and their neighbours.

Goes in: whole numbers such as 20260315, also ones that are no real date (20250229, which a year
added to 29 February gives). Comes out: real dates. Must not know: what any date is for, or how it is written.
"""

from __future__ import annotations

import datetime
from typing import Final

LAST = 99991231
FIRST = 10101
YEAR = 10000
"""A year, as dates are added to: exact, save that an anniversary of 29 February may be no real date."""
SCHOOL_YEAR: Final = 801
SCHOOL_YEAR_END: Final = 731
"""1 August and 31 July, as month and day: the first and the last day of a school year."""


def floor(value: int) -> int:
    """Return the last real date that is not after `value`.

    >>> floor(20250229)
    20250228
    """
    year, month, day = value // 10000, value // 100 % 100, value % 100
    if day <= 28 and 1 <= month <= 12 and day >= 1 and 1 <= year <= 9999:
        return value
    if year < 1:
        return FIRST
    if year > 9999:
        return LAST
    if month < 1:
        return (year - 1) * 10000 + 1231 if year > 1 else FIRST
    if month > 12:
        return year * 10000 + 1231
    if day < 1:
        return floor(value // 100 * 100 - 100 + 31)
    while day > 28:
        try:
            datetime.date(year, month, day)
        except ValueError:
            day -= 1
        else:
            break
    return year * 10000 + month * 100 + day


def ceiling(value: int) -> int:
    """Return the first real date that is not before `value`.

    >>> ceiling(20250229)
    20250301
    """
    below = floor(value)
    return below if below == value else after(below)


def after(value: int) -> int:
    """Return the day after a real date."""
    return _shifted(value, 1)


def before(value: int) -> int:
    """Return the day before a real date."""
    return _shifted(value, -1)


def _shifted(value: int, days: int) -> int:
    if value == (LAST if days > 0 else FIRST):
        return value
    moved = datetime.date(value // 10000, value // 100 % 100, value % 100) + datetime.timedelta(days)
    return moved.year * 10000 + moved.month * 100 + moved.day
