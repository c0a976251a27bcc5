"""A third evaluator: Kleene's three values, straight from the definition, with nothing doubled.

Goes in: a program and a case. Comes out: per predicate every row that is not certainly false, with how
true it is. Must not know: sides, indexes, engines. Slow: for small programs only.

A condition is as true as its least true literal, a row as its most true rule; `~` turns a value around.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from app.engine.facts import FactSet
from app.engine.unknown import Unknown
from app.lang.ast import Comparison, Constant, Expression, Literal, Negated, Positive, Rule, Variable
from app.lang.ordering import literal_variables
from app.lang.program import Program
from app.lang.sides import split_side
from tests.properties.proof_checker import COMPARE, value_of

TRUE, OPEN, FALSE = 1.0, 0.5, 0.0
Row = tuple[Any, ...]
Values = dict[str, Any]


class Reference:
    """One case, evaluated top-down: a predicate when somebody asks for it."""

    def __init__(self, program: Program, facts: FactSet) -> None:
        self.program, self.facts = program, facts
        self._tables: dict[str, dict[Row, float]] = {}

    def table(self, name: str) -> dict[Row, float]:
        """Every row of a predicate that is not false, with its truth."""
        if name not in self._tables:
            self._tables[name] = self._evaluate(name)
        return self._tables[name]

    def _evaluate(self, name: str) -> dict[Row, float]:
        predicate = self.program.vocabulary.predicates[name]
        rows: dict[Row, float] = dict.fromkeys(self.facts.known.get(name, ()), TRUE)
        for fact in self.program.facts:
            if fact.atom.predicate == name:
                rows[tuple(value_of(term, {}) for term in fact.atom.arguments)] = TRUE
        domains = [self.program.vocabulary.domain_of(name, at) for at in range(len(predicate.arguments))]
        for key in self.facts.unknown.get(name, ()):
            for values in product(*(domain.values or (Unknown(name, key),) for domain in domains[1:])):
                rows.setdefault((key, *values), OPEN)
        rules = [rule for rule in self.program.rules if rule.head.predicate == name]
        for rule in rules:
            for values_, truth in self._solve(rule, predicate.two_valued):
                row = tuple(value_of(term, values_) for term in rule.head.arguments)
                rows[row] = max(truth, rows.get(row, FALSE))
        if predicate.single and rules:
            certain = {row[0] for row, truth in rows.items() if truth == TRUE}
            rows = {row: truth for row, truth in rows.items() if truth == TRUE or row[0] not in certain}
        return rows

    def _solve(self, rule: Rule, two_valued: bool) -> Iterator[tuple[Values, float]]:
        found: list[tuple[Values, float]] = [({}, TRUE)]
        waiting = sorted(rule.body, key=lambda literal: not isinstance(literal, Positive))
        while waiting:
            literal = next(one for one in waiting if _is_ready(one, found[0][0]))
            waiting.remove(literal)
            found = [
                (more, min(truth, found_truth))
                for values, truth in found
                for more, found_truth in self._try(literal, values, two_valued)
                if found_truth > FALSE
            ]
            if not found:
                return
        yield from found

    def _try(self, literal: Literal, values: Values, two_valued: bool) -> Iterator[tuple[Values, float]]:
        if isinstance(literal, Comparison):
            if isinstance(literal.left, Variable) and literal.left.name not in values:
                yield {**values, literal.left.name: value_of(literal.right, values)}, TRUE
                return
            sides = [value_of(side, values) for side in (literal.left, literal.right)]
            if any(isinstance(side, Unknown) for side in sides):
                yield values, TRUE if two_valued else OPEN
            else:
                yield values, TRUE if COMPARE[literal.operator](*sides) else FALSE
            return
        side, name = split_side(literal.atom.predicate)
        table = self.table(name)
        if side is not None:  # a rule that speaks of certain and possible: each is simply so, or not
            table = dict.fromkeys((row for row, truth in table.items() if truth == TRUE or side == "mogelijk"), TRUE)
        if isinstance(literal, Negated):
            yield values, TRUE - table.get(tuple(value_of(term, values) for term in literal.atom.arguments), FALSE)
            return
        for row, truth in table.items():
            bound = dict(values)
            if all(_matches(term, value, bound) for term, value in zip(literal.atom.arguments, row, strict=True)):
                yield bound, truth


def _matches(term: Expression, value: Any, values: Values) -> bool:
    if isinstance(term, Constant):
        return bool(term.value == value)
    assert isinstance(term, Variable)
    return bool(values.setdefault(term.name, value) == value)


def _is_ready(literal: Literal, values: Values) -> bool:
    missing = {variable.name for variable in literal_variables(literal)} - values.keys()
    if isinstance(literal, Comparison) and literal.operator == "==" and isinstance(literal.left, Variable):
        missing -= {literal.left.name}
    return isinstance(literal, Positive) or not missing
