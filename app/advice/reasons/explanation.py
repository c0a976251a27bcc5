"""The explanation of a flow: the proof of what is permitted, and per other norm why it is not (yet).

Goes in: the decided case. Comes out: `Afleiding`, in words, down to the caller's own facts.
Must not know: what any rule means; the words come from the rules and the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.advice import contract
from app.advice.advies import STATUS_WORDS, Afleiding, Bewijs, NormUitleg, Voorwaarde, Weg
from app.advice.decided import Decided
from app.advice.law import sources
from app.advice.law.texts import sentence
from app.advice.question.open_fields import OpenFields
from app.advice.reasons.leaf_texts import COMPUTED, LISTED, NOT_LISTED, NOT_STATED, OPEN, SHOWN, STATED
from app.advice.reasons.proofs import Proofs
from app.advice.reasons.ways import Condition, Way
from app.engine.model import Pattern
from app.kern.values import CERTAIN, POSSIBLE, Status


class Explainer:
    """The explanations of one decided case."""

    def __init__(self, decided: Decided, sheet: OpenFields) -> None:
        self._law = decided.law
        self._model = decided.kern
        self._facts = decided.facts
        self._statuses = decided.said
        self._proofs = Proofs(decided, sheet)
        self._why_not_texts = self._proofs.why_not
        self._shown: set[tuple[str, Pattern]] = set()

    def afleiding(self, deling: str, norms: Iterable[str]) -> Afleiding:
        """Explain a flow: the proofs on the norms that permit it, the why-not of the others."""
        proofs: list[Bewijs] = []
        others: list[NormUitleg] = []
        for norm in norms:
            row = (deling, norm)
            if self._model.holds("zeker", contract.MAG, row):
                proofs.append(self._proofs.proof(contract.MAG, row))
            else:
                others.append(self._why_not(deling, norm))
        return Afleiding(tuple(proofs), tuple(others))

    def _why_not(self, deling: str, norm: str) -> NormUitleg:
        self._shown.clear()
        steps = tuple(
            self._condition(
                Condition(
                    self._statuses[contract.STAP].status((deling, norm, number)),
                    contract.STAP,
                    (deling, norm, number),
                    True,
                ),
                f"Stap {number}: {name}.",
            )
            for number, name in enumerate(contract.STAPPEN, 1)
        )
        declared = self._law.vocabulary.norms.get(norm)
        status = self._statuses[contract.MAG].status((deling, norm))
        return NormUitleg(
            norm, declared.title if declared else norm, self._law.grondslag.get(norm, ""), STATUS_WORDS[status], steps
        )

    def _condition(self, condition: Condition, fact: str) -> Voorwaarde:
        if condition.comparison is not None:
            return Voorwaarde(fact, STATUS_WORDS[condition.status], COMPUTED)
        declared = self._law.vocabulary.predicates[condition.predicate]
        kind = declared.kind
        if condition.status == CERTAIN:
            return Voorwaarde(
                fact, STATUS_WORDS[condition.status], self._met(condition), velden=self._places(condition)
            )
        if kind == "invoer" and not self._law.rules_of.get(condition.predicate):
            said = self._input_text(condition.status, condition)
            return Voorwaarde(fact, STATUS_WORDS[condition.status], said, velden=self._places(condition))
        if declared.two_valued:  # its rules read what was stated: no condition of theirs can still be met
            return Voorwaarde(fact, STATUS_WORDS[condition.status], NOT_STATED if condition.positive else STATED)
        if kind == "tabel":
            return Voorwaarde(fact, STATUS_WORDS[condition.status], NOT_LISTED if condition.positive else LISTED)
        return self._derived(fact, condition)

    def _derived(self, fact: str, condition: Condition) -> Voorwaarde:
        """A condition that rules decide, with the ways in which it could hold; told once per norm.

        Many conditions come down to the same few: each told again wherever it is needed, an explanation is megabytes.
        """
        key = condition.predicate, condition.row
        if key in self._shown:
            return Voorwaarde(fact, STATUS_WORDS[condition.status], SHOWN)
        ways = self._why_not_texts.ways.to(*key)
        if ways:
            self._shown.add(key)
        told = tuple(self._way(way) for way in ways)
        places = [place for way in told for one in way.voorwaarden for place in one.velden]
        velden = tuple(dict.fromkeys((*self._places(condition), *places)))
        return Voorwaarde(fact, STATUS_WORDS[condition.status], "", told, velden)

    def _places(self, condition: Condition) -> tuple[str, ...]:
        """The place in the question of an input fact, or those that the proof of a condition rests on."""
        row = tuple(value for value in condition.row if value is not None)
        if condition.predicate in self._law.input or len(row) < len(condition.row):
            return self._proofs.place(condition.predicate, condition.row)
        if condition.status != CERTAIN or not condition.positive:
            return ()
        return self._proofs.proof(condition.predicate, row).velden

    def _way(self, way: Way) -> Weg:
        conditions = tuple(
            self._condition(condition, sentence(self._why_not_texts.text(way, condition)))
            for condition in way.conditions()
            if condition.comparison is not None or not self._of_nothing(condition)
        )
        return Weg(
            way.rule.metadata.norm if way.rule.metadata else "",
            self._law.bronnen(way.rule, way.values),
            sources.geldigheid(self._law.program.validity_of(way.rule)),
            conditions,
        )

    def _of_nothing(self, condition: Condition) -> bool:
        """Whether a condition speaks only of a thing that is not there: of a consent, where none was recorded."""
        arguments = self._law.vocabulary.predicates[condition.predicate].arguments
        things = [
            value
            for value, argument in zip(condition.row, arguments, strict=True)
            if self._law.vocabulary.domains[argument.domain].kind == "entiteit"
        ]
        return bool(things) and all(value is None for value in things)

    def _met(self, condition: Condition) -> str:
        """Why a condition is met, in one sentence."""
        if not condition.positive:
            return ""
        row = tuple(value for value in condition.row if value is not None)
        if row in self._facts.known.get(condition.predicate, ()):
            return STATED
        reasons = self._model.why("zeker", condition.predicate, row) if len(row) == len(condition.row) else ()
        return self._law.texts.uitleg(self._law.first(reasons)) if reasons else LISTED

    def _input_text(self, status: Status, condition: Condition) -> str:
        if status == POSSIBLE:
            return OPEN
        key = condition.row[0] if condition.row else None
        stated = any(row[0] == key for row in self._facts.known.get(condition.predicate, ()))
        return STATED if stated else NOT_STATED
