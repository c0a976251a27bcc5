"""What is missing: the smallest set of answers that makes a flow permitted.

Goes in: the decided case. Comes out: boxes of answers, and the best of them.
Must not know: how a verdict is worded, or any predicate by name beyond the declared output.

Subsets are not tried: every possible justification of what should become certain is walked down to
open input. A fact becomes certain when all premises of one justification do; a negated one when of
every justification one premise is refuted; a comparison is solved for the number nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.advice import contract
from app.advice.answers import Box, Choice, Entries, Interval, Item, Sheet, complete
from app.advice.boxes import NEVER, SETTLED, Boxes, both, either, without
from app.advice.groundings import groundings
from app.advice.law import Law
from app.advice.solve import fit, solve
from app.engine.facts import FactSet
from app.engine.model import Justification, Model, ModelRow
from app.engine.unknown import Unknown
from app.lang.ast import Rule
from app.lang.vocabulary import Domain, Predicate


class Missing:
    """The open questions of one decided case. Keeps what it worked out: flows share much."""

    def __init__(self, law: Law, model: Model, facts: FactSet, sheet: Sheet, today: int) -> None:
        self.law = law
        self.model = model
        self.facts = facts
        self.sheet = sheet
        self.today = today
        self._proofs: dict[tuple[str, ModelRow], Boxes] = {}
        self._refutations: dict[tuple[str, ModelRow], Boxes] = {}
        self._contradictions: dict[int, Boxes] = {}
        self._together: dict[tuple[int, int], tuple[Boxes, Boxes, Boxes]] = {}

    def smallest(self, deling: str, norms: Iterable[str]) -> Box | None:
        """Find the best answers that permit a flow on one of these norms; None when none do.

        Best: fewest answers, then fewest acts, then vocabulary order. What is found is filled in and
        decided again before it is believed.
        """
        wanted = list(norms)
        found = either(box for norm in wanted for box in self.prove(contract.MAG, (deling, norm)))
        for box in sorted(found, key=self._rank):
            consistent = self._consistent(box)
            if consistent is not None and self._permits(consistent, deling, wanted):
                return consistent
        return None

    def prove(self, predicate: str, row: ModelRow) -> Boxes:
        """List the answers that make a fact certain."""
        found = self._proofs.get((predicate, row))
        if found is None:
            found = self._proofs[predicate, row] = self._prove(predicate, row)
        return found

    def refute(self, predicate: str, row: ModelRow) -> Boxes:
        """List the answers that make a fact impossible."""
        found = self._refutations.get((predicate, row))
        if found is None:
            found = self._refutations[predicate, row] = self._refute(predicate, row)
        return found

    def prove_all(self, reason: Justification) -> Boxes:
        """List the answers that make every premise of a possible justification certain."""
        plan = self.law.plan(reason.rule)
        found = SETTLED
        for premise in plan.premises:
            row = premise.row(reason.values)
            step = self.prove(premise.predicate, row) if premise.positive else self.refute(premise.predicate, row)
            found = self._both(found, step)
            if not found:
                return NEVER
        if plan.comparisons and any(isinstance(value, Unknown) for value in reason.values):
            values = plan.named(reason.values)
            for comparison in plan.comparisons:
                found = both(found, solve(comparison, values, False, self._domain, self.today))
        return found

    def _both(self, left: Boxes, right: Boxes) -> Boxes:
        """All ways to settle both: worked out once for the same two, for norms and flows rest on the same facts."""
        if left is SETTLED:
            return right
        if right is SETTLED:
            return left
        key = (id(left), id(right))
        found = self._together.get(key)
        if found is None:
            # The two are kept too: while they are, no other boxes can have their identity.
            found = self._together[key] = (both(left, right), left, right)
        return found[0]

    def _prove(self, predicate: str, row: ModelRow) -> Boxes:
        if self.model.holds("zeker", predicate, row):
            return SETTLED
        found: list[Box] = []
        declared = self.law.vocabulary.predicates[predicate]
        if declared.open and isinstance(row[0], str) and self._answerable(predicate, row[0]):
            item = (predicate, row[0])
            allowed = self._asserting(declared, item, row)
            if allowed is not None:
                found.append({item: allowed})
        for reason in self.model.why("mogelijk", predicate, row):
            found.extend(self.prove_all(reason))
        return either(found)

    def _refute(self, predicate: str, row: ModelRow) -> Boxes:
        if not self.model.holds("mogelijk", predicate, row):
            return SETTLED
        if self.model.holds("zeker", predicate, row):
            return NEVER
        declared = self.law.vocabulary.predicates[predicate]
        if declared.open and isinstance(row[0], str) and self._answerable(predicate, row[0]):
            return self._refute_open(declared, (predicate, row[0]), row)
        found = SETTLED
        for reason in self.model.why("mogelijk", predicate, row):
            found = self._both(found, self._break(reason))
        return found

    def _break(self, reason: Justification) -> Boxes:
        """List the answers that make at least one premise of a justification impossible."""
        plan = self.law.plan(reason.rule)
        found: list[Box] = []
        for premise in plan.premises:
            row = premise.row(reason.values)
            found.extend(
                self.refute(premise.predicate, row) if premise.positive else self.prove(premise.predicate, row)
            )
        if plan.comparisons and any(isinstance(value, Unknown) for value in reason.values):
            values = plan.named(reason.values)
            for comparison in plan.comparisons:
                found.extend(solve(comparison, values, True, self._domain, self.today))
        return either(found)

    def _refute_open(self, declared: Predicate, item: Item, row: ModelRow) -> Boxes:
        """An open fact nobody stated: another answer refutes it, and so does another derived value."""
        if not declared.single:
            refuted: Box = {item: Entries(frozenset(), frozenset((_known(row[1:]),)))}
            return (refuted,)
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

    def _asserting(self, declared: Predicate, item: Item, row: ModelRow) -> Choice | Interval | Entries | None:
        """The answers to an open fact that state this row."""
        if not declared.single:
            return Entries(frozenset((_known(row[1:]),)), frozenset())
        value = row[1]
        if isinstance(value, Unknown):
            return Interval(None, None) if (value.predicate, value.key) == item and not value.offset else None
        if isinstance(value, int):
            return Interval(value, value)
        return Choice(frozenset((value,)))

    def _answerable(self, predicate: str, key: str) -> bool:
        return predicate in self.law.form.fields and self.model.is_unknown(predicate, key)

    def _domain(self, item: Item) -> Domain:
        return self.law.vocabulary.domain_of(item[0], 1)

    def _rank(self, box: Box) -> tuple[int, int, list[tuple[int, str]]]:
        acts = sum(1 for item in box if self.sheet.is_act(item))
        return len(box), acts, sorted(self.sheet.order(item) for item in box)

    def _permits(self, box: Box, deling: str, norms: list[str]) -> bool:
        completed = complete(self._alone(deling), box, self.law.form)
        permitted = self.law.decider.rows_after(self.model, completed, "zeker", contract.MAG)
        return any((deling, norm) in permitted for norm in norms)

    def _alone(self, deling: str) -> FactSet:
        """The case with one of its flows: the others need not be decided again."""
        delingen = self.facts.known[contract.DELING]
        if len(delingen) == 1:
            return self.facts
        asked = tuple(row for row in delingen if row[1] == deling)
        return FactSet({**self.facts.known, contract.DELING: asked}, self.facts.unknown)

    def _consistent(self, box: Box) -> Box | None:
        """Narrow a box to answers that do not contradict what is known; None when nothing is left."""
        narrowed: Box | None = box
        for wrong in self.contradictions(box):
            if narrowed is None:
                return None
            narrowed = without(narrowed, wrong)
        return narrowed

    def contradictions(self, box: Box) -> Boxes:
        """List the answers that would contradict what is known, as far as a box's own items can."""
        asked = {item[0] for item in box}
        found: list[Box] = []
        for rule in self.law.rules_of.get(contract.STRIJDIG, ()):
            if asked & self.law.rests_on(rule):
                found.extend(self._contradicting(rule))
        return either(found)

    def _contradicting(self, rule: Rule) -> Boxes:
        """List the answers with which one rule would contradict what is known: the same for every box."""
        found = self._contradictions.get(id(rule))
        if found is None:
            key = self.facts.known[self.law.clocks.peildatum][0][0]
            reasons = groundings(self.law.plan(rule), key, self.model, self.law.vocabulary)
            found = self._contradictions[id(rule)] = either(box for reason in reasons for box in self.prove_all(reason))
        return found


def _known(row: ModelRow) -> tuple[str | int, ...]:
    return tuple(value for value in row if isinstance(value, str | int))
