"""The decision diagrams say of every case what the formulas and the engine say of it.

Goes in: random flows and cases, full and partial, of both regimes. Comes out: no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kern.case import Case
from app.kern.classes import Classes
from app.kern.cudd import Bdd
from app.kern.diagram import Diagram, Pair
from app.kern.evaluate import Evaluation
from app.kern.every_flow import every_flow
from app.kern.example import Example, assignment, example
from app.kern.ground import Flow, Ground, ground
from app.kern.space import Space
from app.kern.terms import Key, Row
from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE
from tests.properties.cases_of_space import draw, facts_of, key_of
from tests.properties.real_law import real_law

OLD, NEW = 2025_10_01, 2026_03_01
LAWS = [OLD, pytest.param(NEW, marks=pytest.mark.slow)]
"""To make the diagrams of the law since 2026, and to ask for examples, takes a minute."""
OUTPUTS = ("mag", "strijdig", "oordeel")


@dataclass(repr=False)
class Analysed:
    """One regime: its rules per class of flows, and for every flow at once."""

    day: int
    ground: Ground
    classes: Classes
    every: Flow
    space: Space
    diagram: Diagram

    def __repr__(self) -> str:
        return f"the law of {self.day}"

    def pairs(self) -> Iterator[tuple[str, Row, Pair]]:
        """Yield what every flow and the case can be told, with its diagrams."""
        for name, relation in (("mag", self.every.relations["mag"]), ("strijdig", self.ground.relations["strijdig"])):
            for row, node in relation.rows.items():
                yield name, row, self.diagram.pair(node)


@pytest.fixture(scope="module", params=LAWS)
def analysed(request: pytest.FixtureRequest) -> Analysed:
    made = ground(real_law().book.on(request.param).program, OUTPUTS)
    assert isinstance(made, Ground)
    every = every_flow(made)
    space = Space([made])
    return Analysed(request.param, made, Classes(made), every, space, Diagram(made, space))


def _value(bits: Mapping[str, bool], space: Space, pair: Pair) -> int:
    if _holds(bits, space, pair.certain):
        return CERTAIN
    return POSSIBLE if _holds(bits, space, pair.possible) else IMPOSSIBLE


def _holds(bits: Mapping[str, bool], space: Space, cases: Bdd) -> bool:
    return bool(space.bdd.let(bits, cases) == space.bdd.true)


def _evaluated(one: Example, analysed: Analysed) -> dict[tuple[str, Row], int]:
    """The values of the formulas of this flow's own class."""
    space = analysed.space
    flow = analysed.classes.flow(one.signature, one.entries)
    keys = {key: key_of(space, key) for key in (space.shape.case, space.shape.flow_key, *space.entries)}
    evaluation = Evaluation(analysed.ground, Case(facts_of(space, one)), keys, one.signature)
    rows = {("mag", row): node for row, node in flow.relations["mag"].rows.items()}
    rows |= {("strijdig", row): node for row, node in analysed.ground.relations["strijdig"].rows.items()}
    return {row: evaluation.value(node) for row, node in rows.items()}


@given(seed=st.integers(0, 2**32))
def test_a_diagram_says_of_a_case_what_its_formula_says(analysed: Analysed, seed: int) -> None:
    one = draw(analysed.space, Random(seed), analysed.day)
    bits = assignment(analysed.space, one)
    expected = _evaluated(one, analysed)
    for name, row, pair in analysed.pairs():
        assert _value(bits, analysed.space, pair) == expected.get((name, row), IMPOSSIBLE), (name, row, one)


@given(seed=st.integers(0, 2**32))
def test_every_case_that_can_be_is_counted_as_one(analysed: Analysed, seed: int) -> None:
    one = draw(analysed.space, Random(seed), analysed.day)
    bits = assignment(analysed.space, one)
    assert all(_holds(bits, analysed.space, condition) for condition in analysed.space.canonical)


def test_an_example_of_some_cases_is_one_of_them(analysed: Analysed) -> None:
    for name, row, pair in analysed.pairs():
        of_value = {CERTAIN: pair.certain, POSSIBLE: pair.possible & ~pair.certain, IMPOSSIBLE: ~pair.possible}
        for value, cases in of_value.items():
            one = example(analysed.space, cases, (analysed.day, analysed.day))
            if one is not None:
                assert _evaluated(one, analysed).get((name, row), IMPOSSIBLE) == value, (name, row, one)


def test_the_engine_decides_an_example_as_the_diagram_does(analysed: Analysed) -> None:
    decider = real_law().book.on(analysed.day)
    for name, row, pair in analysed.pairs():
        one = example(analysed.space, pair.certain, (analysed.day, analysed.day))
        assert one is not None, (name, row)
        stated = tuple(key_of(analysed.space, term) if isinstance(term, Key) else term for term in row)
        assert stated in decider.decide(facts_of(analysed.space, one)).rows("zeker", name), (name, row, one)
