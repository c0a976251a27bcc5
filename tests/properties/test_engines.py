"""Laws that hold for every program and every case, whichever engine decides."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.engine.compare import compare
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet, Row
from app.engine.model import Model, ModelRow, Side
from app.engine.pydatalog import PyDatalogEngine
from app.engine.unknown import Unknown
from app.lang.ast import Arithmetic, Atom, Comparison, Expression, Literal, Negated, Positive, Rule, Term, Variable
from app.lang.printer import print_clauses
from app.lang.program import Program, SourceText, check
from app.lang.sides import split_side
from app.lang.vocabulary import Vocabulary
from tests.properties.proof_checker import proves
from tests.properties.real_law import fewer
from tests.properties.reference import OPEN, TRUE, Reference
from tests.properties.strategies_programs import CASE, INPUT, completions_of, fact_sets, programs

MOST_COMPLETIONS = 60
SIDES: tuple[Side, ...] = ("zeker", "mogelijk")


def outputs(program: Program) -> Iterator[str]:
    """The output predicates."""
    return (one.name for one in program.vocabulary.predicates.values() if one.kind == "uitkomst")


def decided(program: Program, facts: FactSet) -> Model:
    """Decide with the engine that serves."""
    return CompiledEngine().prepare(program).decide(facts)


def rows_of(program: Program, model: Model) -> dict[tuple[Side, str], frozenset[ModelRow]]:
    """Every output row on both sides."""
    return {(side, name): frozenset(model.rows(side, name)) for side in SIDES for name in outputs(program)}


def checked(vocabulary: Vocabulary, rules: tuple[Rule, ...], program: Program) -> Program:
    """A program made of other rules."""
    found = check([SourceText("anders.dl", print_clauses((*program.facts, *rules)))], vocabulary)
    assert isinstance(found, Program), found
    return found


def covers(rows: frozenset[ModelRow], row: ModelRow) -> bool:
    """Whether the row is among these, an unknown number standing for every number."""
    return any(
        all(isinstance(found, Unknown) or found == value for found, value in zip(one, row, strict=True)) for one in rows
    )


def is_consistent(model: Model) -> bool:
    """Whether no predicate that has one value at most got two."""
    for one in INPUT:
        if one.kind == "invoer" and one.open and one.single:
            keys = [row[0] for row in model.rows("zeker", one.name)]
            if len(keys) > len(set(keys)):
                return False
    return True


def assert_between(program: Program, partial: Model, model: Model) -> None:
    """What is certain is so in the complete case, and what is so there was possible."""
    # A value filled in beside another that the rules derive: no such case exists.
    if not is_consistent(model) or not is_consistent(partial):
        return
    for name in outputs(program):
        if program.vocabulary.predicates[name].two_valued:
            continue
        found = frozenset(model.rows("zeker", name))
        assert found == frozenset(model.rows("mogelijk", name))
        assert frozenset(partial.rows("zeker", name)) <= found
        possible = frozenset(partial.rows("mogelijk", name))
        assert all(covers(possible, row) for row in found)


@settings(max_examples=fewer(100))  # pyDatalog decides one to six cases in each example
@given(programs(), st.lists(fact_sets(), min_size=1, max_size=6))
def test_the_engines_agree(program: Program, cases: list[FactSet]) -> None:
    compiled = CompiledEngine().prepare(program).decide_many(cases)
    datalog = PyDatalogEngine().prepare(program).decide_many(cases)
    for left, right in zip(compiled, datalog, strict=True):
        assert compare(program.vocabulary, left, right).differences == ()


@given(programs(), fact_sets())
def test_both_sides_are_kleenes_however_they_are_asked(program: Program, facts: FactSet) -> None:
    decider, reference = CompiledEngine().prepare(program), Reference(program, facts)
    model = decider.decide(facts)
    for name in outputs(program):
        table = reference.table(name)
        certain = {row for row, truth in table.items() if truth == TRUE}
        possible = {row for row, truth in table.items() if truth >= OPEN}
        assert set(model.rows("zeker", name)) == set(decider.rows_only(facts, "zeker", name)) == certain
        assert set(model.rows("mogelijk", name)) == set(decider.rows_only(facts, "mogelijk", name)) == possible
        assert certain <= possible


@given(st.data(), programs(), fact_sets())
def test_a_completion_lies_between_certain_and_possible(data: st.DataObject, program: Program, facts: FactSet) -> None:
    partial = decided(program, facts)
    assume(is_consistent(partial))
    assert_between(program, partial, decided(program, data.draw(completions_of(facts))))


@given(programs(), fact_sets())
def test_every_completion_lies_between(program: Program, facts: FactSet) -> None:
    ways = {name: list(_ways(program, name)) for name in facts.unknown if name != "open_paar"}
    # As many unknown facts as can be filled in every way; the rest is known to be none.
    kept: dict[str, list[tuple[Row, ...]]] = {}
    for name in sorted(ways, key=lambda name: len(ways[name])):
        if math.prod(map(len, kept.values())) * len(ways[name]) <= MOST_COMPLETIONS:
            kept[name] = ways[name]
    decider = CompiledEngine().prepare(program)
    partial = decider.decide(FactSet(facts.known, {name: facts.unknown[name] for name in kept}))
    for chosen in itertools.product(*kept.values()):
        complete = FactSet({**facts.known, **dict(zip(kept, chosen, strict=True))}, {})
        assert_between(program, partial, decider.decide(complete))


def _ways(program: Program, name: str) -> Iterator[tuple[Row, ...]]:
    """Every way to fill in an open fact: one value, or any set of values."""
    domain = program.vocabulary.domain_of(name, 1)
    values = domain.values or range(domain.minimum or 0, (domain.maximum or 0) + 1)
    rows = [(CASE, value) for value in values]
    sizes = [1] if program.vocabulary.predicates[name].single else range(len(rows) + 1)
    for size in sizes:
        yield from itertools.combinations(rows, size)


@given(programs(), fact_sets())
def test_every_reason_proves_its_row(program: Program, facts: FactSet) -> None:
    model = decided(program, facts)
    for (side, name), rows in rows_of(program, model).items():
        for row in rows:
            reasons = model.why(side, name, row)
            assert reasons
            assert len(set(reasons)) == len(reasons)
            assert all(proves(model, side, row, reason) for reason in reasons)


@given(st.data(), programs(), fact_sets())
def test_order_is_irrelevant(data: st.DataObject, program: Program, facts: FactSet) -> None:
    rules = tuple(
        replace(rule, body=tuple(data.draw(st.permutations(rule.body))))
        for rule in data.draw(st.permutations(program.rules))
    )
    shuffled = FactSet(
        {name: tuple(data.draw(st.permutations(facts.known[name]))) for name in reversed(list(facts.known))},
        facts.unknown,
    )
    other = checked(program.vocabulary, rules, program)
    expected, found = decided(program, facts), decided(other, shuffled)
    assert rows_of(other, found) == rows_of(program, expected)
    for (side, name), rows in rows_of(program, expected).items():
        for row in rows:
            assert len(found.why(side, name, row)) == len(expected.why(side, name, row))


@given(programs(), fact_sets())
def test_names_are_irrelevant(program: Program, facts: FactSet) -> None:
    new = {name: f"hernoemd_{name}" for name in outputs(program)}
    old = {renamed: name for name, renamed in new.items()}
    declared = program.vocabulary.predicates.values()
    predicates = [replace(one, name=new.get(one.name, one.name)) for one in declared]
    vocabulary = replace(program.vocabulary, predicates={one.name: one for one in predicates})
    other = checked(vocabulary, tuple(_renamed(rule, new) for rule in program.rules), program)
    found = {(side, old[name]): rows for (side, name), rows in rows_of(other, decided(other, facts)).items()}
    assert found == rows_of(program, decided(program, facts))


def _renamed(rule: Rule, new: dict[str, str]) -> Rule:
    def expression(one: Expression) -> Expression:
        match one:
            case Variable(name):
                return Variable(f"Anders{name}")
            case Arithmetic(operator, left, right):
                return Arithmetic(operator, expression(left), expression(right))
        return one

    def atom(one: Atom) -> Atom:
        side, name = split_side(one.predicate)
        terms: tuple[Term, ...] = tuple(
            Variable(f"Anders{term.name}") if isinstance(term, Variable) else term for term in one.arguments
        )
        return Atom((f"{side}_" if side else "") + new.get(name, name), terms)

    def literal(one: Literal) -> Literal:
        match one:
            case Positive(read):
                return Positive(atom(read))
            case Negated(read):
                return Negated(atom(read))
            case Comparison(operator, left, right):
                return Comparison(operator, expression(left), expression(right))

    return replace(rule, head=atom(rule.head), body=tuple(literal(one) for one in rule.body))
