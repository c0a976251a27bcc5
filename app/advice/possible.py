"""What is possible, and why: a proof whose leaves may still be open.

Goes in: the decided case. Comes out: `Bewijs`, in the same shape as the proof of what is certain.
Must not know: what any rule means.

Of the rules that can give a fact the first is shown, down to the facts nobody stated. What is certain
in it is proved as it is anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.advice import wording
from app.advice.advies import Bewijs
from app.advice.conditions import Values
from app.advice.explain import COMPUTED, OPEN, Explainer
from app.advice.texts import sentence
from app.engine.model import Justification, ModelRow
from app.engine.unknown import Unknown
from app.lang.ordering import literal_variables


class Possibilities:
    """The proofs of what is possible in one decided case."""

    def __init__(self, explainer: Explainer) -> None:
        self._explainer = explainer
        self._law = explainer.law
        self._model = explainer.model
        self._found: dict[tuple[str, ModelRow, bool], Bewijs] = {}

    def proof(self, predicate: str, row: ModelRow, positive: bool = True) -> Bewijs:
        """Show how a fact (or that it is not so) is certain or possible."""
        key = (predicate, row, positive)
        if key not in self._found:
            self._found[key] = self._affirmed(predicate, row) if positive else self._denied(predicate, row)
        return self._found[key]

    def _affirmed(self, predicate: str, row: ModelRow) -> Bewijs:
        if self._model.holds("zeker", predicate, row):
            return self._explainer.proof(predicate, row)
        fact = sentence(self._law.texts.fact(predicate, row))
        reasons = self._model.why("mogelijk", predicate, row)
        if not reasons:
            return Bewijs(fact, OPEN)
        reason = reasons[0]
        return self._explainer.node(fact, self._law.texts.uitleg(reason), reason.rule, tuple(self._premises(reason)))

    def _premises(self, reason: Justification) -> Iterator[Bewijs]:
        plan = self._law.plan(reason.rule)
        for premise in plan.premises:
            yield self.proof(premise.predicate, premise.row(reason.values), premise.positive)
        values: Values = [None if isinstance(value, Unknown) else value for value in reason.values]
        for comparison in plan.comparisons:
            places = [plan.variables.index(variable.name) for variable in literal_variables(comparison)]
            undecided = any(values[place] is None for place in places)
            text = wording.comparison(self._law, plan, comparison, values, "open" if undecided else "voldaan")
            yield Bewijs(sentence(text), OPEN if undecided else COMPUTED)

    def _denied(self, predicate: str, row: ModelRow) -> Bewijs:
        if not self._model.holds("mogelijk", predicate, row):
            return self._explainer.denial(predicate, row)
        return Bewijs(sentence(self._law.texts.denial(predicate, row)), OPEN)
