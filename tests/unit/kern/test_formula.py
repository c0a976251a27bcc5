"""Formulas: rewriting keeps every value in Kleene's logic, whatever is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from app.engine.facts import FactSet
from app.kern.case import Case
from app.kern.evaluate import Evaluation
from app.kern.formula import FALSE, TRUE, And, AtMostZero, Formulas, Given, Listed, OneOf, Or
from app.kern.terms import Cell, Key, Sum
from app.kern.values import CERTAIN, IMPOSSIBLE, NEGATED, POSSIBLE
from app.lang.ast import Value
from tests.unit.kern.small import small_ground

CASE: Final = Key("zaak")
COLOUR, AGE, LIST = Cell("kleur", CASE), Cell("jaren", CASE), Cell("bevat", CASE, ("rood",))
COLOURS: Final = ("rood", "wit", "blauw")
Tree = tuple[object, ...]

LEAVES = st.one_of(
    st.sets(st.sampled_from(COLOURS), min_size=1).map(lambda words: ("words", frozenset(words))),
    st.sampled_from([("given",), ("listed",), ("true",), ("false",)]),
    st.tuples(st.just("at_most"), st.sampled_from([-1, 1]), st.integers(-3, 3)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=10,
)


def built(formulas: Formulas, tree: Tree) -> int:
    """The node of a tree, by way of all rewrites."""
    match tree:
        case ("words", frozenset() as words):
            return formulas.add(OneOf(COLOUR, words))
        case ("given",):
            return formulas.add(Given(AGE))
        case ("listed",):
            return formulas.add(Listed(LIST, is_open=True))
        case ("at_most", int(factor), int(constant)):
            return formulas.at_most_zero(Sum(((AGE, factor),), constant))
        case ("not", tuple() as inner):
            return formulas.negate(built(formulas, inner))
        case ("and", tuple() as inner):
            return formulas.both([built(formulas, one) for one in inner])
        case ("or", tuple() as inner):
            return formulas.either([built(formulas, one) for one in inner])
    return TRUE if tree == ("true",) else FALSE


def value_of(tree: Tree, leaf: Callable[[Tree], int]) -> int:
    """The value of a tree by the definition of Kleene's logic."""
    match tree:
        case ("not", tuple() as inner):
            return NEGATED[value_of(inner, leaf)]
        case ("and", tuple() as inner):
            return min((value_of(one, leaf) for one in inner), default=CERTAIN)
        case ("or", tuple() as inner):
            return max((value_of(one, leaf) for one in inner), default=IMPOSSIBLE)
    return leaf(tree)


@given(
    TREES,
    st.none() | st.sampled_from(COLOURS),
    st.none() | st.integers(-4, 4),
    st.none() | st.booleans(),
)
def test_rewriting_keeps_the_value(tree: Tree, colour: str | None, age: int | None, listed: bool | None) -> None:
    ground = small_ground()
    known: dict[str, tuple[tuple[Value, ...], ...]] = {}
    unknown: dict[str, tuple[Value, ...]] = {}
    for name, said in (("kleur", colour), ("jaren", age)):
        if said is None:
            unknown[name] = ("c",)
        else:
            known[name] = (("c", said),)
    if listed is None:
        unknown["bevat"] = ("c",)
    elif listed:
        known["bevat"] = (("c", "rood"),)

    def leaf(one: Tree) -> int:
        match one:
            case ("words", frozenset() as words):
                return POSSIBLE if colour is None else CERTAIN if colour in words else IMPOSSIBLE
            case ("at_most", int(factor), int(constant)):
                return POSSIBLE if age is None else CERTAIN if factor * age + constant <= 0 else IMPOSSIBLE
            case ("given",):
                return POSSIBLE if age is None else CERTAIN
            case ("listed",):
                return POSSIBLE if listed is None else CERTAIN if listed else IMPOSSIBLE
        return CERTAIN if one == ("true",) else IMPOSSIBLE

    number = built(ground.formulas, tree)
    evaluation = Evaluation(ground, Case(FactSet(known, unknown)), {CASE: "c"})
    assert evaluation.value(number) == value_of(tree, leaf)


def test_an_unknown_fact_settles_nothing_by_itself() -> None:
    """`x or not x`, and a set of all words, stay open: completing the facts is what settles them."""
    formulas = Formulas()
    red = formulas.add(OneOf(COLOUR, frozenset(("rood",))))
    assert formulas.either((red, formulas.negate(red))) not in (TRUE, FALSE)
    every = formulas.either(formulas.add(OneOf(COLOUR, frozenset((word,)))) for word in COLOURS)
    assert formulas[every] == OneOf(COLOUR, frozenset(COLOURS))


def test_alternatives_about_one_fact_become_one_leaf() -> None:
    formulas = Formulas()
    listed = formulas.add(Listed(LIST, is_open=True))
    ways = [formulas.both((listed, formulas.add(OneOf(COLOUR, frozenset((word,)))))) for word in COLOURS[:2]]
    node = formulas[formulas.either(ways)]
    assert isinstance(node, And)
    assert formulas.add(OneOf(COLOUR, frozenset(COLOURS[:2]))) in node.children


def test_what_asks_more_is_absorbed() -> None:
    formulas = Formulas()
    red = formulas.add(OneOf(COLOUR, frozenset(("rood",))))
    given_age = formulas.add(Given(AGE))
    assert formulas.either((red, formulas.both((red, given_age)))) == red
    assert formulas.both((red, formulas.either((red, given_age)))) == red
    assert isinstance(formulas[formulas.either((red, given_age))], Or)
    assert isinstance(formulas[formulas.at_most_zero(Sum(((AGE, 1),), -18))], AtMostZero)
