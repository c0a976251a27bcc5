"""Signatures of flows: who gives, who gets, the item, the purpose; and the tests that tell classes of them apart.

Goes in: a signature, and tests that the grounder asks of it. Comes out: the answers, and the list of tests asked.
Must not know: rules, or what a test is asked for.

A flow is ground with a `Place` where its words would stand. Whatever the grounder learns of the words it learns by a
test here, so two signatures that answer all tests alike have the same formulas and ground rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.kern.relation import Relation
from app.kern.terms import Place, Row
from app.lang.ast import Value

Signature = tuple[Value, ...]


class IsWord(NamedTuple):
    """Is the word at a place this word, or the word at the other place?"""

    place: Place
    other: Value | Place


class RowsOf(NamedTuple):
    """Which rows of a constant relation have these words at these positions?"""

    predicate: str
    positions: tuple[int, ...]
    words: tuple[Value | Place, ...]


Test = IsWord | RowsOf
Answer = bool | tuple[Row, ...]


def word_of(term: Value | Place, signature: Signature) -> Value:
    """Return the word a term stands for."""
    return signature[term.position] if isinstance(term, Place) else term


def answer(test: Test, signature: Signature, relations: Mapping[str, Relation]) -> Answer:
    """Answer a test for one signature."""
    match test:
        case IsWord(place, other):
            return word_of(place, signature) == word_of(other, signature)
        case RowsOf(predicate, positions, words):
            found = relations[predicate].matching(positions, tuple(word_of(one, signature) for one in words))
            return tuple(_restored(row, positions, words) for row, _ in found)


def _restored(row: Row, positions: tuple[int, ...], words: tuple[Value | Place, ...]) -> Row:
    """Put the terms asked for back in a row, so that rows of signatures that differ only there are equal."""
    terms = list(row)
    for at, word in zip(positions, words, strict=True):
        terms[at] = word
    return tuple(terms)


class Examined:
    """One signature under test: answers, and remembers every test in the order first asked."""

    def __init__(self, signature: Signature, relations: Mapping[str, Relation]) -> None:
        self.signature = signature
        self._relations = relations
        self.asked: dict[Test, Answer] = {}

    def ask(self, test: Test) -> Answer:
        """Answer a test and remember it."""
        found = self.asked.get(test)
        if found is None:
            found = self.asked[test] = answer(test, self.signature, self._relations)
        return found
