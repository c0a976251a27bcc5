"""A decided case as tables: what both engines hand out.

Goes in: the tables an engine filled for one case, and those that are the same for every case. Comes
out: a `Model`. Must not know: which engine filled them.

Nothing is worked out until it is asked: a reason becomes a `Justification` when somebody wants to know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.engine.doubled import Doubled
from app.engine.facts import FactSet
from app.engine.model import Justification, ModelRow, Side
from app.lang.ast import Constant, Rule, Value
from app.lang.program import rule_variables

Reason = tuple[int, *ModelRow]
"""The index of a source rule, then the values of its variables."""
Table = Mapping[ModelRow, list[Reason] | None]
"""The rows of a relation, each with its reasons: none for a fact, None where reasons are not kept."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tables of a program are.

    `fixed`: relations that are the same for every case. `position`: relation to place in the tables of
    one case, in evaluation order. Input that no rule adds to is in neither: it is read from the facts.
    """

    doubled: Doubled
    fixed: Mapping[str, Table]
    position: Mapping[str, int]

    @staticmethod
    def computed(doubled: Doubled) -> list[str]:
        """The relations that an engine fills per case, in evaluation order."""
        return [
            relation.name
            for relation in doubled.relations.values()
            if not relation.static and (relation.origin == "derived" or doubled.rules[relation.name])
        ]


class TableModel:
    """A decided case: the tables of one run."""

    __slots__ = ("_facts", "_layout", "_tables")

    def __init__(self, layout: Layout, facts: FactSet, tables: tuple[Table, ...]) -> None:
        self._layout = layout
        self._facts = facts
        self._tables = tables

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """All rows of a predicate on one side; KeyError for a side that nothing in the program needs."""
        name = self._layout.doubled.name(side, predicate)
        table = self._table(name)
        return input_rows(self._layout.doubled, self._facts, name) if table is None else table.keys()

    def holds(self, side: Side, predicate: str, row: ModelRow) -> bool:
        """Whether one row holds, open input facts included."""
        name = self._layout.doubled.name(side, predicate)
        relation, table = self._layout.doubled.relations[name], self._table(name)
        if row in (self._facts.known.get(predicate, ()) if table is None else table):
            return True
        if not relation.possible_input or row[0] not in self._facts.unknown.get(predicate, ()):
            return False
        certain = self._table(relation.outranked_by) if relation.outranked_by else None
        return certain is None or all(found[0] != row[0] for found in certain)

    def is_unknown(self, predicate: str, key: Value) -> bool:
        """Whether the caller left this open input fact unsaid."""
        return key in self._facts.unknown.get(predicate, ())

    def why(self, side: Side, predicate: str, row: ModelRow) -> tuple[Justification, ...]:
        """Every ground rule that derived the row on that side, in program order; () for facts."""
        doubled = self._layout.doubled
        table = self._table(doubled.name(side, predicate))
        reasons: list[Reason] | None = None if table is None else table.get(row)
        rules = doubled.program.rules
        return tuple(Justification(rules[reason[0]], reason[1:]) for reason in reasons or ())

    def _table(self, name: str) -> Table | None:
        position = self._layout.position.get(name)
        return self._layout.fixed.get(name) if position is None else self._tables[position]


def derived_row(rule: Rule, values: ModelRow) -> ModelRow:
    """The row that a rule derives with these values for its variables."""
    known = dict(zip(rule_variables(rule), values, strict=True))
    return tuple(term.value if isinstance(term, Constant) else known[term.name] for term in rule.head.arguments)


def input_rows(doubled: Doubled, facts: FactSet, name: str) -> Collection[ModelRow]:
    """The asserted rows of an input relation that no rule adds to; KeyError for what nothing needs."""
    rows: tuple[ModelRow, ...] = facts.known.get(doubled.relations[name].predicate.name, ())
    return dict.fromkeys(rows).keys()
