"""Oordelen in outline: formulas over the parts that two laws share and those that differ.

Goes in: the oordeel formulas of two laws, with the cases of their parts. Comes out: the cases in which an oordeel of
one law goes with an oordeel of the other. Must not know: facts, or what an oordeel means.

The parts of an oordeel formula are a few dozen questions such as "is norm VSV-1 certain". Two parts with the same
cases are one variable here, so laws that do the same have the same outline, and nothing is computed over real cases.
Where outlines differ, the parts that differ come first: they leave few cases for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.kern.cudd import Bdd, is_complement, manager, regular
from app.kern.formula import FALSE, TRUE, And, Not, Or
from app.kern.ground import Ground
from app.kern.space import Space

Parts = Mapping[int, Bdd]


class Outline:
    """The oordelen of two laws about one class of flows."""

    def __init__(
        self,
        space: Space,
        grounds: tuple[Ground, Ground],
        oordelen: tuple[Mapping[str, int], Mapping[str, int]],
        parts: tuple[Parts, Parts],
    ) -> None:
        self._space = space
        first, second = ({regular(one) for one in of.values()} for of in parts)
        shared = dict.fromkeys(regular(one) for of in parts for one in of.values())
        self._cases = sorted(shared, key=lambda one: (one in first and one in second, len(one)))
        self._numbers = {one: number for number, one in enumerate(self._cases)}
        self._bdd = manager(small=True)
        self._bdd.declare(*map(_name, self._numbers.values()))
        made = [
            {name: self._of(made, node, of, {}) for name, node in nodes.items()}
            for made, nodes, of in zip(grounds, oordelen, parts, strict=True)
        ]
        self._first, self._second = made[0], made[1]

    def is_same(self) -> bool:
        """Whether both laws have the same oordelen in any case."""
        names = {*self._first, *self._second}
        return all(self._side(self._first, name) == self._side(self._second, name) for name in names)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List the pairs of unlike oordelen, of the first and the second law."""
        return tuple((one, other) for one in self._first for other in self._second if one != other)

    def cases(self, pairs: Iterable[tuple[str, str]], among: Bdd) -> Bdd:
        """The cases, among some, in which the oordelen of the two laws are one of these pairs."""
        found = self._bdd.false
        for one, other in pairs:
            found |= self._side(self._first, one) & self._side(self._second, other)
        return self._filled(found & self._differs(), among)

    def _differs(self) -> Bdd:
        """The outline of all differences."""
        found = self._bdd.false
        for name in (*self._first, *self._second):
            found |= self._bdd.apply("xor", self._side(self._first, name), self._side(self._second, name))
        return found

    def _side(self, of: Mapping[str, Bdd], name: str) -> Bdd:
        return of.get(name, self._bdd.false)

    def _of(self, made: Ground, node: int, parts: Parts, seen: dict[int, Bdd]) -> Bdd:
        found = seen.get(node)
        if found is None:
            found = seen[node] = self._make(made, node, parts, seen)
        return found

    def _make(self, made: Ground, node: int, parts: Parts, seen: dict[int, Bdd]) -> Bdd:
        match made.formulas[node]:
            case And(children):
                found = self._bdd.true
                for child in children:
                    found &= self._of(made, child, parts, seen)
                return found
            case Or(children):
                found = self._bdd.false
                for child in children:
                    found |= self._of(made, child, parts, seen)
                return found
            case Not(child):
                return ~self._of(made, child, parts, seen)
        return self._variable(node, parts)

    def _variable(self, node: int, parts: Parts) -> Bdd:
        if node in (TRUE, FALSE):
            return self._bdd.true if node == TRUE else self._bdd.false
        cases = parts[node]
        if cases in (self._space.bdd.true, self._space.bdd.false):
            return self._bdd.true if cases == self._space.bdd.true else self._bdd.false
        variable = self._bdd.var(_name(self._numbers[regular(cases)]))
        return ~variable if is_complement(cases) else variable

    def _filled(self, outline: Bdd, among: Bdd) -> Bdd:
        """The cases, among some, in which an outline holds."""
        nothing = self._space.bdd.false
        if among == nothing or outline == self._bdd.false:
            return nothing
        if outline == self._bdd.true:
            return among
        part = self._cases[int(outline.var.removeprefix("part "))]
        low, high = outline.low, outline.high
        if outline.negated:
            low, high = ~low, ~high
        return self._filled(low, among & ~part) | self._filled(high, among & part)


def _name(number: int) -> str:
    return f"part {number}"
