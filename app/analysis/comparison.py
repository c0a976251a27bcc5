"""A comparison of two laws: per group of flows what becomes wider, narrower, or is asked otherwise.

Goes in: two programs and the days of examples. Comes out: a `Comparison`. Must not know: how it is shown or confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.analysis.differences import DIRECTIONS, Difference, Differences, Direction, Pair
from app.analysis.outline import Outline
from app.analysis.region_words import conditions
from app.analysis.regions import Cover, Covered
from app.analysis.two_laws import FlowClass, TwoLaws, two_laws
from app.kern.example import Example, Interval, example
from app.kern.linear import Form
from app.kern.signature import Signature
from app.lang.diagnostics import Diagnostics
from app.lang.program import Program
from app.record import record

MOST_REGIONS: Final = 200
"""Regions of one group; where there are more, the rest is told as one."""
REFUSED: Final = "spreekt_zich_tegen"
"""In place of an oordeel: the question contradicts itself and gets no advice."""


@record
class RegionFound:
    """Cases that the laws decide otherwise: what they have in common, and one of them.

    `example` is None where no real numbers or dates were found. `pairs`: the oordelen that can change into another.
    """

    conditions: tuple[str, ...]
    pairs: tuple[Pair, ...]
    example: Example | None
    covered: Covered


@record
class Group:
    """Flows about which the laws differ in the same way in one direction.

    `is_full`: whether they differ when every open fact is known; False where only questions that say less are decided
    otherwise. `rest`: whether there are more cases than the regions cover.
    """

    direction: Direction
    signatures: tuple[Signature, ...]
    regions: tuple[RegionFound, ...]
    is_full: bool
    rest: bool


@record
class Comparison:
    """Two laws compared over all cases of all flows."""

    signatures: int
    groups: tuple[Group, ...]
    laws: TwoLaws

    def of(self, direction: Direction) -> tuple[Group, ...]:
        """Return the groups of one direction."""
        return tuple(group for group in self.groups if group.direction == direction)


def compare(first: Program, second: Program, days: Interval) -> Comparison | Diagnostics:
    """Compare two laws, or say which rules the kern does not understand."""
    laws = two_laws(first, second)
    return laws if isinstance(laws, Diagnostics) else _Comparing(laws, days).comparison()


class _Comparing:
    def __init__(self, laws: TwoLaws, days: Interval) -> None:
        self._laws = laws
        self._space = laws.space
        self._days = days
        self._cover = Cover(laws.space)
        self._differences = Differences(laws)
        self._last: tuple[FlowClass, Outline] | None = None

    def comparison(self) -> Comparison:
        """Compare class by class; classes about which the same is said are one group."""
        groups: dict[object, Group] = {}
        for flows, difference in self._found():
            signatures = self._laws.signatures_in(flows.flows)
            covered = self._cover.regions(difference.cases, difference.forbidden, MOST_REGIONS)
            told = tuple(self._told(one, difference) for one in covered[:MOST_REGIONS])
            key = (difference.direction, difference.is_full, told, len(covered) > MOST_REGIONS)
            same = groups.get(key)
            if same is None:
                regions = tuple(
                    self._shown(one, difference, flows, *texts) for one, texts in zip(covered, told, strict=False)
                )
                groups[key] = Group(difference.direction, signatures, regions, difference.is_full, key[-1])
            else:
                groups[key] = replace(same, signatures=(*same.signatures, *signatures))
        order = sorted(groups.values(), key=lambda one: (DIRECTIONS.index(one.direction), -len(one.signatures)))
        return Comparison(self._laws.signatures(), tuple(order), self._laws)

    def _found(self) -> Iterator[tuple[FlowClass, Difference]]:
        yield from self._refusals()
        yield from self._differences.all()

    def _told(self, one: Covered, difference: Difference) -> tuple[tuple[str, ...], tuple[Pair, ...]]:
        """What a region has in common in words, and the oordelen that change in it."""
        nothing = self._space.bdd.false
        inside = one.box & difference.cases
        pairs = tuple(pair for pair, cases in difference.pairs.items() if cases & inside != nothing)
        return conditions(one.region, self._space), pairs

    def _shown(
        self, one: Covered, difference: Difference, flows: FlowClass, texts: tuple[str, ...], pairs: tuple[Pair, ...]
    ) -> RegionFound:
        """Choose the example of a region: it says as little as can be."""
        cells = {cell for axis in one.region if isinstance(axis.of, Form) for cell in axis.of.cells}
        known = self._space.bdd.cube({self._space.numbers[cell]: True for cell in cells})
        among = flows.valid & one.box & known
        shown = None
        for pair in pairs:
            if shown is None and all(pair):
                cases = self._outline(flows).cases((pair,), among)
                shown = example(self._space, cases & flows.flows, self._days)
        for cases in difference.pairs.values():
            if shown is None:
                shown = example(self._space, cases & one.box & difference.cases & flows.flows, self._days)
        return RegionFound(texts, pairs, shown, one)

    def _outline(self, flows: FlowClass) -> Outline:
        """Return the outline of a class, which is kept while its regions are shown."""
        if self._last is None or self._last[0] is not flows:
            self._last = (flows, self._differences.outline(flows.parts))
        return self._last[1]

    def _refusals(self) -> Iterator[tuple[FlowClass, Difference]]:
        """Questions that only one of the laws refuses: the same for every flow."""
        first, second = self._laws.refused
        every = self._space.bdd.true
        for one, other, pair in ((first, second, ("", REFUSED)), (second, first, (REFUSED, ""))):
            cases = self._space.valid & other & ~one
            if cases != self._space.bdd.false:
                flows = FlowClass(every, self._space.valid, ({}, {}))
                yield flows, Difference("anders_gevraagd", {pair: cases}, cases, self._space.valid & ~cases, True)
