"""A decided case as tables: what both engines hand out.

Goes in: the tables an engine filled for one case, and those that are the same for every case. Comes
out: a `Model`. Must not know: which engine filled them.

Nothing is worked out until it is asked: a reason becomes a `Justification` when somebody wants to know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine.doubled import Doubled
from app.engine.facts import FactSet
from app.engine.model import Justification, ModelRow, Pattern, Side
from app.lang.ast import Constant, Rule, Value
from app.lang.program import rule_variables
from app.lang.sides import SIDES

Reason = tuple[int, *ModelRow]
"""The index of a source rule, then the values of its variables."""
Table = Mapping[ModelRow, list[Reason] | None]
"""The rows of a relation, each with its reasons: none for a fact, None where reasons are not kept."""


_FILLED: Mapping[int, Callable[[Any], None]] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of one side of a predicate are: in a table of the case, in a fixed one, or in the facts.

    `position` is -1 where the case has no table of it. `open`: a key about which nothing was said has every value
    here, unless it is `outranked` by a certain value.
    """

    position: int
    fixed: Table | None
    open: bool
    outranked: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tables of a program are.

    `fixed`: relations that are the same for every case. `position`: relation to place in the tables of
    one case, in evaluation order. Input that no rule adds to is in neither: it is read from the facts.
    """

    doubled: Doubled
    fixed: Mapping[str, Table]
    position: Mapping[str, int]
    places: Mapping[Side, Mapping[str, Place]] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[Side, dict[str, Place]] = {"zeker": {}, "mogelijk": {}}
        for name, relation in self.doubled.relations.items():
            outranked = relation.outranked_by is not None
            place = Place(self.position.get(name, -1), self.fixed.get(name), relation.possible_input, outranked)
            for side in SIDES if relation.side is None else (relation.side,):
                places[side][relation.predicate.name] = place
        object.__setattr__(self, "places", places)

    @staticmethod
    def computed(doubled: Doubled) -> list[str]:
        """The relations that an engine fills per case, in evaluation order."""
        return [
            relation.name
            for relation in doubled.relations.values()
            if not relation.static and (relation.origin == "derived" or doubled.rules[relation.name])
        ]


_NEW = tuple.__new__


class TableModel:
    """A decided case: the tables of one run, in `cells`; one that is None is filled when it is asked for."""

    __slots__ = ("_fills", "_places", "_rules", "cells", "facts", "layout")

    def __init__(
        self, layout: Layout, facts: FactSet, cells: list[Any], fills: Mapping[int, Callable[[Any], None]] = _FILLED
    ) -> None:
        self.layout = layout
        self.facts = facts
        self.cells = cells
        self._fills = fills
        self._places = layout.places
        self._rules = layout.doubled.program.rules

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """All rows of a predicate on one side; KeyError for a side that nothing in the program needs."""
        place = self._places[side][predicate]
        table = self.cells[place.position] if place.position >= 0 else place.fixed
        if table is None:
            table = self._table(place)
        return _given(self.facts, predicate) if table is None else table

    def holds(self, side: Side, predicate: str, row: ModelRow) -> bool:
        """Whether one row holds, open input facts included."""
        place = self._places[side][predicate]
        table = self._table(place)
        if row in (self.facts.known.get(predicate, ()) if table is None else table):
            return True
        if not place.open or row[0] not in self.facts.unknown.get(predicate, ()):
            return False
        return not place.outranked or all(found[0] != row[0] for found in self.rows("zeker", predicate))

    def unsaid(self, predicate: str) -> Collection[Value]:
        """The keys of an open input fact about which the caller said nothing."""
        return self.facts.unknown.get(predicate, ())

    def why(self, side: Side, predicate: str, row: Pattern) -> Sequence[Justification]:
        """Every ground rule that derived the row on that side, in program order; () for facts, and for no row."""
        place = self._places[side].get(predicate)  # a side that nothing needs has no reasons
        table = None if place is None else self._table(place)
        reasons: list[Reason] | None = None if table is None else table.get(row)  # type: ignore[arg-type]  # a pattern with None is no row
        if not reasons:
            return ()
        rules = self._rules
        return [_NEW(Justification, (rules[reason[0]], reason[1:])) for reason in reasons]

    def _table(self, place: Place) -> Table | None:
        position = place.position
        if position < 0:
            return place.fixed
        table: Table | None = self.cells[position]
        if table is None:
            self._fills[position](self.cells)
            table = self.cells[position]
        return table


def derived_row(rule: Rule, values: ModelRow) -> ModelRow:
    """The row that a rule derives with these values for its variables."""
    known = dict(zip(rule_variables(rule), values, strict=True))
    return tuple(term.value if isinstance(term, Constant) else known[term.name] for term in rule.head.arguments)


def input_rows(doubled: Doubled, facts: FactSet, name: str) -> Collection[ModelRow]:
    """The asserted rows of an input relation that no rule adds to; KeyError for what nothing needs."""
    return _given(facts, doubled.relations[name].predicate.name)


def _given(facts: FactSet, predicate: str) -> Collection[ModelRow]:
    rows: tuple[ModelRow, ...] = facts.known.get(predicate, ())
    return rows if len(rows) < 2 else dict.fromkeys(rows).keys()
