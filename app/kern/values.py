"""The three values, as bits, and the keys of one case.

Goes in: nothing. Comes out: constants. Must not know: formulas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from app.kern.terms import Key
from app.lang.ast import Value

CERTAIN: Final = 3
POSSIBLE: Final = 1
IMPOSSIBLE: Final = 0
"""Bits, so that `and` is `&` and `or` is `|`: 1 says possible, 2 says certain; what is certain is both."""
Status = Literal[0, 1, 3]
"""One of the three."""
NEGATED: Final[tuple[Status, Status, Status, Status]] = (CERTAIN, POSSIBLE, POSSIBLE, IMPOSSIBLE)
"""The value of `not x`, by the value of `x`; 2 does not occur."""
Keys = Mapping[Key, Value]
"""The key that each thing a formula speaks of has in a case."""
