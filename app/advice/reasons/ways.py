"""Ways: how the rules could give a fact, with the status of every condition, in one decided case.

Goes in: the decided case and a fact. Comes out: per rule that could give the fact, and per way to fill its variables, a
`Way`; or the one that comes nearest. Must not know: words, or what a predicate means.

A rule is walked from its head down, premise by premise. A variable whose value nobody gave stays None instead of taking
every value there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.advice.decided import Decided
from app.advice.reasons.one_of import OneOf, each, merged
from app.advice.reasons.plans import Plan
from app.engine.model import ModelValue, Pattern
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, IMPOSSIBLE, NEGATED, POSSIBLE, Status
from app.lang.ast import Comparison, Rule

Values = list[ModelValue | None]
MOST_WAYS: Final = 24
"""More ways to fill one rule than a reader would follow; those left out are like the ones that are shown."""


class Condition(NamedTuple):
    """A literal with its status: an atom (`row`, "" and () for none) or a comparison."""

    status: Status
    predicate: str
    row: Pattern
    positive: bool
    comparison: Comparison | None = None


class Way(NamedTuple):
    """One way in which a rule could give a fact.

    `rows` and `statuses` are those of the premises, in order; after them come the statuses of the comparisons.
    `merged`: the places of premises that say no more than a `OneOf` in another row does.
    """

    plan: Plan
    values: Values
    rows: Sequence[Pattern]
    statuses: list[Status]
    merged: frozenset[int] = frozenset()

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.plan.rule

    def condition(self, place: int) -> Condition:
        """Return the literal at a place: the premises first, then the comparisons."""
        status, count = self.statuses[place], len(self.rows)
        if place >= count:
            return Condition(status, "", (), True, self.plan.comparisons[place - count])
        premise = self.plan.premises[place]
        return Condition(status, premise.predicate, self.rows[place], premise.positive)

    def conditions(self) -> Iterator[Condition]:
        """Return every literal with its status."""
        return (self.condition(place) for place in range(len(self.statuses)) if place not in self.merged)

    def distance(self) -> tuple[int, int, int]:
        """Return how far the way is from giving its fact.

        First how many conditions fail that say which flows and words the rule is about, then how many fail at all,
        then how many are open.
        """
        statuses = self.statuses
        failed = statuses.count(IMPOSSIBLE)
        outside = sum([statuses[place] == IMPOSSIBLE for place in self.plan.scope]) if failed else 0
        return outside, failed, statuses.count(POSSIBLE)


class Ways:
    """The ways to the facts of one decided case."""

    def __init__(self, decided: Decided) -> None:
        self._law = decided.law
        self._statuses = decided.said

    def to(self, predicate: str, row: Pattern) -> list[Way]:
        """List the ways to a fact: rules by priority, ways of one rule by their values.

        Ways of one rule that differ only in the word that an unknown fact could have are one way.
        """
        rows = list(each(row))
        found: list[Way] = []
        for plan in self._law.plans_of(predicate, rows[0]):
            ways = [way for one in rows for way in self.of_rule(plan, one)]
            if len(ways) > 1 or len(rows) > 1:
                ways = sorted(merged(ways, row, self._law.vocabulary), key=_content)
            found += ways[:MOST_WAYS]
        return found

    def nearest(self, predicate: str, row: Pattern) -> Sequence[Way]:
        """Return the ways that come nearest, one per rule, the one whose rule goes first in front."""
        row = next(each(row))
        plans = self._law.plans_of(predicate, row)
        found = self._of_nearest_scope(plans, row) if len(plans) > 1 else self.of_rule(plans[0], row) if plans else []
        if len(found) < 2:
            return found
        distances = [way.distance() for way in found]
        least = min(distances)
        near = [way for way, distance in zip(found, distances, strict=True) if distance == least]
        if len(near) == 1:
            return near
        by_rule: dict[int, Way] = {}
        for way in near:  # plans come by priority
            other = by_rule.setdefault(id(way.rule), way)
            if other is not way and _content(way) < _content(other):
                by_rule[id(way.rule)] = way
        return list(by_rule.values())

    def _of_nearest_scope(self, plans: Sequence[Plan], row: Pattern) -> list[Way]:
        """List the ways of several rules, without the rules of which the scope alone is farther than another way."""
        least: int | None = None
        walked: dict[int, list[Way]] = {}
        for outside, at in sorted((self._outside(plan, row), at) for at, plan in enumerate(plans)):
            if least is not None and outside > least:
                break
            walked[at] = self.of_rule(plans[at], row)
            for way in walked[at]:
                failed = way.distance()[0]
                least = failed if least is None or failed < least else least
        return [way for at in sorted(walked) for way in walked[at]]

    def _outside(self, plan: Plan, row: Pattern) -> int:
        """Count the conditions of scope that fail for a head whatever the rest of the rule asks."""
        values = _head_values(plan, row) if plan.early else None
        if values is None or None in row:
            return 0
        statuses = self._statuses
        return sum(
            [
                statuses[one.predicate].status(one.row(values)) == (IMPOSSIBLE if one.positive else CERTAIN)
                for one in plan.early
            ]
        )

    def of_rule(self, plan: Plan, row: Pattern) -> list[Way]:
        """List the ways in which one rule could give a fact, each word of a table a way of its own."""
        head = _head_values(plan, row)
        found: list[Way] = []
        if head is not None:
            self._walk(plan, 0, head, [], [], found)
        return found

    def _walk(
        self, plan: Plan, start: int, values: Values, rows: list[Pattern], statuses: list[Status], found: list[Way]
    ) -> None:
        """Fill the premises from a place on; a premise with several rows starts a way for each."""
        premises = plan.premises
        for at in range(start, len(premises)):
            premise = premises[at]
            row = premise.row(values)
            said = self._statuses[premise.predicate]
            if not premise.positive:
                statuses.append(NEGATED[said.status(row)])
                rows.append(row)
                continue
            if None not in row:
                statuses.append(CERTAIN if row in said.certain else said.less(row))
                rows.append(row)
                continue
            fillings = said.fillings(row)
            for filled, status, given in fillings[1:]:
                wider = _bound(premise.slots, values, given)
                self._walk(plan, at + 1, wider, [*rows, filled], [*statuses, status], found)
            filled, status, given = fillings[0]
            values = _bound(premise.slots, values, given)
            rows.append(filled)
            statuses.append(status)
        statuses += [test.status(values) for test in plan.tests]
        found.append(Way(plan, values, rows, statuses))


def _bound(slots: Sequence[tuple[int, object]], values: Values, given: Pattern) -> Values:
    """The values with those that a row gives the variables of its premise."""
    wider = list(values)
    for (place, _), value in zip(slots, given, strict=True):
        if place >= 0:
            wider[place] = value
    return wider


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


def _content(way: Way) -> tuple[str, ...]:
    """What tells ways of one rule apart."""
    return tuple(map(str, way.values))


__all__ = ["MOST_WAYS", "Condition", "OneOf", "Values", "Way", "Ways"]
