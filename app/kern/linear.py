"""Linear forms over the numbers of a case: their thresholds, and which combinations of intervals some integers fit.

Goes in: the sums of `AtMostZero` leaves. Comes out: atoms `form <= bound`, and a sound test of intervals of several
forms together. Must not know: diagrams, or what a number means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd

from app.kern.formula import Derived
from app.kern.ground import Ground
from app.kern.terms import Cell, Number, Quotient, Sum, cells_of, combine, number
from app.record import record

Row = tuple[tuple[int, ...], int]
"""One inequality: the factors, and the most that their sum may come to."""


@record
class Form:
    """A linear form without constant: factors without common divisor, the first of them positive.

    A whole part of a division is a number of its own here; `Space` adds how it lies to what is divided.
    """

    terms: tuple[tuple[Number, int], ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The numbers of the case in it."""
        return cells_of(Sum(self.terms))

    @property
    def quotients(self) -> tuple[Quotient, ...]:
        """The whole parts of divisions in it."""
        return tuple(one for one, _ in self.terms if isinstance(one, Quotient))

    def of(self, values: Mapping[Cell, int]) -> int:
        """What it comes to."""
        return amount(Sum(self.terms), values)


def amount(total: Sum, values: Mapping[Cell, int]) -> int:
    """Work out a sum.

    >>> amount(Sum(((Quotient(Sum((), 20260315), 10000), 2),), 1), {})
    4053
    """
    found = total.constant
    for one, factor in total.terms:
        value = values[one] if isinstance(one, Cell) else amount(one.dividend, values) // one.divisor
        found += factor * value
    return found


@record
class Atom:
    """`form <= bound`, or its denial."""

    form: Form
    bound: int
    holds: bool


class NotLinear(Exception):
    """A sum that has no linear form over the numbers of a case."""


@record
class Reading:
    """A sum with a value chosen for every number that rules may give: which, and the sum over stated numbers."""

    chosen: tuple[tuple[Cell, int], ...]
    total: Sum | int


STATED = -1
"""The choice of a number as the caller stated it; other choices are the index of what rules give."""


def readings(total: Sum, derived: Mapping[Cell, tuple[Derived, ...]]) -> tuple[Reading, ...]:
    """List the ways to read a sum, one for each combination of where its numbers come from."""
    found = [Reading((), total)]
    for cell in cells_of(total):
        if given := derived.get(cell):
            values = [(STATED, number(cell)), *((at, _amount(one)) for at, one in enumerate(given))]
            found = [
                Reading((*one.chosen, (cell, at)), _replaced(one.total, cell, value))
                for one in found
                for at, value in values
            ]
    return tuple(Reading(one.chosen, _without_quotients(one.total)) for one in found)


def _amount(given: Derived) -> Sum | int:
    return given.value if isinstance(given.value, Sum) else int(str(given.value))


def _replaced(total: Sum | int, cell: Cell, value: Sum | int) -> Sum | int:
    if isinstance(total, int):
        return total
    if any(isinstance(one, Quotient) and cell in cells_of(one.dividend) for one, _ in total.terms):
        raise NotLinear(f"{cell.predicate} is divided, and rules may give it")
    factors = dict(total.terms)
    factor = factors.pop(cell, 0)
    return combine(Sum(tuple(factors.items()), total.constant), value, factor) if factor else total


def _without_quotients(total: Sum | int) -> Sum | int:
    """Return a sum over integers that is at most 0 exactly when this one is.

    For `q = x // d`: `q + rest <= 0` is `x <= d * (1 - rest) - 1`, and `rest - q <= 0` is `d * rest <= x`.
    A quotient stays where that cannot be said: beside another, or times a number (the last day of a school year).
    """
    if isinstance(total, int):
        return total
    found = [(one, factor) for one, factor in total.terms if isinstance(one, Quotient)]
    if not found:
        return total
    (quotient, factor), *more = found
    if quotient.divisor < 1 or any(isinstance(one, Quotient) for one, _ in quotient.dividend.terms):
        raise NotLinear("a sum holds a division that no linear form can say")
    if more or abs(factor) != 1:
        return total
    rest = Sum(tuple(pair for pair in total.terms if pair[0] != quotient), total.constant)
    scaled = combine(0, rest, quotient.divisor)
    if factor < 0:
        return _without_quotients(combine(scaled, quotient.dividend, -1))
    return _without_quotients(combine(combine(scaled, quotient.dividend), 1 - quotient.divisor))


def atom(total: Sum) -> Atom:
    """Return `total <= 0` as an atom of its form."""
    terms = total.terms
    divisor = gcd(*(factor for _, factor in terms))
    if terms[0][1] > 0:
        return Atom(Form(tuple((cell, factor // divisor) for cell, factor in terms)), -total.constant // divisor, True)
    # -form + constant <= 0 is form >= constant, the denial of form <= constant - 1.
    bound = -(-total.constant // divisor) - 1
    return Atom(Form(tuple((cell, -factor // divisor) for cell, factor in terms)), bound, False)


def sums_of(ground: Ground, totals: Sequence[Sum]) -> Iterator[Sum]:
    """Yield every sum over stated numbers that these sums may be read as."""
    for total in totals:
        for reading in readings(total, ground.derived):
            if isinstance(reading.total, Sum):
                yield reading.total


def feasible(rows: Sequence[Row]) -> bool:
    """Whether some numbers satisfy all inequalities. False is certain of integers; True is certain of fractions.

    Fourier and Motzkin's elimination, each inequality tightened to whole numbers.
    """
    kept = _tightened(rows)
    while kept:
        width = len(next(iter(kept)))
        counts = [
            (sum(f[at] > 0 for f in kept) * sum(f[at] < 0 for f in kept), at)
            for at in range(width)
            if any(f[at] for f in kept)
        ]
        if not counts:
            return all(most >= 0 for most in kept.values())
        at = min(counts)[1]
        ups = [one for one in kept.items() if one[0][at] > 0]
        downs = [one for one in kept.items() if one[0][at] < 0]
        rest = [one for one in kept.items() if one[0][at] == 0]
        for up, most in ups:
            for down, least in downs:
                times, by = -down[at], up[at]
                factors = tuple(times * a + by * b for a, b in zip(up, down, strict=True))
                rest.append((factors, times * most + by * least))
        kept = _tightened(rest)
        if any(most < 0 and not any(factors) for factors, most in kept.items()):
            return False
    return True


def _tightened(rows: Sequence[Row]) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = {}
    for factors, most in rows:
        divisor = gcd(*factors) or 1
        key = tuple(factor // divisor for factor in factors)
        bound = most // divisor
        found[key] = min(bound, found.get(key, bound))
    return found
