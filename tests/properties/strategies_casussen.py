"""Casussen for Hypothesis: partial and complete, of both regimes, never contradicting themselves.

Goes in: the real law's vocabulary, its scenarios and its rules' numbers. Comes out: strategies of `Casus`.
Must not know: any field, word or norm that the vocabulary knows; only the contract's own `delingen`.

A casus starts as a scenario (near the law's edges) or from nothing, is changed in some places, gets
other flows, and at last loses what contradicts itself. What is drawn is small, so that it shrinks well.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from app.advice import dates
from app.advice.contract import REGELT, STRIJDIG
from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.advice.question.form import form_of
from app.advice.question.open_fields import fill
from app.lang.ast import Arithmetic, Comparison, Constant, Expression
from app.lang.vocabulary import Domain, InputField
from tests.properties.real_law import real_law, scenario_questions

FLOWS = "delingen"
ITEMS = "gegevens"
CONSENTS: Final = "toestemmingen"
ROAD: Final = ("verstrekker", "ontvanger", "doel")
ABSENT = "absent"
DAYS_OFF = (0, -1, 1, -40, 40, 200)
LEAP_DAYS = ("2000-02-29", "2004-02-29", "2008-02-29", "2024-02-29")


@dataclass(frozen=True, slots=True)
class Ago:
    """A day told from the peildatum: so many years back, and some days off."""

    years: int
    days: int

    def on(self, peildatum: int) -> str:
        """Return the day as ISO text."""
        start = datetime.date.fromisoformat(dates.iso(peildatum - self.years * 10000))
        return (start + datetime.timedelta(self.days)).isoformat()


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the question where a value can stand: its path without brackets."""

    field: InputField
    steps: tuple[str, ...]


@cache
def numbers_of_law() -> tuple[int, ...]:
    """Return the small numbers in rules and tables, each with its neighbours: the edges of the law."""
    found: set[int] = set()
    book = real_law().book
    for day in book.days():
        program = book.on(day).program
        for rule in program.rules:
            for literal in rule.body:
                if isinstance(literal, Comparison):
                    found.update((*_numbers(literal.left), *_numbers(literal.right)))
        for fact in program.facts:
            found.update(
                term.value for term in fact.atom.arguments if isinstance(term, Constant) and isinstance(term.value, int)
            )
    return tuple(sorted({near for one in found if one < 1000 for near in (one - 1, one, one + 1) if near >= 0}))


def _numbers(expression: Expression) -> Iterator[int]:
    match expression:
        case Constant(int(value)):
            yield value
        case Arithmetic(_, left, right):
            yield from _numbers(left)
            yield from _numbers(right)


def values_of(domain: Domain) -> SearchStrategy[Any]:
    """Draw a value of a domain as JSON has it; a date as an `Ago` or one of the leap days."""
    edges = numbers_of_law()
    match domain.kind:
        case "keuze":
            words = (True, False) if domain.name == "ja_nee" else domain.values
            return st.sampled_from(words)
        case "getal":
            low, high = domain.minimum or 0, domain.maximum or 999
            near = [edge for edge in edges if low <= edge <= high]
            return st.sampled_from([*near, low, high])
        case _:
            years = [edge for edge in edges if edge <= 30]
            ago = st.builds(Ago, st.sampled_from([*years, 0, 0, 1, 1, 2, 2]), st.sampled_from(DAYS_OFF))
            return st.one_of(ago, ago, ago, st.sampled_from(LEAP_DAYS))


@cache
def peildatums() -> SearchStrategy[int]:
    """Draw a day of either regime, often next to a change of the law or on a leap day."""
    edges = [day for change in real_law().book.policies.boundaries for day in (dates.before(change), change)]
    special = [*edges, 20240229, 20280229, 20270228]
    any_day = st.dates(datetime.date(2024, 1, 1), datetime.date(2029, 12, 31)).map(
        lambda day: dates.number(day.isoformat())
    )
    return st.one_of(st.sampled_from(special), any_day)


@cache
def places() -> tuple[Place, ...]:
    """List every place of the question that a caller can fill besides the flows themselves and their peildatum."""
    found = []
    for field in real_law().vocabulary.fields:
        inside_flow = field.path.startswith(f"{FLOWS}[].")
        is_open_place = field.predicate is not None and not (inside_flow and field.required)
        shadowed = any(other.path == f"{field.path}[]" for other in real_law().vocabulary.fields)
        if is_open_place and not shadowed and field.path not in ("peildatum", f"{FLOWS}[]"):
            steps = field.path.replace("[]", ".[]").replace("{}", ".{}").split(".")
            found.append(Place(field, tuple(steps)))
    return tuple(found)


@cache
def entry_pool(path: str) -> tuple[Mapping[str, Any], ...]:
    """List the entries that scenarios have in a list of objects."""
    pool = [entry for casus in scenario_questions() for entry in casus.data.get(path, ()) if isinstance(entry, dict)]
    return tuple(dict(one) for one in {repr(entry): entry for entry in pool}.values())


@cache
def at_place(place: Place) -> SearchStrategy[Any]:
    """Draw what can stand at a place, now and then nothing."""
    law = real_law()
    domain = law.vocabulary.domains.get(place.field.domain)
    if place.steps[-1] != "[]":
        assert domain is not None, place
        value = values_of(domain)
    elif any(field.path.startswith(f"{place.field.path}.") for field in law.vocabulary.fields):
        value = st.lists(_entries(place.field.path), max_size=2)
    else:
        assert domain is not None, place
        value = st.lists(values_of(domain), max_size=2)
    return st.one_of(value, value, st.just(ABSENT))


def _entries(path: str) -> SearchStrategy[Any]:
    """Draw an entry of a list, with how it is aimed at a flow: 0 not, 1 straight, 2 the other way round."""
    fields = [field for field in real_law().vocabulary.fields if field.path.startswith(f"{path}.")]
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for field in fields:
        name = field.path.rpartition(".")[2]
        value = values_of(real_law().vocabulary.domains[field.domain])
        if name.endswith("[]"):
            value = st.lists(value, min_size=1, max_size=2)
        (required if field.required else optional)[name.removesuffix("[]")] = value
    scratch = st.fixed_dictionaries(required, optional=optional)
    pool = entry_pool(path.removesuffix("[]"))
    known = st.sampled_from(pool).map(dict) if pool else scratch
    return st.tuples(st.one_of(known, known, scratch), st.sampled_from((1, 1, 2, 0)), st.integers(0, 2))


@cache
def changes() -> SearchStrategy[tuple[Place, int, Any]]:
    """Draw one change: a place, the number of an entry there, and what is put there."""
    weighed = [place for place in places() if place.steps[0] == FLOWS] * 2
    return st.one_of([st.tuples(st.just(place), st.integers(0, 2), at_place(place)) for place in (*places(), *weighed)])


@cache
def regulated() -> tuple[tuple[Any, ...], ...]:
    """List per statutory norm the flows it speaks of, in either regime."""
    book = real_law().book
    casus = scenario_questions()[0]
    rows: dict[Any, dict[Any, None]] = {}
    for day in book.days():
        model = book.on(day).decide(to_facts(casus, real_law().vocabulary))
        for norm, *flow in model.rows("zeker", REGELT):
            rows.setdefault(norm, {})[tuple(flow)] = None
    return tuple(tuple(sorted(rows[norm])) for norm in sorted(rows))


@cache
def flows() -> SearchStrategy[dict[str, Any]]:
    """Draw a flow of one item: regulated by law, or any at all."""
    words = real_law().vocabulary.domains
    fields = [f for f in real_law().vocabulary.fields if f.path.startswith(f"{FLOWS}[].") and f.required]
    names = [field.path.rpartition(".")[2].removesuffix("[]") for field in fields]
    random = st.tuples(*(st.sampled_from(words[field.domain].values) for field in fields))
    of_norms = st.sampled_from(regulated()).flatmap(st.sampled_from)
    one = st.one_of(of_norms, of_norms, random)
    return one.map(lambda row: {n: [v] if n == ITEMS else v for n, v in zip(names, row, strict=True)})


@cache
def _starts() -> SearchStrategy[Casus | None]:
    # Per purpose first: else the purposes with many scenarios crowd out the others.
    per_doel: dict[str, list[Casus]] = {}
    for casus in scenario_questions():
        delingen: list[dict[str, Any]] = list(casus.data.get("delingen", ()))
        per_doel.setdefault(delingen[0]["doel"] if delingen else "", []).append(casus)
    scenario = st.sampled_from(list(per_doel.values())).flatmap(st.sampled_from)
    return st.one_of(scenario, scenario, scenario, st.none())


@st.composite
def casussen(draw: DrawFn, most_flows: int = 3, most_changes: int = 5, some_flows: bool = True) -> Casus:
    """Draw a casus: a changed scenario, or one built from nothing; `some_flows=False` proposes none."""
    start = draw(_starts())
    data: dict[str, Any] = {} if start is None else deepcopy(dict(start.data))
    day = draw(peildatums()) if start is None or draw(st.integers(0, 3)) == 0 else start.peildatum
    data["peildatum"] = dates.iso(day)
    if not some_flows:
        data.pop(FLOWS, None)
    else:
        _flows(draw, data, most_flows)
    fewest = 0 if start is not None else 12
    most = fewest + draw(st.sampled_from((0, 1, 2, most_changes)))
    for change in draw(st.lists(changes(), min_size=fewest, max_size=most)):
        _apply(data, *change)
    _resolve(data, day)
    _agree(data)
    casus = consistent(Casus(data.get("kenmerk"), day, data))
    return steered(casus) if some_flows and draw(st.sampled_from((False, False, True))) else casus


def _agree(data: dict[str, Any]) -> None:
    """Make the parts of a question agree: two parties per flow; weighings and consents of what is asked only."""
    asked = data.get(FLOWS, ())
    parties = real_law().vocabulary.domains["partij"].values
    for flow in asked:
        if flow["verstrekker"] == flow["ontvanger"]:
            flow["ontvanger"] = parties[parties.index(flow["verstrekker"]) - 1]
        weighed = flow.get("afweging", {}).get(ITEMS, {})
        for item in [one for one in weighed if one not in flow[ITEMS]]:
            del weighed[item]
    named = {(*(flow[part] for part in ROAD), item) for flow in asked for item in flow[ITEMS]}
    entries = data.get(CONSENTS, ()) if asked else ()
    for entry in entries:
        entry[ITEMS] = [item for item in entry[ITEMS] if (*(entry[part] for part in ROAD), item) in named]
    if entries:
        data[CONSENTS] = [entry for entry in entries if entry[ITEMS]]


def steered(casus: Casus) -> Casus:
    """Give the last open flow the answers that permit it: by chance alone few flows would be permitted."""
    law = real_law()
    last = [advies for advies in law.advise(casus).adviezen if advies.ontbrekend][-1:]
    return consistent(fill(casus, last[0].ontbrekend, form_of(law.vocabulary))) if last else casus


def _flows(draw: DrawFn, data: dict[str, Any], most: int) -> None:
    own = data.get(FLOWS, [])[:most]
    room = most - len(own) if not own or draw(st.integers(0, 2)) == 0 else 0
    for fresh in draw(st.lists(flows(), min_size=0 if own else 1, max_size=room)):
        own = [*own, {**fresh, **_for_items(draw(_weighings()), fresh)}]
    data[FLOWS] = [{**flow, ITEMS: list(flow[ITEMS])[:2]} for flow in own]
    for flow in data[FLOWS]:
        flow.update(_for_items(flow.get("afweging"), flow))


@cache
def _weighings() -> SearchStrategy[Any]:
    pool = {
        repr(flow.get("afweging")): flow.get("afweging")
        for casus in scenario_questions()
        for flow in casus.data.get(FLOWS, ())
    }
    return st.sampled_from(list(pool.values()))


def _for_items(weighing: Any, flow: Mapping[str, Any]) -> dict[str, Any]:
    """Move a weighing to the items of a flow: what was said of one item is said of all."""
    if weighing is None:
        return {}
    said = list(weighing.get(ITEMS, {}).values())[:1]
    moved = {name: value for name, value in weighing.items() if name != ITEMS}
    if said:
        moved[ITEMS] = dict.fromkeys(flow[ITEMS], said[0])
    return {"afweging": moved}


def _apply(data: dict[str, Any], place: Place, number: int, value: Any) -> None:
    """Put a value at a place; in a list, at one entry. Where the entry is not there, nothing happens."""
    target: Any = data
    *parents, leaf = place.steps
    if leaf in ("[]", "{}"):
        leaf = parents.pop()
    for step, following in zip(parents, (*parents[1:], ""), strict=False):
        if step == "[]":
            target = target[number % len(target)]
        elif following == "[]" and not target.get(step):
            return
        else:
            target = target.setdefault(step, {})
    if place.steps[-1] == "{}":
        of = data[FLOWS][number % len(data[FLOWS])] if FLOWS in data else {ITEMS: ()}
        value = ABSENT if value == ABSENT else dict.fromkeys(of[ITEMS], value)
    if isinstance(value, list):
        value = (
            _aimed_words(data, value, number)
            if place.field.domain in _choices()
            else _aimed(data, place.field.path, value)
        )
    if value == ABSENT:
        target.pop(leaf, None)
    elif "[]" in place.steps[:-1] and place.steps[0] != FLOWS and place.field.required:
        return
    else:
        target[leaf] = value


def _choices() -> frozenset[str]:
    return frozenset(name for name, domain in real_law().vocabulary.domains.items() if domain.kind == "keuze")


def _aimed_words(data: Mapping[str, Any], words: list[Any], number: int) -> list[Any]:
    """Let a list of words hold an item that is asked about, half of the time."""
    asked = [item for flow in data.get(FLOWS, ()) for item in flow[ITEMS]]
    aimed = [asked[number % len(asked)]] if asked and number else []
    return list(dict.fromkeys([*aimed, *words]))


def _aimed(data: Mapping[str, Any], path: str, entries: Iterable[tuple[Any, int, int]]) -> list[Any]:
    asked = data.get(FLOWS, ())
    return [
        _at_flow(path, dict(entry), asked[number % len(asked)], aim) if aim and asked else dict(entry)
        for entry, aim, number in entries
    ]


def _at_flow(path: str, entry: dict[str, Any], flow: Mapping[str, Any], aim: int) -> dict[str, Any]:
    """Aim an entry at a flow: names that flows have too are copied, words of the same domain filled in."""
    said = [
        (name, value[0] if isinstance(value, list) else value) for name, value in flow.items() if name != "afweging"
    ]
    words = [(_domains()[f"{FLOWS}[].{name}"], word) for name, word in said]
    words = words if aim == 1 else words[::-1]
    for name in entry:
        if name in flow:
            entry[name] = deepcopy(flow[name])
            continue
        fitting = next((word for word in words if word[0] == _domains()[f"{path}.{name}"]), None)
        if fitting is not None:
            entry[name] = fitting[1]
            words.remove(fitting)
    return entry


@cache
def _domains() -> Mapping[str, str]:
    """Return the domain of every field, by its path without a last bracket."""
    return {field.path.removesuffix("[]"): field.domain for field in real_law().vocabulary.fields}


def _resolve(value: Any, day: int) -> None:
    """Turn days told from the peildatum into dates."""
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(item, Ago):
            value[key] = item.on(day)
        elif isinstance(item, dict | list):
            _resolve(item, day)


def consistent(casus: Casus) -> Casus:
    """Leave out fields until nothing contradicts anything: always the first that a contradiction names."""
    law = real_law()
    decider = law.book.on(casus.peildatum)
    labels = law.vocabulary.domain_of(STRIJDIG, 1).labels
    while rows := decider.rows_only(to_facts(casus, law.vocabulary), "zeker", STRIJDIG):
        field = labels[str(min(str(row[1]) for row in rows))].split(",")[0].strip()
        *parents, leaf = field.split(".")
        data: Any = deepcopy(dict(casus.data))
        target = data
        for parent in parents:
            target = target[parent]
        del target[leaf]
        casus = Casus(casus.kenmerk, casus.peildatum, data)
    return casus
