"""The values that help: what an open fact may be answered with.

Goes in: two sets of accepted values of the same open fact. Comes out: what they have in common, together, or apart.
Must not know: rules, or why a value helps.
"""

from __future__ import annotations

from typing import NamedTuple

from app.kern.terms import Place
from app.lang.ast import Value

Item = tuple[str, Value]
"""An open fact: a predicate and the key about which nothing was said."""


EntryRow = tuple[Value | Place, ...]
"""A row of a list without its key; a `Place` stands for a word of the flow."""


class Interval(NamedTuple):
    """Whole numbers (or real dates) from `low` to `high`, both included; None is no limit."""

    low: int | None
    high: int | None


class Choice(NamedTuple):
    """Some words of a domain."""

    values: frozenset[Value]


class Entries(NamedTuple):
    """What a list must hold and must not hold (rows without the key)."""

    held: frozenset[EntryRow]
    barred: frozenset[EntryRow]


Allowed = Interval | Choice | Entries


def intersection(left: Allowed, right: Allowed) -> Allowed | None:
    """The values that both accept; None when there are none."""
    match left, right:
        case Choice(one), Choice(other):
            return Choice(one & other) if one & other else None
        case Interval(low, high), Interval(other_low, other_high):
            lows = [limit for limit in (low, other_low) if limit is not None]
            highs = [limit for limit in (high, other_high) if limit is not None]
            narrowed = Interval(max(lows, default=None), min(highs, default=None))
            empty = lows and highs and max(lows) > min(highs)
            return None if empty else narrowed
        case Entries(held, barred), Entries(other_held, other_barred):
            held, barred = held | other_held, barred | other_barred
            return None if held & barred else Entries(held, barred)
    return None


def within(small: Allowed, large: Allowed) -> bool:
    """Whether every value that `small` accepts is accepted by `large`."""
    match small, large:
        case Choice(one), Choice(other):
            return one <= other
        case Interval(low, high), Interval(other_low, other_high):
            return (other_low is None or (low is not None and low >= other_low)) and (
                other_high is None or (high is not None and high <= other_high)
            )
        case Entries(held, barred), Entries(other_held, other_barred):
            return held >= other_held and barred >= other_barred
    return False


def union(left: Allowed, right: Allowed) -> Allowed | None:
    """The values that one of the two accepts; None where no single set of values says so."""
    match left, right:
        case Choice(one), Choice(other):
            return Choice(one | other)
        case Interval(low, high), Interval(other_low, other_high):
            (low, high), (other_low, other_high) = sorted(
                [(low, high), (other_low, other_high)], key=lambda ends: _start(ends[0])
            )
            if high is not None and high + 1 < _start(other_low):
                return None
            return Interval(low, None if high is None or other_high is None else max(high, other_high))
    return None


def difference(allowed: Allowed, wrong: Allowed) -> Allowed | None:
    """Values that the first accepts and the other does not; None when there are none, or none that can be said."""
    match allowed, wrong:
        case Choice(values), Choice(bad):
            return Choice(values - bad) if values - bad else None
        case Interval(low, high), Interval(bad_low, bad_high):
            if bad_low is not None and (low is None or low < bad_low):
                return Interval(low, bad_low - 1)
            if bad_high is not None and (high is None or high > bad_high):
                return Interval(bad_high + 1, high)
    return None


def _start(low: int | None) -> int:
    return -1 if low is None else low
