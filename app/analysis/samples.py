"""Some cases as a space of their own: a set of cases is a whole number, with a bit per case.

Goes in: cases as `Example`s, and the space that says which facts there are. Comes out: what `Diagram` asks of a space.
Must not know: any fact by name, or what a case is for.

A diagram speaks of all cases and can be large; of some thousand cases the same question is one operation on integers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Final

from app.engine.facts import FactSet
from app.kern.case import Case
from app.kern.example import Example
from app.kern.signature import Signature, word_of
from app.kern.space import Choice, Region, Space
from app.kern.terms import Cell, Key, Place
from app.lang.ast import Value

EVERY: Final = -1
"""All cases: a whole number of which every bit is 1."""
SHARE: Final = 0.12
"""How many of the facts of a case are drawn anew to make another case of it."""


class _Bits:
    """The constants and variables, as `dd` names them."""

    true = EVERY
    false = 0

    def __init__(self) -> None:
        self.named: dict[str, int] = {}

    def var(self, name: str) -> int:
        """Return the cases in which a bit is set."""
        return self.named[name]


class Samples:
    """Cases that a `Diagram` can be asked about, instead of all cases."""

    def __init__(self, space: Space, cases: Sequence[Example]) -> None:
        self.cases = cases
        self._space = space
        self.bdd = _Bits()
        self.numbers: Mapping[Cell, str] = space.numbers
        self.listed: Mapping[Cell, str] = space.listed
        self.lists: Mapping[tuple[str, Key], str] = space.lists
        self.is_open = space.is_open
        self.bounds_of = space.bounds_of
        self._words = {place: self._words_at(place, choice) for place, choice in space.places.items()}
        self.choices = {cell: self._choice(cell, choice) for cell, choice in space.choices.items()}
        self.regions = {form: self._region(region) for form, region in space.regions.items()}
        self._name_bits()

    def _bits(self, holds: Iterable[bool]) -> int:
        """Make a set of the cases in which something holds."""
        text = "".join("1" if one else "0" for one in holds)
        return int(text[::-1], 2) if text else 0

    def _words_at(self, place: Place, choice: Choice) -> dict[Value, int]:
        said = [one.signature[place.position] for one in self.cases]
        return {word: self._bits(each == word for each in said) for word in choice.cubes}

    def _choice(self, cell: Cell, choice: Choice) -> Choice:
        said = [one.words.get(cell) for one in self.cases]
        return Choice(
            choice.known, (), {word: self._bits(each == word for each in said) for word in choice.cubes}, EVERY
        )

    def _region(self, region: Region) -> Region:
        form = region.form
        known = [all(cell in one.numbers for cell in form.cells) for one in self.cases]
        lies = [
            bisect_left(region.edges, form.of(one.numbers)) if there else -1
            for one, there in zip(self.cases, known, strict=True)
        ]
        cubes = tuple(self._bits(each == at for each in lies) for at in range(len(region.edges) + 1))
        return Region(form, region.edges, (), cubes)

    def _name_bits(self) -> None:
        named, cases = self.bdd.named, self.cases
        for cell, choice in self.choices.items():
            if choice.known is not None:
                named[choice.known] = self._bits(cell in one.words for one in cases)
        for cell, name in self.numbers.items():
            named[name] = self._bits(cell in one.numbers for one in cases)
        for where, name in self.lists.items():
            named[name] = self._bits(where in one.lists for one in cases)
        for cell, name in self.listed.items():
            named[name] = self._bits(self._lists(one, cell) for one in cases)

    def _lists(self, one: Example, cell: Cell) -> bool:
        if cell.key in self._space.entries:
            return cell.key.number < one.entries.get(cell.predicate, 0)
        row = tuple(word_of(word, one.signature) for word in cell.rest)
        return row in one.lists.get((cell.predicate, cell.key), ())

    def same(self, one: Value | Place, other: Value | Place) -> int:
        """The cases whose flows have the same words."""
        place, word = (one, other) if isinstance(one, Place) else (other, one)
        if not isinstance(place, Place):
            return EVERY if place == word else 0
        if not isinstance(word, Place):
            return self._words[place].get(word, 0)
        mine, theirs = self._words[place], self._words[word]
        return self.any(mine[name] & theirs[name] for name in mine if name in theirs)

    def all(self, parts: Iterable[int]) -> int:
        """The cases in all parts."""
        found = EVERY
        for one in parts:
            found &= one
        return found

    def any(self, parts: Iterable[int]) -> int:
        """The cases in some part."""
        found = 0
        for one in parts:
            found |= one
        return found


def stated(space: Space, facts: FactSet, keys: Mapping[Key, Value], signature: Signature) -> Example:
    """Read one flow of a case as an example."""
    case = Case(facts)
    words = {cell: found[0] for cell in space.choices if (found := _values(case, cell, keys))}
    numbers = {cell: int(found[0]) for cell in space.numbers if (found := _values(case, cell, keys))}
    lists: dict[tuple[str, Key], frozenset[tuple[Value, ...]]] = {}
    for predicate, key in {(cell.predicate, cell.key) for cell in space.listed if cell.key not in space.entries}:
        if key in keys and not ((predicate, key) in space.lists and case.is_unknown(predicate, keys[key])):
            lists[predicate, key] = frozenset(row[1:] for row in facts.known.get(predicate, ()) if row[0] == keys[key])
    entries = {name: sum(key.domain == domain for key in keys) for domain, name in space.shape.entries.items()}
    return Example(signature, words, numbers, lists, entries)


def _values(case: Case, cell: Cell, keys: Mapping[Key, Value]) -> tuple[Value, ...]:
    return case.values(cell.predicate, keys[cell.key]) if cell.key in keys else ()


class Drawing:
    """Draws cases that look like given ones: some facts are drawn anew, and in a full case what is unknown is drawn."""

    def __init__(self, space: Space, random: Random) -> None:
        self._space = space
        self._random = random
        paths = {field.path for field in space.vocabulary.fields}
        self._never = {one.predicate for one in space.vocabulary.fields if f"{one.path}[]" in paths}
        self._edges: dict[Cell, list[int]] = {}
        for form, region in space.regions.items():
            if len(form.cells) == 1:
                self._edges[form.cells[0]] = [edge + more for edge in region.edges for more in (0, 1)]
        edges = {edge for form, region in space.regions.items() if len(form.cells) > 1 for edge in region.edges}
        self._gaps = sorted({abs(edge) + more for edge in edges for more in (0, 1)})

    def near(self, one: Example, *, full: bool) -> Example:
        """Draw a full case like this one; or one of which other facts are unknown."""
        drawn = self._full(one)
        if full:
            return drawn
        words = {cell: word for cell, word in drawn.words.items() if self._is_kept(cell, cell in one.words)}
        numbers = {cell: value for cell, value in drawn.numbers.items() if self._is_kept(cell, cell in one.numbers)}
        lists = {
            where: rows
            for where, rows in drawn.lists.items()
            if where not in self._space.lists or (where in one.lists) != self._anew()
        }
        return Example(drawn.signature, words, numbers, lists, drawn.entries)

    def _is_kept(self, cell: Cell, was_said: bool) -> bool:
        return not self._space.is_open(cell) or was_said != self._anew()

    def _full(self, one: Example) -> Example:
        signature = tuple(
            self._random.choice(list(choice.cubes)) if self._random.random() < SHARE / 3 else word
            for choice, word in zip(self._space.places.values(), one.signature, strict=True)
        )
        entries = {
            name: self._random.randint(0, 2) if self._anew() else one.entries.get(name, 0)
            for name in self._space.shape.entries.values()
        }
        words = {
            cell: one.words[cell] if cell in one.words and not self._anew() else self._random.choice(list(choice.cubes))
            for cell, choice in self._space.choices.items()
            if cell.predicate not in self._never and self._is_there(cell.key, entries)
        }
        return Example(signature, words, self._numbers(one), self._lists(one, signature), entries)

    def _anew(self) -> bool:
        return self._random.random() < SHARE

    def _is_there(self, key: Key, entries: Mapping[str, int]) -> bool:
        name = self._space.shape.entries.get(key.domain)
        return name is None or key.number < entries[name]

    def _numbers(self, one: Example) -> dict[Cell, int]:
        day = next((value for cell, value in one.numbers.items() if self._space.is_clock(cell)), None)
        found: dict[Cell, int] = {}
        for cell in self._space.numbers:
            if self._space.is_clock(cell) or (cell in one.numbers and not self._anew()):
                found[cell] = one.numbers[cell]
            elif self._space.is_open(cell) or self._anew():
                found[cell] = self._number(cell, day)
        return found

    def _number(self, cell: Cell, day: int | None) -> int:
        low, high = self._space.bounds(cell)
        if self._space.is_date(cell) and day is not None:
            return day - self._random.choice((*self._gaps, -1))
        edges = self._edges.get(cell, [])
        return min(high, max(low, self._random.choice([*edges, self._random.randint(low, min(high, low + 30))])))

    def _lists(self, one: Example, signature: Signature) -> dict[tuple[str, Key], frozenset[tuple[Value, ...]]]:
        rows: dict[tuple[str, Key], set[tuple[Value, ...]]] = {}
        for cell in self._space.listed:
            if cell.key not in self._space.entries:
                where = (cell.predicate, cell.key)
                row = tuple(word_of(word, signature) for word in cell.rest)
                old = one.lists.get(where)
                there = row in old if old is not None and not self._anew() else self._random.random() < SHARE
                rows.setdefault(where, set()).update([row] if there else [])
        return {where: frozenset(mine) for where, mine in rows.items()}
