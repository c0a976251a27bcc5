"""The compiled engine: a program becomes Python functions, made once and run per case.

Goes in: a checked `Program`, then `FactSet`s. Comes out: a `Decider`, then `Model`s.
Must not know: what a predicate means.

What depends on tables alone is worked out while preparing; a case fills the rest as far as something
needs it, and keeps every ground rule. The functions have no state, so cases cannot mix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from app.engine.codegen import Cells, Generated, generate
from app.engine.doubled import Doubled, double
from app.engine.facts import FactSet
from app.engine.model import Model, ModelRow, Side
from app.engine.table_model import Layout, Table, TableModel, input_rows
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
        fixed = _fixed(doubled)
        made = generate(doubled, Layout.computed(doubled), fixed)
        self.layout = Layout(doubled, fixed, {name: made.fillers[name].place for name in Layout.computed(doubled)})
        self._blank: Cells = [None] * made.size
        self._fills = {filler.place: filler.fill for filler in made.fillers.values()}
        outputs = [self.layout.places[side][name].position for side, name in doubled.outputs()]
        self._outputs = tuple((place, self._fills[place]) for place in dict.fromkeys(outputs) if place >= 0)
        self._resting = _resting(doubled, made)

    def decide(self, facts: FactSet) -> TableModel:
        """Decide one case, with all justifications."""
        model = self.begin(facts)
        for place, fill in self._outputs:
            if model.cells[place] is None:
                fill(model.cells)
        return model

    def begin(self, facts: FactSet) -> TableModel:
        """Decide one case as far as it is read."""
        return TableModel(self.layout, facts, self._cells(facts), self._fills)

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases one by one."""
        return [self.decide(case) for case in cases]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows, without working out anything it does not need."""
        return self._rows(facts, self._cells(facts), side, predicate)

    def rows_after(self, model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows for facts much like those of a decided case; what rests on the same is taken over."""
        if not isinstance(model, TableModel) or model.layout is not self.layout:
            return self.rows_only(facts, side, predicate)
        cells = [*model.cells]
        cells[0], cells[1] = facts.known, facts.unknown
        for name in facts.differing(model.facts):
            for place in self._resting.get(name, ()):
                cells[place] = None
        return self._rows(facts, cells, side, predicate)

    def _rows(self, facts: FactSet, cells: Cells, side: Side, predicate: str) -> Collection[ModelRow]:
        name = self.layout.doubled.name(side, predicate)
        place = self.layout.position.get(name)
        if place is None:
            fixed = self.layout.fixed.get(name)
            return input_rows(self.layout.doubled, facts, name) if fixed is None else fixed
        if cells[place] is None:
            self._fills[place](cells)
        found: Table = cells[place]
        return found

    def _cells(self, facts: FactSet) -> Cells:
        cells = self._blank.copy()
        cells[0], cells[1] = facts.known, facts.unknown
        return cells


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
