"""The order of files, rules, conditions and facts means nothing: no answer depends on it.

`beleid` is the fingerprint of the texts themselves, and so is another for another order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice.question.extras import Extras
from app.composition import Composition, composition
from app.lang.ast import Clause, Rule
from app.lang.parser import parse
from app.lang.printer import print_clauses
from app.lang.source_text import SourceText
from app.settings import Settings
from app.store.policies import PolicySet
from app.web.problems import Problem
from tests.properties.real_law import fewer, real_law

Turn = Callable[[list[Any]], list[Any]]
QUERIES = (
    "stap(Deling, Norm, 1) & deling(Casus, Deling, 'school', Ontvanger, 'stagegegevens', 'begeleiding_naar_werk')",
    "taak(Casus, Partij, Taak, Aard)",
)


def turned(policies: PolicySet, turn: Turn) -> PolicySet:
    """The same law with files, clauses, conditions, and facts among the clauses in another order."""
    return replace(policies, sources=tuple(turn([_turned(source, turn) for source in policies.sources])))


def _turned(source: SourceText, turn: Turn) -> SourceText:
    clauses: list[Clause] = []
    for clause in parse(source.name, source.text).clauses:
        clauses.append(replace(clause, body=tuple(turn(list(clause.body)))) if isinstance(clause, Rule) else clause)
    return replace(source, text=print_clauses(turn(clauses)))


def compose_from(policies: PolicySet) -> Composition:
    law = real_law()
    return composition(policies, Settings(log_url="geen", query_seconds=60.0, advice_seconds=90.0), law.scenarios)


@cache
def usual() -> Composition:
    return compose_from(real_law().policies)


def answers(composed: Composition, scenarios: slice) -> list[Any]:
    """The whole answers to scenarios, without what names the single answer or the texts."""
    return [_answer(composed, dict(one.vraag)) for one in real_law().scenarios[scenarios]]


def _answer(composed: Composition, question: dict[str, Any]) -> Any:
    try:
        found = composed.desk.answer_value(question, extras=Extras(uitleg=True))
    except Problem as problem:
        return [one.as_json() for one in problem.fouten]
    found["id"] = found["beleid"] = ""
    return found


def queried(composed: Composition) -> list[Any]:
    casus = {"peildatum": "2026-03-01", "jongere": {"leeftijd": 18, "startkwalificatie": False, "ingeschreven": False}}
    found = [composed.queries.answer_value(casus, query) for query in QUERIES]
    for one in found:
        one["beleid"] = ""
    return found


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_the_law_back_to_front_gives_the_same_answers_to_scenarios_and_queries(every: int) -> None:
    composed = compose_from(turned(real_law().policies, lambda items: items[::-1]))
    try:
        assert composed.book.policies.sources != real_law().policies.sources
        some = slice(None, None, every)
        for one, other in zip(answers(composed, some), answers(usual(), some), strict=True):
            assert one == other
        assert queried(composed) == queried(usual())
    finally:
        composed.queries.close()
        usual().queries.close()


@settings(max_examples=fewer(1), deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 30))
def test_the_law_in_any_order_gives_the_same_answers(seed: int, start: int) -> None:
    random = Random(seed)

    def shuffle(items: list[Any]) -> list[Any]:
        return random.sample(items, len(items))

    composed = compose_from(turned(real_law().policies, shuffle))
    try:
        some = slice(start, None, 30)
        for one, other in zip(answers(composed, some), answers(usual(), some), strict=True):
            assert one == other
    finally:
        composed.queries.close()
