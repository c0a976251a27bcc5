"""Dates as the rules know them (yyyymmdd) and as people and JSON know them.

Goes in: whole numbers such as 20260315, also ones that are no real date (20250229, which a year
added to 29 February gives). Comes out: ISO text, Dutch text, neighbours.
Must not know: what any date is for.
"""

from __future__ import annotations

from app.lang.calendar import FIRST, LAST, after, before, ceiling, floor

__all__ = ["FIRST", "LAST", "after", "before", "ceiling", "floor", "iso", "number", "words"]

_MONTHS = (
    "", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip


def number(iso: str) -> int:
    """Read an ISO date as yyyymmdd.

    >>> number("2026-03-15")
    20260315
    """
    return int(iso[:4]) * 10000 + int(iso[5:7]) * 100 + int(iso[8:10])


def iso(value: int) -> str:
    """Write yyyymmdd as an ISO date; an anniversary that does not exist becomes the day before it.

    >>> iso(20250229)
    '2025-02-28'
    """
    real = floor(value)
    return f"{real // 10000:04}-{real // 100 % 100:02}-{real % 100:02}"


def school_year_after(value: int) -> int:
    """The first day of the school year after the one in which a day (yyyymmdd) falls: a 1 August.

    >>> school_year_after(20260731), school_year_after(20260801)
    (20260801, 20270801)
    """
    return (value // 10000 + (value % 10000 >= 801)) * 10000 + 801


def words(value: int) -> str:
    """Write yyyymmdd in Dutch.

    >>> words(20250711)
    '11 juli 2025'
    """
    real = floor(value)
    return f"{real % 100} {_MONTHS[real // 100 % 100]} {real // 10000}"
