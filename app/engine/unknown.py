"""The unknown number: a value about which every comparison might hold.

Goes in: the open fact it stands for. Comes out: an object that rules can calculate with and compare.
Must not know: which rules do so.

On the *possible* side of the doubled program an open number or date that nobody gave is an
`Unknown`. Every comparison with it holds, because some value would make it hold. It remembers what
it stands for and what was added to it, so that the missing value can be solved for later.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.lang.ast import Value


@dataclass(frozen=True, slots=True)
class Unknown:
    """The unknown value of the open fact `predicate(key, …)`, plus `offset`.

    `exact` is False once more happened to it than adding a whole number: then it can no longer be
    solved for. Two unknowns are equal when they are the same unknown, so that they can stand in
    rows; that says nothing about their values, and no rule compares them with `==` (see `doubled`).
    """

    predicate: str
    key: Value
    offset: int = 0
    exact: bool = True

    def __add__(self, other: object) -> Unknown:
        if isinstance(other, int):
            return Unknown(self.predicate, self.key, self.offset + other, self.exact)
        return self._inexact()

    __radd__ = __add__

    def __sub__(self, other: object) -> Unknown:
        return self + -other if isinstance(other, int) else self._inexact()

    def _inexact(self, _other: object = None) -> Unknown:
        """What is left after any other sum: still this unknown, but no longer solvable."""
        return Unknown(self.predicate, self.key, 0, exact=False)

    __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = _inexact

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__
