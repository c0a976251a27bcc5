"""Kantelpunten of the real law: each is one, and no other field is.

The oracle is the adviser itself, asked again with one field of the question replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice.advies import Contradiction
from app.advice.kantelpunten import MOST_FIELDS
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.advice.question.form import YES_NO, form_of
from app.advice.question.open_fields import JA_NEE
from app.lang.vocabulary import InputField
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

TOLD = Extras(kantelpunten=True)
Value = bool | str


def answered(casus: Casus, veld: str, waarde: Value) -> list[str] | None:
    """The oordelen with another value in one field; None where that contradicts the rest."""
    data: Any = deepcopy(dict(casus.data))
    target = data
    *parents, leaf = veld.split(".")
    for segment in parents:
        name, _, index = segment.partition("[")
        target = target[name][int(index[:-1])] if index else target.setdefault(name, {})
    target[leaf] = waarde
    found = real_law().advisor.advise(replace(casus, data=data))
    return None if isinstance(found, Contradiction) else [one.oordeel for one in found.adviezen]


def told(casus: Casus) -> tuple[list[str], list[dict[tuple[str, Value], str]]]:
    """The oordelen, and per flow what its kantelpunten say."""
    adviezen = real_law().advise(casus, TOLD).adviezen
    lines = [{(one.veld, one.waarde): one.oordeel for one in advies.kantelpunten or ()} for advies in adviezen]
    return [advies.oordeel for advies in adviezen], lines


def other_values(casus: Casus) -> Iterator[tuple[str, Value]]:
    """Every single choice field that was given or is closed, with each value that it has not."""
    vocabulary = real_law().vocabulary
    for place, field in sorted(form_of(vocabulary).fields.values(), key=lambda found: found[0]):
        predicate = vocabulary.predicates[field.predicate or ""]
        if vocabulary.fields[place].path.endswith("[]") or not predicate.single or _is_new_entry(field):
            continue
        domain = vocabulary.domain_of(predicate.name, 1)
        words: list[Value] = [JA_NEE[word] for word in domain.values] if domain.name == YES_NO else [*domain.values]
        if domain.kind == "keuze":
            for path, given_value in _places(field.path, casus.data):
                value = False if given_value is None and not predicate.open else given_value
                yield from ((path, word) for word in words if value is not None and word != value)


def _is_new_entry(field: InputField) -> bool:
    return any(one.path == f"{field.path}[]" for one in real_law().vocabulary.fields)


def _places(path: str, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Where a field stands in one question, with its value there or None."""
    name, several, rest = path.partition("[].")
    if several:
        for index, entry in enumerate(data.get(name, ())):
            items = entry["gegevens"] if rest.endswith("{}") else [""]
            for item in dict.fromkeys(items):
                inner = rest.replace("{}", f".{item}")
                yield f"{name}[{index}].{inner}", _read(entry, inner)
    else:
        yield path, _read(data, path)


def _read(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for name in path.split("."):
        found = (found or {}).get(name)
    return found


@settings(max_examples=fewer(120))
@given(casussen(most_flows=2), st.data())
def test_a_kantelpunt_gives_its_oordeel_and_no_other_field_another(casus: Casus, data: st.DataObject) -> None:
    oordelen, lines = told(casus)
    possible = list(other_values(casus))
    chosen = {one for flow in lines for one in flow}
    chosen |= set(data.draw(st.lists(st.sampled_from(possible), max_size=12))) if possible else set()

    for veld, waarde in chosen:
        changed = answered(casus, veld, waarde)
        for number, oordeel in enumerate(oordelen):
            said = lines[number].get((veld, waarde))
            if changed is None:
                assert said is None, "a contradiction is no kantelpunt"
            elif said is not None:
                assert (said, said != oordeel) == (changed[number], True)
            elif len({path for path, _ in lines[number]}) < MOST_FIELDS:
                assert changed[number] == oordeel, (veld, waarde)
        assert (veld, waarde) in possible


@settings(max_examples=fewer(40))
@given(casussen(most_flows=2))
def test_kantelpunten_stand_in_vocabulary_order(casus: Casus) -> None:
    order = {one: place for place, one in enumerate(other_values(casus))}
    for flow in told(casus)[1]:
        fields = [field for field, _ in flow]
        assert [one for one in order if one in flow] == sorted(flow, key=order.__getitem__)
        assert len(dict.fromkeys(fields)) <= MOST_FIELDS
