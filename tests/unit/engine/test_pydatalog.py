"""The door to pyDatalog: cases never mix, whatever happens halfway, and a query is only ever asked."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pyDatalog import Logic, pyDatalog, pyEngine, pyParser

from app.engine.facts import FactSet
from app.engine.pydatalog import PyDatalogDecider, PyDatalogEngine
from app.engine.unknown import Unknown
from app.lang.ast import Atom, Comparison, Constant, Literal, Negated, Positive, Variable
from tests.unit.engine.small_law import small_program

PROGRAM = small_program(
    """
    p(C, K) <= verf(C, K) & warm(K)
    alleen(C) <= jaar(C, J) & ~gezien(C)
    oud(C, L) <= leeftijd(C, L) & (L > 20)
    + warm('rood')
    """,
    ("p", "casus kleur", "uitkomst", ""),
    ("alleen", "casus", "uitkomst", "certain"),
    ("oud", "casus getal", "uitkomst", ""),
)
RED = FactSet({"verf": (("a", "rood"),), "jaar": (("a", 1),)}, {})
EMPTY = FactSet({}, {})


@pytest.fixture
def decider() -> PyDatalogDecider:
    """A fresh knowledge base."""
    return PyDatalogEngine().prepare(PROGRAM)


def answers(decider: PyDatalogDecider, facts: FactSet) -> set[Any]:
    """The certain rows of p."""
    return set(decider.decide(facts).rows("zeker", "p"))


def test_nothing_of_a_case_stays(decider: PyDatalogDecider) -> None:
    assert answers(decider, RED) == {("a", "rood")}
    assert answers(decider, EMPTY) == set()
    assert decider.rows_only(EMPTY, "mogelijk", "p") == []


@pytest.mark.parametrize("after", [0, 1, 2])
def test_nothing_of_a_case_stays_after_an_exception_halfway(
    decider: PyDatalogDecider, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whether asserting fails (at the first fact or a later one) or retracting does."""
    name, calls = ("assert_", iter(range(99))) if after < 2 else ("retract", iter(range(2, 99)))
    real = getattr(pyEngine, name)

    def fails(clause: Any) -> Any:
        if next(calls) >= after:
            raise RuntimeError("halfway")
        return real(clause)

    with monkeypatch.context() as patch:
        patch.setattr(pyEngine, name, fails)
        with pytest.raises(RuntimeError, match="halfway"):
            decider.decide(RED)
    assert answers(decider, EMPTY) == set()
    assert answers(decider, RED) == {("a", "rood")}


def test_a_knowledge_base_that_is_not_as_it_was_is_thrown_away(
    decider: PyDatalogDecider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(pyEngine, "retract", lambda clause: clause)
        assert answers(decider, RED) == {("a", "rood")}
    assert answers(decider, EMPTY) == set()


def test_a_sound_knowledge_base_is_kept(decider: PyDatalogDecider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(decider, RED) == {("a", "rood")}  # loaded when first asked
    monkeypatch.setattr(pyParser, "load", None)
    assert answers(decider, EMPTY) == set()
    assert answers(decider, RED) == {("a", "rood")}


def test_cases_of_threads_do_not_mix(decider: PyDatalogDecider) -> None:
    barrier = threading.Barrier(4)

    def decide(number: int) -> set[Any]:
        barrier.wait()
        return answers(decider, FactSet({"verf": ((f"k{number}", "rood"),)}, {}))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(decide, range(20))) == [{(f"k{number}", "rood")} for number in range(20)]


def test_cases_of_coroutines_do_not_mix(decider: PyDatalogDecider) -> None:
    async def decide(number: int) -> set[Any]:
        await asyncio.sleep(0)
        facts = FactSet({"verf": ((f"k{number}", "rood"),)}, {})
        if number % 2:
            return answers(decider, facts)
        return await asyncio.to_thread(answers, decider, facts)

    async def all_of_them() -> list[set[Any]]:
        return await asyncio.gather(*(decide(number) for number in range(10)))

    assert asyncio.run(all_of_them()) == [{(f"k{number}", "rood")} for number in range(10)]


def test_programs_do_not_mix(decider: PyDatalogDecider) -> None:
    other = PyDatalogEngine().prepare(
        small_program("p(C, 'wit') <= gezien(C)", ("p", "casus kleur", "uitkomst", "certain"))
    )
    facts = FactSet({"gezien": (("a",),), "verf": (("a", "rood"),)}, {})
    assert answers(other, facts) == {("a", "wit")}
    assert answers(decider, facts) == {("a", "rood")}


def test_what_others_do_with_pydatalog_stays_apart(decider: PyDatalogDecider) -> None:
    Logic()
    pyDatalog.assert_fact("p_zeker_verf", 0, "w:b", "w:rood")
    assert answers(decider, RED) == {("a", "rood")}
    assert pyDatalog.ask("p_zeker_verf(X, Y, Z)").answers == [(0, "w:b", "w:rood")]


def test_input_that_nobody_asserted_is_known_to_be_none(decider: PyDatalogDecider) -> None:
    assert set(decider.decide(RED).rows("zeker", "alleen")) == {("a",)}


CASE, COLOUR, NUMBER = Variable("C"), Variable("K"), Variable("N")


@pytest.mark.parametrize(
    ("query", "certain", "possible"),
    [
        ([Positive(Atom("p", (CASE, COLOUR)))], [], [{"C": "a", "K": "rood"}]),
        ([Positive(Atom("warm", (COLOUR,)))], [{"K": "rood"}], [{"K": "rood"}]),
        ([Positive(Atom("warm", (Constant("rood"),)))], [{}], [{}]),
        ([Positive(Atom("warm", (Constant("wit"),)))], [], []),
        (
            [Negated(Atom("verf", (CASE, Constant("rood")))), Positive(Atom("jaar", (CASE, NUMBER)))],
            [],
            [{"C": "a", "N": 1}],
        ),
        (
            [
                Comparison(">", NUMBER, Constant(50)),
                Positive(Atom("leeftijd", (CASE, NUMBER))),
            ],
            [],
            [{"N": Unknown("leeftijd", "a"), "C": "a"}],
        ),
        ([Positive(Atom("zeker_p", (CASE, COLOUR)))], [], []),
        ([Positive(Atom("mogelijk_alleen", (CASE,)))], [{"C": "a"}], [{"C": "a"}]),
    ],
)
def test_a_query_is_answered_on_either_side(
    decider: PyDatalogDecider, query: list[Literal], certain: list[Any], possible: list[Any]
) -> None:
    facts = FactSet({"jaar": (("a", 1),)}, {"verf": ("a",), "leeftijd": ("a",)})
    assert decider.ask(facts, query, "zeker") == certain
    assert decider.ask(facts, query, "mogelijk") == possible
    assert decider.ask(EMPTY, [Positive(Atom("p", (CASE, COLOUR)))], "mogelijk") == []


def test_a_query_with_a_variable_without_a_value_is_refused(decider: PyDatalogDecider) -> None:
    with pytest.raises(ValueError, match="N gets no value"):
        decider.ask(RED, [Negated(Atom("jaar", (CASE, NUMBER))), Positive(Atom("gezien", (CASE,)))], "zeker")


@pytest.mark.parametrize("name", ["onbestaand", "__import__", "print('x') or p"])
def test_a_query_about_something_else_never_reaches_pydatalog(decider: PyDatalogDecider, name: str) -> None:
    with pytest.raises(KeyError):
        decider.ask(RED, [Positive(Atom(name, (CASE,)))], "zeker")
    assert answers(decider, RED) == {("a", "rood")}


def test_a_query_leaves_nothing_behind(decider: PyDatalogDecider) -> None:
    first = [Positive(Atom("verf", (CASE, COLOUR)))]
    assert decider.ask(RED, first, "zeker") == [{"C": "a", "K": "rood"}]
    assert decider.ask(RED, [Positive(Atom("jaar", (CASE, NUMBER)))], "zeker") == [{"C": "a", "N": 1}]
    assert decider.ask(EMPTY, first, "zeker") == []
