"""Cases drawn from the space of a decision diagram, and stated as facts.

Goes in: a `Space`. Comes out: `Example`s, full and partial, and each as a `FactSet` with the keys of its things.
Must not know: any fact by name.
"""

from __future__ import annotations

from random import Random

from app.engine.facts import FactSet, Row
from app.kern.example import Example
from app.kern.signature import word_of
from app.kern.space import Choice, Space
from app.kern.terms import Cell, Key
from app.lang.ast import Value

SHARES = (0.1, 0.5, 0.9, 1.0)
DAYS_AGO = (0, 1, -1, 100, 9_999, 10_000, 10_001, 20_000, 20_001, 119_999, 120_000, 160_000, 180_000, 230_000, 270_000)


def draw(space: Space, random: Random, day: int) -> Example:
    """Draw a flow and a case about it; the share of what is said differs."""
    giver, getter, *about = (list(one.cubes) for one in space.places.values())
    signature = (*random.sample(giver, 2), *map(random.choice, about))  # two of the same words: no flow to itself
    assert giver == getter
    entries = {name: random.randint(0, 2) for name in space.shape.entries.values()}
    share = random.choice(SHARES)
    words = {
        cell: random.choice(list(one.cubes))
        for cell, one in space.choices.items()
        if random.random() < share and _can_be_said(space, cell, one, entries)
    }
    numbers = {
        cell: day if space.is_clock(cell) else _number(space, cell, random, day)
        for cell in sorted(space.numbers)
        if space.is_clock(cell) or random.random() < share
    }
    lists: dict[tuple[str, Key], frozenset[tuple[Value, ...]]] = {}
    for where, cells in _rows(space).items():
        if where not in space.lists or random.random() < share:
            rows = [tuple(word_of(word, signature) for word in cell.rest) for cell in cells]
            barred = {word for one in space.vocabulary.fields if one.predicate == where[0] for word in one.without}
            lists[where] = frozenset(row for row in rows if random.random() < 0.3 and not barred & {*row})
    return Example(signature, words, numbers, lists, entries)


def _can_be_said(space: Space, cell: Cell, choice: Choice, entries: dict[str, int]) -> bool:
    never = {f"{field.path}[]" for field in space.vocabulary.fields if field.predicate == cell.predicate}
    there = cell.key not in space.entries or cell.key.number < entries[space.shape.entries[cell.key.domain]]
    return there and choice.known is not None and not never & {field.path for field in space.vocabulary.fields}


def _rows(space: Space) -> dict[tuple[str, Key], list[Cell]]:
    found: dict[tuple[str, Key], list[Cell]] = {}
    for cell in space.listed:
        if cell.key not in space.entries:
            found.setdefault((cell.predicate, cell.key), []).append(cell)
    return found


def _number(space: Space, cell: Cell, random: Random, day: int) -> int:
    low, high = space.bounds(cell)
    if space.is_date(cell):
        return day - random.choice((*DAYS_AGO, random.randint(-300, 300_000)))
    edges = [edge for form, region in space.regions.items() if form.cells == (cell,) for edge in region.edges]
    near = random.choice([*edges, low, high, random.randint(low, high)]) + random.choice((0, 1))
    return min(high, max(low, near))


def key_of(space: Space, key: Key) -> str:
    """Return the key of a thing in the facts."""
    if key == space.shape.case:
        return "c"
    return "c.d0" if key == space.shape.flow_key else f"c.{key.domain}{key.number}"


def facts_of(space: Space, one: Example) -> FactSet:
    """State an example as facts."""
    known: dict[str, list[Row]] = {}
    unknown: dict[str, list[Value]] = {}
    for cell, value in {**one.words, **one.numbers}.items():
        known.setdefault(cell.predicate, []).append((key_of(space, cell.key), value))
    for (predicate, key), rows in one.lists.items():
        known.setdefault(predicate, []).extend((key_of(space, key), *row) for row in rows)
    for domain, name in space.shape.entries.items():
        keys = [key_of(space, Key(domain, at)) for at in range(one.entries[name])]
        known[name] = [("c", key, *one.signature) for key in keys]
    assert space.shape.flow is not None
    known[space.shape.flow] = [("c", "c.d0", *one.signature)]
    for cell in (*space.choices, *space.numbers):
        there = cell.key not in space.entries or cell.key.number < one.entries[space.shape.entries[cell.key.domain]]
        if there and space.is_open(cell) and cell not in one.words and cell not in one.numbers:
            unknown.setdefault(cell.predicate, []).append(key_of(space, cell.key))
    for predicate, key in space.lists:
        if (predicate, key) not in one.lists:
            unknown.setdefault(predicate, []).append(key_of(space, key))
    return FactSet({n: tuple(rows) for n, rows in known.items()}, {n: tuple(keys) for n, keys in unknown.items()})
