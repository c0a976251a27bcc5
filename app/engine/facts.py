"""What is known of one case, as ground facts.

Goes in: tuples of values per predicate. Comes out: a `FactSet` that an engine decides.
Must not know: where the facts came from (JSON, a scenario), or what any predicate means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.lang.ast import Value

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class FactSet:
    """The facts of one case.

    `known`: per input predicate the rows that certainly hold.
    `unknown`: per *open* input predicate the keys (the first argument) about which nothing was said:
    for such a key every value is possible. A key that is in neither is closed: certainly not so.
    A key stands in one of the two. Booleans raise TypeError: True equals 1, and a rule could not tell.
    """

    known: Mapping[str, tuple[Row, ...]]
    unknown: Mapping[str, tuple[Value, ...]]

    def __post_init__(self) -> None:
        for name, rows in self.known.items():
            for row in rows:
                if bool in map(type, row):
                    raise TypeError(f"{name}{row}: a boolean is no value in a rule, use the words ja and nee")
