"""In which cases each row of a law holds, and what changes of that when the law lacks a part.

Goes in: a `RowGround`, a space of cases, and a `Lacking`. Comes out: a `Pair` per row, and the rows that change.
Must not know: what a row means, or whether the space is one of decision diagrams or of scenarios.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from typing import Any

from app.analysis.omission import Lacking, Rows, readers
from app.kern.cudd import Bdd
from app.kern.diagram import Diagram, Pair
from app.kern.row_graph import ROW, RowGround
from app.kern.terms import Cell, Row
from app.record import record


@record
class Changed:
    """A row that holds in other cases: those in which it does, or may, with or without the part but not both."""

    predicate: str
    row: Row
    where: Bdd


class RowsHeld(Diagram):
    """The cases in which the rows of a whole law hold."""

    def __init__(self, ground: RowGround, space: Any) -> None:
        super().__init__(ground, space)
        self.law = ground
        self.held: dict[int, Pair] = {}
        self.readers = readers(ground, ground.given.items())
        self._names = {number: (name, row) for name, rows in ground.ids.items() for row, number in rows.items()}

    def row(self, number: int) -> Pair:
        """Return the cases in which a row holds; in none where only another law has it."""
        found = self.held.get(number)
        if found is None:
            name, row = self._names[number]
            found = self.held[number] = self.made(number, name, row, self.law.given)
        return found

    def any_of(self, predicate: str) -> Bdd:
        """Return the cases in which a row of a predicate is certain."""
        return self.space.any(self.row(number).certain for number in self.law.rows(predicate).values())

    def made(self, number: int, name: str, row: Row, given: Mapping[int, Rows], *, stated: bool = True) -> Pair:
        """Evaluate the ground rules of a row."""
        space = self.space
        if stated and number in self.law.stated:
            return Pair(space.bdd.true, space.bdd.true)
        reasons = [one for index in self.law.rules_of(name) for one in given.get(index, {}).get(row, ())]
        pairs = [self.pair(one.node) for one in reasons]
        return Pair(space.any(one.certain for one in pairs), space.any(one.possible for one in pairs))

    def _listed(self, cell: Cell, is_open: bool) -> Pair:
        return self.row(cell.key.number) if cell.key.domain == ROW else super()._listed(cell, is_open)


class WithoutPart(RowsHeld):
    """The rows of a law that lacks a part: those that are the same are read from the whole law."""

    def __init__(self, whole: RowsHeld, lacking: Lacking) -> None:
        Diagram.__init__(self, whole.law, whole.space)
        self.law = whole.law
        self._whole = whole
        self._lacking = lacking
        self._rules_given = {**whole.law.given, **lacking.rules}
        self._changed: dict[int, Pair] = {}
        self._gives_more = lacking.derived != whole.law.derived
        if (
            self._gives_more
        ):  # a leaf about such a fact means something else here, so nothing is read from the whole law
            self.ground = copy(whole.law)
            self.ground.derived = dict(lacking.derived)

    def row(self, number: int) -> Pair:
        """Return the cases in which a row holds in the law that lacks a part."""
        found = self._changed.get(number)
        return found if found is not None else self._whole.row(number)

    def changes(self, outputs: Collection[str]) -> Iterator[Changed]:
        """Yield the rows of outputs that hold in other cases, in the order of the strata.

        What an output that changed changes in its turn is not looked for.
        """
        touched = self._directly()
        ground = self.law
        later = readers(ground, self._lacking.rules.items())
        for name in (*touched, *(one for one in ground.order if one not in touched)):
            touched.setdefault(name, {})
        for name in _in_order(touched, ground.order):
            for row in touched[name]:
                number = ground.number(name, row)
                stated = number != self._lacking.unstated
                if stated and self._gives_it_as_before(name, row):
                    continue
                before, after = self._whole_row(number), self.made(number, name, row, self._rules_given, stated=stated)
                if after.certain == before.certain and after.possible == before.possible:
                    continue
                self._changed[number] = after
                if name in outputs:
                    yield Changed(name, row, self._differ(name, before, after))
                else:
                    for other, rest in (*self._whole.readers.get(number, ()), *later.get(number, ())):
                        touched.setdefault(other, {})[rest] = None

    def _differ(self, name: str, one: Pair, other: Pair) -> Bdd:
        """The cases in which a row is not the same on a side that is read."""
        certain = _unlike(one.certain, other.certain)
        if "mogelijk" not in self.law.program.vocabulary.predicates[name].sides:
            return certain
        return certain | _unlike(one.possible, other.possible)

    def _gives_it_as_before(self, name: str, row: Row) -> bool:
        """Whether each ground rule of a row has one beside it that asks the same: cheaper than to evaluate both."""
        return self._asked(self._whole, self._whole.law.given, name, row) == self._asked(
            self, self._rules_given, name, row
        )

    def _asked(self, held: RowsHeld, given: Mapping[int, Rows], name: str, row: Row) -> set[frozenset[Pair]]:
        always = Pair(self.space.bdd.true, self.space.bdd.true)
        reasons = [one for index in self.law.rules_of(name) for one in given.get(index, {}).get(row, ())]
        return {frozenset(held.pair(node) for node in one.body) - {always} for one in reasons}

    def _whole_row(self, number: int) -> Pair:
        return self._whole.row(number) if number in self._whole._names else self._nowhere()

    def _nowhere(self) -> Pair:
        return Pair(self.space.bdd.false, self.space.bdd.false)

    def _directly(self) -> dict[str, dict[Row, None]]:
        """The rows of the rules that are others, and the row of a table that is left out."""
        found: dict[str, dict[Row, None]] = {}
        rules = self.law.program.rules
        for index, rows in self._lacking.rules.items():
            mine = found.setdefault(rules[index].head.predicate, {})
            mine.update(dict.fromkeys((*self.law.given.get(index, ()), *rows)))
        if self._gives_more:
            for name in self.law.order:
                found.setdefault(name, {}).update(dict.fromkeys(self.law.rows(name)))
        if self._lacking.unstated is not None:
            name, row = self._whole._names[self._lacking.unstated]
            found.setdefault(name, {})[row] = None
        return found

    def pair(self, number: int) -> Pair:
        """Return the cases in which a node is certain, and possible."""
        if not self._is_other(number):
            return self._whole.pair(number)
        return super().pair(number)

    def _is_other(self, node: int) -> bool:
        if self._gives_more:
            return True
        return any(row in self._changed or row not in self._whole._names for row in self.law.rows_under(node))

    def sources(self, cell: Cell) -> tuple[tuple[int, Bdd], ...]:
        """Return where a number comes from, with the cases in which it comes from there."""
        if self._gives_more or any(self._is_other(one.node) for one in self.law.derived.get(cell, ())):
            return super().sources(cell)
        return self._whole.sources(cell)


def _unlike(one: Bdd, other: Bdd) -> Bdd:
    return (one & ~other) | (~one & other)


def _in_order(touched: Mapping[str, object], order: Collection[str]) -> Iterator[str]:
    """The predicates that are touched, also those that get so on the way: tables first, then by stratum."""
    yield from [name for name in touched if name not in order]
    for name in order:
        if name in touched:
            yield name
