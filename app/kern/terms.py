"""What stands in a row whose values depend on the case: keys, places of the flow, numbers.

Goes in: nothing. Comes out: immutable terms that the grounder puts into rows and formulas refer to.
Must not know: rules, formulas, or how a case is read.

A row of a ground program holds words and numbers of the law, and besides these: the `Key` of a thing (the case,
the flow, a recorded consent), a `Place` for a word of the flow's signature, and a `Sum` for a number of the case.
"""

from __future__ import annotations

from typing import NamedTuple

from app.lang.ast import Value
from app.record import record


class Key(NamedTuple):
    """A thing of one case, by its entity domain; `number` tells entries of one list apart."""

    domain: str
    number: int = 0


class Place(NamedTuple):
    """A word of the flow's signature, by position: who gives (0), who gets (1), the item (2), the purpose (3)."""

    position: int


class Cell(NamedTuple):
    """One input fact that a caller can state: `leeftijd(casus, …)`, `inhoud(casus, @2)`.

    `rest`: the arguments after the key that are fixed. A single-valued fact has none: its value is what is read.
    """

    predicate: str
    key: Key
    rest: tuple[Value | Place, ...] = ()


@record
class Quotient:
    """The whole part of a sum of closed numbers divided by a constant: `(Dag - Geboren) // 10000`."""

    dividend: Sum
    divisor: int


Number = Cell | Quotient


@record
class Sum:
    """A linear sum of numbers and dates: `terms` are (number, factor), sorted, no factor 0."""

    terms: tuple[tuple[Number, int], ...]
    constant: int = 0


Term = Value | Key | Place | Sum
Row = tuple[Term, ...]


def number(cell: Number) -> Sum:
    """Return the sum that is one number."""
    return Sum(((cell, 1),))


def combine(left: Sum | int, right: Sum | int, factor: int = 1) -> Sum | int:
    """Return `left + factor * right`; an int where no number of the case remains.

    >>> combine(1, 2, 3)
    7
    """
    if isinstance(left, int) and isinstance(right, int):
        return left + factor * right
    first = left if isinstance(left, Sum) else Sum((), left)
    second = right if isinstance(right, Sum) else Sum((), right)
    factors = dict(first.terms)
    for name, times in second.terms:
        factors[name] = factors.get(name, 0) + factor * times
    terms = tuple(sorted(((name, times) for name, times in factors.items() if times), key=repr))
    constant = first.constant + factor * second.constant
    return Sum(terms, constant) if terms else constant


def cells_of(total: Sum) -> tuple[Cell, ...]:
    """Return the input facts a sum reads."""
    found: list[Cell] = []
    for one, _ in total.terms:
        found += (one,) if isinstance(one, Cell) else cells_of(one.dividend)
    return tuple(dict.fromkeys(found))
