"""Grounding for every signature at once: what a signature's words decide stays a condition in the formula.

Goes in: a `Ground`. Comes out: one `Flow` for all signatures, with `Same` leaves where classes would be told apart.
Must not know: any case, or what a predicate means.

One class of signatures has small formulas, fit for one answer. Proofs and comparisons speak of all signatures: here a
word of the flow is a variable like any fact, and a decision diagram finds the classes by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.kern.formula import FALSE, Listed, Same
from app.kern.ground import Flow, Ground
from app.kern.join import Join
from app.kern.relation import Relation
from app.kern.terms import Cell, Key, Place, Term
from app.lang.ast import Atom, Comparison

ENTRIES = 2
"""Recorded entries per kind about one flow that are told apart. Rules ask whether some entry is so, and at most two
answers can matter at once: one that refuses and one that is valid."""


def every_flow(ground: Ground, entries: int = ENTRIES) -> Flow:
    """Ground the rules about a flow for every signature, and for 0 to `entries` recorded entries of each kind.

    Whether an entry is there is a closed leaf of its own: see `entry_cell`.
    """
    shape = ground.shape
    if shape.flow is None:
        return Flow(shape.flow_key, {}, {}, {})
    places = len(ground.program.vocabulary.predicates[shape.flow].arguments) - 2
    names = dict(shape.entries)
    counts = dict.fromkeys(names.values(), entries)

    def declared(key: Key) -> int:
        return ground.formulas.add(Listed(entry_cell(names[key.domain], key), False))

    def joining(relations: Mapping[str, Relation]) -> Join:
        return EveryJoin(ground.formulas, ground.program.vocabulary, shape.of_flow, relations, None)

    return ground.flow_by(places, counts, joining, declared)


def entry_cell(predicate: str, key: Key) -> Cell:
    """Return the cell that tells whether a recorded entry is there: `toestemming(toestemming#1)`."""
    return Cell(predicate, key)


class EveryJoin(Join):
    """Solves rule bodies with places for words, where a test of a word is a condition."""

    asks = False

    def _same(self, one: Term, other: Term, atom: Atom) -> int:
        if one != other and (isinstance(one, Place) or isinstance(other, Place)):
            return self._word(one, other)
        return super()._same(one, other, atom)

    def _word_compared(self, comparison: Comparison, left: Term, right: Term) -> int:
        if left != right and (isinstance(left, Place) or isinstance(right, Place)):
            return self._word(left, right)
        return super()._word_compared(comparison, left, right)

    def _word(self, one: Term, other: Term) -> int:
        place, word = (one, other) if isinstance(one, Place) else (other, one)
        assert isinstance(place, Place)
        if isinstance(word, Place) and word < place:
            place, word = word, place
        return self._formulas.add(Same(place, word)) if isinstance(word, str | int | Place) else FALSE
