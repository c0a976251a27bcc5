"""Why not: what an open or impossible fact comes down to, in clauses.

Goes in: the decided case and a fact. Comes out: the conditions of the way that comes nearest, each traced down to what
the caller can state. Must not know: what any rule means.
"""

from __future__ import annotations

from collections.abc import Collection

from app.advice.decided import Decided
from app.advice.reasons import comparison_texts
from app.advice.reasons.ways import Condition, Way, Ways
from app.engine.model import Pattern
from app.kern.values import IMPOSSIBLE, POSSIBLE, Status

_DEEPEST = 5
"""Conditions within conditions that a step text goes down; below that a condition is told as it stands."""


Told = dict[str, int]
"""Clauses, each with the place in the vocabulary of what it is about."""


class WhyNot:
    """Why facts of one decided case are open or impossible. Keeps what it found: flows share much."""

    def __init__(self, decided: Decided) -> None:
        self._law = decided.law
        self._model = decided.kern
        self.ways = Ways(decided)
        self._found: dict[tuple[str, Pattern, Status, int], Told] = {}

    def reasons(self, predicate: str, row: Pattern, status: Status) -> list[str]:
        """List what an open or impossible fact comes down to, each as a clause, in vocabulary order of what is asked.

        [] where no rule can give the fact.
        """
        found = self._reasons(predicate, row, status, _DEEPEST)
        return sorted(found, key=found.__getitem__) if len(found) > 1 else list(found)

    def _reasons(self, predicate: str, row: Pattern, status: Status, depth: int) -> Told:
        if not depth:
            return {}
        key = (predicate, row, status, depth)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._choose(predicate, row, status, depth)
        return found

    def _choose(self, predicate: str, row: Pattern, status: Status, depth: int) -> Told:
        near = self.ways.nearest(predicate, row)
        if not near:
            return {}
        found = self._told(near[0], status, depth)
        if len(near) > 1 and self._law.ties.watched:
            others = [way.rule for way in near[1:] if self._told(way, status, depth) != found]
            self._law.ties.note([near[0].rule, *others])
        return found

    def _told(self, way: Way, status: Status, depth: int) -> Told:
        found: Told = {}
        told = _told_by_comparisons(way) if status == POSSIBLE and way.plan.comparisons else ()
        for place, its_status in enumerate(way.statuses):
            if its_status == status and place not in told:
                condition = way.condition(place)
                deeper = self._deeper(condition, depth) or {self.text(way, condition): self._place(way, place)}
                for reason, order in deeper.items():
                    found.setdefault(reason, order)
        return found

    def _place(self, way: Way, place: int) -> int:
        """The place in the vocabulary of what a condition asks; of a comparison that of what is compared."""
        premises = way.plan.premises
        if place < len(premises):
            return self._law.predicate_place[premises[place].predicate]
        compared = way.plan.tests[place - len(premises)].places
        telling = [one for one in premises if one.positive and any(slot in compared for slot, _ in one.slots[1:])]
        return min((self._law.predicate_place[one.predicate] for one in telling), default=0)

    def _deeper(self, condition: Condition, depth: int) -> Told:
        """What a condition that rules decide comes down to: its own conditions, or why it holds where it should not."""
        if condition.comparison is not None or condition.predicate in self._law.input:
            return {}
        if condition.positive:
            if self._law.vocabulary.predicates[condition.predicate].two_valued:  # says what was stated: nothing deeper
                return {}
            return self._reasons(condition.predicate, condition.row, condition.status, depth - 1)
        exact = tuple(value for value in condition.row if value is not None)
        if condition.status != IMPOSSIBLE or len(exact) < len(condition.row):
            return {}
        reasons = self._model.why("zeker", condition.predicate, exact)
        order = self._law.predicate_place[condition.predicate]
        return {self._law.texts.uitleg(self._law.first(reasons)): order} if reasons else {}

    def text(self, way: Way, condition: Condition) -> str:
        """Write a condition as a clause: as it is, or as it would be where it is open."""
        if condition.comparison is not None:
            return comparison_texts.comparison(self._law, way.plan, condition.comparison, way.values, condition.status)
        texts, predicate, row = self._law.texts, condition.predicate, condition.row
        if condition.positive != (condition.status == IMPOSSIBLE):
            return texts.fact(predicate, row)
        return (condition.status == POSSIBLE and texts.unsaid(predicate, row)) or texts.denial(predicate, row)


def _told_by_comparisons(way: Way) -> Collection[int]:
    """The places of open conditions of which an open comparison tells: of what is compared, or worked out for that."""
    plan, count = way.plan, len(way.rows)
    compared: set[int] = set()
    found: set[int] = set()
    for at, test in enumerate(plan.tests, count):
        if way.statuses[at] == POSSIBLE:
            compared.update(test.places)
            if test.places and plan.variables[test.places[0]] in plan.given:
                found.add(at)
    for at, premise in enumerate(plan.premises):
        unknown = {place for place, _ in premise.slots if place >= 0 and way.values[place] is None}
        if premise.positive and not compared.isdisjoint(unknown):
            found.add(at)
    return found
