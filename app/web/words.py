"""The words of the vocabulary, and the fields of a question: `GET /woorden`, and named types of the OpenAPI document.

Goes in: the vocabulary. Comes out: plain dictionaries fit for JSON. Must not know: what any word means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.lang.vocabulary import Domain, InputField, Vocabulary
from app.web.policy_view import Book
from app.web.wire import FIRST_DAY, LAST_DAY, TEXT_MAXIMUM, YES_NO, least, longest

Schema = dict[str, Any]
YES_NO_FORM: Final = "ja_nee"
LIST: Final = "lijst"
OWN_KEY: Final = "zelf"
"""In the arguments of a list: its entries are things by themselves, such as a deling."""
PEILDATUM: Final = "peildatum"
_ARTICLE: Final = re.compile(r"^(de|het|een) ")
_ELSEWHERE: Final = "Het label van elk woord staat in GET /woorden."


def words_view(book: Book, date: int) -> dict[str, Any]:
    """Show the fields of a question and every domain of words with their labels; they are the same on every day."""
    vocabulary = book.on(date).program.vocabulary
    return {
        "versie": book.version,
        "velden": [_field(vocabulary, number, one) for number, one in enumerate(vocabulary.fields, 1)],
        "domeinen": [
            {
                "domein": domain.name,
                "omschrijving": domain.description,
                "woorden": [
                    {"woord": word, "label": label, "kort": domain.short.get(word) or short_of(label)}
                    for word, label in domain.labels.items()
                ],
            }
            for domain in _choices(vocabulary)
        ],
    }


def short_of(label: str) -> str:
    """Shorten a label that fits in a sentence to a name: without its article, and with a capital.

    >>> short_of("de school"), short_of("het UWV"), short_of("stagegegevens"), short_of("DUO")
    ('School', 'UWV', 'Stagegegevens', 'DUO')
    """
    name = _ARTICLE.sub("", label)
    return name[:1].upper() + name[1:]


def _field(vocabulary: Vocabulary, number: int, field: InputField) -> dict[str, Any]:
    domain = vocabulary.domain_of_field(field)
    name = field.path.removesuffix("[]").removesuffix("{}").rpartition(".")[2]
    return {
        "veld": field.path,
        "kort": field.short or short_of(name.replace("_", " ")),
        "vraag": field.question,
        "omschrijving": field.description,
        "vorm": _form(field, domain),
        "domein": domain.name if domain is not None and domain.kind == "keuze" and not _is_yes_no(domain) else None,
        "zonder": list(field.without),
        "grenzen": _bounds(field, domain),
        "soort": "handeling" if field.action else "feit",
        "verplicht": field.required,
        "open": _is_open(vocabulary, field),
        "volgorde": number,
    }


def _form(field: InputField, domain: Domain | None) -> str:
    if domain is None:
        return field.domain
    return YES_NO_FORM if _is_yes_no(domain) else domain.kind


def _bounds(field: InputField, domain: Domain | None) -> dict[str, Any] | None:
    """The least and the most: of a number, of a date, of the characters of a text, or of the entries of a list."""
    if field.path.endswith("[]"):
        return {"minimum": least(field), "maximum": longest(field)}
    if domain is None:
        return {"minimum": 1, "maximum": TEXT_MAXIMUM}
    if domain.kind == "datum":
        return {"minimum": FIRST_DAY, "maximum": LAST_DAY}
    return None if domain.kind != "getal" else {"minimum": domain.minimum, "maximum": domain.maximum}


def _is_open(vocabulary: Vocabulary, field: InputField) -> bool | None:
    """Whether absent is unknown (True) or not so (False); None where absent says nothing of the young person."""
    if field.predicate is None or (field.domain == LIST and OWN_KEY in field.arguments):
        return None
    predicate = vocabulary.predicates[field.predicate]
    if predicate.clock == PEILDATUM:
        return None
    return predicate.open or predicate.clock is not None


def name_words(schemas: dict[str, Schema], vocabulary: Vocabulary) -> None:
    """Let every list of a domain's words in these schemas refer to one named type; adds those types, in place."""
    named: dict[tuple[str, ...], tuple[str, Domain]] = {}
    for domain in _choices(vocabulary):
        name = "".join(part.capitalize() for part in domain.name.split("_"))
        named.setdefault(domain.values, (f"{name}Woord" if name in schemas else name, domain))
    used: set[tuple[str, ...]] = set()
    for schema in schemas.values():
        for place in _enumerations(schema):
            words = tuple(place["enum"])
            if words in named:
                used.add(words)
                del place["enum"]
                place.pop("type", None)
                place["$ref"] = f"#/components/schemas/{named[words][0]}"
    for words, (name, domain) in named.items():
        if words in used:
            about = f"{domain.description} {_ELSEWHERE}"
            schemas[name] = {"type": "string", "description": about, "enum": list(words)}


def words_of(shape: Mapping[str, Any], schemas: Mapping[str, Schema]) -> list[str]:
    """The words that a shape, or an item of it, can hold; [] for what is no choice."""
    inner = shape.get("items") or shape
    name = str(inner.get("$ref", "")).rpartition("/")[2]
    found: list[str] = (schemas[name] if name else inner).get("enum", [])
    return found


def _choices(vocabulary: Vocabulary) -> Iterator[Domain]:
    return (domain for domain in vocabulary.domains.values() if domain.values and not _is_yes_no(domain))


def _is_yes_no(domain: Domain) -> bool:
    return domain.values == YES_NO


def _enumerations(part: Any) -> Iterator[Schema]:
    """Find every enumeration, however deep."""
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            yield part
        for inner in list(part.values()):
            yield from _enumerations(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _enumerations(inner)
