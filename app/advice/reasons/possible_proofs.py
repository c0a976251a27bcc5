"""Proofs of what is possible: their leaves may still be open.

Goes in: the decided case. Comes out: `Bewijs`, in the same shape as the proof of what is certain.
Must not know: what any rule means.

Of the rules that can give a fact the one that goes first is shown, down to the facts nobody stated. What is certain in
it is proved as it is anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.advice.advies import Bewijs
from app.advice.decided import Decided
from app.advice.law.texts import sentence
from app.advice.question.open_fields import OpenFields
from app.advice.reasons import comparison_texts
from app.advice.reasons.leaf_texts import COMPUTED, OPEN
from app.advice.reasons.proofs import Proofs
from app.advice.reasons.ways import Values
from app.engine.model import Justification, ModelRow
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, POSSIBLE
from app.lang.ordering import literal_variables


class PossibleProofs:
    """The proofs of what is possible in one decided case."""

    def __init__(self, decided: Decided, sheet: OpenFields) -> None:
        self._proofs = Proofs(decided, sheet)
        self._law = decided.law
        self._model = decided.kern
        self._found: dict[tuple[str, ModelRow, bool], Bewijs] = {}

    def proof(self, predicate: str, row: ModelRow, positive: bool = True) -> Bewijs:
        """Show how a fact (or that it is not so) is certain or possible."""
        key = (predicate, row, positive)
        if key not in self._found:
            self._found[key] = self._affirmed(predicate, row) if positive else self._denied(predicate, row)
        return self._found[key]

    def _affirmed(self, predicate: str, row: ModelRow) -> Bewijs:
        if self._model.holds("zeker", predicate, row):
            return self._proofs.proof(predicate, row)
        fact = sentence(self._law.texts.fact(predicate, row))
        reasons = self._model.why("mogelijk", predicate, row)
        if not reasons:
            return Bewijs(fact, OPEN, velden=self._proofs.place(predicate, row))
        reason = self._law.first(reasons)
        return self._proofs.node(
            fact, self._law.texts.uitleg(reason), reason.rule, reason.values, tuple(self._premises(reason))
        )

    def _premises(self, reason: Justification) -> Iterator[Bewijs]:
        plan = self._law.plan(reason.rule)
        for premise in plan.premises:
            yield self.proof(premise.predicate, premise.row(reason.values), premise.positive)
        values: Values = [None if isinstance(value, Unknown) else value for value in reason.values]
        for comparison in plan.comparisons:
            places = [plan.variables.index(variable.name) for variable in literal_variables(comparison)]
            undecided = any(values[place] is None for place in places)
            text = comparison_texts.comparison(self._law, plan, comparison, values, POSSIBLE if undecided else CERTAIN)
            yield Bewijs(sentence(text), OPEN if undecided else COMPUTED)

    def _denied(self, predicate: str, row: ModelRow) -> Bewijs:
        if not self._model.holds("mogelijk", predicate, row):
            return self._proofs.denial(predicate, row)
        return Bewijs(sentence(self._law.texts.denial(predicate, row)), OPEN, velden=self._proofs.place(predicate, row))
