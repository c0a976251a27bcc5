"""Where two laws differ about one class of flows.

Goes in: two laws and a class of flows. Comes out: a `Difference` per way in which the oordeel changes, with its cases.
Must not know: how cases are shown.

First come the cases in which every open fact is known, as stated or as rules give it. A question that says less changes
along with these. Where the laws agree on all of them, they can still differ while something is unknown: a question
then gets another oordeel although no answer makes a difference in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from app.advice import contract
from app.analysis.outline import Outline
from app.analysis.two_laws import FlowClass, Law, TwoLaws
from app.kern.cudd import Bdd
from app.kern.formula import Certain, Possible
from app.kern.space import Space
from app.kern.terms import Cell
from app.record import record

Direction = Literal["ruimer", "strenger", "anders_gevraagd"]
Pair = tuple[str, str]
"""An oordeel of the first law and one of the second."""
DIRECTIONS: Final[tuple[Direction, ...]] = ("ruimer", "strenger", "anders_gevraagd")
_RANK: Final = {
    contract.NIET_TOEGESTAAN: 0,
    contract.ALLEEN_MET_TOESTEMMING: 1,
    contract.ONDER_VOORWAARDEN: 1,
    contract.TOEGESTAAN: 2,
}


@record
class Difference:
    """Cases in which two laws differ in one direction.

    `pairs`: the oordelen that change into another, with the cases. `cases`: all of these. `forbidden`: what a region of
    them may not touch: those where the laws agree, but for the ones that another norm, the same in both laws, permits
    anyway. `is_full`: whether these are cases in which every open fact is known.
    """

    direction: Direction
    pairs: Mapping[Pair, Bdd]
    cases: Bdd
    forbidden: Bdd
    is_full: bool


class Differences:
    """The differences between two laws."""

    def __init__(self, laws: TwoLaws) -> None:
        self._laws = laws
        self._space = laws.space
        cells = dict.fromkeys(cell for law in laws.laws for cell in law.ground.derived)
        self._derived = {cell: known for cell in cells if (known := _known(self._space, cell)) is not None}
        open_bits = {bit for bit in self._space.open_bits() if not self._is_never_known(bit)}
        self._said = dict.fromkeys(open_bits - {*self._derived.values()}, True)
        self._full = self._is_full()

    def all(self) -> Iterator[tuple[FlowClass, Difference]]:
        """Yield every difference, with the flows that it is about."""
        for flows in self._laws.classes():
            if not self.outline(flows.parts).is_same():
                merged = self._laws.merged(flows)
                found = tuple(self._of_full_cases(merged)) or tuple(self._of_partial_cases(merged))
                yield from ((merged, one) for one in found)

    def outline(self, parts: tuple[Mapping[int, Bdd], Mapping[int, Bdd]]) -> Outline:
        """Return the oordelen of both laws in outline."""
        first, second = self._laws.laws
        return Outline(self._space, (first.ground, second.ground), (first.oordelen(), second.oordelen()), parts)

    def _is_never_known(self, bit: str) -> bool:
        return bool((self._space.valid & self._space.bdd.var(bit)) == self._space.bdd.false)

    def _let(self, cases: Bdd) -> Bdd:
        return self._space.bdd.let(self._said, cases) if self._said else cases

    def _is_full(self) -> Bdd:
        """The cases in which each fact that rules may give is stated, or certain in both laws."""
        space = self._space
        full = space.bdd.cube(self._said)
        for cell, known in self._derived.items():
            given = [
                space.any(diagram.pair(one.node).certain for one in law.ground.derived.get(cell, ()))
                for law, diagram in zip(self._laws.laws, self._laws.diagrams, strict=True)
            ]
            full &= space.bdd.var(known) | (given[0] & given[1])
        return full

    def _of_full_cases(self, flows: FlowClass) -> Iterator[Difference]:
        """First the cases with every fact stated, then what shows only where rules give a fact."""
        first, second = ({node: self._let(one) for node, one in of.items()} for of in flows.parts)
        outline = self.outline((first, second))
        if outline.is_same():
            return
        space, nothing = self._space, self._space.bdd.false
        told, stated = space.bdd.cube(self._said), space.bdd.cube(dict.fromkeys(self._derived.values(), True))
        among = self._let(flows.valid & self._full)
        every = outline.cases(outline.pairs(), among)
        for direction, permits, pairs in _ways(outline.pairs()):
            cases = outline.cases(pairs, every)
            if cases == nothing:
                continue
            changed = {pair: found for pair in pairs if (found := outline.cases((pair,), cases)) != nothing}
            anyway = self._unchanged((first, second), Certain if permits else Possible) & ~every
            forbidden = among & ~cases & ~anyway
            for part in (cases & stated, cases & ~stated & ~self._completed(cases & stated)):
                if part != nothing:
                    within = forbidden & (stated if part & stated == part else ~stated)
                    yield Difference(direction, changed, part & told, within & told, True)

    def _of_partial_cases(self, flows: FlowClass) -> Iterator[Difference]:
        outline = self.outline(flows.parts)
        cases = outline.cases(outline.pairs(), flows.valid)
        if cases != self._space.bdd.false:
            anyway = self._unchanged(flows.parts, Certain)
            nothing = self._space.bdd.false
            pairs = {pair: found for pair in outline.pairs() if (found := outline.cases((pair,), cases)) != nothing}
            yield Difference("anders_gevraagd", pairs, cases, flows.valid & ~cases & ~anyway, False)

    def _completed(self, cases: Bdd) -> Bdd:
        """The cases that become one of these when facts that rules may give are stated too."""
        space, bdd = self._space, self._space.bdd
        for cell, known in self._derived.items():
            choice = space.choices.get(cell)
            numbers = (bit for form, region in space.regions.items() if cell in form.cells for bit in region.bits)
            bits = list(choice.bits if choice else numbers)
            cases |= ~bdd.var(known) & bdd.exist(bits, bdd.let({known: True}, cases))
        return cases

    def _unchanged(self, parts: tuple[Mapping[int, Bdd], Mapping[int, Bdd]], kind: type[Certain | Possible]) -> Bdd:
        """The cases in which some norm permits (or can still permit) that both laws read alike."""
        one, other = (_by_norm(law, of, kind) for law, of in zip(self._laws.laws, parts, strict=True))
        return self._space.any(cases for norm, cases in one.items() if other.get(norm) == cases)


def _known(space: Space, cell: Cell) -> str | None:
    """Return the variable that says whether an open fact is stated; None for other facts."""
    if not space.is_open(cell):
        return None
    choice = space.choices.get(cell)
    return space.numbers.get(cell) if choice is None else choice.known


def _by_norm(law: Law, parts: Mapping[int, Bdd], kind: type[Certain | Possible]) -> dict[str, Bdd]:
    norms = {node: norm for norm, node in law.norms().items()}
    found: dict[str, Bdd] = {}
    for node, cases in parts.items():
        part = law.ground.formulas[node]
        if isinstance(part, Certain | Possible) and isinstance(part, kind) and part.child in norms:
            found[norms[part.child]] = cases
    return found


def direction_of(pair: Pair) -> Direction:
    """Return in which direction an oordeel changes."""
    before, after = (_RANK.get(one, 1) for one in pair)
    return "anders_gevraagd" if before == after else "ruimer" if before < after else "strenger"


def _ways(pairs: tuple[Pair, ...]) -> Iterator[tuple[Direction, bool, tuple[Pair, ...]]]:
    """Group pairs by direction, and by whether either law permits."""
    for direction in DIRECTIONS:
        for permits in (True, False):
            found = tuple(
                pair for pair in pairs if direction_of(pair) == direction and (contract.TOEGESTAAN in pair) == permits
            )
            if found:
                yield direction, permits, found
