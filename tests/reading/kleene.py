"""Three-valued answers: yes, no, and not known.

Goes in: answers. Comes out: what follows from them by Kleene's strong tables, condition by condition.
Must not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Kleene(IntEnum):
    """The answer to one condition; `UNKNOWN` while some fact behind it is not known."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def certain(self) -> bool:
        """Whether it holds, whatever the unknown facts turn out to be."""
        return self is Kleene.YES

    @property
    def possible(self) -> bool:
        """Whether it may still hold."""
        return self is not Kleene.NO


YES, NO, UNKNOWN = Kleene.YES, Kleene.NO, Kleene.UNKNOWN


def known(holds: bool | None) -> Kleene:
    """Take an answer that was given, or None where none was.

    >>> known(None).name, known(True).name
    ('UNKNOWN', 'YES')
    """
    return UNKNOWN if holds is None else YES if holds else NO


def not_(one: Kleene) -> Kleene:
    """Turn an answer round; what is not known stays so."""
    return Kleene(YES - one)


def all_of(*conditions: Kleene) -> Kleene:
    """Whether all conditions hold: as weak as the weakest.

    >>> all_of(YES, UNKNOWN).name, all_of(UNKNOWN, NO).name, all_of().name
    ('UNKNOWN', 'NO', 'YES')
    """
    return min(conditions, default=YES)


def any_of(*conditions: Kleene) -> Kleene:
    """Whether one condition holds: as strong as the strongest.

    >>> any_of(NO, UNKNOWN).name, any_of(UNKNOWN, YES).name, any_of().name
    ('UNKNOWN', 'YES', 'NO')
    """
    return max(conditions, default=NO)


def any_in(conditions: Iterable[Kleene]) -> Kleene:
    """The same for as many conditions as there are."""
    return any_of(*conditions)
