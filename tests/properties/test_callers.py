"""Laws about deciding several cases: together or one by one, in threads, with either engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice.advies import as_json
from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.engine.compare import compare
from app.engine.facts import FactSet
from app.engine.model import Decider, Model
from app.engine.pydatalog import PyDatalogEngine
from app.lang.program import Program
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

SAME_LAW = st.lists(casussen(most_flows=2, most_changes=3), min_size=2, max_size=6)


@cache
def datalog(program: Program) -> Decider:
    """Load a program into pyDatalog once."""
    return PyDatalogEngine().prepare(program)


def keyed(casussen: list[Casus]) -> Iterator[tuple[Decider, list[FactSet]]]:
    """Group cases by the law of their day, each with a key of its own."""
    law = real_law()
    groups: dict[int, tuple[Decider, list[FactSet]]] = {}
    for number, casus in enumerate(casussen):
        decider = law.book.on(casus.peildatum)
        facts = to_facts(casus, law.vocabulary, f"s{number}")
        groups.setdefault(id(decider), (decider, []))[1].append(facts)
    yield from groups.values()


def assert_same(one: Model, other: Model) -> None:
    """Both models hold the same output, each row with the same reasons."""
    assert compare(real_law().vocabulary, one, other).differences == ()


@settings(max_examples=fewer(100))  # two to six cases in each example
@given(SAME_LAW)
def test_together_is_the_same_as_one_by_one(casussen: list[Casus]) -> None:
    for decider, facts in keyed(casussen):
        for together, one in zip(decider.decide_many(facts), facts, strict=True):
            assert_same(together, decider.decide(one))


@settings(max_examples=fewer(10))  # pyDatalog takes some 40 ms for a case
@given(st.lists(casussen(most_flows=2, most_changes=3), min_size=8, max_size=8))
def test_the_engines_agree_on_the_real_law(casussen: list[Casus]) -> None:
    for decider, facts in keyed(casussen):
        for compiled, one in zip(decider.decide_many(facts), datalog(decider.program).decide_many(facts), strict=True):
            assert_same(compiled, one)


def told(casus: Casus) -> object:
    """What is answered, but for the answer's own id."""
    answer = as_json(real_law().advise(casus))
    return {name: value for name, value in answer.items() if name != "id"}


@settings(max_examples=fewer(20))  # starts eight threads in each example
@given(SAME_LAW)
def test_callers_in_threads_never_mix(casussen: list[Casus]) -> None:
    alone = [told(casus) for casus in casussen]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(told, casussen * 4)) == alone * 4


@pytest.mark.parametrize("engine", ["compiled", "pydatalog"])
@settings(max_examples=fewer(2))  # every example is decided again by pyDatalog, between failures
@given(casussen=st.lists(casussen(most_flows=1, most_changes=3), min_size=3, max_size=3))
def test_a_case_that_fails_halfway_leaves_nothing_behind(engine: str, casussen: list[Casus]) -> None:
    for compiled, cases in keyed(casussen):
        decider = compiled if engine == "compiled" else datalog(compiled.program)
        right = [compiled.decide(facts) for facts in cases]

        def decide(number: int, decider: Decider = decider, cases: list[FactSet] = cases) -> Model | None:
            facts = cases[number // 2]
            if number % 2 == 0:
                return decider.decide(facts)
            with pytest.raises(TypeError):
                decider.decide(broken(facts))
            return None

        with ThreadPoolExecutor(4) as threads:
            answers = [answer for answer in threads.map(decide, range(2 * len(cases))) if answer is not None]
        for expected, answer in zip(right, answers, strict=True):
            assert_same(expected, answer)


def broken(facts: FactSet) -> FactSet:
    """The same case with a day that is no number: it fails once rules compare it, after much was derived."""
    key = facts.known["peildatum"][0][0]
    return FactSet(
        {
            **facts.known,
            "geboortedatum": ((key, 20080101),),
            "uitstroomdatum": ((key, 20240101),),
            "peildatum": ((key, "vandaag"),),
        },
        {name: keys for name, keys in facts.unknown.items() if name != "uitstroomdatum"},
    )
