"""Dates that exist, and those that only sums of dates give."""

from __future__ import annotations

import pytest

from app.advice import dates


@pytest.mark.parametrize(
    ("value", "below", "above"),
    [
        (20260315, 20260315, 20260315),
        (20250229, 20250228, 20250301),
        (20240229, 20240229, 20240229),
        (20251332, 20251231, 20260101),
        (20250431, 20250430, 20250501),
        (20250400, 20250331, 20250401),
        (20250012, 20241231, 20250101),
    ],
)
def test_a_date_that_does_not_exist_is_rounded(value: int, below: int, above: int) -> None:
    assert dates.floor(value) == below
    assert dates.ceiling(value) == above


def test_neighbours_cross_months_and_leap_days() -> None:
    assert dates.after(20240228) == 20240229
    assert dates.after(20251231) == 20260101
    assert dates.before(20240301) == 20240229
    assert dates.after(dates.LAST) == dates.LAST
    assert dates.before(dates.FIRST) == dates.FIRST


def test_dates_are_read_and_written() -> None:
    assert dates.number("2026-03-05") == 20260305
    assert dates.iso(20260305) == "2026-03-05"
    assert dates.iso(20250229) == "2025-02-28"
    assert dates.words(20250711) == "11 juli 2025"
