"""A comparison of two laws tells every difference, and nothing that is none.

Goes in: the law and random mutants of it, and random questions. Comes out: each question that both laws decide
otherwise lies in a region, and every region has an example that they decide otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice import contract
from app.analysis.comparison import Comparison, Group, compare
from app.analysis.differences import DIRECTIONS, direction_of
from app.engine.compiled import CompiledEngine
from app.engine.model import Decider
from app.kern.example import Example, assignment
from app.kern.space import Space
from app.lang.ast import Comparison as Compared
from app.lang.ast import Constant, Rule
from app.lang.program import Program
from tests.properties.cases_of_space import draw, facts_of
from tests.properties.mutants import mutants
from tests.properties.real_law import fewer, real_law

DAY = 2026_03_01
QUESTIONS = 60


@cache
def _lost() -> tuple[Rule, ...]:
    """Rules of which a condition, or all, can be lost in a mutant."""
    book = real_law().book
    own = set(book.on(DAY).program.rules)
    return tuple(one.clause for one in mutants(book) if isinstance(one.clause, Rule) and one.clause in own)


def _moved(rule: Rule) -> Rule | None:
    """The same rule with a threshold one higher."""
    for at, literal in enumerate(rule.body):
        if (
            isinstance(literal, Compared)
            and isinstance(literal.right, Constant)
            and isinstance(literal.right.value, int)
        ):
            higher = replace(literal, right=replace(literal.right, value=literal.right.value + 1))
            return replace(rule, body=(*rule.body[:at], higher, *rule.body[at + 1 :]))
    return None


def _mutated(program: Program, random: Random) -> Program:
    """A law that differs in one rule: a threshold moved, or the whole rule lost."""
    rule = random.choice(_lost())
    instead = _moved(rule)
    rules = (instead if one == rule else one for one in program.rules)
    return replace(program, rules=tuple(one for one in rules if one is not None))


def _questions(space: Space, compared: Comparison, random: Random) -> Iterator[Example]:
    """Random questions, most of them near an example of a region: some of its facts are drawn anew."""
    near = [region.example for group in compared.groups for region in group.regions if region.example is not None]
    for _ in range(QUESTIONS):
        drawn = draw(space, random, DAY)
        if not near or random.random() < 0.2:
            yield drawn
            continue
        one = random.choice(near)
        words = {cell: word for cell, word in one.words.items() if random.random() < 0.9}
        numbers = {cell: value for cell, value in one.numbers.items() if random.random() < 0.9 or space.is_clock(cell)}
        of_case = {cell: word for cell, word in drawn.words.items() if cell.key not in space.entries}
        yield Example(
            one.signature,
            {**of_case, **words},
            {**drawn.numbers, **numbers},
            {**drawn.lists, **one.lists},
            one.entries,
        )


def _oordeel(decider: Decider, space: Space, one: Example) -> str | None:
    """The oordeel of the engine; None for a case that contradicts itself."""
    facts = facts_of(space, one)
    if decider.rows_only(facts, "zeker", contract.STRIJDIG):
        return None
    ((_, oordeel),) = decider.rows_only(facts, "zeker", contract.OORDEEL)
    return str(oordeel)


def _is_full(space: Space, one: Example, compared: Comparison) -> bool:
    """Whether all open facts are stated."""
    bits = assignment(space, one)
    never = {bit for bit in space.open_bits() if (space.valid & space.bdd.var(bit)) == space.bdd.false}
    of_entries = {
        choice.known
        for cell, choice in space.choices.items()
        if cell.key in space.entries and not bits[space.entries[cell.key]]
    }
    return all(bits[bit] for bit in space.open_bits() if bit not in never | of_entries)


def _lies_in(space: Space, one: Example, group: Group) -> bool:
    bits = assignment(space, one)
    return any(space.bdd.let(bits, region.covered.box) == space.bdd.true for region in group.regions)


def _check_examples(compared: Comparison, deciders: tuple[Decider, Decider]) -> None:
    space = compared.laws.space
    for group in compared.groups:
        assert group.direction in DIRECTIONS
        for region in group.regions:
            if region.example is None:
                continue
            pair = tuple(_oordeel(one, space, region.example) for one in deciders)
            assert pair in region.pairs, (region.conditions, pair)
            assert group.is_full is False or direction_of((str(pair[0]), str(pair[1]))) == group.direction
            assert _lies_in(space, region.example, group)


@pytest.mark.slow
@settings(max_examples=fewer(2))
@given(seed=st.integers(0, 2**32))
def test_every_question_that_is_decided_otherwise_lies_in_a_region(seed: int) -> None:
    random = Random(seed)
    law = real_law().book.on(DAY).program
    mutant = _mutated(law, random)
    compared = compare(law, mutant, (DAY, DAY))
    assert isinstance(compared, Comparison)
    engine = CompiledEngine()
    deciders = engine.prepare(law), engine.prepare(mutant)
    space = compared.laws.space
    _check_examples(compared, deciders)
    for one in _questions(space, compared, random):
        before, after = (_oordeel(decider, space, one) for decider in deciders)
        if before == after:
            continue
        groups = [group for group in compared.groups if one.signature in group.signatures]
        assert groups, (one, before, after)
        if any(not group.is_full for group in groups) or _is_full(space, one, compared):
            assert any(_lies_in(space, one, group) for group in groups), (one, before, after)


@pytest.mark.slow
def test_a_law_does_not_differ_from_itself() -> None:
    law = real_law().book.on(DAY).program
    compared = compare(law, replace(law, rules=law.rules[::-1]), (DAY, DAY))
    assert isinstance(compared, Comparison)
    assert compared.groups == ()
    assert compared.laws.cases() > 10**30
