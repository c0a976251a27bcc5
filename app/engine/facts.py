"""What is known of one case, as ground facts.

Goes in: tuples of values per predicate. Comes out: a `FactSet` that an engine decides.
Must not know: where the facts came from (JSON, a scenario), or what any predicate means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from app.lang.ast import Value
from app.record import record

Row = tuple[Value, ...]


@record
class FactSet:
    """The facts of one case.

    `known`: per input predicate the rows that certainly hold.
    `unknown`: per *open* input predicate the keys (the first argument) about which nothing was said:
    for such a key every value is possible. A key that is in neither is closed: certainly not so.
    A key stands in one of the two. Booleans raise TypeError: True equals 1, and a rule could not tell.

    `origin` and `revised` tell of facts made out of others which those were, and what differs: an engine need not
    work out again what rests on the same.
    """

    known: Mapping[str, tuple[Row, ...]]
    unknown: Mapping[str, tuple[Value, ...]]
    origin: FactSet | None = field(default=None, compare=False, repr=False)
    revised: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in self.known if self.origin is None else self.revised:
            for row in self.known.get(name, ()):
                if bool in map(type, row):
                    raise TypeError(f"{name}{row}: a boolean is no value in a rule, use the words ja and nee")

    def revise(self, known: Mapping[str, tuple[Row, ...]], unknown: Mapping[str, tuple[Value, ...]]) -> FactSet:
        """The same facts, but for all that is said, and not said, of some predicates."""
        origin = self if self.origin is None else self.origin
        revised = self.revised.union(known, unknown)
        return FactSet({**self.known, **known}, {**self.unknown, **unknown}, origin, revised)

    def differing(self, other: FactSet) -> frozenset[str]:
        """The predicates of which these facts may say something else than those they were made out of, or another."""
        if self.origin is other:
            return self.revised
        pairs = ((self.known, other.known), (self.unknown, other.unknown))
        names = frozenset().union(self.known, self.unknown, other.known, other.unknown)
        return frozenset(name for name in names if any(ours.get(name) != theirs.get(name) for ours, theirs in pairs))
