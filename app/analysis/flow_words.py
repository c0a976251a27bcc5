"""Flows in plain Dutch.

Goes in: signatures and the vocabulary. Comes out: a line per giver, getter and set of items.
Must not know: any word by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.advice.law.texts import listing
from app.kern.signature import Signature
from app.lang.vocabulary import Vocabulary


def flow_lines(signatures: Sequence[Signature], vocabulary: Vocabulary, flow: str) -> tuple[str, ...]:
    """Write flows in few lines: who gives to whom, for which purposes, which items. `flow`: their predicate."""
    items: dict[tuple[str, str, str], list[str]] = {}
    for giver, getter, item, purpose in signatures:
        items.setdefault((str(giver), str(getter), str(purpose)), []).append(str(item))
    purposes: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (giver, getter, purpose), found in items.items():
        purposes.setdefault((giver, getter, tuple(found)), []).append(purpose)
    who, whom, what, why = (vocabulary.domain_of(flow, at).labels for at in range(2, 6))
    return tuple(
        f"{who[giver]} → {whom[getter]}, voor {listing([why[one] for one in purpose])}: "
        f"{listing([what[one] for one in found])}"
        for (giver, getter, found), purpose in purposes.items()
    )
