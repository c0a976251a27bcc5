"""Whether what holds goes on holding while more becomes known.

Goes in: all cases of a law, and a node. Comes out: None, or a case in which one more fact takes it away.
Must not know: what the node says.

Completing a case takes steps of one fact each, and every step stays among the cases that the service decides: more
facts never make a contradiction go away, which is proved first. `And`, `Or` and `Not` pass on what their parts do, so
it is enough to prove the leaves, the ones that rules can give a value being the ones that matter. Only where a leaf
fails, or a part asks whether another is certain, the whole diagram is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from app.advice import contract
from app.analysis.all_cases import AllCases
from app.kern.cudd import Bdd
from app.kern.formula import And, Certain, Not, Or, Possible
from app.kern.terms import Key
from app.lang.ast import Constant, Negated, Positive, Rule, Value
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

    `but`: words that may take it away, such as an objection of the professional.
    """
    said = but or {}
    parts = set(_parts(cases, node, holds, set()))
    if all(_lost(cases, _where(cases, one, side), cases.inside, said) is None for one, side in parts):
        return None
    return _lost(cases, _where(cases, node, holds), cases.inside, said)


def exceptions(cases: AllCases, permitted: bool) -> Said:
    """Return the words that, once stated, may take away a permission (`permitted`), or that nothing permits.

    They are the words that the rules of a stated predicate ask (`app.lang.strata.stated`). One that a permission rests
    on denied, such as an objection, takes it away; one that it rests on affirmed makes it.
    """
    program = cases.ground.program
    mine = stated(program.rules, program.vocabulary)
    signs = _signs(program.rules, contract.MAG)
    asked = {name for name, affirmed in signs if affirmed != permitted and name in mine}
    found: dict[str, set[Value]] = {}
    for rule in program.rules:
        for atom in body_atoms(rule) if rule.head.predicate in asked else ():
            word = atom.arguments[-1]
            if isinstance(word, Constant):
                found.setdefault(base(atom.predicate), set()).add(word.value)
    return {name: frozenset(words) for name, words in found.items()}


def _signs(rules: Sequence[Rule], outcome: str) -> set[tuple[str, bool]]:
    """List the predicates an outcome rests on, each with whether it adds to it (True) or takes from it, or both."""
    found = {(outcome, True)}
    waiting = [(outcome, True)]
    while waiting:
        name, affirmed = waiting.pop()
        for rule in rules:
            for literal in rule.body if rule.head.predicate == name else ():
                if isinstance(literal, Positive | Negated):
                    one = base(literal.atom.predicate), affirmed == isinstance(literal, Positive)
                    if one not in found:
                        found.add(one)
                        waiting.append(one)
    return found


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
            after = space.bdd.let({known: False}, held) & space.bdd.let({known: True}, ~held)
            if after == space.bdd.false:  # mostly; so nothing is worked out of all cases
                continue
            after &= ~_stated(cases, fact, said)
            after = after & space.bdd.let({known: False}, among) & space.bdd.let({known: True}, among)
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
