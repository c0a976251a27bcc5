"""One decided case, as every part of the advice reads it.

Goes in: a law, the facts of a case, and the model an engine made of them. Comes out: `Decided`, which says per
predicate what is certain, possible and unsaid. Must not know: what is done with that.
"""

from __future__ import annotations

from app.advice.law import Law
from app.advice.literals import Said
from app.engine.facts import FactSet
from app.engine.model import Model


class Decided:
    """A case, decided. `said` has per predicate what the case says of it, gathered when first read."""

    __slots__ = ("facts", "law", "model", "said")

    def __init__(self, law: Law, facts: FactSet) -> None:
        self.law = law
        self.facts = facts
        self.model: Model = law.decider.begin(facts)
        self.said = _Gathered(law, self.model)


class _Gathered(dict[str, Said]):
    """What a case says, per predicate."""

    __slots__ = ("_law", "_model")

    def __init__(self, law: Law, model: Model) -> None:
        self._law = law
        self._model = model

    def __missing__(self, predicate: str) -> Said:
        law = self._law
        found = self[predicate] = Said(self._model, law.vocabulary.predicates[predicate], predicate not in law.rules_of)
        return found
