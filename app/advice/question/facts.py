"""Stating: a casus as facts.

Goes in: a `Casus`, the flows to ask about, and the form of the question. Comes out: the `FactSet` an engine decides:
what was said is known, what was not said of an open field is unknown.
Must not know: any field or predicate by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Final

from app.advice import dates
from app.advice.question.casus import CASE_KEY, PROPOSED, Casus, Flow, flatten
from app.advice.question.form import Form, Node, Place, Plain, Several, form_of
from app.engine.facts import FactSet, Row
from app.lang.ast import Value
from app.lang.vocabulary import Vocabulary

NO: Final = "nee"
Known = dict[str, tuple[Row, ...]]
Unknown = dict[str, tuple[Value, ...]]


def to_facts(casus: Casus, vocabulary: Vocabulary, case_key: str = CASE_KEY) -> FactSet:
    """State a casus as facts."""
    return facts_of(casus, flatten(casus, case_key), form_of(vocabulary), case_key)


def facts_of(casus: Casus, flows: Iterable[Flow], form: Form, case_key: str = CASE_KEY) -> FactSet:
    """State a casus as facts, with these flows instead of its own delingen."""
    known: Known = {}
    unknown: Unknown = {**form.unsaid} if case_key == CASE_KEY else dict.fromkeys(form.unsaid, (case_key,))
    entries = _Entries(case_key)
    _state(form.root, casus.data, case_key, known, unknown, entries)
    known[form.day] = ((case_key, casus.peildatum),)
    for name, other, word in form.denied:
        if name in unknown and known.get(other) == ((case_key, word),):
            del unknown[name]
            known[name] = ((case_key, NO),)
    entries.about(form, tuple(flows))
    entries.hand_over(known, unknown)
    return FactSet(known, unknown)


def with_flows(facts: FactSet, flows: Iterable[Flow], form: Form, case_key: str = CASE_KEY) -> FactSet:
    """State the same facts, but about other flows."""
    known: Known = dict.fromkeys(form.about_flows, ())
    unknown: Unknown = dict.fromkeys(form.about_flows, ())
    entries = _Entries(case_key)
    entries.about(form, tuple(flows))
    entries.hand_over(known, unknown)
    return facts.revise(known, unknown)


def _state(
    node: Node, data: Mapping[str, Any], case_key: str, known: Known, unknown: Unknown, entries: _Entries
) -> None:
    """State what an object of the case itself says; what it speaks of is not unknown."""
    for name, value in data.items():
        place = node.places.get(name)
        if place is None or value is None or name == PROPOSED:
            continue
        if isinstance(place, Node):
            _state(place, value, case_key, known, unknown, entries)
            continue
        if place.open:
            del unknown[place.predicate]
        if isinstance(place, Plain):
            known[place.predicate] = ((case_key, _word(value, place.is_date)),)
        else:
            entries.add(place, value)


class _Entries:
    """What the lists of a casus state: rows, and of each entry with a key of its own what it says."""

    __slots__ = ("_case_key", "_known", "_unknown")

    def __init__(self, case_key: str) -> None:
        self._case_key = case_key
        self._known: dict[str, list[Row]] = {}
        self._unknown: dict[str, list[Value]] = {}

    def about(self, form: Form, flows: tuple[Flow, ...]) -> None:
        """State what is proposed, and of each flow that it can still be answered by a new entry elsewhere."""
        self.add(form.proposed, [flow.data for flow in flows])
        for name in form.per_flow:
            self._unknown[name] = [flow.key for flow in flows]

    def hand_over(self, known: Known, unknown: Unknown) -> None:
        """Put what was stated among the facts of a case."""
        for name, rows in self._known.items():
            known[name] = tuple(rows)
        for name, keys in self._unknown.items():
            unknown[name] = tuple(keys)

    def add(self, several: Several, entries: Iterable[Any]) -> None:
        """State the entries of a list."""
        rows = self._known.setdefault(several.predicate, [])
        for index, entry in enumerate(entries):
            own = f"{self._case_key}.{several.letter}{index}" if several.letter else entry
            columns: list[Iterable[Value]] = []
            for column in several.columns:
                if column.name == "casus":
                    columns.append((self._case_key,))
                elif column.name == "zelf":
                    columns.append((own,))
                else:
                    columns.append(entry[column.name] if column.several else (_word(entry[column.name], False),))
            rows.extend(product(*columns))
            if several.letter:
                self._entry(several.items, entry, own, {*several.items.open})

    def _entry(self, node: Node, entry: Mapping[str, Any], key: str, unsaid: set[str], inner: bool = False) -> None:
        """State what an entry says, with the objects under it, and which open fields it says nothing of."""
        for name, value in entry.items():
            place: Place | None = node.places.get(name)
            if place is None or value is None:
                continue
            if isinstance(place, Node):
                self._entry(place, value, key, unsaid, inner=True)
                continue
            if isinstance(place, Several):
                self.add(place, value)
            else:
                if type(value) is dict:  # a map about the one item of a flow
                    if not value:
                        continue
                    (value,) = value.values()
                self._known.setdefault(place.predicate, []).append((key, _word(value, place.is_date)))
            unsaid.discard(place.predicate)
        if not inner:
            for predicate in node.open:
                if predicate in unsaid:
                    self._unknown.setdefault(predicate, []).append(key)


def _word(value: Any, is_date: bool) -> Value:
    """JSON as the rules say it: ja and nee, a date as a number; other words and numbers as they are."""
    if value is True:
        return "ja"
    if value is False:
        return "nee"
    return dates.number(value) if is_date else value
