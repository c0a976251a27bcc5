"""The words that a fact could have while nobody said it, in one condition instead of one way per word.

Goes in: the ways of one rule. Comes out: the same, with those that differ in one such word put together.
Must not know: why a way is shown.

A rule asks for an unknown fact and looks its word up in a table: `opleiding(Casus, Opleiding) & mbo(Opleiding)`. Each
word of the table is a way. Where the rest of these ways is alike they become one, in whose rows a `OneOf` stands for
the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from app.advice.law.texts import listing
from app.engine.model import Pattern
from app.kern.values import CERTAIN, POSSIBLE
from app.lang.vocabulary import Domain, Vocabulary
from app.record import record

if TYPE_CHECKING:
    from app.advice.reasons.ways import Way

AGAIN = "een van deze"


@record
class OneOf:
    """Some words of which a fact has one; `text` says so: all words where they are first named, later `AGAIN`."""

    words: tuple[Any, ...]
    text: str

    def __str__(self) -> str:
        return self.text


def each(row: Sequence[Any]) -> Iterator[Pattern]:
    """Return the rows that a row with a `OneOf` in it stands for."""
    if any(isinstance(value, OneOf) for value in row):
        return product(*(value.words if isinstance(value, OneOf) else (value,) for value in row))
    return iter((tuple(row),))


def merged(ways: Iterable[Way], row: Sequence[Any], vocabulary: Vocabulary) -> Iterator[Way]:
    """Put ways of one rule to a row together that differ only in the word of one variable."""
    whole = next((value.words for value in row if isinstance(value, OneOf)), ())
    groups: dict[object, list[tuple[Way, int]]] = {}
    for number, way in enumerate(ways):
        place = _ranging(way, bool(whole), vocabulary)
        alike = number if place < 0 else (place, tuple(way.statuses), _without(way, place))
        groups.setdefault(alike, []).append((way, place))
    for same in groups.values():
        way, place = same[0]
        yield (
            way
            if place < 0 or (len(same) == 1 and not whole)
            else _together([one for one, _ in same], place, whole, vocabulary)
        )


def _ranging(way: Way, several_rows: bool, vocabulary: Vocabulary) -> int:
    """The place of a variable that ranges over words: of an open condition, or of the head; -1 for none."""
    plan = way.plan
    given = {place for place, _ in plan.head}
    open_places = (
        place
        for at, premise in enumerate(plan.premises)
        if premise.positive and way.statuses[at] == POSSIBLE
        for place, _ in premise.slots
        if several_rows or place not in given
    )
    of_head = (place for place, _ in plan.head if several_rows)
    return next((place for place in chain(open_places, of_head) if place >= 0 and _words(way, place, vocabulary)), -1)


def _words(way: Way, place: int, vocabulary: Vocabulary) -> Domain | None:
    """The domain that lists the word which a variable has; None where it has none."""
    domain = vocabulary.domains.get(way.plan.domains.get(way.plan.variables[place], ""))
    return domain if domain is not None and way.values[place] in domain.values else None


def _without(way: Way, place: int) -> object:
    """What a way says apart from the word of one variable."""
    values = tuple(value for at, value in enumerate(way.values) if at != place)
    slots = [premise.slots for premise in way.plan.premises]
    rows = tuple(
        tuple(value for (at, _), value in zip(premise, row, strict=True) if at != place)
        for premise, row in zip(slots, way.rows, strict=True)
    )
    return values, rows


def _together(ways: Sequence[Way], place: int, whole: Sequence[Any], vocabulary: Vocabulary) -> Way:
    """One way for several; words are named where they first stand, unless they are those of the row explained."""
    first, plan = ways[0], ways[0].plan
    domain = _words(first, place, vocabulary)
    assert domain is not None
    found = {way.values[place] for way in ways}
    words = tuple(word for word in domain.values if word in found)
    named = OneOf(words, _named([domain.labels[word] for word in words]))
    again = named if len(words) == 1 else OneOf(words, AGAIN)
    shown = again if words == tuple(whole) else named
    rows: list[Pattern] = []
    told = set()
    for at, (premise, row) in enumerate(zip(plan.premises, first.rows, strict=True)):
        slots = [slot for slot, _ in premise.slots]
        if slots == [place] and first.statuses[at] == CERTAIN:
            told.add(at)
        elif place in slots:
            mine = [value if slot != place else shown for slot, value in zip(slots, row, strict=True)]
            rows.append(tuple(mine))  # type: ignore[arg-type]  # a OneOf stands where a word does
            shown = again
            continue
        rows.append(row)
    values = [again if at == place else value for at, value in enumerate(first.values)]
    return first._replace(
        values=values,  # type: ignore[arg-type]  # as above
        rows=rows,
        merged=frozenset(told),
    )


def _named(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"een van: {listing(labels, 'of')}"
