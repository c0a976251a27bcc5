"""Possible groundings of a rule that no engine worked out on the possible side.

Goes in: a rule and the decided case. Comes out: every justification it could have.
Must not know: what the rule means. Some output is only ever read as certain (what contradicts itself);
to know which answers would make it so, its rules are matched here against the possible facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.advice.decided import Decided
from app.advice.plans import Plan, Premise
from app.advice.solve import Sum, compare, evaluate
from app.engine.model import Justification, ModelRow, ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Value, Variable


def groundings(plan: Plan, key: Value, decided: Decided) -> Iterator[Justification]:
    """List the ways in which the positive premises of a rule about `key` can hold together."""
    start: list[ModelValue | None] = [None] * len(plan.variables)
    if plan.head[0][0] >= 0:
        start[plan.head[0][0]] = key
    filled = [start]
    for premise in plan.premises:
        if premise.positive:
            filled = [wider for values in filled for wider in _matches(premise, values, decided)]
    for values in filled:
        _assign(plan, values)
        complete = tuple(value for value in values if value is not None)
        if len(complete) == len(values) and _can_hold(plan, complete):
            yield Justification(plan.rule, complete)


def _matches(premise: Premise, values: list[ModelValue | None], decided: Decided) -> Iterator[list[ModelValue | None]]:
    pattern = [values[place] if place >= 0 else constant for place, constant in premise.slots]
    for row in _rows(decided, premise.predicate, pattern):
        wider = list(values)
        for (place, _), wanted, found in zip(premise.slots, pattern, row, strict=True):
            if wanted is None:
                wider[place] = found
            elif found != wanted and not isinstance(found, Unknown):
                break
        else:
            yield wider


def _rows(decided: Decided, predicate: str, pattern: list[ModelValue | None]) -> Iterable[ModelRow]:
    said, key = decided.said[predicate], pattern[0]
    yield from said.possible
    if isinstance(key, str) and key in said.unsaid and len(said.declared.arguments) == 2:
        words = decided.law.vocabulary.domain_of(predicate, 1).values
        yield from ((key, word) for word in words) if words else ((key, Unknown(predicate, key)),)


def _can_hold(plan: Plan, values: ModelRow) -> bool:
    """Whether no comparison of known values fails."""
    named = plan.named(values)
    return all(compare(comparison, named) != "niet_voldaan" for comparison in plan.comparisons)


def _assign(plan: Plan, values: list[ModelValue | None]) -> None:
    for comparison in plan.comparisons:
        if isinstance(comparison.left, Variable) and comparison.operator == "==":
            place = plan.variables.index(comparison.left.name)
            if values[place] is not None:
                continue
            known = {name: value for name, value in zip(plan.variables, values, strict=True) if value is not None}
            try:
                total = evaluate(comparison.right, known)
            except KeyError:
                continue
            if isinstance(total, Sum) and not total.factors:
                values[place] = total.constant
