"""Witnesses: a case found by the analysis, as a question, confirmed by both engines before anybody sees it.

Goes in: a `Finding` with its example. Comes out: a `Witness`, or None where an engine decides otherwise.
Must not know: any red line by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from typing import Any, Protocol

from app.advice import contract
from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.analysis.proofs import STAYS, Finding
from app.analysis.question import Json, question_of
from app.analysis.staying import Fact
from app.engine.model import Decider, ModelRow
from app.kern.example import Example
from app.kern.shape import shape_of
from app.lang.vocabulary import Vocabulary
from app.record import record

Reader = Callable[[Any], Casus]
"""Checks a question; raises an exception for one that the service refuses."""


class Book(Protocol):
    """The law by date."""

    def on(self, date: int) -> Decider:
        """Return the decider of the law on a day."""


@record
class Witness:
    """A question that shows what a finding says. `before`: the same with one answer less; None where it takes one."""

    question: Json
    before: Json | None


def confirmed(finding: Finding, vocabulary: Vocabulary, books: Sequence[Book], read: Reader) -> Witness | None:
    """Write the example of a finding as a question, and have every engine decide it; None unless all agree."""
    one = finding.example
    if one is None:
        return None
    day = _day_of(one, vocabulary)
    deciders = [book.on(day) for book in books]
    shape = shape_of(deciders[0].program)
    question = question_of(one, vocabulary, shape)
    before = None if finding.without is None else question_of(_without(one, finding.without), vocabulary, shape)
    shown = all(_shows(finding, decider, read, question, before) for decider in deciders)
    return Witness(question, before) if shown else None


def _day_of(one: Example, vocabulary: Vocabulary) -> int:
    """The day whose law applies."""
    return next(day for cell, day in one.numbers.items() if vocabulary.predicates[cell.predicate].clock == "peildatum")


def _shows(finding: Finding, decider: Decider, read: Reader, question: Json, before: Json | None) -> bool:
    if _rows(decider, read(deepcopy(question)), contract.STRIJDIG):
        return False
    if finding.is_line:
        lines = {row[1] for row in _rows(decider, read(deepcopy(question)), contract.RODE_LIJN)}
        return finding.code in lines
    oordelen = _oordelen(decider, read(deepcopy(question)))
    if finding.code != STAYS:
        return len(oordelen) != 1
    final = {contract.TOEGESTAAN, contract.NIET_TOEGESTAAN}
    earlier = _oordelen(decider, read(deepcopy(before)))
    return bool(set(earlier) & final) and earlier != oordelen


def _oordelen(decider: Decider, casus: Casus) -> list[str]:
    return sorted(str(row[1]) for row in _rows(decider, casus, contract.OORDEEL))


def _rows(decider: Decider, casus: Casus, predicate: str) -> Collection[ModelRow]:
    return decider.rows_only(to_facts(casus, decider.program.vocabulary), "zeker", predicate)


def _without(one: Example, fact: Fact) -> Example:
    """The same case with one answer less."""
    words = {cell: word for cell, word in one.words.items() if (cell.predicate, cell.key) != fact}
    numbers = {cell: value for cell, value in one.numbers.items() if (cell.predicate, cell.key) != fact}
    lists = {where: rows for where, rows in one.lists.items() if where != fact}
    return Example(one.signature, words, numbers, lists, one.entries)
