"""The two sides of a fact, as rules name them: `zeker_p` and `mogelijk_p`.

Goes in: a predicate's name as written. Comes out: the side it names, if any, and the predicate.
Must not know: which predicates exist.
"""

from __future__ import annotations

from typing import Final, Literal

Side = Literal["zeker", "mogelijk"]
SIDES: Final[tuple[Side, ...]] = ("zeker", "mogelijk")
RESERVED_PREFIXES: Final = tuple(f"{side}_" for side in SIDES)


def split_side(name: str) -> tuple[Side | None, str]:
    """Split a written name into the side it names and the predicate.

    >>> split_side("zeker_mag"), split_side("mag")
    (('zeker', 'mag'), (None, 'mag'))
    """
    for side in SIDES:
        if name.startswith(f"{side}_"):
            return side, name[len(side) + 1 :]
    return None, name


def base(name: str) -> str:
    """Return the predicate a written name is about, without its side."""
    return split_side(name)[1]
