"""What one decided case says of one predicate, gathered once: of rows, and of rows not fully known.

Goes in: the decided case. Comes out: literals with their status, and the rows a pattern can stand for.
Must not know: which rule asks.

A literal is met (`voldaan`) when it is certain, `open` when it is possible, else `niet_voldaan`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from app.advice.advies import Status
from app.engine.model import Model, ModelRow, ModelValue, is_anything
from app.engine.unknown import Unknown
from app.lang.ast import Comparison
from app.lang.vocabulary import Predicate

Pattern = tuple[ModelValue | None, ...]
"""A row in which None stands for a value that is not known."""


class Condition(NamedTuple):
    """A literal with its status: an atom (`row`, "" and () for none) or a comparison."""

    status: Status
    predicate: str
    row: Pattern
    positive: bool
    comparison: Comparison | None = None


class Said:
    """What one decided case says of one predicate; `same` where no rule adds to it: as certain as possible."""

    __slots__ = ("_by_key", "_certain", "_denied", "_met", "_model", "_open", "_same", "is_input", "predicate")

    def __init__(self, model: Model, declared: Predicate, same: bool) -> None:
        self.predicate = declared.name
        self.is_input = declared.kind == "invoer"
        self._model = model
        self._open = declared.open
        self._same = same
        self._certain = model.rows("zeker", declared.name)
        self._by_key: dict[ModelValue | None, list[ModelRow]] | None = None
        self._met: dict[Pattern, Condition] = {}
        self._denied: dict[Pattern, Condition] = {}

    def condition(self, row: Pattern, positive: bool) -> Condition:
        """A literal about a row, with its status; rules share many."""
        read = self._met if positive else self._denied
        found = read.get(row)
        if found is None:
            status = self.status(row)
            found = read[row] = Condition(status if positive else _REVERSED[status], self.predicate, row, positive)
        return found

    def status(self, row: Pattern) -> Status:
        """Whether a row is certain, possible or neither; None in it stands for any value."""
        if row in self._certain:
            return "voldaan"
        if self._open and self._unsaid(row[0]):
            return "open"
        if None in row:
            return "open" if self._matching(row) else "niet_voldaan"
        return "open" if not self._same and row in self._possible() else "niet_voldaan"

    def listed(self, pattern: Pattern) -> Sequence[ModelRow]:
        """The possible rows a pattern can stand for; none where nothing was said, for then it is any row."""
        return () if self._open and self._unsaid(pattern[0]) else self._matching(pattern)

    def _unsaid(self, key: ModelValue | None) -> bool:
        """Whether the key of an open fact can still have any value: nobody stated one, no rule makes one certain."""
        return isinstance(key, str | int) and is_anything(self._model, self.predicate, key)

    def _possible(self) -> Collection[ModelRow]:
        return self._certain if self._same else self._model.rows("mogelijk", self.predicate)

    def _matching(self, pattern: Pattern) -> Sequence[ModelRow]:
        """The possible rows that agree with a pattern."""
        if self._by_key is None:
            self._by_key = _by_key(self._possible())
        if not self._by_key:
            return ()
        key = pattern[0]
        if key is None or None in self._by_key:
            return [row for row in self._possible() if _matches(row, pattern)]
        rows = self._by_key.get(key, ())
        if pattern.count(None) == len(pattern) - 1:
            return rows
        return [row for row in rows if _matches(row, pattern)]


_REVERSED: Mapping[Status, Status] = {"voldaan": "niet_voldaan", "niet_voldaan": "voldaan", "open": "open"}


def _by_key(rows: Collection[ModelRow]) -> dict[ModelValue | None, list[ModelRow]]:
    """Rows by their first value, in order; under None those that may have any."""
    found: dict[ModelValue | None, list[ModelRow]] = {}
    for row in rows:
        found.setdefault(None if isinstance(row[0], Unknown) else row[0], []).append(row)
    return found


def _matches(row: ModelRow, pattern: Pattern) -> bool:
    for found, wanted in zip(row, pattern, strict=True):
        if wanted is not None and found != wanted and not isinstance(found, Unknown):
            return False
    return True
