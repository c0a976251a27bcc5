"""Grounding row by row: the node of a condition names the rows it rests on instead of holding their formulas.

Goes in: a program. Comes out: per row of every predicate the ground rules that give it; their nodes have a `Listed`
leaf per row they read. Must not know: any case, or what a predicate means.

One formula per output is right for answers. Here each rule stays recognisable, so that leaving one out changes the rows
above it and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from app.kern.cudd import Bdd
from app.kern.every_flow import EveryJoin, every_flow
from app.kern.formula import FALSE, AtMostZero, Given, Listed, OneOf
from app.kern.ground import Ground, GroundRule, needed
from app.kern.join import Join, ordered, term_of
from app.kern.relation import Match, Relation
from app.kern.space import Space
from app.kern.terms import Cell, Key, Row, cells_of
from app.lang.ast import Rule, Value
from app.lang.ordering import rule_variables
from app.lang.program import Program

ROW: Final = " row"
"""The domain of the key in a leaf that stands for a row; no vocabulary can declare it."""


class RowGround(Ground):
    """A program ground for all flows, row by row.

    `needed`: the predicates on which the outputs rest. `ids`: per predicate its rows with their numbers; a row has a
    higher number than all rows it rests on.
    `given`: per rule the rows it gives, with its ground rules. `stated`: numbers of rows that a table states.
    """

    def __init__(self, program: Program, outputs: Collection[str]) -> None:
        self.ids: dict[str, dict[Row, int]] = {}
        self.given: dict[int, dict[Row, tuple[GroundRule, ...]]] = {}
        self.stated: set[int] = set()
        self._count = 0
        self.needed = needed(program, outputs)
        super().__init__(program, outputs)
        self._leaf_rows: dict[int, frozenset[int]] = {}
        self.flow_relations = dict(every_flow(self).relations)
        self._whole = {name: dict(rows) for name, rows in self.ids.items()}

    @property
    def order(self) -> Sequence[str]:
        """The predicates with rules, each after those it reads."""
        return self._order

    def rules_of(self, predicate: str) -> Sequence[int]:
        """Return the rules of a predicate, by place in the program."""
        return self._rules.get(predicate, ())

    def rows(self, predicate: str) -> Mapping[Row, int]:
        """Return the rows of a predicate in the whole law, with their numbers."""
        return self._whole.get(predicate, {})

    def row_leaf(self, predicate: str, number: int) -> int:
        """Return the leaf of "this row holds"."""
        return self.formulas.add(Listed(Cell(predicate, Key(ROW, number)), True))

    def number(self, predicate: str, row: Row) -> int:
        """Return the number of a row, a new one where there is none."""
        rows = self.ids.setdefault(predicate, {})
        if row not in rows:
            rows[row] = self._count
            self._count += 1
        return rows[row]

    def join_of(self, predicate: str, more: Mapping[str, Relation]) -> Join:
        """Return what solves the bodies of a predicate's rules, some relations being others."""
        if predicate in self.shape.of_flow:
            relations = {**self.relations, **self.flow_relations, **more}
            return EveryJoin(self.formulas, self.program.vocabulary, self.shape.of_flow, relations, None)
        return self._join({**self.relations, **more}, None)

    def solved(self, index: int, rule: Rule, join: Join) -> dict[Row, tuple[GroundRule, ...]]:
        """Return the rows that a rule gives, by a way to solve its body."""
        found: dict[Row, list[GroundRule]] = {}
        names = tuple(rule_variables(rule))
        two_valued = self.program.vocabulary.predicates[rule.head.predicate].two_valued
        body = ordered(rule, self.program, self.shape.of_flow)
        for bound, nodes in join.solutions(body, two_valued):
            node = self.formulas.both(nodes)
            if node != FALSE:
                row = tuple(term_of(one, bound) for one in rule.head.arguments)
                values = tuple(bound[name] for name in names)
                found.setdefault(row, []).append(GroundRule(index, values, nodes, node))
        return {row: tuple(given) for row, given in found.items()}

    def _table(self, name: str, rows: Iterable[Row]) -> Relation:
        listed = list(rows)
        self.stated.update(self.number(name, row) for row in listed)
        return self.relation(name, listed)

    def _derive(self, name: str, join: Join, relations: dict[str, Relation], reasons: object) -> None:
        del reasons
        for index in self.rules_of(name):
            self.given[index] = self.solved(index, self.program.rules[index], join)
        if self.program.vocabulary.predicates[name].kind == "invoer":
            for row in self._given_rows(name):
                self._give(name, row, self.row_leaf(name, self.number(name, row)))
            return
        stated = relations[name].rows if name in relations else {}
        relations[name] = self.relation(name, dict.fromkeys((*stated, *self._given_rows(name))))

    def _given_rows(self, name: str) -> Iterable[Row]:
        return dict.fromkeys(row for index in self.rules_of(name) for row in self.given[index])

    def relation(self, name: str, rows: Iterable[Row]) -> Relation:
        """Return the relation of some rows, each a leaf of its own."""
        return _Rows({row: self.row_leaf(name, self.number(name, row)) for row in rows})

    def read_by(self, given: Iterable[Mapping[Row, tuple[GroundRule, ...]]]) -> frozenset[int]:
        """Return every node that some rules read."""
        return self.formulas.under(one.node for rows in given for reasons in rows.values() for one in reasons)

    def rows_under(self, node: int) -> frozenset[int]:
        """Return the numbers of the rows that a node reads itself."""
        found = self._leaf_rows.get(node)
        if found is None:
            found = self._leaf_rows[node] = frozenset(self._rows_under(node))
        return found

    def _rows_under(self, node: int) -> Iterable[int]:
        match self.formulas[node]:
            case Listed(cell, _) if cell.key.domain == ROW:
                yield cell.key.number
            case OneOf(cell, _) | Given(cell):
                yield from self._rows_of(cell)
            case AtMostZero(total):
                for cell in cells_of(total):
                    yield from self._rows_of(cell)
            case _:
                for child in self.formulas.children(node):
                    yield from self.rows_under(child)

    def _rows_of(self, cell: Cell) -> Iterable[int]:
        for one in self.derived.get(cell, ()):
            yield from self.rows_under(one.node)


class RowSpace(Space):
    """The space of cases of a program ground row by row: a row is no variable, and no leaf that no rule reads is."""

    def __init__(self, ground: RowGround, read: Collection[int]) -> None:
        """`read`: the nodes that rules read, in any law that is asked about."""
        self._read = {ground.formulas[number] for number in read}
        super().__init__([ground])

    def _declare_leaf(self, node: object) -> None:
        if node in self._read and not (isinstance(node, Listed) and node.cell.key.domain == ROW):
            super()._declare_leaf(node)


class FullSpace:
    """The full cases of a space: of every open fact the bit that says that it is known is 1."""

    def __init__(self, space: Space) -> None:
        never = {bit for bit in space.open_bits() if space.valid & space.bdd.var(bit) == space.bdd.false}
        known = dict.fromkeys(set(space.open_bits()) - never, True)
        self.bdd = _Known(space.bdd, known)
        self.valid: Bdd = space.bdd.let(known, space.valid)
        self.numbers, self.choices, self.regions = space.numbers, space.choices, space.regions
        self.listed, self.lists = space.listed, space.lists
        self.all, self.any, self.same = space.all, space.any, space.same
        self.is_open, self.bounds_of = space.is_open, space.bounds_of


class _Known:
    """Diagrams in which some variables are 1."""

    def __init__(self, bdd: Any, known: Collection[str]) -> None:
        self._bdd = bdd
        self._known = known
        self.true, self.false = bdd.true, bdd.false

    def var(self, name: str) -> Bdd:
        """Return the diagram of a variable."""
        return self.true if name in self._known else self._bdd.var(name)


class _Rows(Relation):
    """Rows that hold under conditions; those of words and numbers alone are found by index."""

    __slots__ = ("_is_words",)

    def __init__(self, rows: Mapping[Row, int]) -> None:
        super().__init__(rows)
        self._is_words = all(isinstance(term, str | int) for row in rows for term in row)

    def matching(self, positions: Sequence[int], values: tuple[Value, ...]) -> Iterable[Match]:
        if not positions or not self._is_words:
            return super().matching(positions, values)
        places = tuple(positions)
        index = self._indexes.get(places)
        if index is None:
            index = self._indexes[places] = {}
            for row, node in self.rows.items():
                index.setdefault(tuple(row[at] for at in places), []).append((row, node))  # type: ignore[misc]  # words
        return index.get(values, ())
