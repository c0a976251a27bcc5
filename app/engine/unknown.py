"""The unknown number: a value about which every comparison might hold.

Goes in: the open fact it stands for. Comes out: an object that rules can add to and compare.
Must not know: which rules do so.

On the *possible* side of the doubled program an open number or date that nobody gave is an
`Unknown`. Every comparison with it holds, because some value would make it hold. It remembers what
it stands for and what was added to it, so that the missing value can be solved for later.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.lang.ast import Value


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """The unknown value of the open fact `predicate(key, …)`, plus `offset`."""

    predicate: str
    key: Value
    offset: int = 0

    def __add__(self, other: object) -> Unknown:
        return Unknown(self.predicate, self.key, self.offset + other) if isinstance(other, int) else self

    __radd__ = __add__

    def __sub__(self, other: object) -> Unknown:
        return Unknown(self.predicate, self.key, self.offset - other) if isinstance(other, int) else self

    def same_as(self, other: object) -> bool:
        """Whether `other` is this very unknown (`==` cannot say so: see `__eq__`)."""
        return (
            isinstance(other, Unknown)
            and (self.predicate, self.key, self.offset) == (other.predicate, other.key, other.offset)
        )

    def __hash__(self) -> int:
        return hash((self.predicate, self.key, self.offset))

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__
