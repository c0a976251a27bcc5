"""One decided case, as every part of the advice reads it.

Goes in: a law and the facts of a case. Comes out: `Decided`, which says per predicate what is certain, possible and
unsaid. Must not know: what is done with that.
"""

from __future__ import annotations

from app.advice import contract
from app.advice.law.law import Law
from app.advice.reasons.statuses import Statuses
from app.engine.facts import FactSet
from app.engine.model import Model
from app.kern.model import KernModel


class Decided:
    """A case, decided by the kern. `said` has per predicate the statuses of its rows, gathered when first read."""

    __slots__ = ("facts", "kern", "law", "said")

    def __init__(self, law: Law, facts: FactSet, kern: KernModel | None = None) -> None:
        self.law = law
        self.facts = facts
        self.kern = law.kern.decide(facts) if kern is None else kern
        for judged in self.kern.flows().values():
            judged.prepare()
        self.said = _Gathered(law, self.kern)

    def confirm(self) -> None:
        """Have the engine that an operator chose decide the same; EnginesDiffer where it says something else."""
        if self.law.decider is self.law.kern:
            return
        for output in (contract.OORDEEL, contract.RODE_LIJN):
            if output in self.law.vocabulary.predicates:
                theirs = self.law.decider.rows_only(self.facts, "zeker", output)
                if set(theirs) != set(self.kern.rows("zeker", output)):
                    raise EnginesDiffer


class EnginesDiffer(Exception):
    """Two engines do not say the same of a case: there is no answer."""


class _Gathered(dict[str, Statuses]):
    """What a case says, per predicate."""

    __slots__ = ("_law", "_model")

    def __init__(self, law: Law, model: Model) -> None:
        self._law = law
        self._model = model

    def __missing__(self, predicate: str) -> Statuses:
        law = self._law
        found = self[predicate] = Statuses(
            self._model, law.vocabulary.predicates[predicate], predicate not in law.rules_of
        )
        return found
