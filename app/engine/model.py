"""What an engine answers: which facts are certain, which are possible, and why.

Goes in: the tables an engine filled. Comes out: a `Model` that the advice layer reads.
Must not know: which engine filled it, or what a predicate means.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, Protocol

from app.engine.facts import FactSet
from app.engine.unknown import Unknown
from app.lang.ast import Rule, Value
from app.lang.program import Program

Side = Literal["zeker", "mogelijk"]
ModelValue = Value | Unknown
"""Rows on the possible side may hold an `Unknown` where a number or date is open."""
ModelRow = tuple[ModelValue, ...]
Pattern = tuple[ModelValue | None, ...]
"""A row in which None stands for a value that is not known."""


class Justification(NamedTuple):
    """One rule of the *source* program with values for its variables: a reason why its head holds.

    `values[i]` is the value of `rule_variables(rule)[i]` (order of first appearance, head first).
    """

    rule: Rule
    values: ModelRow


class Model(Protocol):
    """The decided case. `zeker` is contained in `mogelijk` for every predicate."""

    def rows(self, side: Side, predicate: str) -> Collection[ModelRow]:
        """All rows of a predicate on one side (tables and input facts too).

        Rows of an *open* input predicate that are possible only because the key is unknown are not
        listed (they are every value); ask `holds` for those.
        """

    def holds(self, side: Side, predicate: str, row: ModelRow) -> bool:
        """Whether one row holds, open input facts included."""

    def unsaid(self, predicate: str) -> Collection[Value]:
        """The keys of an open input fact about which the caller said nothing."""

    def why(self, side: Side, predicate: str, row: Pattern) -> Sequence[Justification]:
        """Every ground rule that derived the row on that side, in program order; () for facts, and for no row."""


class Decider(Protocol):
    """An engine made ready for one program. Safe to share between threads and coroutines."""

    program: Program

    def decide(self, facts: FactSet) -> Model:
        """Decide one case, with all justifications."""

    def begin(self, facts: FactSet) -> Model:
        """Decide one case as far as it is read, now or later: the same model, without what nobody asks of it."""

    def decide_many(self, cases: list[FactSet]) -> list[Model]:
        """Decide several cases (with distinct keys); same answers as one by one."""

    def rows_only(self, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """Decide as little as one predicate's rows take and return them: the cheap question."""

    def rows_after(self, model: Model, facts: FactSet, side: Side, predicate: str) -> Collection[ModelRow]:
        """`rows_only` of facts that differ little from those of a decided case, which may make it cheaper still."""


class Engine(Protocol):
    """Turns checked programs into deciders."""

    name: str

    def prepare(self, program: Program) -> Decider:
        """Compile or load a checked program; done once per program and kept by the caller."""
