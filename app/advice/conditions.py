"""Conditions: how far a rule is met, literal by literal, in words.

Goes in: the decided case and a fact that should hold. Comes out: per rule that could give it, and per
way its variables can be filled, every literal with its status. Must not know: what any rule means.

A literal is met (`voldaan`) when it is certain, `open` when it is possible, else `niet_voldaan`. A
variable whose value nobody gave stays open (None) instead of taking every value there is.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.advice import wording
from app.advice.advies import Status
from app.advice.law import Law, Plan, Premise
from app.advice.literals import Condition, Pattern, Said
from app.advice.solve import Sum, compare, evaluate
from app.engine.model import Model, ModelRow, ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Comparison, Rule, Variable

Values = list[ModelValue | None]
MAX_WAYS = 24
"""More ways to fill one rule than a reader would follow; the rest is like the first."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a rule could give a fact."""

    rule: Rule
    values: tuple[ModelValue | None, ...]
    conditions: tuple[Condition, ...]


Filled = tuple[Plan, Values, list[Condition]]
"""A rule with its variables filled in one way."""


class Conditions:
    """The conditions of one decided case. Keeps what it worked out: rules and flows share much."""

    def __init__(self, law: Law, model: Model) -> None:
        self.law = law
        self.model = model
        self._predicates: dict[str, Said] = {}
        self._said: dict[tuple[str, Pattern, Status, int], list[str]] = {}

    def ways(self, predicate: str, row: Pattern) -> list[Way]:
        """List the ways in which rules could give a fact, in program order."""
        return [
            Way(plan.rule, tuple(values), tuple(conditions)) for plan, values, conditions in self._ways(predicate, row)
        ]

    def nearest(self, predicate: str, row: Pattern) -> Way | None:
        """Choose the way with the fewest contradicted, then the fewest open, then the most met conditions."""
        best: Filled | None = None
        least: tuple[int, int, int] | None = None
        for filled in self._ways(predicate, row):
            statuses = [condition.status for condition in filled[2]]
            rank = (statuses.count("niet_voldaan"), statuses.count("open"), -len(statuses))
            if least is None or rank < least:
                best, least = filled, rank
        return None if best is None else Way(best[0].rule, tuple(best[1]), tuple(best[2]))

    def status(self, predicate: str, row: Pattern) -> Status:
        """Say whether a fact is certain, possible or neither; None in the row stands for any value."""
        return self._said_of(predicate).status(row)

    def reasons(self, predicate: str, row: Pattern, status: Status, depth: int = 4) -> list[str]:
        """Say in words what a contradicted or open fact comes down to, without the obvious."""
        if not depth:
            return []
        key = (predicate, row, status, depth)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self._reasons(predicate, row, status, depth)
        return found

    def _reasons(self, predicate: str, row: Pattern, status: Status, depth: int) -> list[str]:
        way = self.nearest(predicate, row)
        if way is None:
            return []
        found: dict[str, None] = {}
        for condition in way.conditions:
            if condition.status == status:
                found.update(dict.fromkeys(self._deeper(condition, depth) or [self.text(way, condition)]))
        return list(found)

    def _deeper(self, condition: Condition, depth: int) -> list[str]:
        """What a condition that rules decide comes down to: its own conditions, or why it holds where it should not."""
        if condition.comparison is not None or self._said_of(condition.predicate).is_input:
            return []
        if condition.positive:
            return self.reasons(condition.predicate, condition.row, condition.status, depth - 1)
        exact = tuple(value for value in condition.row if value is not None)
        if condition.status != "niet_voldaan" or len(exact) < len(condition.row):
            return []
        return [self.law.texts.uitleg(reason) for reason in self.model.why("zeker", condition.predicate, exact)[:1]]

    def _ways(self, predicate: str, row: Pattern) -> list[Filled]:
        found: list[Filled] = []
        for plan in self.law.plans_of(predicate, row):
            values = _head_values(plan, row)
            if values is not None:
                found += [(plan, filled, conditions) for filled, conditions in self._fill(plan, values)]
        return found[:MAX_WAYS]

    def _fill(self, plan: Plan, values: Values) -> list[tuple[Values, list[Condition]]]:
        """Fill a rule's variables premise by premise; where rows differ, every one is a way of its own."""
        partial: list[tuple[Values, list[Condition]]] = [(values, [])]
        for premise in plan.premises:
            said = self._predicates.get(premise.predicate) or self._said_of(premise.predicate)
            wider: list[tuple[Values, list[Condition]]] = []
            for values, conditions in partial:
                pattern = premise.row(values)
                rows = said.listed(pattern) if premise.positive and None in pattern else ()
                others = [
                    (_filled(premise, [*values], row), [*conditions, said.condition(row, True)])
                    for row in (rows[1:] if len(rows) > 1 else ())
                ]
                if rows:
                    pattern = rows[0]
                    _filled(premise, values, pattern)
                conditions.append(said.condition(pattern, premise.positive))
                wider.append((values, conditions))
                wider += others
            partial = wider[:MAX_WAYS]
        for values, conditions in partial if plan.comparisons else ():
            conditions += [self._compared(plan, comparison, values) for comparison in plan.comparisons]
        return partial

    def _said_of(self, predicate: str) -> Said:
        found = self._predicates.get(predicate)
        if found is None:
            same = predicate not in self.law.rules_of
            declared = self.law.vocabulary.predicates[predicate]
            found = self._predicates[predicate] = Said(self.model, declared, same)
        return found

    def _compared(self, plan: Plan, comparison: Comparison, values: Values) -> Condition:
        named = {name: value for name, value in zip(plan.variables, values, strict=True) if value is not None}
        status = compare(comparison, named)
        if status == "voldaan" and isinstance(comparison.left, Variable) and comparison.left.name not in named:
            total = evaluate(comparison.right, named)
            if isinstance(total, Sum) and not total.factors:
                values[plan.variables.index(comparison.left.name)] = total.constant
        return Condition(status, "", (), True, comparison)

    def text(self, way: Way, condition: Condition) -> str:
        """Write a condition in words: as it is, or as it would be where it is open."""
        if condition.comparison is not None:
            plan = self.law.plan(way.rule)
            return wording.comparison(self.law, plan, condition.comparison, way.values, condition.status)
        denied = condition.positive == (condition.status == "niet_voldaan")
        words = self.law.texts.denial if denied else self.law.texts.fact
        return words(condition.predicate, condition.row)


def _filled(premise: Premise, values: Values, row: ModelRow) -> Values:
    """Put the values of a row in the place of those that are not known."""
    for (place, _), value in zip(premise.slots, row, strict=True):
        if place >= 0 and values[place] is None and not isinstance(value, Unknown):
            values[place] = value
    return values


def _head_values(plan: Plan, row: Pattern) -> Values | None:
    """The values a rule's head gives its variables for this fact; None when it cannot give it."""
    values: Values = [None] * len(plan.variables)
    for (place, constant), value in zip(plan.head, row, strict=True):
        if value is None or isinstance(value, Unknown):
            continue
        if place < 0:
            if value != constant:
                return None
        elif values[place] is not None and values[place] != value:
            return None
        else:
            values[place] = value
    return values
