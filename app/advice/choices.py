"""The fields with one word as their value that an oordeel rests on.

Goes in: a ground law and the form of its questions. Comes out: per class of flows these fields.
Must not know: any case, or any field or predicate by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.advice import contract
from app.advice.question.form import Form
from app.kern.ground import Ground
from app.kern.model import Judged
from app.record import record

MOST_KEPT: Final = 1_000
"""Classes of flows whose fields are cached; the cache starts anew beyond that."""


@record
class Choice:
    """A field: its predicate, what kind of thing it is about (case, flow or entry), and its place in the vocabulary."""

    predicate: str
    about: str
    place: int


class Choices:
    """The fields per class of flows, cached: they follow from the law alone. Safe to share between threads."""

    def __init__(self, ground: Ground, form: Form) -> None:
        self._ground = ground
        self._form = form
        self._kept: dict[tuple[int, ...], tuple[Choice, ...]] = {}

    def under(self, judged: Judged) -> tuple[Choice, ...]:
        """List the fields that the oordeel about a flow rests on, in vocabulary order."""
        nodes = tuple(judged.nodes(contract.OORDEEL).values())
        found = self._kept.get(nodes)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            choices = set(self._under(nodes))
            found = self._kept[nodes] = tuple(sorted(choices, key=lambda one: one.place))
        return found

    def _under(self, nodes: tuple[int, ...]) -> Iterator[Choice]:
        form = self._form
        for cell in {cell for node in nodes for cell in self._ground.cells_under(node)}:
            name = cell.predicate
            # A consent that can still be asked is no field with a value.
            if name not in form.fields or name in form.per_flow or not form.vocabulary.predicates[name].single:
                continue
            if form.vocabulary.domain_of(name, 1).kind == "keuze":
                yield Choice(name, cell.key.domain, form.fields[name][0])
