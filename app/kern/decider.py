"""The kern as an engine: the same door as the compiled engine and pyDatalog.

Goes in: a checked program, then `FactSet`s. Comes out: `KernModel`s. Must not know: what a predicate means.
"""

from __future__ import annotations

from collections.abc import Collection

from app.engine.facts import FactSet
from app.engine.model import Model, ModelRow, Side
from app.kern.classes import Classes
from app.kern.ground import Ground, ground
from app.kern.model import KernModel
from app.lang.diagnostics import Diagnostics, render
from app.lang.program import Program


class NotUnderstoodError(ValueError):
    """A program that has no formulas; `diagnostics` name the rules."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__(render(diagnostics, ()))
        self.diagnostics = diagnostics


class KernDecider:
    """One program, ground. Safe to share between threads and coroutines."""

    def __init__(self, program: Program) -> None:
        found = ground(program)
        if not isinstance(found, Ground):
            raise NotUnderstoodError(found)
        self.program = program
        self.classes = Classes(found)

    def decide(self, facts: FactSet) -> KernModel:
        """Decide one case."""
        return KernModel(self.classes, facts)

    def begin(self, facts: FactSet) -> KernModel:
        """Decide one case as far as it is read, which is how every case is decided here."""
        return KernModel(self.classes, facts)

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases one by one."""
        return [self.decide(case) for case in cases]

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows."""
        return self.decide(facts).rows(side, predicate)

    def rows_after(self, _model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """One predicate's rows for other facts."""
        return self.rows_only(facts, side, predicate)


class KernEngine:
    """Grounds programs."""

    name = "kern"

    def prepare(self, program: Program) -> KernDecider:
        """Ground a checked program."""
        return KernDecider(program)
