"""Conditions: how far a rule is met, literal by literal, in words.

Goes in: the decided case and a fact that should hold. Comes out: per rule that could give it, and per
way its variables can be filled, every literal with its status. Must not know: what any rule means.

A literal is met (`voldaan`) when it is certain, `open` when it is possible, else `niet_voldaan`. A
variable whose value nobody gave stays open (None) instead of taking every value there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from app.advice import wording
from app.advice.advies import Status
from app.advice.decided import Decided
from app.advice.plans import Plan
from app.advice.solve import Sum, compare, evaluate, variable_names
from app.advice.sums import assigned
from app.engine.model import ModelValue, Pattern
from app.engine.unknown import Unknown
from app.lang.ast import Comparison, Rule, Variable

Values = list[ModelValue | None]
MAX_WAYS = 24
"""More ways to fill one rule than a reader would follow; the rest is like the first."""


class Condition(NamedTuple):
    """A literal with its status: an atom (`row`, "" and () for none) or a comparison."""

    status: Status
    predicate: str
    row: Pattern
    positive: bool
    comparison: Comparison | None = None


class Way(NamedTuple):
    """One way in which a rule could give a fact.

    `rows` are those of the premises, in order; `statuses` theirs, and then those of the comparisons.
    """

    plan: Plan
    values: Values
    rows: Sequence[Pattern]
    statuses: list[Status]

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.plan.rule

    def condition(self, place: int) -> Condition:
        """The literal at a place: the premises first, then the comparisons."""
        status, count = self.statuses[place], len(self.rows)
        if place >= count:
            return Condition(status, "", (), True, self.plan.comparisons[place - count])
        premise = self.plan.premises[place]
        return Condition(status, premise.predicate, self.rows[place], premise.positive)

    def conditions(self) -> Iterator[Condition]:
        """Every literal with its status."""
        return map(self.condition, range(len(self.statuses)))


_Filled = tuple[Plan, Values, Sequence[Pattern], list[Status]]
"""What a `Way` is made of."""


class Conditions:
    """The conditions of one decided case. Keeps what it worked out: flows share much."""

    def __init__(self, decided: Decided) -> None:
        self.law = decided.law
        self._model = decided.model
        self._said = decided.said
        self._reasoned: dict[tuple[str, Pattern, Status, int], list[str]] = {}

    def ways(self, predicate: str, row: Pattern) -> list[Way]:
        """List the ways in which rules could give a fact, in program order."""
        return [Way(*way) for way in self._filled(self.law.plans_of(predicate, row), row)]

    def nearest(self, predicate: str, row: Pattern, status: Status) -> Way | None:
        """Choose the way with the fewest contradicted, then the fewest open, then the most met conditions.

        Of a fact that is open (`status`) that is a way of a rule by which it is possible.
        """
        plans = self.law.plans_of(predicate, row)
        if status == "open" and len(plans) > 1:
            rules = {id(reason.rule) for reason in self._model.why("mogelijk", predicate, row)}
            plans = tuple([plan for plan in plans if id(plan.rule) in rules]) or plans
        found = self._filled(plans, row)
        return Way(*(found[0] if len(found) == 1 else min(found, key=_distance))) if found else None

    def status(self, predicate: str, row: Pattern) -> Status:
        """Say whether a fact is certain, possible or neither; None in the row stands for any value."""
        return self._said[predicate].status(row)

    def reasons(self, predicate: str, row: Pattern, status: Status, depth: int = 4) -> list[str]:
        """Say in words what a contradicted or open fact comes down to, without the obvious."""
        if not depth:
            return []
        key = (predicate, row, status, depth)
        found = self._reasoned.get(key)
        if found is None:
            found = self._reasoned[key] = self._reasons(predicate, row, status, depth)
        return found

    def _reasons(self, predicate: str, row: Pattern, status: Status, depth: int) -> list[str]:
        way = self.nearest(predicate, row, status)
        if way is None:
            return []
        found: dict[str, None] = {}
        told = _told_elsewhere(way) if status == "open" else ()
        for place, its_status in enumerate(way.statuses):
            if its_status == status and place not in told:
                condition = way.condition(place)
                for reason in self._deeper(condition, depth) or (self.text(way, condition),):
                    found[reason] = None
        return list(found)

    def _deeper(self, condition: Condition, depth: int) -> list[str]:
        """What a condition that rules decide comes down to: its own conditions, or why it holds where it should not."""
        if condition.comparison is not None or condition.predicate in self.law.input:
            return []
        if condition.positive:
            return self.reasons(condition.predicate, condition.row, condition.status, depth - 1)
        exact = tuple(value for value in condition.row if value is not None)
        if condition.status != "niet_voldaan" or len(exact) < len(condition.row):
            return []
        reasons = self._model.why("zeker", condition.predicate, exact)
        return [self.law.texts.uitleg(reason) for reason in reasons[:1]]

    def _filled(self, plans: Iterable[Plan], row: Pattern) -> list[_Filled]:
        found: list[_Filled] = []
        row = tuple([None if isinstance(value, Unknown) else value for value in row])
        whole = None not in row
        for plan in plans:
            head = _head_values(plan, row)
            if head is None:
                continue
            for values, rows, statuses in self.law.ways(plan, whole)(self._said, head, MAX_WAYS):
                if plan.comparisons:
                    statuses += [_compared(plan, comparison, values) for comparison in plan.comparisons]
                found.append((plan, values, rows, statuses))
        return found[:MAX_WAYS]

    def text(self, way: Way, condition: Condition) -> str:
        """Write a condition in words: as it is, or as it would be where it is open."""
        if condition.comparison is not None:
            return wording.comparison(self.law, way.plan, condition.comparison, way.values, condition.status)
        texts, predicate, row = self.law.texts, condition.predicate, condition.row
        if condition.positive != (condition.status == "niet_voldaan"):
            return texts.fact(predicate, row)
        return (condition.status == "open" and texts.unsaid(predicate, row)) or texts.denial(predicate, row)


def _told_elsewhere(way: Way) -> Collection[int]:
    """The places of open literals that others tell of: a value that is compared, and what is worked out for that."""
    plan, values = way.plan, way.values
    if not plan.comparisons:
        return ()
    worked_out = assigned(plan)
    compared: set[str] = set()
    found: set[int] = set()
    for at, comparison in enumerate(plan.comparisons, len(way.rows)):
        if way.statuses[at] == "open":
            names = variable_names(comparison.left)
            compared.update(names, variable_names(comparison.right))
            if worked_out and names and names[0] in worked_out:
                found.add(at)
    for at, premise in enumerate(plan.premises):
        unknown = {plan.variables[place] for place, _ in premise.slots if place >= 0 and values[place] is None}
        if premise.positive and not compared.isdisjoint(unknown):
            found.add(at)
    return found


def _distance(filled: _Filled) -> tuple[int, int, int]:
    """How far a way is from giving its fact."""
    statuses = filled[3]
    return statuses.count("niet_voldaan"), statuses.count("open"), -len(statuses)


def _compared(plan: Plan, comparison: Comparison, values: Values) -> Status:
    """Say whether a comparison holds; one that gives a variable its value does so."""
    named = {name: value for name, value in zip(plan.variables, values, strict=True) if value is not None}
    status = compare(comparison, named)
    if status == "voldaan" and isinstance(comparison.left, Variable) and comparison.left.name not in named:
        total = evaluate(comparison.right, named)
        if isinstance(total, Sum) and not total.factors:
            values[plan.variables.index(comparison.left.name)] = total.constant
    return status


def _head_values(plan: Plan, row: Pattern) -> Values | None:
    """The values a rule's head gives its variables for this fact; None when it cannot give it."""
    values: Values = [None] * len(plan.variables)
    for (place, constant), value in zip(plan.head, row, strict=True):
        if value is None:
            continue
        if place < 0:
            if value != constant:
                return None
        elif values[place] is not None and values[place] != value:
            return None
        else:
            values[place] = value
    return values
