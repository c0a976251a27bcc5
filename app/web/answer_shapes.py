"""The shapes of the answer, described: in Dutch, with the words and the dates that they hold.

Goes in: schemas made from the answer's records. Comes out: the same schemas, with what a record cannot say of itself.
Must not know: how the answer is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.lang.vocabulary import Vocabulary
from app.web.answer_texts import TEXTS

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Alternatief": {"gegeven": "gegeven"},
    "DelingAdvies": {"oordeel": "oordeel", "verplichtingen": "verplichting"},
    "DelingVraag": {"verstrekker": "partij", "ontvanger": "partij", "gegeven": "gegeven", "doel": "doel"},
    "Grondslag": {"grondslag": "grondslag"},
    "Kanttekening": {"kanttekening": "kanttekening"},
    "Kantelpunt": {"oordeel": "oordeel"},
    "NormUitleg": {"grondslag": "grondslag"},
    "NormWeg": {"grondslag": "grondslag"},
    "Stroom": {
        "grondslag": "grondslag",
        "verstrekker": "partij",
        "ontvanger": "partij",
        "doel": "doel",
        "gegevens": "gegeven",
        "oordeel": "oordeel",
    },
    "VoorDeJongere": {"rechten": "recht"},
    "Taak": {"partij": "partij", "taak": "taak", "aard": "aard"},
}
"""Per type and field the domain whose words it holds."""
_DATES: Final[Mapping[str, tuple[str, ...]]] = {
    "Advies": ("peildatum",),
    "VragenAntwoord": ("peildatum",),
    "DelingAdvies": ("geldig_tot",),
    "Geldigheid": ("vanaf", "tot"),
    "Loopbaanbegeleiding": ("tot",),
    "Stroom": ("geldig_tot",),
    "Taak": ("tot",),
    "Wettekst": ("vanaf",),
}


CLOSED: Final = ("oordeel", "status")
"""The fields of answers whose words never grow within this major version: a caller decides by them."""
_OPEN: Final = "Bekende woorden: {words}. Er kunnen woorden bij komen."


def describe(schemas: dict[str, Any], vocabulary: Vocabulary, answer_types: set[str]) -> None:
    """Describe the types of the answer in Dutch, in place, and name the words and dates they hold."""
    for name in answer_types:
        schema = schemas[name]
        schema["description"], texts = TEXTS[name]
        for field, shape in schema.get("properties", {}).items():
            shape["description"] = texts[field]
            domain = vocabulary.domains.get(_WORDS.get(name, {}).get(field, ""))
            text = _text_of(shape)
            words = text.pop("enum", []) if domain is None else list(domain.values)
            if words and field in CLOSED:
                text["enum"] = words
            elif words:
                shape["description"] = open_words(texts[field], words)
            if field in _DATES.get(name, ()):
                text["format"] = "date"


def open_words(description: str, words: Sequence[str]) -> str:
    """Say which words a place in an answer holds, where a newer edition of the law may add some."""
    return f"{description} {_OPEN.format(words=', '.join(words))}"


def _text_of(shape: dict[str, Any]) -> dict[str, Any]:
    """The text in a shape: itself, the items of a list, or what may also be null."""
    found: dict[str, Any] = shape.get("items", shape)
    return next((one for one in found.get("anyOf", ()) if one.get("type") == "string"), found)
