"""The statuses of the rows of one predicate in one decided case, also of rows that are not fully known.

Goes in: the decided case. Comes out: whether a row is certain, possible or impossible, and the rows that a pattern can
stand for. Must not know: which rule asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from app.engine.model import Model, ModelRow, ModelValue, Pattern
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE, Status
from app.lang.ast import Value
from app.lang.vocabulary import Predicate

Filling = tuple[Pattern, Status, Pattern]
"""A row that a pattern can stand for, its status, and the values it gives: None for one that is not known."""
_FEW: Final = 3
"""Up to this size a scan is faster than an index."""


class Statuses:
    """The rows of one predicate in one decided case, read from the model once.

    `certain`: its certain rows. `unstated`: the keys of an open fact for which nobody stated a value. `unsaid`: those
    of them that can still have any value, because no rule makes one certain. `same`: no rule derives the predicate, so
    each of its possible rows is certain.
    """

    __slots__ = ("_by_key", "_fillings", "_model", "_same", "certain", "declared", "unsaid", "unstated")

    def __init__(self, model: Model, declared: Predicate, same: bool) -> None:
        self.declared = declared
        self.certain = model.rows("zeker", declared.name)
        self.unstated: Collection[Value] = model.unsaid(declared.name) if declared.open else ()
        self.unsaid = _unsaid(self.unstated, self.certain) if self.unstated else ()
        self._model = model
        self._same = same
        self._by_key: dict[ModelValue | None, list[ModelRow]] | None = None
        self._fillings: dict[Pattern, Sequence[Filling]] | None = None

    def status(self, row: Pattern) -> Status:
        """Whether a row is certain, possible or neither; None in it stands for any value."""
        return CERTAIN if row in self.certain else self.less(row)

    def less(self, row: Pattern) -> Status:
        """Whether a row that is not certain is at least possible."""
        if self.unsaid and row[0] in self.unsaid:
            return POSSIBLE
        if None in row:
            return POSSIBLE if self._matching(row) else IMPOSSIBLE
        return POSSIBLE if not self._same and row in self.possible else IMPOSSIBLE

    def holds(self, row: ModelRow) -> bool:
        """Whether a row is certain or possible."""
        return row in self.certain or self.less(row) == POSSIBLE

    def fillings(self, pattern: Pattern) -> Sequence[Filling]:
        """Return the possible rows of a pattern; the pattern itself where it has none, or any row is possible."""
        if self._fillings is None:
            self._fillings = {}
        found = self._fillings.get(pattern)
        if found is None:
            found = self._fillings[pattern] = self._filled(pattern)
        return found

    @property
    def possible(self) -> Collection[ModelRow]:
        """The possible rows; those of `unsaid` keys are not among them, for they are every row."""
        return self.certain if self._same else self._model.rows("mogelijk", self.declared.name)

    def _filled(self, pattern: Pattern) -> Sequence[Filling]:
        if self.unsaid and pattern[0] in self.unsaid:
            return ((pattern, POSSIBLE, pattern),)
        rows = self._matching(pattern)
        if not rows:
            return ((pattern, IMPOSSIBLE, pattern),)
        certain = self.certain
        return [(row, CERTAIN, row) if row in certain else (row, POSSIBLE, _given(pattern, row)) for row in rows]

    def _matching(self, pattern: Pattern) -> Sequence[ModelRow]:
        """The possible rows that agree with a pattern, in order."""
        rows, key = self.possible, pattern[0]
        if len(rows) > _FEW and key is not None:
            if self._by_key is None:
                self._by_key = _by_key(rows)
            if None not in self._by_key:
                rows = self._by_key.get(key, ())
        if key is not None and pattern.count(None) == len(pattern) - 1:
            return [row for row in rows if row[0] == key or isinstance(row[0], Unknown)]
        return [row for row in rows if _matches(row, pattern)]


def _unsaid(keys: Collection[Value], certain: Collection[ModelRow]) -> Collection[Value]:
    """The keys that have no certain row."""
    if certain:
        told = {row[0] for row in certain}
        keys = [key for key in keys if key not in told]
    return keys if len(keys) <= _FEW else frozenset(keys)


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


def _given(pattern: Pattern, row: ModelRow) -> Pattern:
    """The values of a pattern, with those of a row where the pattern has none."""
    return tuple(
        [
            wanted if wanted is not None else None if isinstance(found, Unknown) else found
            for wanted, found in zip(pattern, row, strict=True)
        ]
    )
