"""Two engines held against each other.

Goes in: two models of the same case. Comes out: how many facts were compared, and every difference.
Must not know: which engine filled which model.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.model import Model, ModelRow, Side
from app.lang.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact, or a reason for it, in one model only: `left` says in which."""

    side: Side
    predicate: str
    row: ModelRow
    left: bool
    reasons: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared: facts found in either model, and where the models are not the same."""

    facts: int
    differences: tuple[Difference, ...]


def compare(vocabulary: Vocabulary, left: Model, right: Model) -> Comparison:
    """Compare every output predicate on every side that is read: its rows, and all reasons for them."""
    facts = 0
    differences: list[Difference] = []
    for predicate in vocabulary.predicates.values():
        if predicate.kind != "uitkomst":
            continue
        for side in predicate.sides:
            ours, theirs = set(left.rows(side, predicate.name)), set(right.rows(side, predicate.name))
            facts += len(ours | theirs)
            for row in sorted(ours ^ theirs, key=repr):
                differences.append(Difference(side, predicate.name, row, row in ours, reasons=False))
            for row in sorted(ours & theirs, key=repr):
                mine, yours = (set(model.why(side, predicate.name, row)) for model in (left, right))
                if mine != yours:
                    differences.append(Difference(side, predicate.name, row, bool(mine - yours), reasons=True))
    return Comparison(facts, tuple(differences))
