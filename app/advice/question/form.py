"""The form: the fields of the question, made ready for reading cases.

Goes in: a vocabulary, whose fields say what each place in a question means. Comes out: a `Form`, kept per vocabulary.
Must not know: any case, or any field or predicate by name, except the words of the contract (delingen, peildatum).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.advice.question.casus import CASE_KEY, DAY, PROPOSED
from app.lang.ast import Value
from app.lang.vocabulary import InputField, Predicate, Vocabulary

YES_NO = "ja_nee"
"""The domain of what is yes or no."""
NOT_IN_FORCE = "ingetrokken"
"""The one field of a consent whose favourable answer is no."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A field with one value: `predicate(key, value)`."""

    predicate: str
    open: bool
    is_date: bool


@dataclass(frozen=True, slots=True)
class Several:
    """A field with several values, each one or more rows.

    `columns` fill the predicate in order: the case ("casus"), the entry or its own key ("zelf"), or what stands in the
    entry under a name, one value or several. `letter` starts the entries' own keys, "" where they have none.
    """

    predicate: str
    open: bool
    columns: tuple[Column, ...]
    letter: str
    items: Node


@dataclass(frozen=True, slots=True)
class Column:
    """Where an argument of a list's predicate comes from; `several`: a list stands under that name."""

    name: str
    several: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """An object in the question's JSON: what stands under each name.

    `open`: the predicates of the open fields in it and in the objects under it, but for those of a list's entries.
    """

    places: Mapping[str, Place]
    open: tuple[str, ...]


Place = Plain | Several | Node


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of an entry that can still be added for a flow, and what belongs in it.

    `says`: a fixed answer, who says so ("wie"), the flow's own item ("gegeven"), or what the flow has under that name.
    `when`: the predicate without which of the flow it is left out; "" where it always belongs.
    """

    name: str
    says: bool | Literal["wie", "gegeven", "stroom"]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The vocabulary's fields, made ready for reading cases.

    `fields`: per predicate its field and that field's place in the order. `per_flow`: open predicates
    about a flow that are answered by adding an entry to a list (a new consent), with the blanks of an entry.
    `exceptions`: the closed predicates that open an exceptional way, and whether each is about a flow.
    `unsaid`: what is unknown of a case of which nothing is said. `proposed`: the list of flows. `about_flows`:
    every predicate that says something of one. `day`: the predicate of the day whose law applies. `denied`: predicates
    that are "nee" where nothing is said of them, each with another predicate and the word of it that makes them so.
    """

    vocabulary: Vocabulary
    root: Node
    fields: Mapping[str, tuple[int, InputField]]
    per_flow: Mapping[str, tuple[Blank, ...]]
    exceptions: Mapping[str, bool]
    unsaid: Mapping[str, tuple[Value, ...]]
    proposed: Several
    about_flows: tuple[str, ...]
    day: str
    denied: tuple[tuple[str, str, str], ...]

    def words(self, predicate: str) -> tuple[str, ...]:
        """The words that may be entered in the field of a predicate; () where it holds none."""
        domain = self.vocabulary.domain_of_field(self.fields[predicate][1]) or self.vocabulary.domain_of(predicate, 1)
        return domain.values


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


def _make_form(vocabulary: Vocabulary) -> Form:
    by_path = {field.path: (place, field) for place, field in enumerate(vocabulary.fields)}
    fields: dict[str, tuple[int, InputField]] = {}
    per_flow: dict[str, tuple[Blank, ...]] = {}
    for path, (place, field) in by_path.items():
        if field.predicate is not None:
            fields.setdefault(field.predicate, (place, field))
            if f"{path}[]" in by_path:
                entry = [one for one in vocabulary.fields if one.path.startswith(f"{path}[].")]
                per_flow[field.predicate] = tuple(_blank(one, field, vocabulary) for one in entry)
    root = _Reader(vocabulary, frozenset(per_flow)).node("")
    proposed, day = root.places[PROPOSED], root.places[DAY]
    if not isinstance(proposed, Several) or not isinstance(day, Plain):
        raise TypeError(f"{PROPOSED} must be a list in the question, and {DAY} a single value")
    about_flows = (*_predicates(proposed), *per_flow)
    unsaid = dict.fromkeys(root.open, (CASE_KEY,))
    exceptions = {
        name: field.path.startswith(f"{PROPOSED}[]") for name, (_, field) in fields.items() if field.exception
    }
    denied = tuple(
        (name, other, word) for name, (_, field) in fields.items() for other, word in field.denied_by.items()
    )
    return Form(vocabulary, root, fields, per_flow, exceptions, unsaid, proposed, about_flows, day.predicate, denied)


def _blank(field: InputField, asked: InputField, vocabulary: Vocabulary) -> Blank:
    """What belongs in a field of an entry that answers `asked`, every requirement met."""
    name = field.path.removeprefix(f"{asked.path}[].")
    bare = name.removesuffix("[]")
    if field.domain == YES_NO:
        return Blank(bare, bare != NOT_IN_FORCE, field.entry_when)
    words = vocabulary.domains[field.domain].values if field.domain in vocabulary.domains else ()
    if words and set(words) <= set(vocabulary.domains[asked.domain].values):  # `asked` also has a word for several
        return Blank(bare, "wie")
    return Blank(bare, "gegeven" if bare != name else "stroom")


class _Reader:
    """Makes nodes of a vocabulary's fields; `skipped` predicates are stated in another way."""

    def __init__(self, vocabulary: Vocabulary, skipped: frozenset[str]) -> None:
        self._vocabulary = vocabulary
        self._skipped = skipped
        self._letters: set[str] = set()

    def node(self, prefix: str) -> Node:
        """Gather the fields directly under a path, and make nodes of the objects under it."""
        places: dict[str, Place] = {}
        for field in self._vocabulary.fields:
            if not field.path.startswith(prefix):
                continue
            name, dot, _ = field.path[len(prefix) :].partition(".")
            if dot:
                if not name.endswith("[]") and name not in places:
                    places[name] = self.node(f"{prefix}{name}.")
            elif field.predicate is None or field.predicate in self._skipped:
                continue
            elif name.endswith("[]"):
                places[name[:-2]] = self._several(field, self._vocabulary.predicates[field.predicate])
            else:
                is_date = self._vocabulary.domain_of(field.predicate, 1).kind == "datum"
                is_open = self._vocabulary.predicates[field.predicate].open
                places[name.removesuffix("{}")] = Plain(field.predicate, is_open, is_date)
        return Node(places, tuple(_open(places.values())))

    def _several(self, field: InputField, predicate: Predicate) -> Several:
        """Read a list field; lists whose entries have keys of their own get a letter for them."""
        name = field.path.rpartition(".")[2][:-2]
        items = self.node(f"{field.path}.")
        letter = ""
        if "zelf" in field.arguments:
            position = field.arguments.index("zelf")
            if self._vocabulary.domain_of(predicate.name, position).kind == "entiteit":
                letter = next(name[:size] for size in range(1, len(name) + 1) if name[:size] not in self._letters)
                self._letters.add(letter)
        columns = tuple(Column(one.removesuffix("[]"), one.endswith("[]")) for one in field.arguments)
        return Several(predicate.name, predicate.open, columns, letter, items)


def _predicates(place: Place) -> Iterator[str]:
    """Every predicate stated in a place."""
    if not isinstance(place, Node):
        yield place.predicate
    if not isinstance(place, Plain):
        for inner in (place.items if isinstance(place, Several) else place).places.values():
            yield from _predicates(inner)


def _open(places: Iterable[Place]) -> Iterator[str]:
    for place in places:
        if isinstance(place, Node):
            yield from place.open
        elif place.open:
            yield place.predicate
