"""The ways in which rules could give a fact: what generated code finds is what a plain matcher finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from hypothesis import given, settings

from app.advice import contract
from app.advice.advies import Status
from app.advice.casus import Casus, flatten
from app.advice.conditions import MAX_WAYS, Conditions
from app.advice.decided import Decided
from app.advice.plans import Plan, Premise
from app.engine.model import ModelValue, Pattern
from app.engine.unknown import Unknown
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

Way = tuple[list[ModelValue | None], list[Pattern], list[Status]]
OPPOSITE: Mapping[Status, Status] = {"voldaan": "niet_voldaan", "niet_voldaan": "voldaan", "open": "open"}
DEEP = 400
"""Facts to look into for one casus: from the oordeel of its flows down."""


class Plain:
    """Matches one rule after the other, premise by premise, against nothing but the rows of a model."""

    def __init__(self, decided: Decided) -> None:
        self.decided = decided

    def ways(self, plan: Plan, row: Pattern) -> list[Way]:
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
        given = {place for place, _ in plan.head if place >= 0} if None not in row else set()
        return list(self._match(plan, 0, values, [], [], given))

    def _match(
        self,
        plan: Plan,
        at: int,
        values: list[ModelValue | None],
        rows: list[Pattern],
        statuses: list[Status],
        given: set[int],
    ) -> Iterator[Way]:
        if at == len(plan.premises):
            yield values, rows, statuses
            return
        premise = plan.premises[at]
        pattern = tuple(values[place] if place >= 0 else constant for place, constant in premise.slots)
        loose = premise.positive and any(place >= 0 and place not in given for place, _ in premise.slots)
        for row, status, found in self._rows(premise, pattern) if loose else [self._one(premise, pattern)]:
            filled = list(values)
            for (place, _), value in zip(premise.slots, found, strict=True):
                if place >= 0:
                    filled[place] = value
            yield from self._match(plan, at + 1, filled, [*rows, row], [*statuses, status], given)

    def _rows(self, premise: Premise, pattern: Pattern) -> list[tuple[Pattern, Status, Pattern]]:
        if self._unsaid(premise.predicate, pattern[0]):
            return [(pattern, "open", pattern)]
        certain = self.decided.model.rows("zeker", premise.predicate)
        found: list[tuple[Pattern, Status, Pattern]] = []
        for row in self.decided.model.rows("mogelijk", premise.predicate):
            if all(p is None or p == v or isinstance(v, Unknown) for p, v in zip(pattern, row, strict=True)):
                sure = row in certain
                values = tuple(
                    v if sure else p if p is not None else None if isinstance(v, Unknown) else v
                    for p, v in zip(pattern, row, strict=True)
                )
                found.append((row, "voldaan" if sure else "open", values))
        return found or [(pattern, "niet_voldaan", pattern)]

    def _one(self, premise: Premise, pattern: Pattern) -> tuple[Pattern, Status, Pattern]:
        status = self._rows(premise, pattern)[0][1]
        if pattern in self.decided.model.rows("zeker", premise.predicate):
            status = "voldaan"
        elif status == "voldaan" or any(isinstance(value, Unknown) for value in pattern):
            status = "open"
        if not premise.positive:
            status = OPPOSITE[status]
        return pattern, status, pattern

    def _unsaid(self, predicate: str, key: ModelValue | None) -> bool:
        declared = self.decided.law.vocabulary.predicates[predicate]
        if not declared.open or key not in self.decided.model.unsaid(predicate):
            return False
        return all(row[0] != key for row in self.decided.model.rows("zeker", predicate))


@settings(max_examples=fewer(150))
@given(casussen(most_flows=2))
def test_the_ways_found_are_those_of_a_plain_matcher(casus: Casus) -> None:
    law = real_law().advisor.law_on(casus.peildatum)
    decided = Decided(law, real_law().facts(casus))
    conditions, plain = Conditions(decided), Plain(decided)
    waiting: list[tuple[str, Pattern]] = [
        (contract.MAG, (flow.key, norm)) for flow in flatten(casus) for norm in law.vocabulary.norms
    ]
    seen = set(waiting)
    for _ in range(DEEP):
        if not waiting:
            break
        predicate, row = waiting.pop()
        expected = [
            (plan.rule, values, rows, statuses)
            for plan in law.plans_of(predicate, row)
            for values, rows, statuses in islice(plain.ways(plan, row), MAX_WAYS)
        ][:MAX_WAYS]
        found = conditions.ways(predicate, row)
        assert [(way.rule, list(way.rows), way.statuses[: len(way.rows)]) for way in found] == [
            (rule, rows, statuses) for rule, _, rows, statuses in expected
        ]
        for way, (_, values, _, _) in zip(found, expected, strict=True):
            # What a comparison gives a value stands beside what the premises gave.
            assert all(mine in (None, theirs) for mine, theirs in zip(values, way.values, strict=True))
        deeper = dict.fromkeys(
            (premise.predicate, row)
            for way in found
            for premise, row in zip(way.plan.premises, way.rows, strict=True)
            if premise.predicate in law.rules_of and not any(isinstance(value, Unknown) for value in row)
        )
        waiting += [one for one in deeper if one not in seen]
        seen |= deeper.keys()
