"""The compiled engine: a program becomes one Python function, made once and run per case.

Goes in: a checked `Program`, then `FactSet`s. Comes out: a `Decider`, then `Model`s.
Must not know: what a predicate means.

What depends on tables alone is worked out while preparing; a run fills the rest bottom-up and keeps
every ground rule. The function has no state, so cases cannot mix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.engine.codegen import Reason, Run, Table, generate
from app.engine.doubled import double
from app.engine.facts import FactSet
from app.engine.model import Justification, ModelRow, Side
from app.lang.ast import Value
from app.lang.program import Program


class CompiledEngine:
    """Turns programs into Python functions."""

    name = "compiled"

    def prepare(self, program: Program) -> CompiledDecider:
        """Compile a checked program."""
        return CompiledDecider(program)


class CompiledDecider:
    """One program, compiled."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.doubled = double(program)
        relations = self.doubled.relations.values()
        fixed = [relation.name for relation in relations if relation.static]
        self.fixed: Mapping[str, Table] = dict(
            zip(fixed, generate(self.doubled, fixed, {}, reasons=True)({}, {}), strict=True)
        )
        self._computed = [
            relation.name
            for relation in relations
            if not relation.static and (relation.origin == "derived" or self.doubled.rules[relation.name])
        ]
        self.position = {name: position for position, name in enumerate(self._computed)}
        self._run = generate(self.doubled, self._computed, self.fixed, reasons=True)
        self._slices: dict[str, tuple[Run, int]] = {}

    def decide(self, facts: FactSet) -> CompiledModel:
        """Decide one case, with all justifications."""
        return CompiledModel(self, facts, self._run(facts.known, facts.unknown))

    def decide_many(self, cases: list[FactSet]) -> list[CompiledModel]:
        """Decide several cases one by one."""
        return [self.decide(case) for case in cases]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, without working out anything it does not need."""
        name = self.doubled.name(side, predicate)
        if name in self.fixed:
            return self.fixed[name].keys()
        if name not in self.position:
            return self.input_rows(facts, name)
        if (known := self._slices.get(name)) is None:
            needed = self.doubled.needed([name])
            names = [other for other in self._computed if other in needed]
            # Two threads may both make the slice; then both made the same.
            known = generate(self.doubled, names, self.fixed, reasons=False), names.index(name)
            self._slices[name] = known
        run, position = known
        return run(facts.known, facts.unknown)[position].keys()

    def input_rows(self, facts: FactSet, name: str) -> Collection[ModelRow]:
        """The asserted rows of an input relation that no rule adds to; KeyError for what nobody needs."""
        return dict.fromkeys(facts.known.get(self.doubled.relations[name].predicate.name, ())).keys()


class CompiledModel:
    """A decided case: the tables of one run."""

    __slots__ = ("_decider", "_facts", "_tables")

    def __init__(self, decider: CompiledDecider, facts: FactSet, tables: tuple[Table, ...]) -> None:
        self._decider = decider
        self._facts = facts
        self._tables = tables

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """All rows of a predicate on one side."""
        name = self._decider.doubled.name(side, predicate)
        table = self._table(name)
        return self._decider.input_rows(self._facts, name) if table is None else table.keys()

    def holds(self, side: Side, predicate: str, row: ModelRow) -> bool:
        """Whether one row holds, open input facts included."""
        doubled = self._decider.doubled
        relation = doubled.relations[doubled.name(side, predicate)]
        if row in self.rows(side, predicate):
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
        table = self._table(self._decider.doubled.name(side, predicate))
        reasons: list[Reason] | None = None if table is None else table.get(row)
        rules = self._decider.program.rules
        return tuple(Justification(rules[reason[0]], reason[1:]) for reason in reasons or ())

    def _table(self, name: str) -> Table | None:
        decider = self._decider
        position = decider.position.get(name)
        return decider.fixed.get(name) if position is None else self._tables[position]
