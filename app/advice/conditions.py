"""Conditions: how far a rule is met, literal by literal, in words.

Goes in: the decided case and a fact that should hold. Comes out: per rule that could give it, and per
way its variables can be filled, every literal with its status. Must not know: what any rule means.

A literal is met (`voldaan`) when it is certain, `open` when it is possible, else `niet_voldaan`. A
variable whose value nobody gave stays open (None) instead of taking every value there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from app.advice import dates
from app.advice.advies import Status
from app.advice.law import Law, Plan, Premise
from app.advice.solve import OPPOSITE, Sum, compare, evaluate, variable_names
from app.advice.texts import variable_domains
from app.engine.model import Model, ModelRow, ModelValue, is_anything
from app.engine.unknown import Unknown
from app.lang.ast import Comparison, ComparisonOperator, Expression, Rule, Variable

Pattern = tuple[ModelValue | None, ...]
"""A row in which None stands for a value that is not known."""
Values = list[ModelValue | None]
MAX_WAYS = 24
"""More ways to fill one rule than a reader would follow; the rest is like the first."""

_DATE_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "eerder dan", "<=": "niet later dan", "==": "gelijk aan", "!=": "iets anders dan",
    ">=": "niet eerder dan", ">": "later dan",
}  # fmt: skip
_NUMBER_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "minder dan", "<=": "hoogstens", "==": "gelijk aan", "!=": "iets anders dan",
    ">=": "minstens", ">": "meer dan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A literal with its status: an atom (`row`, "" and () for none) or a comparison."""

    status: Status
    predicate: str
    row: Pattern
    positive: bool
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a rule could give a fact."""

    rule: Rule
    values: tuple[ModelValue | None, ...]
    conditions: tuple[Condition, ...]


class Conditions:
    """The conditions of one decided case."""

    def __init__(self, law: Law, model: Model) -> None:
        self.law = law
        self.model = model
        self._read: dict[tuple[str, Pattern, bool], Condition] = {}

    def ways(self, predicate: str, row: Pattern) -> list[Way]:
        """List the ways in which rules could give a fact, in program order."""
        found: list[Way] = []
        for plan in self.law.plans_of(predicate, row):
            values = _head_values(plan, row)
            if values is not None:
                found.extend(
                    Way(plan.rule, tuple(filled), tuple(conditions)) for filled, conditions in self._fill(plan, values)
                )
        return found[:MAX_WAYS]

    def nearest(self, predicate: str, row: Pattern) -> Way | None:
        """Choose the way with the fewest contradicted, then the fewest open, then the most met conditions."""
        best: Way | None = None
        least: tuple[int, int, int] | None = None
        for way in self.ways(predicate, row):
            failed = undecided = 0
            for condition in way.conditions:
                if condition.status == "niet_voldaan":
                    failed += 1
                elif condition.status == "open":
                    undecided += 1
            rank = (failed, undecided, -len(way.conditions))
            if least is None or rank < least:
                best, least = way, rank
        return best

    def status(self, predicate: str, row: Pattern) -> Status:
        """Say whether a fact is certain, possible or neither; None in the row stands for any value."""
        if None not in row:
            exact = cast(ModelRow, row)
            if self.model.holds("zeker", predicate, exact):
                return "voldaan"
            return "open" if self.model.holds("mogelijk", predicate, exact) else "niet_voldaan"
        if self._unsaid(predicate, row) or any(
            _matches(found, row) for found in self.model.rows("mogelijk", predicate)
        ):
            return "open"
        return "niet_voldaan"

    def reasons(self, predicate: str, row: Pattern, status: Status, depth: int = 4) -> list[str]:
        """Say in words what a contradicted or open fact comes down to, without the obvious."""
        way = self.nearest(predicate, row) if depth else None
        if way is None:
            return []
        found: list[str] = []
        for condition in way.conditions:
            if condition.status != status:
                continue
            found.extend(self._deeper(condition, depth) or [self.text(way, condition)])
        return list(dict.fromkeys(found))

    def _deeper(self, condition: Condition, depth: int) -> list[str]:
        """What a condition that rules decide comes down to: its own conditions, or why it holds where it should not."""
        if condition.comparison is not None or self._is_input(condition.predicate):
            return []
        if condition.positive:
            return self.reasons(condition.predicate, condition.row, condition.status, depth - 1)
        exact = tuple(value for value in condition.row if value is not None)
        if condition.status != "niet_voldaan" or len(exact) < len(condition.row):
            return []
        return [self.law.texts.uitleg(reason) for reason in self.model.why("zeker", condition.predicate, exact)[:1]]

    def _fill(self, plan: Plan, values: Values) -> list[tuple[Values, list[Condition]]]:
        """Fill a rule's variables premise by premise; where rows differ, every one is a way of its own."""
        partial: list[tuple[Values, list[Condition]]] = [(values, [])]
        for premise in plan.premises:
            wider: list[tuple[Values, list[Condition]]] = []
            for values, conditions in partial:
                pattern = _pattern(premise, values)
                rows = self._rows(premise.predicate, pattern) if premise.positive and None in pattern else ()
                if rows:
                    wider += [
                        (_filled(premise, values, row), [*conditions, self._read_off(premise, row)]) for row in rows
                    ]
                else:
                    conditions.append(self._read_off(premise, pattern))
                    wider.append((values, conditions))
            partial = wider[:MAX_WAYS]
        for values, conditions in partial if plan.comparisons else ():
            conditions += [self._compared(plan, comparison, values) for comparison in plan.comparisons]
        return partial

    def _rows(self, predicate: str, pattern: Pattern) -> list[ModelRow]:
        if self._unsaid(predicate, pattern):
            return []
        return [row for row in self.model.rows("mogelijk", predicate) if _matches(row, pattern)]

    def _unsaid(self, predicate: str, pattern: Pattern) -> bool:
        key = pattern[0]
        return (
            isinstance(key, str | int)
            and self.law.vocabulary.predicates[predicate].open
            and is_anything(self.model, predicate, key)
        )

    def _read_off(self, premise: Premise, pattern: Pattern) -> Condition:
        """A premise with its status; rules share many."""
        key = (premise.predicate, pattern, premise.positive)
        found = self._read.get(key)
        if found is None:
            status = self.status(premise.predicate, pattern)
            if not premise.positive:
                status = _REVERSED[status]
            found = self._read[key] = Condition(status, premise.predicate, pattern, premise.positive)
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
            return self.comparison_text(plan, condition.comparison, list(way.values), condition.status)
        denied = condition.positive == (condition.status == "niet_voldaan")
        words = self.law.texts.denial if denied else self.law.texts.fact
        return words(condition.predicate, condition.row)

    def comparison_text(self, plan: Plan, comparison: Comparison, values: Values, status: Status) -> str:
        """Write a comparison: what is compared, from the fact that states it, and with what."""
        domains = variable_domains(plan.rule, self.law.vocabulary)
        named = dict(zip(plan.variables, values, strict=True))
        dated = any(
            self._is_date(domains.get(name, ""))
            for side in (comparison.left, comparison.right)
            for name in variable_names(side)
        )
        operator = OPPOSITE[comparison.operator] if status == "niet_voldaan" else comparison.operator
        words = (_DATE_WORDS if dated else _NUMBER_WORDS)[operator]
        words_in = next((domains[name] for name in variable_names(comparison.left) if name in domains), "")
        right = self._side(comparison.right, named, dated, words_in)
        stated = self._stated(plan, comparison.left, values)
        if stated:
            return f"{stated}, en dat is {words} {right}" if status != "open" else f"{stated} ({words} {right})"
        return f"{self._side(comparison.left, named, dated, words_in)} is {words} {right}"

    def _side(self, side: Expression, named: Mapping[str, ModelValue | None], dated: bool, words_in: str) -> str:
        """One side of a comparison in words; `words_in` is the domain its words are from."""
        text = _side_text(side, named, dated)
        return self.law.vocabulary.label(words_in, text) if words_in in self.law.vocabulary.domains else text

    def _stated(self, plan: Plan, left: Expression, values: Values) -> str:
        """The fact that gives a compared variable its value, in words."""
        if not isinstance(left, Variable):
            return ""
        place = plan.variables.index(left.name)
        for premise in plan.premises:
            if premise.positive and any(slot[0] == place for slot in premise.slots):
                return self.law.texts.fact(premise.predicate, _pattern(premise, values))
        return ""

    def _is_input(self, predicate: str) -> bool:
        return self.law.vocabulary.predicates[predicate].kind == "invoer"

    def _is_date(self, domain: str) -> bool:
        found = self.law.vocabulary.domains.get(domain)
        return found is not None and found.kind == "datum"


_REVERSED: Mapping[Status, Status] = {"voldaan": "niet_voldaan", "niet_voldaan": "voldaan", "open": "open"}


def _side_text(side: Expression, named: Mapping[str, ModelValue | None], dated: bool) -> str:
    known = {name: value for name, value in named.items() if value is not None}
    if any(name not in known for name in variable_names(side)):
        return "nog onbekend"
    value = evaluate(side, known)
    if isinstance(value, str):
        return value
    if not isinstance(value, Sum) or value.factors:
        return "nog onbekend"
    return dates.words(value.constant) if dated and value.constant > 9999 else str(value.constant)


def _pattern(premise: Premise, values: Values) -> Pattern:
    return tuple([values[place] if place >= 0 else constant for place, constant in premise.slots])


def _filled(premise: Premise, values: Values, row: ModelRow) -> Values:
    """The values with those of a row for the variables that have none."""
    filled = list(values)
    for (place, _), value in zip(premise.slots, row, strict=True):
        if place >= 0 and filled[place] is None:
            filled[place] = None if isinstance(value, Unknown) else value
    return filled


def _matches(row: ModelRow, pattern: Pattern) -> bool:
    for found, wanted in zip(row, pattern, strict=True):
        if wanted is not None and found != wanted and not isinstance(found, Unknown):
            return False
    return True


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
