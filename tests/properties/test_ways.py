"""The ways in which rules could give a fact: those of a plain matcher, whether or not words are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings

from app.advice import contract
from app.advice.decided import Decided
from app.advice.law.law import Law
from app.advice.question.casus import Casus, flatten
from app.advice.reasons.one_of import OneOf, merged
from app.advice.reasons.plans import Plan, Premise
from app.advice.reasons.ways import Way, Ways
from app.engine.model import ModelValue, Pattern
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, IMPOSSIBLE, NEGATED, POSSIBLE, Status
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

Filled = tuple[list[ModelValue | None], list[Pattern], list[Status]]
DEEP = 400
"""Facts to look into for one casus: from the oordeel of its flows down."""


class Plain:
    """Matches one rule after the other, premise by premise, against nothing but the rows of a model."""

    def __init__(self, decided: Decided) -> None:
        self.decided = decided

    def ways(self, plan: Plan, row: Pattern) -> list[Filled]:
        values: list[ModelValue | None] = [None] * len(plan.variables)
        for (place, constant), value in zip(plan.head, row, strict=True):
            known = constant if place < 0 else values[place]
            if value is None:
                continue
            if place < 0 or known is not None:
                if known != value:
                    return []
            else:
                values[place] = value
        return list(self._match(plan, 0, values, [], []))

    def _match(
        self,
        plan: Plan,
        at: int,
        values: list[ModelValue | None],
        rows: list[Pattern],
        statuses: list[Status],
    ) -> Iterator[Filled]:
        if at == len(plan.premises):
            yield values, rows, statuses
            return
        premise = plan.premises[at]
        pattern = tuple(values[place] if place >= 0 else constant for place, constant in premise.slots)
        loose = premise.positive and None in pattern
        for row, status, found in self._rows(premise, pattern) if loose else [self._one(premise, pattern)]:
            filled = list(values)
            for (place, _), value in zip(premise.slots, found, strict=True):
                if place >= 0:
                    filled[place] = value
            yield from self._match(plan, at + 1, filled, [*rows, row], [*statuses, status])

    def _rows(self, premise: Premise, pattern: Pattern) -> list[tuple[Pattern, Status, Pattern]]:
        if self._unsaid(premise.predicate, pattern[0]):
            return [(pattern, POSSIBLE, pattern)]
        certain = self.decided.kern.rows("zeker", premise.predicate)
        found: list[tuple[Pattern, Status, Pattern]] = []
        for row in self.decided.kern.rows("mogelijk", premise.predicate):
            if all(p is None or p == v or isinstance(v, Unknown) for p, v in zip(pattern, row, strict=True)):
                sure = row in certain
                values = tuple(
                    v if sure else p if p is not None else None if isinstance(v, Unknown) else v
                    for p, v in zip(pattern, row, strict=True)
                )
                found.append((row, CERTAIN if sure else POSSIBLE, values))
        return found or [(pattern, IMPOSSIBLE, pattern)]

    def _one(self, premise: Premise, pattern: Pattern) -> tuple[Pattern, Status, Pattern]:
        status = self._rows(premise, pattern)[0][1]
        if pattern in self.decided.kern.rows("zeker", premise.predicate):
            status = CERTAIN
        elif status == CERTAIN or any(isinstance(value, Unknown) for value in pattern):
            status = POSSIBLE
        if not premise.positive:
            status = NEGATED[status]
        return pattern, status, pattern

    def _unsaid(self, predicate: str, key: ModelValue | None) -> bool:
        declared = self.decided.law.vocabulary.predicates[predicate]
        if not declared.open or key not in self.decided.kern.unsaid(predicate):
            return False
        return all(row[0] != key for row in self.decided.kern.rows("zeker", predicate))


def visited(law: Law, decided: Decided, casus: Casus) -> Iterator[tuple[Plan, Pattern, list[Way]]]:
    """The ways per rule of every fact that the oordeel of a casus rests on, up to some number."""
    ways = Ways(decided)
    waiting: list[tuple[str, Pattern]] = [
        (contract.MAG, (flow.key, norm)) for flow in flatten(casus) for norm in law.vocabulary.norms
    ]
    seen = set(waiting)
    for _ in range(DEEP):
        if not waiting:
            return
        predicate, row = waiting.pop()
        for plan in law.plans_of(predicate, row):
            found = ways.of_rule(plan, row)
            yield plan, row, found
            deeper = dict.fromkeys(
                (premise.predicate, one)
                for way in found
                for premise, one in zip(way.plan.premises, way.rows, strict=True)
                if premise.predicate in law.rules_of
                and not law.vocabulary.predicates[premise.predicate].two_valued  # tells what was stated: nothing deeper
                and not any(isinstance(value, Unknown) for value in one)
            )
            waiting += [one for one in deeper if one not in seen]
            seen |= deeper.keys()


@settings(max_examples=fewer(40))
@given(casussen(most_flows=2))
def test_the_ways_found_are_those_of_a_plain_matcher(casus: Casus) -> None:
    law = real_law().advisor.law_on(casus.peildatum)
    decided = Decided(law, real_law().facts(casus))
    plain = Plain(decided)
    for plan, row, ways in visited(law, decided, casus):
        expected = sorted(plain.ways(plan, row), key=str)
        found = sorted(((way.values, list(way.rows), way.statuses[: len(way.rows)]) for way in ways), key=str)
        assert [one[1:] for one in sorted(found, key=lambda one: str(one[1:]))] == [
            one[1:] for one in sorted(expected, key=lambda one: str(one[1:]))
        ]


@settings(max_examples=fewer(40))
@given(casussen(most_flows=2))
def test_ways_that_are_put_together_stand_for_the_same_words_and_statuses(casus: Casus) -> None:
    law = real_law().advisor.law_on(casus.peildatum)
    decided = Decided(law, real_law().facts(casus))
    for _, row, ways in visited(law, decided, casus):
        together = list(merged(ways, row, law.vocabulary))
        assert len(together) <= len(ways)
        assert sorted(map(str, stated(together))) == sorted(map(str, stated(ways)))


def values_of(way: Way) -> list[Any]:
    """The values of a way, a `OneOf` among them."""
    return way.values


def stated(ways: Iterable[Way]) -> Iterator[tuple[tuple[object, ...], list[Status]]]:
    """The values and statuses of ways, for each word of a `OneOf` once."""
    for way in ways:
        for values in product(*(one.words if isinstance(one, OneOf) else (one,) for one in values_of(way))):
            yield values, way.statuses
