"""One question about one young person, and the facts it states.

Goes in: validated JSON and the vocabulary, whose fields say what each place in it means.
Comes out: a `Casus`, its `Flow`s (one per deling and item), and the `FactSet` an engine decides.
Must not know: any field or predicate by name, except the words of the contract (delingen).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.advice import dates
from app.engine.facts import FactSet, Row
from app.lang.ast import Value
from app.lang.vocabulary import InputField, Predicate, Vocabulary

CASE_KEY = "c"


@dataclass(frozen=True, slots=True)
class Casus:
    """A validated question.

    `peildatum` is yyyymmdd. `data` is the question's JSON as it was checked: absent fields left out
    (no None), dates still ISO text, booleans still booleans.
    """

    kenmerk: str | None
    peildatum: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flow:
    """One item of one proposed deling.

    `key` names it in facts; `index` is the place of its deling in the question (None when nobody
    proposed it); `data` is that deling reduced to this item.
    """

    key: str
    index: int | None
    verstrekker: str
    ontvanger: str
    gegeven: str
    doel: str
    data: Mapping[str, Any]


def flow(key: str, index: int | None, deling: Mapping[str, Any], gegeven: str) -> Flow:
    """Reduce a deling to one of its items; the weighing keeps only what was said of that item."""
    reduced = dict(deling)
    reduced["gegevens"] = (gegeven,)
    afweging = deling.get("afweging")
    if afweging and "gegevens" in afweging:
        said = afweging["gegevens"].get(gegeven)
        reduced["afweging"] = {**afweging, "gegevens": {} if said is None else {gegeven: said}}
    return Flow(key, index, deling["verstrekker"], deling["ontvanger"], gegeven, deling["doel"], reduced)


def flatten(casus: Casus, case_key: str = CASE_KEY) -> tuple[Flow, ...]:
    """List the flows asked about: one per deling and item, in the order asked, duplicates included."""
    flows: list[Flow] = []
    for index, deling in enumerate(casus.data.get("delingen", ())):
        for gegeven in deling["gegevens"]:
            flows.append(flow(f"{case_key}.d{len(flows)}", index, deling, gegeven))
    return tuple(flows)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A field with one value: `predicate(key, value)`."""

    name: str
    predicate: str
    open: bool
    is_date: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A field with several values, each one or more rows.

    `arguments` fill the predicate in order; `letter` starts the items' own keys, "" where they have none.
    """

    name: str
    predicate: str
    open: bool
    arguments: tuple[str, ...]
    letter: str
    items: _Node


@dataclass(frozen=True, slots=True)
class _Node:
    """An object in the question's JSON."""

    plain: tuple[_Plain, ...]
    lists: tuple[_List, ...]
    children: tuple[tuple[str, _Node], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The vocabulary's fields, made ready for reading cases.

    `fields`: per predicate its field and that field's place in the order. `per_flow`: open predicates
    about a flow that are answered by adding an entry to a list (a new consent), with the fields of an entry.
    """

    vocabulary: Vocabulary
    root: _Node
    fields: Mapping[str, tuple[int, InputField]]
    per_flow: Mapping[str, tuple[InputField, ...]]


_FORMS: dict[int, Form] = {}
_MAX_FORMS = 32


def form_of(vocabulary: Vocabulary) -> Form:
    """Make a vocabulary's fields ready for reading cases; kept per vocabulary."""
    form = _FORMS.get(id(vocabulary))
    if form is None or form.vocabulary is not vocabulary:
        form = _make_form(vocabulary)
        if len(_FORMS) >= _MAX_FORMS:
            _FORMS.clear()
        _FORMS[id(vocabulary)] = form
    return form


def to_facts(casus: Casus, vocabulary: Vocabulary, case_key: str = CASE_KEY) -> FactSet:
    """State a casus as facts: what was said is known, what was not said of an open field is unknown."""
    return facts_of(casus, flatten(casus, case_key), form_of(vocabulary), case_key)


def facts_of(casus: Casus, flows: Iterable[Flow], form: Form, case_key: str = CASE_KEY) -> FactSet:
    """State a casus as facts, with these flows instead of its own delingen."""
    known: dict[str, list[Row]] = {}
    unknown: dict[str, list[Value]] = {}
    flows = tuple(flows)
    data = {**casus.data, "peildatum": dates.iso(casus.peildatum), "delingen": [flow.data for flow in flows]}
    _collect(form.root, data, case_key, case_key, known, unknown)
    for predicate in form.per_flow:
        unknown[predicate] = [flow.key for flow in flows]
    return FactSet(
        {name: tuple(rows) for name, rows in known.items()}, {name: tuple(keys) for name, keys in unknown.items()}
    )


_NOTHING: Mapping[str, Any] = {}


def _collect(
    node: _Node,
    data: Mapping[str, Any],
    key: str,
    case_key: str,
    known: dict[str, list[Row]],
    unknown: dict[str, list[Value]],
) -> None:
    for plain in node.plain:
        value = data.get(plain.name)
        if type(value) is dict:
            value = next(iter(value.values()), None)
        if value is not None:
            known.setdefault(plain.predicate, []).append((key, _word(value, plain.is_date)))
        elif plain.open:
            unknown.setdefault(plain.predicate, []).append(key)
    for name, child in node.children:
        _collect(child, data.get(name) or _NOTHING, key, case_key, known, unknown)
    for several in node.lists:
        entries = data.get(several.name)
        if entries is not None:
            _collect_list(several, entries, case_key, known, unknown)
        elif several.open:
            unknown.setdefault(several.predicate, []).append(key)


def _collect_list(
    several: _List,
    entries: Iterable[Any],
    case_key: str,
    known: dict[str, list[Row]],
    unknown: dict[str, list[Value]],
) -> None:
    rows = known.setdefault(several.predicate, [])
    for index, entry in enumerate(entries):
        own = f"{case_key}.{several.letter}{index}" if several.letter else entry
        rows.extend(_rows(several.arguments, entry, case_key, own))
        if several.letter:
            _collect(several.items, entry, own, case_key, known, unknown)


def _rows(arguments: tuple[str, ...], entry: Any, case_key: str, own: Value) -> Iterable[Row]:
    columns: list[tuple[Value, ...]] = []
    for argument in arguments:
        if argument == "casus":
            columns.append((case_key,))
        elif argument == "zelf":
            columns.append((own,))
        elif argument.endswith("[]"):
            columns.append(tuple(entry[argument[:-2]]))
        else:
            columns.append((_word(entry[argument], False),))
    return product(*columns)


def _word(value: Any, is_date: bool) -> Value:
    """JSON as the rules say it: ja and nee, a date as a number; other words and numbers as they are."""
    if value is True:
        return "ja"
    if value is False:
        return "nee"
    return dates.number(value) if is_date else value


def _make_form(vocabulary: Vocabulary) -> Form:
    by_path = {field.path: (place, field) for place, field in enumerate(vocabulary.fields)}
    fields: dict[str, tuple[int, InputField]] = {}
    per_flow: dict[str, tuple[InputField, ...]] = {}
    for path, (place, field) in by_path.items():
        if field.predicate is not None:
            fields.setdefault(field.predicate, (place, field))
            if f"{path}[]" in by_path:
                entry = tuple(one for one in vocabulary.fields if one.path.startswith(f"{path}[]."))
                per_flow[field.predicate] = entry
    return Form(vocabulary, _node(vocabulary, "", set(per_flow), set()), fields, per_flow)


def _node(vocabulary: Vocabulary, prefix: str, skipped: set[str], letters: set[str]) -> _Node:
    """Gather the fields directly under a path, and make nodes of the objects under it."""
    plain: list[_Plain] = []
    lists: list[_List] = []
    children: dict[str, None] = {}
    for field in vocabulary.fields:
        if not field.path.startswith(prefix):
            continue
        name, dot, _ = field.path[len(prefix) :].partition(".")
        if dot:
            if not name.endswith("[]"):
                children[name] = None
        elif field.predicate is None or field.predicate in skipped:
            continue
        elif name.endswith("[]"):
            lists.append(_list(vocabulary, field, vocabulary.predicates[field.predicate], skipped, letters))
        else:
            is_date = vocabulary.domain_of(field.predicate, 1).kind == "datum"
            is_open = vocabulary.predicates[field.predicate].open
            plain.append(_Plain(name.removesuffix("{}"), field.predicate, is_open, is_date))
    nodes = tuple((name, _node(vocabulary, f"{prefix}{name}.", skipped, letters)) for name in children)
    return _Node(tuple(plain), tuple(lists), nodes)


def _list(
    vocabulary: Vocabulary, field: InputField, predicate: Predicate, skipped: set[str], letters: set[str]
) -> _List:
    """Read a list field; lists whose items have keys of their own get a letter for them."""
    name = field.path.rpartition(".")[2][:-2]
    items = _node(vocabulary, f"{field.path}.", skipped, letters)
    letter = ""
    if "zelf" in field.arguments:
        position = field.arguments.index("zelf")
        if vocabulary.domain_of(predicate.name, position).kind == "entiteit":
            letter = next(name[:size] for size in range(1, len(name) + 1) if name[:size] not in letters)
            letters.add(letter)
    return _List(name, predicate.name, predicate.open, field.arguments, letter, items)
