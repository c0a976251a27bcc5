"""Explanations: the proof of what is permitted, and per other norm why it is not (yet).

Goes in: the decided case. Comes out: `Afleiding`, in words, down to the caller's own facts.
Must not know: what any rule means; the words come from the rules and the vocabulary.

Rules are not recursive, so every tree ends and nothing is left out but ways that are alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.advice import contract, sources, wording
from app.advice.advies import Afleiding, Bewijs, Geldigheid, NormUitleg, Status, Voorwaarde, Weg
from app.advice.conditions import Condition, Conditions, Way
from app.advice.decided import Decided
from app.advice.plans import Premise
from app.advice.texts import sentence
from app.engine.model import Justification, ModelRow, Pattern
from app.lang.ast import Rule
from app.lang.sides import split_side

STATED = "Door u opgegeven."
LISTED = "Staat in de regels."
NOT_LISTED = "Staat niet in de regels."
NOT_STATED = "Niet opgegeven; dat telt hier als nee."
COMPUTED = "Volgt uit de getallen of datums."
POSSIBLE = "Dit is mogelijk, maar niet zeker."
NOT_CERTAIN = "Dit is niet zeker."
OPEN = "Nog niet bekend."
SHOWN = "Dit is hierboven al uitgelegd."


class Explainer:
    """The explanations of one decided case."""

    def __init__(self, decided: Decided) -> None:
        self.law = decided.law
        self.model = decided.model
        self.facts = decided.facts
        self.conditions = Conditions(decided)
        self._proofs: dict[tuple[str, ModelRow], Bewijs] = {}
        self._shown: set[tuple[str, Pattern]] = set()

    def afleiding(self, deling: str, norms: Iterable[str]) -> Afleiding:
        """Explain a flow: the proofs on the norms that permit it, the why-not of the others."""
        proofs: list[Bewijs] = []
        others: list[NormUitleg] = []
        for norm in norms:
            row = (deling, norm)
            if self.model.holds("zeker", contract.MAG, row):
                proofs.append(self.proof(contract.MAG, row))
            else:
                others.append(self._why_not(deling, norm))
        return Afleiding(tuple(proofs), tuple(others))

    def proof(self, predicate: str, row: ModelRow) -> Bewijs:
        """Prove a certain fact."""
        found = self._proofs.get((predicate, row))
        if found is None:
            found = self._proofs[predicate, row] = self._proof(predicate, row)
        return found

    def _proof(self, predicate: str, row: ModelRow) -> Bewijs:
        fact = sentence(self.law.texts.fact(predicate, row))
        if row in self.facts.known.get(predicate, ()):
            return Bewijs(fact, STATED)
        reasons = self.model.why("zeker", predicate, row)
        if not reasons:
            return Bewijs(fact, LISTED)
        reason = reasons[0]
        premises = tuple(self._premises(reason))
        return self.node(fact, self.law.texts.uitleg(reason), reason.rule, premises)

    def _premises(self, reason: Justification) -> Iterable[Bewijs]:
        plan = self.law.plan(reason.rule)
        for premise in plan.premises:
            yield self._premise(premise, premise.row(reason.values))
        for comparison in plan.comparisons:
            text = wording.comparison(self.law, plan, comparison, reason.values, "voldaan")
            yield Bewijs(sentence(text), COMPUTED)

    def _premise(self, premise: Premise, row: ModelRow) -> Bewijs:
        side, predicate = split_side(premise.predicate)
        if premise.positive:
            if side != "mogelijk" or self.model.holds("zeker", predicate, row):
                return self.proof(predicate, row)
            return Bewijs(sentence(self.law.texts.fact(predicate, row)), POSSIBLE)
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
                return Bewijs(denial, "", premissen=tuple(self.proof(predicate, other) for other in others))
            return Bewijs(denial, STATED if declared.open else NOT_STATED)
        # A two-valued rule reads both sides; of those the conditions cannot say how far they are met.
        ways = [] if declared.two_valued else self.conditions.ways(predicate, row)
        if not ways:
            return Bewijs(denial, NOT_LISTED)
        return Bewijs(denial, "", premissen=tuple(self._blocked(way) for way in ways))

    def _blocked(self, way: Way) -> Bewijs:
        """One way to a fact, with the conditions that are contradicted."""
        failed = [condition for condition in way.conditions() if condition.status == "niet_voldaan"]
        premises = tuple(self._contradicted(way, condition) for condition in failed)
        return self.node("Deze regel geldt hier niet.", "", way.rule, premises)

    def _contradicted(self, way: Way, condition: Condition) -> Bewijs:
        if condition.comparison is not None:
            return Bewijs(sentence(self.conditions.text(way, condition)), COMPUTED)
        known = tuple(value for value in condition.row if value is not None)
        if not condition.positive and len(known) == len(condition.row):
            return self.proof(condition.predicate, known)
        return self.denial(condition.predicate, condition.row)

    def node(self, fact: str, uitleg: str, rule: Rule, premises: tuple[Bewijs, ...]) -> Bewijs:
        """Make a node of a proof: what a rule gives, with its norm, sources and validity."""
        norm = rule.metadata.norm if rule.metadata else None
        return Bewijs(fact, uitleg, norm, self.law.bronnen(rule), self._geldigheid(rule), premises)

    def _geldigheid(self, rule: Rule) -> Geldigheid:
        return sources.geldigheid(self.law.program.validity_of(rule))

    def _why_not(self, deling: str, norm: str) -> NormUitleg:
        self._shown.clear()
        steps = tuple(
            self._condition(
                Condition(
                    self.conditions.status(contract.STAP, (deling, norm, number)),
                    contract.STAP,
                    (deling, norm, number),
                    True,
                ),
                f"Stap {number}: {name}.",
            )
            for number, name in enumerate(contract.STAPPEN, 1)
        )
        declared = self.law.vocabulary.norms.get(norm)
        status = self.conditions.status(contract.MAG, (deling, norm))
        return NormUitleg(norm, declared.title if declared else norm, self.law.grondslag.get(norm, ""), status, steps)

    def _condition(self, condition: Condition, fact: str) -> Voorwaarde:
        if condition.comparison is not None:
            return Voorwaarde(fact, condition.status, COMPUTED)
        kind = self.law.vocabulary.predicates[condition.predicate].kind
        if condition.status == "voldaan":
            return Voorwaarde(fact, condition.status, self._met(condition))
        if kind == "invoer" and not self.law.rules_of.get(condition.predicate):
            return Voorwaarde(fact, condition.status, self._input_text(condition.status, condition))
        if kind == "tabel":
            return Voorwaarde(fact, condition.status, NOT_LISTED if condition.positive else LISTED)
        return self._derived(fact, condition)

    def _derived(self, fact: str, condition: Condition) -> Voorwaarde:
        """A condition that rules decide, with the ways in which it could hold; told once per norm.

        Many conditions come down to the same few: each told again wherever it is needed, an explanation is megabytes.
        """
        key = condition.predicate, condition.row
        if key in self._shown:
            return Voorwaarde(fact, condition.status, SHOWN)
        ways = self.conditions.ways(*key)
        if ways:
            self._shown.add(key)
        return Voorwaarde(fact, condition.status, "", tuple(self._way(way) for way in ways))

    def _way(self, way: Way) -> Weg:
        conditions = tuple(
            self._condition(condition, sentence(self.conditions.text(way, condition)))
            for condition in way.conditions()
            if condition.comparison is not None or not self._of_nothing(condition)
        )
        return Weg(
            way.rule.metadata.norm if way.rule.metadata else "",
            self.law.bronnen(way.rule),
            self._geldigheid(way.rule),
            conditions,
        )

    def _of_nothing(self, condition: Condition) -> bool:
        """Whether a condition speaks only of a thing that is not there: of a consent, where none was recorded."""
        arguments = self.law.vocabulary.predicates[condition.predicate].arguments
        things = [
            value
            for value, argument in zip(condition.row, arguments, strict=True)
            if self.law.vocabulary.domains[argument.domain].kind == "entiteit"
        ]
        return bool(things) and all(value is None for value in things)

    def _met(self, condition: Condition) -> str:
        """Why a condition is met, in one sentence."""
        if not condition.positive:
            return ""
        row = tuple(value for value in condition.row if value is not None)
        if row in self.facts.known.get(condition.predicate, ()):
            return STATED
        reasons = self.model.why("zeker", condition.predicate, row) if len(row) == len(condition.row) else ()
        return self.law.texts.uitleg(reasons[0]) if reasons else LISTED

    def _input_text(self, status: Status, condition: Condition) -> str:
        if status == "open":
            return OPEN
        key = condition.row[0] if condition.row else None
        stated = any(row[0] == key for row in self.facts.known.get(condition.predicate, ()))
        return STATED if stated else NOT_STATED
