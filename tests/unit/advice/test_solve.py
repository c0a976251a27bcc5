"""Comparisons solved for the number nobody gave."""

from __future__ import annotations

import pytest

from app.advice.allowed import Interval, Item
from app.advice.boxes import NEVER, SETTLED
from app.advice.solve import compare, solve
from app.engine.model import ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Arithmetic, Comparison, ComparisonOperator, Constant, Variable
from app.lang.vocabulary import Domain

AGE = Domain("leeftijd", "getal", "", {}, 0, 120)
DATE = Domain("datum", "datum", "", {})
X: Item = ("jaren", "c")
Y: Item = ("weken", "c")
UNKNOWN = Unknown("jaren", "c")


def domain_of(_item: Item) -> Domain:
    return AGE


@pytest.mark.parametrize(
    ("operator", "negated", "expected"),
    [
        ("<", False, [Interval(None, 26)]),
        ("<=", False, [Interval(None, 27)]),
        (">", False, [Interval(28, None)]),
        (">=", False, [Interval(27, None)]),
        ("==", False, [Interval(27, 27)]),
        ("!=", False, [Interval(None, 26), Interval(28, None)]),
        ("<", True, [Interval(27, None)]),
        ("==", True, [Interval(None, 26), Interval(28, None)]),
    ],
)
def test_an_unknown_age_is_solved(operator: ComparisonOperator, negated: bool, expected: list[Interval]) -> None:
    comparison = Comparison(operator, Variable("J"), Constant(27))
    assert [box[X] for box in solve(comparison, {"J": UNKNOWN}, negated, domain_of, 20260301)] == expected


def test_known_values_are_simply_compared() -> None:
    comparison = Comparison("<", Variable("J"), Constant(27))
    assert solve(comparison, {"J": 26}, False, domain_of, 20260301) == SETTLED
    assert solve(comparison, {"J": 26}, True, domain_of, 20260301) == NEVER
    words = Comparison("!=", Variable("O"), Constant("hoog"))
    assert solve(words, {"O": "laag"}, False, domain_of, 20260301) == SETTLED


def test_a_term_in_years_rounds_to_real_dates() -> None:
    term = Arithmetic("+", Variable("D"), Arithmetic("*", Variable("J"), Constant(10000)))
    comparison = Comparison("<=", Variable("Dag"), term)
    values: dict[str, ModelValue] = {"Dag": 20240229, "D": UNKNOWN, "J": 1}
    (box,) = solve(comparison, values, False, lambda _item: DATE, 20240229)
    assert box == {X: Interval(20230301, None)}, "29 February 2023 does not exist"


def test_limits_outside_the_domain_leave_nothing_or_everything() -> None:
    assert solve(Comparison(">", Variable("J"), Constant(120)), {"J": UNKNOWN}, False, domain_of, 1) == NEVER
    (box,) = solve(Comparison(">=", Variable("J"), Constant(0)), {"J": UNKNOWN}, False, domain_of, 1)
    assert box == {X: Interval(None, None)}


def test_two_unknowns_get_answers_that_hold() -> None:
    comparison = Comparison(">=", Variable("W"), Variable("T"))
    values: dict[str, ModelValue] = {"W": Unknown("weken", "c"), "T": UNKNOWN}
    boxes = solve(comparison, values, False, domain_of, 1)
    assert boxes
    for box in boxes:
        weeks, term = box[Y], box[X]
        assert isinstance(weeks, Interval)
        assert isinstance(term, Interval)
        assert (weeks.low or 0) >= (term.high if term.high is not None else 120)


def test_what_cannot_be_solved_counts_as_never() -> None:
    product = Arithmetic("//", Variable("J"), Constant(2))
    assert solve(Comparison("<", product, Constant(3)), {"J": UNKNOWN}, False, domain_of, 1) == NEVER


def test_a_comparison_has_a_status() -> None:
    comparison = Comparison("<", Variable("J"), Constant(27))
    assert compare(comparison, {"J": 26}) == "voldaan"
    assert compare(comparison, {"J": 27}) == "niet_voldaan"
    assert compare(comparison, {"J": UNKNOWN}) == "open"
    assert compare(comparison, {}) == "open"
    assert compare(Comparison("==", Variable("T"), Constant(3)), {}) == "voldaan", "an assignment"
