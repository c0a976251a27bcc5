"""Moments: the days and ages at which time alone can change the value of a node.

Goes in: a `Ground`, and the evaluation of a flow. Comes out: days (yyyymmdd) and ages. Must not know: what a node
stands for.

Time enters a formula only through its linear leaves: the calendar in `peildatum`, the age in `leeftijd`. Between two
of these moments no leaf can turn, so evaluating at each of them is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.kern.evaluate import Evaluation
from app.kern.ground import Ground
from app.kern.terms import Cell, Number, Quotient, Sum, cells_of
from app.lang.vocabulary import Clock
from app.record import record

TIMED: tuple[Clock, ...] = ("peildatum", "leeftijd")


@record
class Moments:
    """When something may turn: days (yyyymmdd, perhaps no real date) and ages."""

    days: frozenset[int]
    ages: frozenset[int]


class TimedLeaves:
    """The linear leaves with a clock in them, per node; found once per program."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._found: dict[int, frozenset[Sum]] = {}
        self._split: dict[Sum, tuple[tuple[tuple[Number, int], ...], Sum, bool]] = {}

    def under(self, numbers: Iterable[int]) -> frozenset[Sum]:
        """Return the sums of the timed leaves under some nodes."""
        found = [self._under(number) for number in numbers]
        return found[0] if len(found) == 1 else frozenset[Sum]().union(*found)

    def _under(self, number: int) -> frozenset[Sum]:
        found = self._found.get(number)
        if found is None:
            sums = self._ground.sums_under(number)
            found = self._found[number] = frozenset(one for one in sums if self._clock_in(one) is not None)
        return found

    def _clock_in(self, total: Sum) -> Clock | None:
        clocks = (self.clock_of(cell) for cell in cells_of(total))
        return next((clock for clock in clocks if clock in TIMED), None)

    def clock_of(self, cell: Cell) -> Clock | None:
        """Return the clock a fact is, if it is one."""
        return self._ground.program.vocabulary.predicates[cell.predicate].clock

    def moments(
        self, timed: Iterable[tuple[Evaluation, frozenset[Sum]]], case: Evaluation, day: int, age: int
    ) -> Moments:
        """List when, after a day and beyond an age, one of some sums may pass 0.

        `timed`: per flow the sums it rests on; those that are the same for every flow of the case are read from `case`.
        """
        shared: set[Sum] = set()
        found: list[tuple[Clock, int]] = []
        for evaluation, totals in timed:
            for total in totals:
                if self._parts(total)[2]:
                    shared.add(total)
                else:
                    found += self._edges(total, evaluation)
        for total in shared:
            found += self._edges(total, case)
        return Moments(
            frozenset(edge for clock, edge in found if clock == "peildatum" and edge > day),
            frozenset(edge for clock, edge in found if clock == "leeftijd" and edge > age),
        )

    def _edges(self, total: Sum, evaluation: Evaluation) -> Iterator[tuple[Clock, int]]:
        """The first values of a clock at which `total <= 0` has another answer; none while another number is open."""
        timed, others, _ = self._parts(total)
        if len(timed) != 1 or (rest := evaluation.amount(others)) is None:
            return
        ((one, factor),) = timed
        for edge in edges(factor, rest):
            if isinstance(one, Cell):
                clock = self.clock_of(one)
                assert clock is not None
                yield clock, edge
            else:
                yield from self._edges_of_quotient(one, edge, evaluation)

    def _parts(self, total: Sum) -> tuple[tuple[tuple[Number, int], ...], Sum, bool]:
        """The terms with a clock, the sum of the others, and whether all of it is the same for every flow of a case."""
        found = self._split.get(total)
        if found is None:
            timed = tuple(term for term in total.terms if self._timed(term[0]))
            others = Sum(tuple(term for term in total.terms if term not in timed), total.constant)
            shared = all(cell.key == self._ground.shape.case for cell in cells_of(total))
            found = self._split[total] = (timed, others, shared)
        return found

    def _timed(self, one: Number) -> bool:
        cells = (one,) if isinstance(one, Cell) else cells_of(one.dividend)
        return any(self.clock_of(cell) in TIMED for cell in cells)

    def _edges_of_quotient(self, quotient: Quotient, edge: int, evaluation: Evaluation) -> Iterator[tuple[Clock, int]]:
        """A quotient reaches a value when its dividend reaches that many times the divisor."""
        dividend, reached = quotient.dividend, edge * quotient.divisor
        yield from self._edges(
            Sum(tuple((one, -factor) for one, factor in dividend.terms), reached - dividend.constant), evaluation
        )


def edges(factor: int, rest: int) -> tuple[int, ...]:
    """Return the values of a clock from which `factor * clock + rest <= 0` has another answer.

    >>> edges(1, -18), edges(-1, 18)
    ((19,), (18,))
    """
    edge, remainder = divmod(-rest, factor)
    if remainder:
        return edge, edge + 1
    return (edge + 1,) if factor > 0 else (edge,)
