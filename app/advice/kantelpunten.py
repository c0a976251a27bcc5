"""Kantelpunten: the single fields whose other value changes the oordeel about a flow.

Goes in: a decided case. Comes out: per flow the fields, with each such value and the oordeel that it gives.
Must not know: any field or predicate by name, or how a formula is evaluated.

A field counts when it has one word as its value and that was given, or when it is closed and absent, which says "nee".
Each other word of its domain is stated instead and the flow is judged again; what contradicts the rest of the case is
left out. Numbers, dates and lists do not count, and unknown facts are asked for in `ontbrekend`. An oordeel that
crosses a red line is never told: RedLineCrossed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.advice import contract, red_lines
from app.advice.advies import Kantelpunt
from app.advice.budget import Check
from app.advice.decided import Decided
from app.advice.judge import UndecidedError
from app.advice.question.casus import CASE_KEY, Flow
from app.advice.question.facts import with_flows
from app.advice.question.form import YES_NO
from app.advice.question.open_fields import JA_NEE, OpenFields
from app.engine.facts import FactSet
from app.kern.accepted import Item
from app.kern.case import Case
from app.kern.model import Judged, KernModel
from app.kern.terms import Key
from app.kern.values import CERTAIN
from app.lang.ast import Value

MOST_FIELDS: Final = 20
"""Fields told per flow: the first in vocabulary order."""
MOST_ENTRIES: Final = 20
"""Recorded entries (consents) about one flow whose fields are tried: the first in the order given."""
_ABSENT: Final = "nee"
"""What a closed fact says that was not stated."""


class Kantelpunten:
    """The fields of one decided case that decide its flows."""

    def __init__(self, decided: Decided, check: Check) -> None:
        """`check` is called for each field, and raises to stop."""
        self._decided = decided
        self._law = decided.law
        self._check = check

    def of(self, flow: Flow, oordeel: str) -> tuple[Kantelpunt, ...]:
        """List the fields whose other value gives a flow another oordeel, in vocabulary order of field and value."""
        # Alone, so that a question about many flows reads the facts of one each time.
        alone = replace(flow, key=f"{CASE_KEY}.d0")
        model = self._law.kern.decide(with_flows(self._decided.facts, (alone,), self._law.form))
        judged = _with_every_entry(model, model.flows()[alone.key])
        sheet = OpenFields(self._law.form, (alone,))
        found: list[Kantelpunt] = []
        fields = 0
        for item in self._items(model, judged):
            self._check()
            lines = [
                Kantelpunt(sheet.path(item), self._json(item, word), other)
                for word, other in self._turning(model, judged, item, oordeel)
            ]
            found += lines
            fields += bool(lines)
            if fields == MOST_FIELDS:
                break
        return tuple(found)

    def _items(self, model: KernModel, judged: Judged) -> Iterator[Item]:
        """The fields under a flow's oordeel that have one word as their value, in vocabulary order."""
        entries = _entries(model, judged)
        for choice in self._law.choices.under(judged):
            about = entries.get(choice.about)
            keys = (judged.keys[Key(choice.about)],) if about is None else about[:MOST_ENTRIES]
            yield from ((choice.predicate, key) for key in keys)

    def _turning(self, model: KernModel, judged: Judged, item: Item, oordeel: str) -> Iterator[tuple[str, str]]:
        """Each word of a field that would give a flow another oordeel, and which."""
        predicate, key = item
        if key in model.facts.unknown.get(predicate, ()):
            return
        stated = Case(model.facts).values(predicate, key) or (_ABSENT,)
        for word in self._law.vocabulary.domain_of(predicate, 1).values:
            if word in stated:
                continue
            facts = _stated(model.facts, item, word)
            again = model.one(judged, facts)
            if (other := _oordeel(again)) != oordeel and not self._contradicts(facts, predicate):
                red_lines.refuse_flows((again,))
                yield word, other

    def _contradicts(self, facts: FactSet, predicate: str) -> bool:
        """Whether facts contradict each other, now that one says something else."""
        if predicate not in self._law.contradictable:
            return False
        return bool(self._law.kern.decide(facts).rows("zeker", contract.STRIJDIG))

    def _json(self, item: Item, word: str) -> bool | str:
        """A word as the question's JSON takes it."""
        return JA_NEE[word] if self._law.vocabulary.domain_of(item[0], 1).name == YES_NO else word


def _entries(model: KernModel, judged: Judged) -> Mapping[str, tuple[Value, ...]]:
    """Per kind of entry the keys of those that are about a flow, each once, in the order given."""
    shape = model.classes.ground.shape
    case = judged.keys[shape.case]
    found: dict[str, tuple[Value, ...]] = {}
    for domain, name in shape.entries.items():
        rows = model.facts.known.get(name, ())
        found[domain] = tuple(dict.fromkeys(row[1] for row in rows if (row[0], row[2:]) == (case, judged.signature)))
    return found


def _with_every_entry(model: KernModel, judged: Judged) -> Judged:
    """The same flow with a key for each entry about it: of two that say the same, one may come to say another thing."""
    ground = model.classes.ground
    entries = _entries(model, judged)
    keys = {Key(domain, at): key for domain, mine in entries.items() for at, key in enumerate(mine)}
    if judged.flow is None or all(key in judged.keys for key in keys):
        return judged
    counts = {name: len(entries[domain]) for domain, name in ground.shape.entries.items()}
    keys |= {key: judged.keys[key] for key in (ground.shape.case, ground.shape.flow_key)}
    flow = model.classes.flow(judged.signature, counts)
    return model.one(Judged(model.classes, judged.evaluation, keys, judged.signature, flow, None), model.facts)


def _stated(facts: FactSet, item: Item, word: str) -> FactSet:
    """The same facts, but for the value of one field."""
    predicate, key = item
    others = tuple([row for row in facts.known.get(predicate, ()) if row[0] != key])
    return facts.revise({predicate: (*others, (key, word))}, {})


def _oordeel(judged: Judged) -> str:
    judged.prepare(contract.OORDEEL)
    value = judged.evaluation.value
    found = [row[0] for row, node in judged.nodes(contract.OORDEEL).items() if value(node) == CERTAIN]
    if len(found) != 1:
        raise UndecidedError(f"{len(found)} oordelen for one deling")
    return str(found[0])
