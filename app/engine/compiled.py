"""The compiled engine: a program becomes Python functions, made once and run per case.

Goes in: a checked `Program`, then `FactSet`s. Comes out: a `Decider`, then `Model`s.
Must not know: what a predicate means.

What depends on tables alone is worked out while preparing; a case fills the rest as far as something
needs it, and keeps every ground rule. The functions have no state, so cases cannot mix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from app.engine.codegen import Cells, Fill, Generated, generate
from app.engine.doubled import Doubled, double
from app.engine.facts import FactSet
from app.engine.model import Model, ModelRow, Side
from app.engine.table_model import Layout, Place, Table, TableModel, input_rows
from app.lang.program import Program


class CompiledEngine:
    """Turns programs into Python functions: of what the outputs need, or of everything the rules can say."""

    name = "compiled"

    def __init__(self, everything: bool = False) -> None:
        self._everything = everything

    def prepare(self, program: Program) -> CompiledDecider:
        """Compile a checked program."""
        return CompiledDecider(program, self._everything)


class CompiledModel(TableModel):
    """A decided case whose tables are filled when they are asked for."""

    __slots__ = ("_fills", "cells", "facts", "layout")

    def __init__(self, layout: Layout, facts: FactSet, cells: Cells, fills: Mapping[int, Fill]) -> None:
        super().__init__(layout, facts, cells)
        self.layout = layout
        self.facts = facts
        self.cells = cells
        self._fills = fills

    def _table(self, place: Place) -> Table | None:
        position = place.position
        if position < 0:
            return place.fixed
        if self.cells[position] is None:
            self._fills[position](self.cells)
        found: Table = self.cells[position]
        return found


class CompiledDecider:
    """One program, compiled."""

    def __init__(self, program: Program, everything: bool = False) -> None:
        self.program = program
        doubled = double(program, everything)
        fixed = _fixed(doubled)
        made = generate(doubled, Layout.computed(doubled), fixed)
        self.layout = Layout(doubled, fixed, {name: made.fillers[name].place for name in Layout.computed(doubled)})
        self._blank: Cells = [None] * made.size
        self._fills = {filler.place: filler.fill for filler in made.fillers.values()}
        outputs = [self.layout.places[side][name].position for side, name in doubled.outputs()]
        self._outputs = tuple((place, self._fills[place]) for place in dict.fromkeys(outputs) if place >= 0)
        self._resting = _resting(doubled, made)

    def decide(self, facts: FactSet) -> CompiledModel:
        """Decide one case, with all justifications."""
        model = self._start(facts)
        cells = model.cells
        for place, fill in self._outputs:
            if cells[place] is None:
                fill(cells)
        return model

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases one by one."""
        return [self.decide(case) for case in cases]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, without working out anything it does not need."""
        return self._rows(self._start(facts), side, predicate)

    def rows_after(self, model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows for facts much like those of a decided case; what rests on the same is taken over."""
        if not isinstance(model, CompiledModel) or model.layout is not self.layout:
            return self.rows_only(facts, side, predicate)
        cells = model.cells.copy()
        cells[0], cells[1] = facts.known, facts.unknown
        for name in changed(model.facts, facts):
            for place in self._resting.get(name, ()):
                cells[place] = None
        return self._rows(CompiledModel(self.layout, facts, cells, self._fills), side, predicate)

    def _rows(self, model: CompiledModel, side: Side, predicate: str) -> Collection[ModelRow]:
        name = self.layout.doubled.name(side, predicate)
        if name in self.layout.fixed:
            return self.layout.fixed[name].keys()
        if name not in self.layout.position:
            return input_rows(self.layout.doubled, model.facts, name)
        return model.rows(side, predicate)

    def _start(self, facts: FactSet) -> CompiledModel:
        cells = self._blank.copy()
        cells[0], cells[1] = facts.known, facts.unknown
        return CompiledModel(self.layout, facts, cells, self._fills)


def _fixed(doubled: Doubled) -> Mapping[str, Table]:
    """Fill the relations that are the same for every case."""
    names = [relation.name for relation in doubled.relations.values() if relation.static]
    made = generate(doubled, names, {})
    cells: Cells = [{}, {}, *[None] * made.size]
    for filler in made.fillers.values():
        if cells[filler.place] is None:
            filler.fill(cells)
    return {name: cells[made.fillers[name].place] for name in names}


def _resting(doubled: Doubled, made: Generated) -> Mapping[str, tuple[int, ...]]:
    """Per input predicate the cells that tell of what rests on it whether it is filled."""
    inputs = doubled.inputs()
    found: dict[str, list[int]] = defaultdict(list)
    for name, filler in made.fillers.items():
        for predicate in inputs[name]:
            found[predicate].append(filler.place)
    return {predicate: tuple(places) for predicate, places in found.items()}


def changed(before: FactSet, after: FactSet) -> set[str]:
    """The predicates of which two cases say something else."""
    found: set[str] = set()
    for old, new in ((before.known, after.known), (before.unknown, after.unknown)):
        found.update([name for name, said in new.items() if said is not (was := old.get(name)) and said != was])
        found.update(old.keys() - new.keys())
    return found
