"""The order in which a body is read."""

from __future__ import annotations

import pytest

from app.lang.ast import Rule
from app.lang.ordering import assignments, bound_variables
from app.lang.parser import parse
from app.lang.printer import print_literal
from app.lang.program import evaluation_order, rule_variables
from app.lang.vocabulary import Vocabulary


def rule(text: str) -> Rule:
    (clause,) = parse("a.dl", text).clauses
    assert isinstance(clause, Rule)
    return clause


def order(text: str, words: Vocabulary | None = None) -> list[str]:
    return [print_literal(one) for one in evaluation_order(rule(text), words)]


def test_variables_are_listed_by_first_appearance_head_first() -> None:
    assert rule_variables(rule("p(B, A) <= q(C, A) & ~r(D) & (E == F + B)")) == ("B", "A", "C", "D", "E", "F")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("~r(A) & q(A)", ["q(A)", "~r(A)"]),
        ("(A < B) & q(A) & r(B)", ["q(A)", "r(B)", "(A < B)"]),
        ("(C == B + 1) & (B == A) & q(A)", ["q(A)", "(B == A)", "(C == B + 1)"]),
        ("q(A) & r(B) & s(A, 'x')", ["s(A, 'x')", "q(A)", "r(B)"]),
        ("q(A) & r(B, C) & s('x', B)", ["s('x', B)", "r(B, C)", "q(A)"]),
        ("~t(X)", ["~t(X)"]),
    ],
)
def test_tests_come_as_soon_as_they_can_and_positives_as_bound_as_possible(body: str, expected: list[str]) -> None:
    assert order(f"p(A) <= {body}") == expected


def test_open_predicates_of_many_arguments_wait_until_everything_is_bound(words: Vocabulary) -> None:
    text = "p(A) <= mandaat(C, 'school', 'gemeente') & bij(C, A)"
    assert order(text, words) == ["bij(C, A)", "mandaat(C, 'school', 'gemeente')"]


def test_an_assignment_is_the_first_equation_of_an_unbound_variable() -> None:
    body = rule("p(A) <= q(A) & (A == 1) & (B == A) & (B == 2) & (1 == D)").body
    assert assignments(body) == {2: "B"}
    assert bound_variables(body) == {"A", "B"}
