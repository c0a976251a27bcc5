"""One case as formulas read it: the values of facts, and what nobody said.

Goes in: a `FactSet`. Comes out: per fact and key its values, and whether it is unknown.
Must not know: formulas or rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.engine.facts import FactSet, Row
from app.lang.ast import Value


class Case:
    """The facts of one case, indexed per predicate when first read."""

    __slots__ = ("_known", "_rows", "_unknown", "_values")

    def __init__(self, facts: FactSet) -> None:
        self._known = facts.known
        self._unknown = facts.unknown
        self._values: dict[str, Mapping[Value, tuple[Value, ...]]] = {}
        self._rows: dict[str, frozenset[Row]] = {}

    def values(self, predicate: str, key: Value) -> tuple[Value, ...]:
        """The values stated of a single-valued fact: one, or () where none was."""
        rows = self._known.get(predicate)
        if not rows:
            return ()
        if len(rows) == 1:
            row = rows[0]
            return row[1:] if row[0] == key else ()
        index = self._values.get(predicate)
        if index is None:
            index = self._values[predicate] = _indexed(rows)
        return index.get(key, ())

    def lists(self, predicate: str, row: Row) -> bool:
        """Whether a list holds a row."""
        rows = self._rows.get(predicate)
        if rows is None:
            rows = self._rows[predicate] = frozenset(self._known.get(predicate, ()))
        return row in rows

    def is_unknown(self, predicate: str, key: Value) -> bool:
        """Whether nothing was said of an open fact."""
        return key in self._unknown.get(predicate, ())

    def keys(self, predicate: str) -> Collection[Row]:
        """The rows of a predicate that declares things of the case."""
        return self._known.get(predicate, ())


def _indexed(rows: Collection[Row]) -> Mapping[Value, tuple[Value, ...]]:
    found: dict[Value, tuple[Value, ...]] = {}
    for row in rows:
        found[row[0]] = (*found.get(row[0], ()), row[1])
    return found
