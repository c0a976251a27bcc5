"""The text for the young person: who gives what to whom, why, on what ground, and which rights there are.

Goes in: a flow, and the rights and sentences that the rules give it. Comes out: `VoorDeJongere`.
Must not know: which right goes with which ground, or any right or sentence by name; the law's tables say so.

The sentences after the first two are joined once per combination of rights and sentences, not per answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.advice import contract
from app.advice.advies import VoorDeJongere
from app.advice.law.summary import PLURAL
from app.advice.law.texts import capital
from app.advice.question.casus import Flow
from app.lang.vocabulary import Domain, Vocabulary

OPENING: Final = "{wie} {geeft} dit over jou aan {ontvanger}: {gegeven}. Dat is voor {doel}."
RIGHT: Final = "Je mag {recht}."
MOST_KEPT: Final = 1_000
"""Combinations kept; a law has some tens."""
Rows = Sequence[Sequence[object]]
Spoken = Mapping[str, str]


class ForYoungPerson:
    """The texts of one vocabulary. Safe to share between threads: a combination made twice is the same."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._parties, self._receivers, self._items, self._purposes = (
            _spoken(vocabulary.domain_of(contract.DELING, at)) for at in (2, 3, 4, 5)
        )
        self._plural = frozenset(
            word for word, label in vocabulary.domain_of(contract.DELING, 2).labels.items() if label in PLURAL
        )
        self.speaks = contract.RECHT in vocabulary.predicates
        """Whether this law says what the young person is told; earlier laws do not."""
        self._rights = _labels(vocabulary, contract.RECHT)
        self._sentences = _labels(vocabulary, contract.MEDEDELING)
        self._shapes: dict[tuple[tuple[object, ...], ...], tuple[str, tuple[str, ...]]] = {}

    def of(self, flow: Flow, rights: Rows, sentences: Rows) -> VoorDeJongere | None:
        """Write the text about a permitted flow; None where the rules give no right, so that nothing is told.

        `rights` and `sentences` are the certain rows of `recht` and `mededeling` about the flow.
        """
        if not rights:
            return None
        key = (*[row[0] for row in rights],), (*[row[0] for row in sentences],)
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= MOST_KEPT:
                self._shapes.clear()
            shape = self._shapes[key] = self._shape(*key)
        told, words = shape
        opening = OPENING.format(
            wie=capital(self._parties[flow.verstrekker]),
            geeft="geven" if flow.verstrekker in self._plural else "geeft",
            ontvanger=self._receivers[flow.ontvanger],
            gegeven=self._items[flow.gegeven],
            doel=self._purposes[flow.doel],
        )
        return VoorDeJongere(opening + told, words)

    def _shape(self, rights: Iterable[object], sentences: Iterable[object]) -> tuple[str, tuple[str, ...]]:
        """Join what follows the opening, in vocabulary order, and list the rights in that order."""
        given, said = set(rights), set(sentences)
        words = tuple(word for word in self._rights if word in given)
        texts = [text for word, text in self._sentences.items() if word in said]
        texts += [RIGHT.format(recht=self._rights[word]) for word in words]
        return "".join(f" {text}" for text in texts), words


def _labels(vocabulary: Vocabulary, predicate: str) -> Mapping[str, str]:
    """The words of what a predicate says of a flow, with their labels; {} where the law has no such predicate."""
    return vocabulary.domain_of(predicate, 1).labels if predicate in vocabulary.predicates else {}


def _spoken(domain: Domain) -> Spoken:
    """The words of a domain as a text to the young person says them."""
    return {**domain.labels, **domain.spoken}
