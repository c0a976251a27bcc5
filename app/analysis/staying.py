"""Whether what holds goes on holding while more becomes known.

Goes in: all cases of a law, and a node. Comes out: None, or a case in which one more fact takes it away.
Must not know: what the node says.

Completing a case takes steps of one fact each, and every step stays among the cases that the service decides: more
facts never make a contradiction go away, which is proved first. `And`, `Or` and `Not` pass on what their parts do, so
it is enough to prove the leaves, the ones that rules can give a value being the ones that matter. Only where a leaf
fails, or a part asks whether another is certain, the whole diagram is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from app.analysis.all_cases import AllCases
from app.kern.cudd import Bdd
from app.kern.formula import And, Certain, Not, Or, Possible
from app.kern.terms import Key
from app.lang.ast import Constant, Negated, Value
from app.lang.sides import base
from app.lang.strata import body_atoms, stated
from app.record import record

Fact = tuple[str, Key]
"""A fact or list of the case: its predicate and the thing it is about."""
Holds = Literal["certain", "impossible"]
OTHER: dict[Holds, Holds] = {"certain": "impossible", "impossible": "certain"}


@record
class Lost:
    """The cases, with one more fact known, in which something no longer holds that did without it."""

    after: Bdd
    fact: Fact


Said = Mapping[str, frozenset[Value]]
"""Per predicate the words that are an exception once they are stated."""


def lost(cases: AllCases, node: int, holds: Holds = "certain", but: Said | None = None) -> Lost | None:
    """Find where a node that is certain (or impossible) stops being so when one more fact becomes known.

    `but`: facts that may take it away, such as an objection of the professional.
    """
    said = but or {}
    parts = set(_parts(cases, node, holds, set()))
    if all(_lost(cases, _where(cases, one, side), cases.inside, said) is None for one, side in parts):
        return None
    return _lost(cases, _where(cases, node, holds), cases.inside, said)


def objections(cases: AllCases) -> Said:
    """Return the words of open facts that count as an exception once they are stated, and else as not so.

    They are what the rules of a stated predicate ask (`app.lang.strata.stated`) where a three-valued rule denies it.
    """
    program = cases.ground.program
    mine = stated(program.rules, program.vocabulary)
    denied = {
        literal.atom.predicate for rule in program.rules for literal in rule.body if isinstance(literal, Negated)
    } & mine
    found: dict[str, set[Value]] = {}
    for rule in program.rules:
        for atom in body_atoms(rule) if rule.head.predicate in denied else ():
            word = atom.arguments[-1]
            if isinstance(word, Constant):
                found.setdefault(base(atom.predicate), set()).add(word.value)
    return {name: frozenset(words) for name, words in found.items()}


def refusal_lost(cases: AllCases) -> Lost | None:
    """Find where a contradiction goes away when one more fact becomes known."""
    return _lost(cases, cases.refused, cases.space.valid, {})


def _where(cases: AllCases, node: int, holds: Holds) -> Bdd:
    pair = cases.pair(node)
    return pair.certain if holds == "certain" else ~pair.possible


def _parts(cases: AllCases, node: int, holds: Holds, seen: set[tuple[int, Holds]]) -> Iterator[tuple[int, Holds]]:
    """Yield the nodes that must go on holding for this one to do so."""
    if (node, holds) in seen:
        return
    seen.add((node, holds))
    match cases.ground.formulas[node]:
        case And(children) | Or(children):
            for child in children:
                yield from _parts(cases, child, holds, seen)
        case Not(child):
            yield from _parts(cases, child, OTHER[holds], seen)
        case Certain(child) if holds == "certain":
            yield from _parts(cases, child, holds, seen)
        case Possible(child) if holds == "impossible":
            yield from _parts(cases, child, holds, seen)
        case _:
            yield node, holds


def _lost(cases: AllCases, held: Bdd, among: Bdd, said: Said) -> Lost | None:
    space = cases.space
    support = space.bdd.support(held)
    for known, fact in _steps(cases).items():
        if known in support:
            before = space.bdd.let({known: False}, held)
            after = before & space.bdd.let({known: True}, ~held)
            after &= space.bdd.let({known: False}, among) & space.bdd.let({known: True}, among)
            after &= ~_stated(cases, fact, said)
            if after != space.bdd.false:
                return Lost(after & space.bdd.var(known), fact)
    return None


def _stated(cases: AllCases, fact: Fact, said: Said) -> Bdd:
    """Where a fact has a word that may take something away."""
    words = said.get(fact[0], frozenset())
    choices = [one for cell, one in cases.space.choices.items() if (cell.predicate, cell.key) == fact]
    return cases.space.any([cube for one in choices for word, cube in one.cubes.items() if word in words])


def _steps(cases: AllCases) -> dict[str, Fact]:
    """The facts that can become known: the open ones, and closed numbers out of which rules compute an open one."""
    space = cases.space
    closed = {
        known: (cell.predicate, cell.key)
        for cell, known in space.numbers.items()
        if not space.is_open(cell) and not space.is_clock(cell)
    }
    return {**space.open_bits(), **closed}
