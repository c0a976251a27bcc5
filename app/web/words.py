"""The words of the vocabulary with their labels: `GET /woorden`, and the named types of the OpenAPI document.

Goes in: the vocabulary. Comes out: plain dictionaries fit for JSON. Must not know: what any word means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.lang.vocabulary import Domain, Vocabulary
from app.web.policy_view import Book
from app.web.wire import YES_NO

Schema = dict[str, Any]
_ELSEWHERE: Final = "Het label van elk woord staat in GET /woorden."


def words_view(book: Book, date: int) -> dict[str, Any]:
    """Show every domain of words, each word with its label; they are the same on every day."""
    vocabulary = book.on(date).program.vocabulary
    return {
        "versie": book.version,
        "domeinen": [
            {
                "domein": domain.name,
                "omschrijving": domain.description,
                "woorden": [{"woord": word, "label": label} for word, label in domain.labels.items()],
            }
            for domain in _choices(vocabulary)
        ],
    }


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
    return (domain for domain in vocabulary.domains.values() if domain.values and domain.values != YES_NO)


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
