"""Proving: the answers that would make a fact certain, or impossible.

Goes in: the decided case, and how many answers may be asked for together. Comes out: boxes of answers.
Must not know: what is asked for in the end, or how an answer is worded.

Subsets are not tried: every possible justification of what should become certain is walked down to
open input. A fact becomes certain when all premises of one justification do; a negated one when of
every justification one premise is refuted; a comparison is solved for the number nobody gave.
"""

from __future__ import annotations

from typing import cast

from app.advice.allowed import Choice, Entries, Interval, Item
from app.advice.boxes import NEVER, SETTLED, Box, Boxes, both, either
from app.advice.budget import UNLIMITED, Check
from app.advice.decided import Decided
from app.advice.groundings import groundings
from app.advice.plans import Plan
from app.advice.solve import fit, solve
from app.engine.model import Justification, ModelRow
from app.engine.unknown import Unknown
from app.lang.ast import Value
from app.lang.vocabulary import Domain


class Proving:
    """The ways to settle what one decided case leaves open, each with so many answers at most.

    Keeps what it worked out: flows and norms rest on much the same. A box only ever grows on the way up, so one that
    has grown too large is dropped at once, and nothing smaller can miss it.
    """

    def __init__(self, decided: Decided, today: int, most: int | None = None, check: Check = UNLIMITED.check) -> None:
        """`today` is yyyymmdd; `most` is None for no limit; `check` is called now and then, and raises to stop it."""
        self.law = decided.law
        self.model = decided.model
        self.decided = decided
        self._said = decided.said
        self.today = today
        self.most = most
        self._check = check
        self._proofs: dict[tuple[str, ModelRow], Boxes] = {}
        self._refutations: dict[tuple[str, ModelRow], Boxes] = {}
        self._contradictions: dict[int, Boxes] = {}

    def prove(self, predicate: str, row: ModelRow) -> Boxes:
        """List the answers that make a fact certain."""
        found = self._proofs.get((predicate, row))
        if found is None:
            certain = row in self._said[predicate].certain
            found = self._proofs[predicate, row] = SETTLED if certain else self._prove(predicate, row)
        return found

    def refute(self, predicate: str, row: ModelRow) -> Boxes:
        """List the answers that make a fact impossible."""
        found = self._refutations.get((predicate, row))
        if found is None:
            possible = self._said[predicate].holds(row)
            found = self._refutations[predicate, row] = self._refute(predicate, row) if possible else SETTLED
        return found

    def prove_all(self, reason: Justification) -> Boxes:
        """List the answers that make every premise of a possible justification certain."""
        self._check()
        plan, values = self.law.plan(reason.rule), reason.values
        said = self._said
        found = SETTLED
        for premise in plan.premises:
            row = premise.row(values)
            if premise.positive:
                if row in said[premise.predicate].certain:
                    continue
                step = self.prove(premise.predicate, row)
            else:
                step = self.refute(premise.predicate, row)
            if not step:
                return NEVER
            found = both(found, step, self.most)
            if not found:
                return NEVER
        for comparison in plan.comparisons if plan.comparisons and _is_open(values) else ():
            found = both(found, solve(comparison, plan.named(values), False, self._domain, self.today), self.most)
        return found

    def _prove(self, predicate: str, row: ModelRow) -> Boxes:
        item = self._open_item(predicate, row)
        allowed = None if item is None else self._asserting(item, row)
        reasons = self.model.why("mogelijk", predicate, row)
        if item is None or allowed is None:
            if len(reasons) == 1:
                return self.prove_all(reasons[0])
            return either([box for reason in reasons for box in self.prove_all(reason)])
        return either([{item: allowed}, *[box for reason in reasons for box in self.prove_all(reason)]])

    def _refute(self, predicate: str, row: ModelRow) -> Boxes:
        if row in self._said[predicate].certain:
            return NEVER
        item = self._open_item(predicate, row)
        if item is not None:
            return self._refute_open(item, row)
        found = SETTLED
        for reason in self.model.why("mogelijk", predicate, row):
            found = both(found, self._break(reason), self.most)
        return found

    def _break(self, reason: Justification) -> Boxes:
        """List the answers that make at least one premise of a justification impossible."""
        plan, values = self.law.plan(reason.rule), reason.values
        found: list[Box] = []
        for premise in plan.premises:
            settle = self.refute if premise.positive else self.prove
            found += settle(premise.predicate, premise.row(values))
        for comparison in plan.comparisons if plan.comparisons and _is_open(values) else ():
            found += solve(comparison, plan.named(values), True, self._domain, self.today)
        return either(found)

    def _refute_open(self, item: Item, row: ModelRow) -> Boxes:
        """An open fact nobody stated: another answer refutes it, and so does another derived value."""
        declared = self._said[item[0]].declared
        if not declared.single:
            return ({item: Entries(frozenset(), frozenset((_known(row[1:]),)))},)
        found: list[Box] = []
        domain = self._domain(item)
        if domain.values:
            others = frozenset(domain.values) - {row[1]}
            if others:
                found.append({item: Choice(frozenset(others))})
        elif isinstance(row[1], int):
            sides = (Interval(None, row[1] - 1), Interval(row[1] + 1, None))
            found += [{item: kept} for side in sides if (kept := fit(side, domain)) is not None]
        for other in self.model.rows("mogelijk", declared.name):
            if other[0] == row[0] and other != row:
                for reason in self.model.why("mogelijk", declared.name, other):
                    found.extend(self.prove_all(reason))
        return either(found)

    def _asserting(self, item: Item, row: ModelRow) -> Choice | Interval | Entries | None:
        """The answers to an open fact that state this row."""
        if not self._said[item[0]].declared.single:
            return Entries(frozenset((_known(row[1:]),)), frozenset())
        value = row[1]
        if isinstance(value, Unknown):
            return Interval(None, None) if (value.predicate, value.key) == item and not value.offset else None
        if isinstance(value, int):
            return Interval(value, value)
        return Choice(frozenset((value,)))

    def _open_item(self, predicate: str, row: ModelRow) -> Item | None:
        """The open fact that a row gives a value, if the caller can still state one."""
        unstated = self._said[predicate].unstated
        if not unstated or row[0] not in unstated or predicate not in self.law.form.fields:
            return None
        return predicate, cast(Value, row[0])

    def _domain(self, item: Item) -> Domain:
        return self.law.vocabulary.domain_of(item[0], 1)

    def contradictions(self, box: Box) -> Boxes:
        """List the answers that would contradict what is known, as far as a box's own items can."""
        asked = [item[0] for item in box]
        found: list[Box] = []
        for plan, rests_on in self.law.contradicting:
            if not rests_on.isdisjoint(asked):
                found += self._contradicting(plan)
        return either(found)

    def _contradicting(self, plan: Plan) -> Boxes:
        """List the answers with which one rule would contradict what is known: the same for every box."""
        found = self._contradictions.get(id(plan))
        if found is None:
            key = self.decided.facts.known[self.law.clocks.peildatum][0][0]
            reasons = groundings(plan, key, self.decided)
            found = self._contradictions[id(plan)] = either(box for reason in reasons for box in self.prove_all(reason))
        return found


def _is_open(values: ModelRow) -> bool:
    return any(isinstance(value, Unknown) for value in values)


def _known(row: ModelRow) -> tuple[str | int, ...]:
    return tuple(value for value in row if isinstance(value, str | int))
