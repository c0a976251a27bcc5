"""Whether every case has an oordeel, and no case two: proved of the rules that choose it alone.

Goes in: all cases of a law. Comes out: the cases without an oordeel, and those with two. Must not know: what any
oordeel depends on.

An oordeel asks of each norm only whether it certainly permits and whether it can still permit. With a variable for each
of these the proof needs no facts at all, so it is quick; only where it fails the real cases are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from app.advice import contract
from app.analysis.all_cases import AllCases
from app.kern.cudd import Bdd, is_complement, manager, regular
from app.kern.formula import And, Certain, Not, Or, Possible


def without_oordeel(cases: AllCases) -> Bdd:
    """The cases that have no oordeel."""
    nodes = list(cases.rows(contract.OORDEEL).values())
    if _Outline(cases).is_sure(nodes):
        return cases.space.bdd.false
    return cases.inside & ~cases.space.any(cases.pair(node).certain for node in nodes)


def with_two_oordelen(cases: AllCases) -> Bdd:
    """The cases that have more than one oordeel."""
    outline, found = _Outline(cases), cases.space.bdd.false
    for one, other in combinations(cases.rows(contract.OORDEEL).values(), 2):
        if not outline.exclude(one, other):
            found |= cases.inside & cases.pair(one).certain & cases.pair(other).certain
    return found


class _Outline:
    """Two-valued nodes, with a variable for each set of cases that they ask about.

    A set and its complement share a variable. What is certain is possible: the two sides of a node are declared next to
    each other, which keeps these diagrams small.
    """

    def __init__(self, cases: AllCases) -> None:
        self._cases = cases
        self._bdd = manager()
        self._names: dict[Bdd, str] = {}
        self._made: dict[int, Bdd] = {}
        self._sides: dict[tuple[Bdd, Bdd], tuple[Bdd, Bdd]] = {}

    def is_sure(self, nodes: Sequence[int]) -> bool:
        """Whether one of some nodes holds in any case."""
        found = self._bdd.false
        for node in nodes:
            found |= self._of(node)
        return bool((~found & self._coherent()) == self._bdd.false)

    def exclude(self, one: int, other: int) -> bool:
        """Whether two nodes hold together in no case."""
        both = self._of(one) & self._of(other)
        return bool((both & self._coherent()) == self._bdd.false)

    def _coherent(self) -> Bdd:
        found = self._bdd.true
        for certain, possible in reversed(self._sides.values()):
            found &= ~certain | possible
        return found

    def _of(self, node: int) -> Bdd:
        found = self._made.get(node)
        if found is None:
            found = self._made[node] = self._make(node)
        return found

    def _make(self, node: int) -> Bdd:
        match self._cases.ground.formulas[node]:
            case And(children):
                found = self._bdd.true
                for child in children:
                    found &= self._of(child)
                return found
            case Or(children):
                found = self._bdd.false
                for child in children:
                    found |= self._of(child)
                return found
            case Not(child):
                return ~self._of(child)
            case Certain(child):
                return self._both_sides(child)[0]
            case Possible(child):
                return self._both_sides(child)[1]
        return self._both_sides(node)[0]

    def _both_sides(self, node: int) -> tuple[Bdd, Bdd]:
        pair = self._cases.pair(node)
        key = (pair.certain, pair.possible)
        if key not in self._sides:
            self._sides[key] = (self._variable(pair.certain), self._variable(pair.possible))
        return self._sides[key]

    def _variable(self, asked: Bdd) -> Bdd:
        """The variable of a set of cases; constant for none and all."""
        if asked in (self._cases.space.bdd.true, self._cases.space.bdd.false):
            return self._bdd.true if asked == self._cases.space.bdd.true else self._bdd.false
        name = self._names.setdefault(regular(asked), f"part {len(self._names)}")
        if name not in self._bdd.vars:
            self._bdd.declare(name)
        return ~self._bdd.var(name) if is_complement(asked) else self._bdd.var(name)
