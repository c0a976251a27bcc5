"""Records: cheap to make, equal by value, and of a fixed shape."""

from __future__ import annotations

from dataclasses import field, replace

import pytest

from app.record import record


@record
class Point:
    x: int
    y: int = 0
    note: str = field(default="", compare=False)


def test_records_with_the_same_values_are_the_same() -> None:
    assert Point(1, 2) == Point(1, 2, "elsewhere")
    assert hash(Point(1)) == hash(Point(1, 0))
    assert replace(Point(1), y=3) == Point(1, 3)


def test_a_record_has_its_fields_and_no_others() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]
