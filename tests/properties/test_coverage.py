"""What coverage says of a part of the law, the compiled engine says of scenarios without that part.

Goes in: parts of the real law, and scenarios. Comes out: a scenario that shows a part ends otherwise without it in the
engine too; one that does not, does not.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import OUTCOMES, Law, weigh
from app.analysis.judging import Kind
from app.analysis.omission import Omission, of_program
from app.cli_coverage import laws_with
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Decider
from app.lang.ast import Fact
from app.lang.program import Program
from tests.properties.real_law import fewer, real_law

FILES = ("policies/nieuw/verzuim.dl", "policies/algemeen/toestemming.dl", "policies/algemeen/jongere.dl")


@cache
def law() -> Law:
    """The law since 2026, with its scenarios."""
    found = real_law()
    return laws_with(found.book, found.reader, found.scenarios)[0]


@cache
def parts() -> tuple[tuple[Omission, Kind, frozenset[str]], ...]:
    """The parts of some files with what coverage says of them."""
    mine = [one for one in of_program(law().program) if one.clause.span.file in FILES]
    weights = weigh(law(), {(one.clause.span.file, one.clause.span.line) for one in mine})
    named = [(one, weights.get((one.clause.span.file, one.clause.span.line, one.lost))) for one in mine]
    return tuple((one, weight[0], frozenset(weight[1])) for one, weight in named if weight is not None)


@cache
def decider(omission: Omission | None) -> Decider:
    """The engine with the law, or with the law without a part."""
    program = law().program
    return CompiledEngine().prepare(program if omission is None else without(program, omission))


def without(program: Program, omission: Omission) -> Program:
    """Leave a part out of a program."""
    clause, remains = omission.clause, omission.remains()
    if isinstance(clause, Fact):
        return replace(program, facts=tuple(one for one in program.facts if one is not clause))
    rules = (remains if one is clause else one for one in program.rules)
    return replace(program, rules=tuple(one for one in rules if one is not None))


def ends(made: Decider, facts: FactSet) -> object:
    """What an answer tells of a case, or why it is refused."""
    model = made.decide(facts)
    if refusing := frozenset(model.rows("zeker", OUTCOMES.refusing)):
        return refusing
    predicates = made.program.vocabulary.predicates
    return [
        frozenset(map(repr, model.rows(side, name)))
        for name in OUTCOMES.told
        if predicates[name].arguments[0].domain in ("casus", "deling")
        for side in ("zeker", "mogelijk")
        if side in predicates[name].sides
    ]


@pytest.mark.slow
@settings(max_examples=fewer(8))
@given(st.data())
def test_a_scenario_shows_a_part_without_which_the_engine_ends_otherwise(data: st.DataObject) -> None:
    omission, kind, shown = data.draw(st.sampled_from(parts()))
    scenarios = dict(law().scenarios)
    some = [*sorted(shown)[:2], *data.draw(st.lists(st.sampled_from(sorted(scenarios)), min_size=6, max_size=6))]
    for name in some:
        same = ends(decider(None), scenarios[name]) == ends(decider(omission), scenarios[name])
        assert same is (name not in shown), (omission, kind, name)
