"""Proofs: how a fact is certain, and how it is impossible, down to the caller's own facts.

Goes in: the decided case. Comes out: `Bewijs`, in words. Must not know: what any rule means.

Rules are not recursive, so every proof ends. Of several reasons for a fact the one that goes first is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.advice.advies import Bewijs
from app.advice.decided import Decided
from app.advice.law import sources
from app.advice.law.texts import sentence
from app.advice.question.open_fields import OpenFields
from app.advice.reasons import comparison_texts
from app.advice.reasons.leaf_texts import COMPUTED, LISTED, NOT_CERTAIN, NOT_LISTED, NOT_STATED, POSSIBLY, STATED
from app.advice.reasons.plans import Premise
from app.advice.reasons.ways import Condition, Way
from app.advice.reasons.why_not import WhyNot
from app.engine.model import Justification, ModelRow, ModelValue, Pattern
from app.kern.values import CERTAIN, IMPOSSIBLE
from app.lang.ast import Rule
from app.lang.sides import split_side


class Proofs:
    """The proofs of one decided case. Keeps what it proved: facts share much."""

    def __init__(self, decided: Decided, sheet: OpenFields) -> None:
        self.law = decided.law
        self.sheet = sheet
        self.model = decided.kern
        self.facts = decided.facts
        self.why_not = WhyNot(decided)
        self._proofs: dict[tuple[str, ModelRow], Bewijs] = {}

    def proof(self, predicate: str, row: ModelRow) -> Bewijs:
        """Prove a certain fact."""
        found = self._proofs.get((predicate, row))
        if found is None:
            found = self._proofs[predicate, row] = self._proof(predicate, row)
        return found

    def _proof(self, predicate: str, row: ModelRow) -> Bewijs:
        fact = sentence(self.law.texts.fact(predicate, row))
        if row in self.facts.known.get(predicate, ()):
            return Bewijs(fact, STATED, velden=self.place(predicate, row))
        reasons = self.model.why("zeker", predicate, row)
        if not reasons:
            return Bewijs(fact, LISTED)
        reason = self.law.first(reasons)
        premises = tuple(self._premises(reason))
        return self.node(fact, self.law.texts.uitleg(reason), reason.rule, reason.values, premises)

    def _premises(self, reason: Justification) -> Iterable[Bewijs]:
        plan = self.law.plan(reason.rule)
        for premise in plan.premises:
            yield self._premise(premise, premise.row(reason.values))
        for comparison in plan.comparisons:
            text = comparison_texts.comparison(self.law, plan, comparison, reason.values, CERTAIN)
            yield Bewijs(sentence(text), COMPUTED)

    def _premise(self, premise: Premise, row: ModelRow) -> Bewijs:
        side, predicate = split_side(premise.predicate)
        if premise.positive:
            if side != "mogelijk" or self.model.holds("zeker", predicate, row):
                return self.proof(predicate, row)
            return Bewijs(sentence(self.law.texts.fact(predicate, row)), POSSIBLY)
        if side != "zeker" or not self.model.holds("mogelijk", predicate, row):
            return self.denial(predicate, row)
        return Bewijs(sentence(self.law.texts.denial(predicate, row)), NOT_CERTAIN)

    def denial(self, predicate: str, row: Pattern) -> Bewijs:
        """Show why a fact is impossible: every way to it meets a condition that is contradicted."""
        declared = self.law.vocabulary.predicates[predicate]
        denial = sentence(self.law.texts.denial(predicate, row))
        if declared.kind == "invoer":
            others = [found for found in self.model.rows("zeker", predicate) if found[0] == row[0]]
            if declared.single and others:
                given = tuple(self.proof(predicate, other) for other in others)
                return Bewijs(denial, "", premissen=given, velden=self.together(given))
            return Bewijs(denial, STATED if declared.open else NOT_STATED, velden=self.place(predicate, row))
        # A two-valued rule reads both sides; of those the conditions cannot say how far they are met.
        ways = [] if declared.two_valued else self.why_not.ways.to(predicate, row)
        if not ways:
            return Bewijs(denial, NOT_STATED if predicate in self.law.stated else NOT_LISTED)
        blocked = tuple(self._blocked(way) for way in ways)
        return Bewijs(denial, "", premissen=blocked, velden=self.together(blocked))

    def _blocked(self, way: Way) -> Bewijs:
        """One way to a fact, with the conditions that are contradicted."""
        failed = [condition for condition in way.conditions() if condition.status == IMPOSSIBLE]
        premises = tuple(self._contradicted(way, condition) for condition in failed)
        return self.node("Deze regel geldt hier niet.", "", way.rule, way.values, premises)

    def _contradicted(self, way: Way, condition: Condition) -> Bewijs:
        if condition.comparison is not None:
            return Bewijs(sentence(self.why_not.text(way, condition)), COMPUTED)
        known = tuple(value for value in condition.row if value is not None)
        if not condition.positive and len(known) == len(condition.row):
            return self.proof(condition.predicate, known)
        return self.denial(condition.predicate, condition.row)

    def node(
        self, fact: str, uitleg: str, rule: Rule, values: Sequence[ModelValue | None], premises: tuple[Bewijs, ...]
    ) -> Bewijs:
        """Make a node of a proof: what a rule gives, with its norm, sources and validity."""
        norm = rule.metadata.norm if rule.metadata else None
        validity = sources.geldigheid(self.law.program.validity_of(rule))
        return Bewijs(fact, uitleg, norm, self.law.bronnen(rule, values), validity, premises, self.together(premises))

    def place(self, predicate: str, row: Pattern) -> tuple[str, ...]:
        """The place in the question of an input fact."""
        key = row[0] if row else None
        return self.sheet.places([(predicate, key)]) if isinstance(key, str | int) else ()

    def together(self, premises: Iterable[Bewijs]) -> tuple[str, ...]:
        """The places in the question that several nodes rest on."""
        return tuple(dict.fromkeys([place for one in premises for place in one.velden]))
