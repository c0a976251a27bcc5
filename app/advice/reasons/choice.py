"""Choice: which of several reasons for one fact is shown, and which choices nothing but a text decided.

Goes in: the reasons an engine kept. Comes out: the one to show. Must not know: words.

The rule that goes first by its priority is shown (`app/lang/priority.py`); of one rule with several values those that
come first as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.engine.model import Justification
from app.lang.ast import Rule
from app.lang.priority import is_settled


class Ties:
    """The pairs of rules between which only their text decided; kept while `watched`, else not looked for."""

    def __init__(self) -> None:
        self.watched = False
        self.pairs: dict[tuple[int, int], tuple[Rule, Rule]] = {}

    def note(self, rules: Sequence[Rule]) -> None:
        """Note that the first of these rules was shown, and each other could have been."""
        if not self.watched:
            return
        first = rules[0]
        for other in rules[1:]:
            if other is not first and not is_settled(first, other):
                self.pairs.setdefault((id(first), id(other)), (first, other))


def _differ(one: Rule, other: Rule) -> bool:
    """Whether it shows which of two rules was chosen."""
    if one.metadata is None or other.metadata is None:
        return True
    return replace(one.metadata, voorrang=None) != replace(other.metadata, voorrang=None)


def first(reasons: Sequence[Justification], rank: Mapping[int, int], ties: Ties) -> Justification:
    """Return the reason to show; `rank`: per rule (by identity) its place in the order of priority."""
    if len(reasons) == 1:
        return reasons[0]
    ordered = sorted(reasons, key=lambda reason: (rank[id(reason.rule)], tuple(map(str, reason.values))))
    if ties.watched:
        chosen = ordered[0].rule
        ties.note([chosen, *(reason.rule for reason in ordered[1:] if _differ(chosen, reason.rule))])
    return ordered[0]
