"""Confirmation: what both laws really decide about an example, each by the compiled engine and by the kern.

Goes in: an example of a region. Comes out: a `Shown`: a question to post and both oordelen; None where the deciders
do not bear it out. Must not know: how a comparison is made or shown.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from app.advice import contract
from app.advice.question.casus import DAY
from app.advice.question.facts import to_facts
from app.analysis.comparison import REFUSED
from app.analysis.question import Json, question_of
from app.analysis.witness import Reader
from app.engine.facts import FactSet
from app.engine.model import Decider
from app.kern.classes import Classes
from app.kern.example import Example
from app.kern.ground import Ground, ground
from app.kern.model import KernModel
from app.kern.shape import Shape
from app.lang.vocabulary import Vocabulary
from app.record import record

_OUTPUTS: Final = (contract.OORDEEL, contract.STRIJDIG)


@record
class Shown:
    """A question ready to post, and its oordeel by the first and by the second law.

    `sooner`: the question with a day of the first law; None where that has another oordeel, or nobody asked for it.
    """

    question: Json
    before: str
    after: str
    sooner: Json | None = None


class Confirmation:
    """Confirms examples of two laws with four deciders: per law the compiled engine, and its formulas per flow."""

    def __init__(
        self,
        deciders: tuple[Decider, Decider],
        vocabulary: Vocabulary,
        shape: Shape,
        read: Reader,
        sooner: str | None = None,
    ) -> None:
        """`sooner`: a day of the first law on which an example is asked too, where both laws are of one service."""
        self._sooner = sooner
        self._vocabulary = vocabulary
        self._shape = shape
        self._read = read
        self._engines = deciders
        made = (ground(one.program, _OUTPUTS) for one in deciders)
        self._kerns = [Classes(one) for one in made if isinstance(one, Ground)]

    def confirmed(self, one: Example) -> Shown | None:
        """Write an example as a question and have it decided; None unless the deciders agree and the laws do not."""
        question = question_of(one, self._vocabulary, self._shape)
        before, after = self._decided(question, 0), self._decided(question, 1)
        if before is None or after is None or before == after:
            return None
        sooner = None if self._sooner is None else {**question, DAY: self._sooner}
        if sooner is not None and self._decided(sooner, 0) != before:
            sooner = None
        return Shown(question, before, after, sooner)

    def _decided(self, question: Json, law: int) -> str | None:
        """Return the oordeel of one law; None where its two deciders do not agree."""
        engine, classes = self._engines[law], self._kerns[law]
        facts = to_facts(self._read(deepcopy(question)), engine.program.vocabulary)
        one, other = _by_engine(engine, facts), _by_kern(classes, facts)
        return one if one == other else None


def _by_engine(engine: Decider, facts: FactSet) -> str:
    if engine.rows_only(facts, "zeker", contract.STRIJDIG):
        return REFUSED
    return " ".join(sorted(str(row[1]) for row in engine.rows_only(facts, "zeker", contract.OORDEEL)))


def _by_kern(classes: Classes, facts: FactSet) -> str:
    model = KernModel(classes, facts)
    if model.rows("zeker", contract.STRIJDIG):
        return REFUSED
    return " ".join(sorted(str(row[1]) for row in model.rows("zeker", contract.OORDEEL)))
