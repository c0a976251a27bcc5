"""The kern says what the compiled engine says: on the real law, and on any program it understands."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.advice.question.casus import Casus
from app.engine.compare import compare
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.kern.case import Case
from app.kern.compile import compile_nodes
from app.kern.decider import KernDecider, KernEngine
from app.kern.evaluate import Evaluation
from app.kern.ground import Ground, ground
from app.kern.signature import Signature
from app.lang.program import Program
from app.store.policy_book import PolicyBook
from tests.properties.real_law import contradicts, fewer, real_law, scenario_questions
from tests.properties.strategies_casussen import casussen
from tests.properties.strategies_programs import fact_sets, programs
from tests.properties.test_engines import is_consistent

KERN = PolicyBook(real_law().policies, KernEngine())


def kern_on(day: int) -> KernDecider:
    """The law of a day, ground."""
    decider = KERN.on(day)
    assert isinstance(decider, KernDecider)
    return decider


def assert_same(casus: Casus) -> None:
    """Every output on both sides, and every reason for it, are those of the compiled engine."""
    law = real_law()
    facts, compiled = law.facts(casus), law.book.on(casus.peildatum)
    # Facts that contradict each other get no advice; of those a number has two values at once.
    if not contradicts(compiled, facts):
        kern = kern_on(casus.peildatum).decide(facts)
        assert compare(law.vocabulary, compiled.decide(facts), kern).differences == ()


@pytest.mark.slow  # `make check` compares the same
def test_every_scenario() -> None:
    for casus in scenario_questions():
        assert_same(casus)


@settings(max_examples=max(800, fewer(200)))
@given(casussen())
def test_the_kern_agrees_on_the_law(casus: Casus) -> None:
    assert_same(casus)


@given(programs(), fact_sets())
def test_the_kern_agrees_on_any_program_it_understands(program: Program, facts: FactSet) -> None:
    found = ground(program)
    assume(isinstance(found, Ground))
    compiled = CompiledEngine().prepare(program).decide(facts)
    assume(is_consistent(compiled))
    assert compare(program.vocabulary, compiled, KernDecider(program).decide(facts)).differences == ()


@settings(max_examples=fewer(80))
@given(casussen())
def test_compiled_formulas_have_the_values_of_evaluated_ones(casus: Casus) -> None:
    kern = kern_on(casus.peildatum).decide(real_law().facts(casus))
    for judged in kern.flows().values():
        assert judged.flow is not None
        nodes = [node for relation in judged.flow.relations.values() for node in relation.rows.values()]
        compiled = compile_nodes(kern.classes.ground.formulas, kern.classes.ground.derived, nodes)
        values = compiled.evaluate(Case(kern.facts), judged.keys, judged.signature)
        again = Evaluation(kern.classes.ground, Case(kern.facts), judged.keys, judged.signature)
        assert values == tuple(again.value(node) for node in compiled.place)


@settings(max_examples=fewer(40))
@given(st.data())
def test_a_class_is_ground_alike_from_each_of_its_signatures(data: st.DataObject) -> None:
    """A fresh kern that never saw the others gives a signature the same formulas."""
    program = real_law().book.on(data.draw(st.sampled_from([20250601, 20260301]))).program
    domains = program.vocabulary.domains
    words = [domains[name].values for name in ("partij", "partij", "gegeven", "doel")]
    drawn = st.tuples(*(st.sampled_from(one) for one in words))
    shared, alone = KernDecider(program).classes, KernDecider(program).classes
    signatures: list[Signature] = data.draw(st.lists(drawn, min_size=2, max_size=6))
    for signature in signatures:
        shared.flow(signature, {})
    last = signatures[-1]
    left, right = shared.flow(last, {}), alone.flow(last, {})
    assert {name: set(one.rows) for name, one in left.relations.items()} == {
        name: set(one.rows) for name, one in right.relations.items()
    }


def test_most_random_programs_are_understood() -> None:
    """Else the law above would say little."""
    understood = 0

    @settings(max_examples=200, database=None)
    @given(programs())
    def count(program: Program) -> None:
        nonlocal understood
        understood += isinstance(ground(program), Ground)

    count()
    assert understood >= 60
