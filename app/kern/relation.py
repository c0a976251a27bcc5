"""Conditional rows: what a predicate can say, each row with the node of the condition under which it holds.

Goes in: rows and nodes. Comes out: the rows that match some fixed arguments. Must not know: rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.kern.formula import TRUE
from app.kern.terms import Row, Term
from app.lang.ast import Value

Match = tuple[Row, int]


class Relation:
    """The rows of one predicate with their nodes, indexed when first looked up by some positions.

    `is_constant`: every row holds in every case and holds only words and numbers of the law.
    """

    __slots__ = ("_indexes", "is_constant", "rows")

    def __init__(self, rows: Mapping[Row, int]) -> None:
        self.rows = rows
        self.is_constant = all(
            node == TRUE and all(isinstance(term, str | int) for term in row) for row, node in rows.items()
        )
        self._indexes: dict[tuple[int, ...], dict[tuple[Value, ...], list[Match]]] = {}

    def matching(self, positions: Sequence[int], values: tuple[Value, ...]) -> Iterable[Match]:
        """List the rows that may have these words at these positions.

        Rows of a constant relation match exactly; of another relation a row with a term of the case at one of the
        positions matches too, and the caller must compare it.
        """
        if not positions:
            return self.rows.items()
        if not self.is_constant:
            return [one for one in self.rows.items() if _may_match(one[0], positions, values)]
        places = tuple(positions)
        index = self._indexes.get(places)
        if index is None:
            index = self._indexes[places] = {}
            for row, node in self.rows.items():
                index.setdefault(tuple(row[at] for at in places), []).append((row, node))  # type: ignore[misc]
        return index.get(values, ())


EMPTY = Relation({})


def _may_match(row: Row, positions: Sequence[int], values: Sequence[Value]) -> bool:
    return all(_alike(row[at], value) for at, value in zip(positions, values, strict=True))


def _alike(term: Term, value: Value) -> bool:
    return term == value or not isinstance(term, str | int)
