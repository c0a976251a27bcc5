"""Decision diagrams: every node of a ground program as the set of cases in which it is certain, and possible.

Goes in: a `Ground` and a `Space`. Comes out: a `Pair` of diagrams per node, over all full and partial cases.
Must not know: what a node stands for.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.kern.cudd import Bdd
from app.kern.formula import (
    And,
    AtMostZero,
    Certain,
    Constant,
    Given,
    Leaf,
    Listed,
    Not,
    OneOf,
    Or,
    Possible,
    Same,
)
from app.kern.ground import Ground
from app.kern.linear import STATED, atom, readings
from app.kern.space import Space
from app.kern.terms import Cell, Sum, cells_of
from app.record import record


@record
class Pair:
    """The cases in which something is certain, and those in which it is certain or possible."""

    certain: Bdd
    possible: Bdd


class Diagram:
    """The diagrams of one ground program; each is made when first asked for."""

    def __init__(self, ground: Ground, space: Space) -> None:
        self.ground = ground
        self.space = space
        self._pairs: dict[int, Pair] = {}
        self._sources: dict[Cell, tuple[tuple[int, Bdd], ...]] = {}

    def pair(self, number: int) -> Pair:
        """Return the diagrams of a node."""
        found = self._pairs.get(number)
        if found is None:
            found = self._pairs[number] = self._made(number)
        return found

    def _made(self, number: int) -> Pair:
        space = self.space
        match self.ground.formulas[number]:
            case And(children):
                pairs = [self.pair(child) for child in children]
                return Pair(space.all(one.certain for one in pairs), space.all(one.possible for one in pairs))
            case Or(children):
                pairs = [self.pair(child) for child in children]
                return Pair(space.any(one.certain for one in pairs), space.any(one.possible for one in pairs))
            case Not(child):
                pair = self.pair(child)
                return Pair(~pair.possible, ~pair.certain)
            case Certain(child):
                certain = self.pair(child).certain
                return Pair(certain, certain)
            case Possible(child):
                possible = self.pair(child).possible
                return Pair(possible, possible)
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> Pair:
        space = self.space
        match leaf:
            case Constant(holds):
                return _crisp(space.bdd.true if holds else space.bdd.false)
            case Same(place, other):
                return _crisp(space.same(place, other))
            case Listed(cell, is_open):
                return self._listed(cell, is_open)
            case OneOf():
                return self._one_of(leaf)
            case Given(cell):
                return self._given(cell)
            case AtMostZero(total):
                return self._at_most_zero(total)

    def _listed(self, cell: Cell, is_open: bool) -> Pair:
        there = self.space.bdd.var(self.space.listed[cell])
        if not is_open:
            return _crisp(there)
        known = self.space.bdd.var(self.space.lists[cell.predicate, cell.key])
        return Pair(known & there, ~known | there)

    def _one_of(self, leaf: OneOf) -> Pair:
        """A word as stated, or as rules give it; while it has none, an open fact can still have any."""
        space, cell = self.space, leaf.cell
        choice = space.choices[cell]
        assert choice.known is not None
        known = space.bdd.var(choice.known)
        stated = known & space.any(choice.cubes[word] for word in leaf.values)
        derived = self.ground.derived.get(cell, ())
        given = [(one.value, self.pair(one.node)) for one in derived]
        certain = stated | space.any(pair.certain for word, pair in given if word in leaf.values)
        without = ~known & ~space.any(pair.certain for _, pair in given)
        can_be = space.any(pair.possible for word, pair in given if word in leaf.values)
        return Pair(certain, certain | (without & (space.bdd.true if self.space.is_open(cell) else can_be)))

    def _given(self, cell: Cell) -> Pair:
        has = self.space.any(guard for _, guard in self.sources(cell))
        return Pair(has, self.space.bdd.true if self.space.is_open(cell) else has)

    def sources(self, cell: Cell) -> tuple[tuple[int, Bdd], ...]:
        """Return where a number comes from, with the cases in which it comes from there: stated first."""
        found = self._sources.get(cell)
        if found is None:
            found = self._sources[cell] = tuple(self._sources_of(cell))
        return found

    def _sources_of(self, cell: Cell) -> Iterator[tuple[int, Bdd]]:
        known = self.space.bdd.var(self.space.numbers[cell])
        yield STATED, known
        left = ~known
        for at, one in enumerate(self.ground.derived.get(cell, ())):
            certain = self.pair(one.node).certain
            yield at, left & certain
            left &= ~certain

    def _at_most_zero(self, total: Sum) -> Pair:
        space = self.space
        certain, known = space.bdd.false, space.bdd.false
        for reading in readings(total, self.ground.derived):
            guard = space.all(dict(self.sources(cell))[at] for cell, at in reading.chosen)
            stated = [cell for cell in cells_of(total) if not self.ground.derived.get(cell)]
            if isinstance(reading.total, Sum):
                stated += cells_of(reading.total)
            guard &= space.all(space.bdd.var(space.numbers[cell]) for cell in dict.fromkeys(stated))
            known |= guard
            certain |= guard & self._holds(reading.total)
        return Pair(certain, certain | ~known)

    def _holds(self, total: Sum | int) -> Bdd:
        space = self.space
        if isinstance(total, int):
            return space.bdd.true if total <= 0 else space.bdd.false
        one = atom(total)
        region = space.regions[one.form]
        most = space.bounds_of(one.form)[1]
        below = space.any(
            cube for at, cube in enumerate(region.cubes) if region.interval(at, one.bound, most)[1] <= one.bound
        )
        return below if one.holds else ~below


def _crisp(cases: Bdd) -> Pair:
    return Pair(cases, cases)
