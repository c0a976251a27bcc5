"""How long one date is after another, in words."""

from __future__ import annotations

import pytest

from app.analysis.region_words import _between, _distance


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1_00_00, 1_00_00, "precies 1 jaar na"),
        (0, 0, "gelijk aan"),
        (None, 2_00_00, "hoogstens 2 jaar na"),
        (None, 1_99_99, "korter dan 2 jaar na"),
        (1_00_01, None, "langer dan 1 jaar na"),
        (2_00_00, None, "minstens 2 jaar na"),
        (0, None, "op of na"),
        (1, None, "na"),
        (None, 0, "op of voor"),
        (None, -1, "voor"),
        (1_00_01, 2_00_00, "langer dan 1 jaar na en hoogstens 2 jaar na"),
        (0, 1_00_00, "op of na, en hoogstens 1 jaar na"),
        (1, 1_00_00, "na, en hoogstens 1 jaar na"),
        (1_00, 2_00, ""),
        (1_01_00, 1_01_00, ""),
    ],
)
def test_a_distance_is_told_in_whole_years_or_not_at_all(low: int | None, high: int | None, words: str) -> None:
    assert _distance(low, high) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [((18, 18), "precies 18"), ((0, 17), "hoogstens 17"), ((18, 120), "minstens 18"), ((18, 22), "18 tot en met 22")],
)
def test_an_interval_of_a_number_is_told_by_its_ends(span: tuple[int, int], words: str) -> None:
    assert _between(span, (0, 120)) == words
