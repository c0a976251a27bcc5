"""Examples: one case out of a set of cases, with the least said, and real numbers and dates.

Goes in: a set of cases as a diagram. Comes out: an `Example`, or None where no numbers fit.
Must not know: how a case is written as a question, or what any fact means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.kern.cudd import Bdd
from app.kern.linear import Form
from app.kern.signature import Signature, word_of
from app.kern.space import Choice, Space
from app.kern.terms import Cell, Key
from app.lang.ast import Value
from app.lang.calendar import ceiling, floor
from app.record import record

Interval = tuple[int, int]
MOST_TRIES: Final = 50
"""Combinations of intervals tried before the search for numbers gives up."""


@record
class Example:
    """One flow and one case about it.

    `signature`: the words of the flow. `words`, `numbers`: what was said. `lists`: per list that was given the rows it
    holds, without the key. `entries`: per kind of recorded entry how many there are.
    """

    signature: Signature
    words: Mapping[Cell, Value]
    numbers: Mapping[Cell, int]
    lists: Mapping[tuple[str, Key], frozenset[tuple[Value, ...]]]
    entries: Mapping[str, int]


def example(space: Space, cases: Bdd, days: Interval) -> Example | None:
    """Return an example of some cases with a day between two others; None when there is none."""
    cases &= space.valid
    for _ in range(MOST_TRIES):
        if cases == space.bdd.false:
            return None
        bits = _least(space, cases)
        found = _Reader(space, bits, days).example()
        if found is not None:
            return found
        cases &= ~space.bdd.cube({bit: bits[bit] for bit in _interval_bits(space)})
    return None


def assignment(space: Space, one: Example) -> dict[str, bool]:
    """Return the bits of an example: the way back."""
    bits = dict.fromkeys(space.bdd.vars, False)
    for place, choice in space.places.items():
        _set(bits, choice, one.signature[place.position])
    for cell, choice in space.choices.items():
        if cell in one.words and choice.known is not None:
            bits[choice.known] = True
            _set(bits, choice, one.words[cell])
    bits |= {known: cell in one.numbers for cell, known in space.numbers.items()}
    for form, region in space.regions.items():
        if all(cell in one.numbers for cell in form.cells):
            at = sum(edge < form.of(one.numbers) for edge in region.edges)
            bits |= {bit: bool(at >> place & 1) for place, bit in enumerate(region.bits)}
    bits |= {known: where in one.lists for where, known in space.lists.items()}
    for cell, name in space.listed.items():
        row = tuple(word_of(word, one.signature) for word in cell.rest)
        bits[name] = row in one.lists.get((cell.predicate, cell.key), ())
    for key, name in space.entries.items():
        bits[name] = key.number < one.entries.get(space.shape.entries[key.domain], 0)
    return bits


def _set(bits: dict[str, bool], choice: Choice, word: Value) -> None:
    at = list(choice.cubes).index(word)
    bits.update({bit: bool(at >> place & 1) for place, bit in enumerate(choice.bits)})


def _interval_bits(space: Space) -> list[str]:
    """The bits on which it depends whether numbers fit."""
    return [*space.numbers.values(), *(bit for region in space.regions.values() for bit in region.bits)]


def _least(space: Space, cases: Bdd) -> dict[str, bool]:
    """Choose an assignment that says as little as can be."""
    numbers = sorted(space.numbers.items(), key=lambda one: (space.is_open(one[0]), not space.is_date(one[0])))
    words = [one.known for one in space.choices.values() if one.known]
    said = [*space.entries.values(), *(known for _, known in numbers), *words, *space.lists.values()]
    for bit in (*said, *space.listed.values()):
        fewer = cases & ~space.bdd.var(bit)
        if fewer != space.bdd.false:
            cases = fewer
    bits: dict[str, bool] | None = space.bdd.pick(cases, care_vars=set(space.bdd.vars))
    assert bits is not None  # there is a case left
    return bits


class _Reader:
    """Reads one assignment."""

    def __init__(self, space: Space, bits: Mapping[str, bool], days: Interval) -> None:
        self._space = space
        self._bits = bits
        self._days = days

    def example(self) -> Example | None:
        """Return the example; None where no numbers lie in the intervals."""
        space, bits = self._space, self._bits
        cells = [cell for cell, known in space.numbers.items() if bits[known]]
        intervals = {form: self._interval(form) for form in space.regions if set(form.cells) <= set(cells)}
        numbers = self._numbers(cells, intervals)
        if numbers is None:
            return None
        words = {cell: _word(one, bits) for cell, one in space.choices.items() if one.known and bits[one.known]}
        signature = tuple(_word(one, bits) for one in space.places.values())
        entries: dict[str, int] = {}
        for key, name in space.entries.items():
            entries[space.shape.entries[key.domain]] = entries.get(space.shape.entries[key.domain], 0) + bits[name]
        return Example(signature, words, numbers, self._lists(signature), entries)

    def _lists(self, signature: Signature) -> Mapping[tuple[str, Key], frozenset[tuple[Value, ...]]]:
        space, bits = self._space, self._bits
        found: dict[tuple[str, Key], set[tuple[Value, ...]]] = {}
        for where, known in space.lists.items():
            if bits[known]:
                found[where] = set()
        for cell, name in space.listed.items():
            where = (cell.predicate, cell.key)
            if bits[name] and cell.key not in space.entries and (where in found or where not in space.lists):
                found.setdefault(where, set()).add(tuple(word_of(word, signature) for word in cell.rest))
        return {where: frozenset(rows) for where, rows in found.items()}

    def _interval(self, form: Form) -> Interval:
        region = self._space.regions[form]
        at = sum(self._bits[bit] << place for place, bit in enumerate(region.bits))
        return region.interval(at, *self._space.bounds_of(form))

    def _numbers(self, cells: Sequence[Cell], intervals: Mapping[Form, Interval]) -> dict[Cell, int] | None:
        """Find numbers in all intervals: the day first, then numbers, then dates."""
        order = sorted(cells, key=lambda cell: (not self._space.is_clock(cell), self._space.is_date(cell), cell))
        return next(self._solutions(order, {}, intervals), None)

    def _solutions(
        self, cells: Sequence[Cell], chosen: Mapping[Cell, int], intervals: Mapping[Form, Interval]
    ) -> Iterator[dict[Cell, int]]:
        if not cells:
            if all(low <= form.of(chosen) <= high for form, (low, high) in intervals.items()):
                yield dict(chosen)
            return
        cell = cells[0]
        low, high = self._days if self._space.is_clock(cell) else self._space.bounds(cell)
        for form, interval in intervals.items():
            if cell in form.cells:
                low, high = self._narrowed(cell, form, interval, chosen, (low, high))
        for value in _between(low, high, self._space.is_date(cell)):
            yield from self._solutions(cells[1:], {**chosen, cell: value}, intervals)

    def _narrowed(
        self, cell: Cell, form: Form, interval: Interval, chosen: Mapping[Cell, int], within: Interval
    ) -> Interval:
        """Narrow the values of a number by one form, the numbers not yet chosen having any value."""
        terms = [(one, factor) for one, factor in form.terms if isinstance(one, Cell)]
        if len(terms) < len(form.terms):  # with a whole part of a division: tried when all numbers are chosen
            return within
        low, high = interval
        own = 1
        for other, factor in terms:
            if other == cell:
                own = factor
                continue
            ends = (chosen[other], chosen[other]) if other in chosen else self._space.bounds(other)
            least, most = sorted((factor * ends[0], factor * ends[1]))
            low, high = low - most, high - least
        if own < 0:
            low, high, own = -high, -low, -own
        return max(within[0], -(-low // own)), min(within[1], high // own)


def _word(choice: Choice, bits: Mapping[str, bool]) -> Value:
    at = sum(bits[bit] << place for place, bit in enumerate(choice.bits))
    return list(choice.cubes)[at]


def _between(low: int, high: int, is_date: bool) -> list[int]:
    """List some values between two, the ends among them; of dates only real ones."""
    wide = high - low
    tried = [low, high, low + wide // 2, low + wide // 4, high - wide // 4, low + 1, high - 1]
    if is_date:
        tried = [day for one in tried for day in (ceiling(one), floor(one))]
    return [one for one in dict.fromkeys(tried) if low <= one <= high]
