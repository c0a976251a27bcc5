"""Which of several reasons is shown, and which choices are noted as ties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from app.advice.reasons.choice import Ties, first
from app.engine.model import Justification
from app.lang.ast import Rule
from app.lang.parser import parse

ABOVE = "# norm: N-1\n# bron: SD 1\n# uitleg: {}.\n"


def rules(*bodies: str) -> Iterator[Rule]:
    text = "\n\n".join(f"{ABOVE.format(number)}a(C) <= {body}" for number, body in enumerate(bodies))
    parsed = parse("x", text)
    assert not parsed.diagnostics
    for clause in parsed.clauses:
        assert isinstance(clause, Rule)
        yield clause


SPECIAL, OTHER, GENERAL = rules("b(C) & c(C)", "b(C) & d(C)", "b(C)")
RANK = {id(SPECIAL): 0, id(OTHER): 1, id(GENERAL): 2}


@pytest.mark.parametrize("order", list(permutations((SPECIAL, OTHER, GENERAL))))
def test_the_rule_that_goes_first_is_shown_in_whatever_order_an_engine_lists_reasons(order: tuple[Rule, ...]) -> None:
    assert first([Justification(rule, ("c",)) for rule in order], RANK, Ties()).rule is SPECIAL


@pytest.mark.parametrize("order", list(permutations(("x", "y", "z"))))
def test_of_one_rule_the_values_that_come_first_as_text_are_shown(order: tuple[str, ...]) -> None:
    assert first([Justification(SPECIAL, ("c", one)) for one in order], RANK, Ties()).values == ("c", "x")


def test_only_what_the_rules_do_not_settle_is_a_tie_and_only_while_watched() -> None:
    ties = Ties()
    reasons = [Justification(rule, ("c",)) for rule in (SPECIAL, OTHER, GENERAL)]
    first(reasons, RANK, ties)
    assert not ties.pairs

    ties.watched = True
    first(reasons, RANK, ties)
    assert list(ties.pairs.values()) == [(SPECIAL, OTHER)]


def test_rules_with_the_same_metadata_show_no_tie() -> None:
    one, other = (clause for clause in parse("x", f"{ABOVE}a(C) <= b(C)\n\n{ABOVE}a(C) <= c(C)").clauses)
    assert isinstance(one, Rule)
    assert isinstance(other, Rule)
    ties = Ties()
    ties.watched = True
    first([Justification(one, ("c",)), Justification(other, ("c",))], {id(one): 0, id(other): 1}, ties)
    assert not ties.pairs
