"""Rows of open input spelled out: beside what was said, every value of what was not.

Goes in: said rows, keys about which nothing was said, and how to spell one out. Comes out: rows, or an index.
Must not know: where generated code calls these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from app.engine.doubled import Relation
from app.engine.model import ModelRow, ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Value

Spread = Callable[[Value], Sequence[ModelRow]]
"""Every row an unsaid key can have."""


def added_index(
    index: Mapping[Value, Sequence[ModelRow]], unknown: Iterable[Value], spread: Spread
) -> dict[Value, Sequence[ModelRow]]:
    """An index on the key with the open rows of the unknown keys, which have no other rows."""
    found = dict(index)
    for key in unknown:
        found[key] = spread(key)
    return found


def added_rows(rows: Iterable[ModelRow], unknown: Iterable[Value], spread: Spread) -> list[ModelRow]:
    """All rows, and the open rows of the unknown keys, which have no other rows."""
    found = list(rows)
    for key in unknown:
        found += spread(key)
    return found


def merged_index(
    index: Mapping[Value, Sequence[ModelRow]], unknown: Iterable[Value], spread: Spread
) -> dict[Value, Sequence[ModelRow]]:
    """An index on the key with the open rows of the unknown keys added, each row once."""
    return {**index, **{key: list(dict.fromkeys((*index.get(key, ()), *spread(key)))) for key in unknown}}


def merged_rows(rows: Iterable[ModelRow], unknown: Iterable[Value], spread: Spread) -> list[ModelRow]:
    """All rows with the open rows of the unknown keys added, each row once."""
    return list(dict.fromkeys((*rows, *(row for key in unknown for row in spread(key)))))


SPREADERS: Final = (added_index, added_rows, merged_index, merged_rows)


def spread_of(relation: Relation, values: tuple[Value, ...] | None) -> Spread:
    """How to spell out every row of an unsaid key; never for predicates with many arguments."""
    name, arity = relation.predicate.name, len(relation.predicate.arguments)
    if arity == 1:
        return lambda key: ((key,),)
    if arity > 2:
        raise ValueError(f"{name}: open input with {arity} arguments must be read with all of them bound")
    if values is None:
        return lambda key: ((key, Unknown(name, key)),)
    words: tuple[ModelValue, ...] = values
    return lambda key: [(key, value) for value in words]
