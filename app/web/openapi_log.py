"""The part of the OpenAPI document about adviezen that were given.

Goes in: nothing. Comes out: what the document says of `/adviezen`. Must not know: the rest of the document.
"""

from __future__ import annotations

from typing import Any, Final

from app.web.adviezen import CURSOR, MOST
from app.web.answer_shapes import open_words
from app.web.wire import TEXT_MAXIMUM

Schema = dict[str, Any]
SEARCH: Final = "Zoekvraag"
FOUND: Final = "Zoekresultaat"
ONE_STATUSES: Final = (400, 401, 403, 404, 406, 410, 429, 500, 503)
SEARCH_STATUSES: Final = (400, 401, 403, 404, 406, 408, 413, 415, 429, 500, 503)
IDENTIFIER: Final[Schema] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Het id van het advies.",
    "schema": {"type": "string", "format": "uuid"},
}
SEARCH_OPERATION: Final[Schema] = {
    "tags": ["log"],
    "operationId": "zoekAdviezen",
    "summary": "Zoek uw eerdere adviezen",
    "description": (
        "Op kenmerk, op periode, of allebei; oudste eerst. Een kenmerk staat nooit in een adres, daarom is dit een "
        "POST. U vindt alleen wat aan u is gegeven."
    ),
    "parameters": [],
}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}


def _optional(schema: Schema, description: str) -> Schema:
    """A field that may be left out, or null."""
    return {"anyOf": [schema, {"type": "null"}], "description": description}


SCHEMAS: Final[Schema] = {
    SEARCH: {
        "type": "object",
        "description": "Wat u zoekt; zonder velden alles.",
        "properties": {
            "kenmerk": _optional({"type": "string", "minLength": 1, "maxLength": TEXT_MAXIMUM}, "Uw kenmerk."),
            "van": _optional(_MOMENT, "Vastgelegd op of na dit moment."),
            "tot": _optional(_MOMENT, "Vastgelegd voor dit moment; dat moment zelf niet."),
            "na": _optional({"type": "string", "pattern": CURSOR}, "De waarde van 'volgende' uit het vorige antwoord."),
            "aantal": _optional(
                {"type": "integer", "minimum": 1, "maximum": MOST}, f"Hooguit {MOST}; zo veel zonder opgave."
            ),
        },
        "additionalProperties": False,
    },
    FOUND: {
        "type": "object",
        "description": "Wat er gevonden is, oudste eerst.",
        "properties": {
            "adviezen": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/GegevenAdvies"},
                "description": "De adviezen, oudste eerst.",
            },
            "volgende": {
                "anyOf": [{"type": "string"}, {"type": "null"}],
                "description": "Geef dit als 'na' om verder te zoeken; null is het einde.",
            },
        },
        "required": ["adviezen", "volgende"],
    },
    "GegevenAdvies": {
        "type": "object",
        "description": "Een advies dat gegeven is.",
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "Het id van het advies."},
            "tijdstip": {**_MOMENT, "description": "Wanneer de vraag binnenkwam, in UTC."},
            "peildatum": {"type": "string", "format": "date", "description": "De dag waarvan het recht gold."},
            "bewaard": {
                "type": "string",
                "description": open_words(
                    "volledig: op te vragen. afdruk: de tekst is niet bewaard. gewist: de tekst is gewist.",
                    ("volledig", "afdruk", "gewist"),
                ),
            },
            "kenmerk": _optional({"type": "string"}, "Uw kenmerk; alleen als het advies bewaard is."),
            "oordelen": {
                "type": "array",
                "items": {"type": "string"},
                "description": "De oordelen, in de volgorde van de vraag; alleen als het advies bewaard is.",
            },
        },
        "required": ["id", "tijdstip", "peildatum", "bewaard"],
    },
}
