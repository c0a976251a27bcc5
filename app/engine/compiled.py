"""The compiled engine: a program becomes one Python function, made once and run per case.

Goes in: a checked `Program`, then `FactSet`s. Comes out: a `Decider`, then `Model`s.
Must not know: what a predicate means.

What depends on tables alone is worked out while preparing; a run fills the rest bottom-up and keeps
every ground rule. The function has no state, so cases cannot mix.
"""

from __future__ import annotations

from collections.abc import Collection

from app.engine.codegen import Run, generate
from app.engine.doubled import double
from app.engine.facts import FactSet
from app.engine.model import Model, ModelRow, Side
from app.engine.table_model import Layout, TableModel, input_rows
from app.lang.program import Program


class CompiledEngine:
    """Turns programs into Python functions: of what the outputs need, or of everything the rules can say."""

    name = "compiled"

    def __init__(self, everything: bool = False) -> None:
        self._everything = everything

    def prepare(self, program: Program) -> CompiledDecider:
        """Compile a checked program."""
        return CompiledDecider(program, self._everything)


class CompiledDecider:
    """One program, compiled."""

    def __init__(self, program: Program, everything: bool = False) -> None:
        self.program = program
        doubled = double(program, everything)
        fixed = [relation.name for relation in doubled.relations.values() if relation.static]
        tables = generate(doubled, fixed, {}, reasons=True)({}, {})
        names = Layout.computed(doubled)
        self.layout = Layout(
            doubled, dict(zip(fixed, tables, strict=True)), {name: position for position, name in enumerate(names)}
        )
        self._run = generate(doubled, names, self.layout.fixed, reasons=True)
        self._slices: dict[str, tuple[Run, int]] = {}

    def decide(self, facts: FactSet) -> TableModel:
        """Decide one case, with all justifications."""
        return TableModel(self.layout, facts, self._run(facts.known, facts.unknown))

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases one by one."""
        return [self.decide(case) for case in cases]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, without working out anything it does not need."""
        layout = self.layout
        name = layout.doubled.name(side, predicate)
        if name in layout.fixed:
            return layout.fixed[name].keys()
        if name not in layout.position:
            return input_rows(layout.doubled, facts, name)
        # Two threads may both make the slice; then both make the same one.
        run, position = self._slices.get(name) or self._slices.setdefault(name, self._slice(name))
        return run(facts.known, facts.unknown)[position].keys()

    def _slice(self, name: str) -> tuple[Run, int]:
        needed = self.layout.doubled.needed([name])
        names = [other for other in self.layout.position if other in needed]
        return generate(self.layout.doubled, names, self.layout.fixed, reasons=False), names.index(name)
