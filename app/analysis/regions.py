"""Regions: a set of cases as few and as wide conditions on single facts as can be.

Goes in: a set of cases, and the cases that a region may not touch. Comes out: `Region`s that cover the set.
Must not know: what the set stands for, or any words.

A region gives some facts a set of values, and says nothing of the others. It is minimal: no value can be added to any
of its facts without touching what it may not touch. Special facts, which are seldom there (a recorded consent, an
earlier purpose, an emergency), are named only where the difference is not there without them; a region without them
holds as long as they do not decide otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from app.kern.cudd import Bdd
from app.kern.linear import Form
from app.kern.space import Space
from app.kern.terms import Cell, Key
from app.lang.ast import Value
from app.record import record

Kind = Literal["word", "number", "given", "row", "list", "entry"]
State = Value | bool | None
"""A value of an axis: a word, the place of an interval, whether it is so; None where the fact is not known."""


@record
class Axis:
    """One thing that a region can be about.

    `word`: a fact that is one of some words. `number`: the interval in which a linear form lies. `given`: whether a
    number is known. `row`: whether a list has a row. `list`: whether a list is known. `entry`: whether one is there.
    """

    kind: Kind
    of: Cell | Form | Key | tuple[str, Key]


Region = Mapping[Axis, tuple[State, ...]]


@record
class Covered:
    """A region with the cases in it."""

    region: Region
    box: Bdd


@record
class _Scale:
    """An axis with the cases of each of its states."""

    axis: Axis
    bits: tuple[str, ...]
    states: tuple[tuple[State, Bdd], ...]


class Cover:
    """Covers sets of cases with minimal regions."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._scales = sorted(_scales(space), key=lambda one: _rank(space, one.axis))
        self._special = {one.axis for one in self._scales if _is_special(space, one.axis)}
        self._kept: dict[tuple[Bdd, Bdd], tuple[Covered, ...]] = {}

    def regions(self, cases: Bdd, forbidden: Bdd, most: int) -> tuple[Covered, ...]:
        """Cover some cases with regions outside others; at most so many, and one more where there are."""
        key = (cases, forbidden)
        if key not in self._kept:
            found = tuple(one for _, one in zip(range(most + 1), self._regions(cases, forbidden), strict=False))
            self._kept[key] = found
        return self._kept[key]

    def _regions(self, cases: Bdd, forbidden: Bdd) -> Iterator[Covered]:
        bdd = self._space.bdd
        names = bdd.support(cases) | bdd.support(forbidden)
        scales = [one for one in self._scales if names & set(one.bits)]
        special = [one for one in scales if one.axis in self._special]
        usual = [one for one in scales if one.axis not in self._special]
        left = cases
        while left != bdd.false:
            point = self._point(left, scales)
            fixed = {bit: point[bit] for one in special for bit in one.bits}
            named = {one.axis: (_state_at(one, point, bdd),) for one in special if point[one.bits[0]]}
            there = bdd.cube({bit: fixed[bit] for one in special if point[one.bits[0]] for bit in one.bits})
            for region, box in self._usual(bdd.let(fixed, left), bdd.let(fixed, forbidden), usual):
                yield Covered({**named, **region}, box & there)
                left &= ~(box & there)

    def _usual(self, left: Bdd, forbidden: Bdd, scales: Sequence[_Scale]) -> Iterator[tuple[Region, Bdd]]:
        """Cover some cases of which all special facts are fixed."""
        bdd, cases = self._space.bdd, left
        while left != bdd.false:
            region, box = self._widest(self._point(left, scales), scales, forbidden)
            yield self._needed(region, box & cases, scales), box
            left &= ~box

    def _point(self, cases: Bdd, scales: Sequence[_Scale]) -> dict[str, bool]:
        """Choose a case in which as little as can be is said or special."""
        bdd = self._space.bdd
        chosen: dict[str, bool] = {}
        telling = [one.bits[0] for one in scales if one.axis.kind != "number"]
        # In a fixed order, so that the same laws are always told in the same regions.
        for bit in dict.fromkeys((*telling, *(bit for one in scales for bit in one.bits))):
            fewer = bdd.let({bit: False}, cases)
            chosen[bit] = fewer == bdd.false
            cases = bdd.let({bit: True}, cases) if chosen[bit] else fewer
        return chosen

    def _widest(self, point: Mapping[str, bool], scales: Sequence[_Scale], forbidden: Bdd) -> tuple[Region, Bdd]:
        """Widen a case to a region: per axis, all states that touch nothing forbidden."""
        bdd = self._space.bdd
        rest = [forbidden]
        for one in reversed(scales[1:]):
            rest.append(bdd.let({bit: point[bit] for bit in one.bits}, rest[-1]))
        region: dict[Axis, tuple[State, ...]] = {}
        box = bdd.true
        for one, among in zip(scales, reversed(rest), strict=False):
            touched = among & box
            kept = [(state, cube) for state, cube in one.states if touched & cube == bdd.false]
            if len(kept) < len(one.states):
                region[one.axis] = tuple(state for state, _ in kept)
                box &= self._space.any(cube for _, cube in kept)
        return region, box

    def _needed(self, region: Region, cases: Bdd, scales: Sequence[_Scale]) -> Region:
        """Leave out the states that none of the cases of a region have: they only touch nothing forbidden."""
        states = {one.axis: one.states for one in scales}
        nothing = self._space.bdd.false
        return {
            axis: tuple(state for state, cube in states[axis] if state in kept and cases & cube != nothing)
            for axis, kept in region.items()
        }


def _state_at(scale: _Scale, point: Mapping[str, bool], bdd: Bdd) -> State:
    """Return the state of an axis in one case."""
    return next(state for state, cube in scale.states if bdd.let(dict(point), cube) == bdd.true)


def _scales(space: Space) -> Iterator[_Scale]:
    bdd = space.bdd
    for cell, choice in space.choices.items():
        assert choice.known is not None
        known = bdd.var(choice.known)
        words: list[tuple[State, Bdd]] = [(word, known & cube) for word, cube in choice.cubes.items()]
        yield _Scale(Axis("word", cell), (choice.known, *choice.bits), ((None, ~known), *words))
    for form, region in space.regions.items():
        yield _Scale(Axis("number", form), region.bits, tuple(enumerate(region.cubes)))
    yield from (_flag(space, Axis("given", cell), bit) for cell, bit in space.numbers.items())
    yield from (
        _flag(space, Axis("row", cell), bit) for cell, bit in space.listed.items() if cell.key not in space.entries
    )
    yield from (_flag(space, Axis("list", where), bit) for where, bit in space.lists.items())
    yield from (_flag(space, Axis("entry", key), bit) for key, bit in space.entries.items())


def _flag(space: Space, axis: Axis, bit: str) -> _Scale:
    return _Scale(axis, (bit,), ((False, ~space.bdd.var(bit)), (True, space.bdd.var(bit))))


def _is_special(space: Space, axis: Axis) -> bool:
    """Whether a fact is seldom there: a closed fact of the case or the flow, a row of a list, a recorded entry."""
    if axis.kind in ("word", "given"):
        assert isinstance(axis.of, Cell)
        return not space.is_open(axis.of) and not space.is_clock(axis.of)
    return axis.kind in ("row", "entry")


def _rank(space: Space, axis: Axis) -> tuple[int, str]:
    """What is widened first, and so is seldom part of a region: special facts, then those of the flow."""
    if _is_special(space, axis):
        return 0, str(axis.of)
    if not isinstance(axis.of, Cell):
        return 2, str(axis.of)
    wide = axis.kind == "word" and len(space.vocabulary.domain_of(axis.of.predicate, 1).values) > 4
    return (4 if wide else 1 if axis.of.key != space.shape.case else 3), str(axis.of)
