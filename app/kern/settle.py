"""What would settle a node: the sets of answers that make it certain.

Goes in: the evaluation of one flow, and which facts can still be stated. Comes out: boxes of answers per node.
Must not know: what a node stands for, or how an answer is worded.

Rows of lists may hold a `Place`, so that flows which share all values share their boxes; `resolve` puts in the words.
Subsets are not tried. A conjunction is settled by answers that settle all of it, a disjunction by answers that settle a
part, and a leaf by the values that make it hold: these are the prime implicants of the formula, with the known facts
filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from app.kern.accepted import Allowed, Choice, Entries, EntryRow, Interval
from app.kern.boxes import NEVER, SETTLED, Box, Boxes, both, either
from app.kern.evaluate import Evaluation
from app.kern.formula import And, AtMostZero, Given, Leaf, Listed, Not, OneOf, Or
from app.kern.signature import Signature, word_of
from app.kern.terms import Cell, Quotient, Sum
from app.kern.values import CERTAIN
from app.lang import calendar
from app.lang.ast import Value
from app.lang.vocabulary import Domain, Vocabulary

Check = Callable[[], None]


class Settling:
    """The boxes of one flow's nodes, each with so many answers at most. Keeps what it worked out.

    A box only ever grows on the way up, so one that has grown too large is dropped at once, and nothing smaller can
    miss it. `shared`: the same for the case as a whole, which all its flows use.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        askable: Collection[str],
        today: int,
        most: int | None,
        check: Check,
        shared: Settling | None = None,
    ) -> None:
        """`askable`: the predicates a caller can state. `today`: yyyymmdd. `most`: None for no limit.

        `check` is called now and then, and raises to stop.
        """
        self._evaluation = evaluation
        self._ground = evaluation.ground
        self._vocabulary: Vocabulary = evaluation.ground.program.vocabulary
        self._askable = askable
        self._today = today
        self._most = most
        self._check = check
        self._shared = shared
        self._boxes: dict[int, Boxes] = {}

    def certain(self, number: int) -> Boxes:
        """List the answers that make a node certain."""
        if self._shared is not None and not self._evaluation.is_own(number):
            return self._shared.certain(number)
        found = self._boxes.get(number)
        if found is None:
            value = self._evaluation.value(number)
            found = SETTLED if value == CERTAIN else self._settle(number) if value else NEVER
            self._boxes[number] = found
        return found

    def _settle(self, number: int) -> Boxes:
        self._check()
        match self._ground.formulas[number]:
            case And(children):
                return self._all(children)
            case Or(children):
                return either(box for child in children for box in self.certain(child))
            case Not(child):
                leaf = self._ground.formulas[child]
                return self._refuted(leaf) if isinstance(leaf, OneOf | Listed) else NEVER
            case OneOf() | Given() | AtMostZero() | Listed() as leaf:
                return self._held(leaf)
        return NEVER

    def _all(self, children: Iterable[int]) -> Boxes:
        parts: list[Boxes] = []
        for child in children:
            if self._evaluation.value(child) != CERTAIN:
                boxes = self.certain(child)
                if not boxes:
                    return NEVER
                parts.append(boxes)
        parts.sort(key=len)  # what leaves no choice first: it narrows the rest
        found = SETTLED
        for boxes in parts:
            found = both(found, boxes, self._most)
            if not found:
                return NEVER
        return found

    def _held(self, leaf: Leaf) -> Boxes:
        match leaf:
            case OneOf(cell, values):
                return either((*self._stated(cell, Choice(values)), *self._derived(cell, values)))
            case Given(cell):
                return either((*self._stated(cell, Interval(None, None)), *self._derived(cell, None)))
            case Listed(cell):
                return self._stated(cell, Entries(frozenset((cell.rest,)), frozenset()))
            case AtMostZero(total):
                return self._solved(total)
        return NEVER

    def _refuted(self, leaf: OneOf | Listed) -> Boxes:
        if isinstance(leaf, Listed):
            return self._stated(leaf.cell, Entries(frozenset(), frozenset((leaf.cell.rest,))))
        others = frozenset(self._domain(leaf.cell).values) - leaf.values
        stated = self._stated(leaf.cell, Choice(others)) if others else NEVER
        return either((*stated, *self._derived(leaf.cell, others)))

    def _stated(self, cell: Cell, allowed: Allowed) -> Boxes:
        """The caller answers an open fact."""
        key = self._evaluation.key(cell)
        if cell.predicate not in self._askable or not self._evaluation.is_unknown(cell):
            return NEVER
        return ({(cell.predicate, key): allowed},)

    def _derived(self, cell: Cell, values: frozenset[Value] | None) -> Iterable[Box]:
        """The rules give an open fact one of these values, or any."""
        for one in self._ground.derived.get(cell, ()):
            if values is None or one.value in values:
                yield from self.certain(one.node)

    def _domain(self, cell: Cell) -> Domain:
        return self._vocabulary.domain_of(cell.predicate, 1)

    def _solved(self, total: Sum) -> Boxes:
        """Solve `total <= 0` for the numbers nobody gave."""
        constant, factors = total.constant, dict[Cell, int]()
        for one, factor in total.terms:
            amount = self._evaluation.amount(Sum(((one, factor),)))
            if amount is not None:
                constant += amount
            elif isinstance(one, Quotient) or not self._evaluation.is_unknown(one):
                return NEVER  # what rules compute rests on closed facts, and no answer changes those
            else:
                factors[one] = factor
        match list(factors.items()):
            case [(cell, factor)]:
                return self._one(cell, factor, constant)
            case [first, second]:
                return either((*self._two(first, second, constant), *self._two(second, first, constant)))
        return NEVER

    def _one(self, cell: Cell, factor: int, constant: int) -> Boxes:
        """Solve factor × number + constant <= 0."""
        edge = -constant // factor if factor > 0 else -(-constant // -factor)
        interval = fit(Interval(None, edge) if factor > 0 else Interval(edge, None), self._domain(cell))
        return NEVER if interval is None else self._stated(cell, interval)

    def _two(self, pinned: tuple[Cell, int], free: tuple[Cell, int], constant: int) -> Iterable[Box]:
        """Solve for two numbers: pin one at an end of its domain (a date at today), and solve for the other.

        That is not every solution, but where an end exists it leaves the other the most room.
        """
        cell, factor = pinned
        domain = self._domain(cell)
        limits = (self._today,) if domain.kind == "datum" else (domain.minimum, domain.maximum)
        for end in limits:
            if end is not None:
                for one in self._stated(cell, Interval(end, end)):
                    for other in self._one(free[0], free[1], constant + factor * end):
                        yield {**one, **other}


def fit(interval: Interval, domain: Domain) -> Interval | None:
    """Keep what a domain allows, dates rounded inwards to real ones; None when nothing is left.

    A limit that the domain sets itself is no limit.
    """
    low, high = interval.low, interval.high
    if domain.kind == "datum":
        low = None if low is None or low <= calendar.FIRST else calendar.ceiling(low)
        high = None if high is None or high >= calendar.LAST else calendar.floor(high)
    else:
        lowest, highest = domain.minimum, domain.maximum
        if (low is not None and highest is not None and low > highest) or (
            high is not None and lowest is not None and high < lowest
        ):
            return None
        low = None if low is None or (lowest is not None and low <= lowest) else low
        high = None if high is None or (highest is not None and high >= highest) else high
    return None if low is not None and high is not None and low > high else Interval(low, high)


def resolve(box: Box, signature: Signature) -> Box:
    """Put a flow's own words in the rows of a box."""

    def words(rows: frozenset[EntryRow]) -> frozenset[EntryRow]:
        return frozenset(tuple(word_of(one, signature) for one in row) for row in rows)

    return {
        item: Entries(words(allowed.held), words(allowed.barred)) if isinstance(allowed, Entries) else allowed
        for item, allowed in box.items()
    }
