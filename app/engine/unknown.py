"""The unknown number: a value about which every comparison might hold.

Goes in: the open fact it stands for. Comes out: an object that rules can calculate with and compare.
Must not know: which rules do so.

On the *possible* side of the doubled program an open number or date that nobody gave is an
`Unknown`. Every comparison with it holds, because some value would make it hold. It remembers what
it stands for and what was added to it, so that the missing value can be solved for later.
"""

from __future__ import annotations

from app.lang.ast import Value


class Unknown:
    """The unknown value of the open fact `predicate(key, …)`, plus `offset`. Not to be changed.

    `exact` is False once more happened to it than adding a whole number: then it can no longer be
    solved for. Two unknowns are equal when they are the same unknown, so that they can stand in
    rows; that says nothing about their values, and no rule compares them with `==` (see `doubled`).
    """

    __slots__ = ("_hash", "exact", "key", "offset", "predicate")

    def __init__(self, predicate: str, key: Value, offset: int = 0, exact: bool = True) -> None:
        self.predicate = predicate
        self.key = key
        self.offset = offset
        self.exact = exact
        self._hash = hash((predicate, key, offset, exact))

    def __repr__(self) -> str:
        return f"Unknown({self.predicate!r}, {self.key!r}, {self.offset}, {self.exact})"

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Unknown)
            and (self.predicate, self.key, self.offset, self.exact)
            == (other.predicate, other.key, other.offset, other.exact)
        )

    def __hash__(self) -> int:
        return self._hash

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
