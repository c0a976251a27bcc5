"""The shapes of what the service says besides an advice: problems, series, the law.

Goes in: nothing. Comes out: JSON schemas with Dutch descriptions, for the OpenAPI document.
Must not know: how any of it is made.
"""

from __future__ import annotations

from typing import Any, Final

from app.web.desk import MAX_SERIES, SERIES

Schema = dict[str, Any]
REF: Final = "#/components/schemas/{model}"

_TEXT: Final[Schema] = {"type": "string"}
_OPTIONAL_DATE: Final[Schema] = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}


def _object(description: str, properties: Schema, required: tuple[str, ...] | None = None) -> Schema:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "description": description, "properties": properties, "required": names}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _ref(model: str) -> Schema:
    return {"$ref": REF.format(model=model)}


_STAMP: Final[Schema] = {"peildatum": {"type": "string", "format": "date"}, "versie": _TEXT, "hash": _TEXT}
_NORM: Final[Schema] = {"norm": _TEXT, "titel": _TEXT, "regels": _list(_ref("Regel"))}
OWN_SCHEMAS: Final[Schema] = {
    "Probleem": _object(
        "Waarom er geen antwoord is (RFC 9457).",
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "fouten": _list(_ref("Fout")),
        },
        ("type", "title", "status", "detail"),
    ),
    "Fout": _object(
        "Eén fout in de vraag.",
        {"veld": _TEXT, "melding": _TEXT, "verwacht": _TEXT, "strijdigheid": _TEXT},
        ("veld", "melding", "verwacht"),
    ),
    "Reeks": {
        **_object("Meer vragen tegelijk.", {SERIES: {**_list(_ref("Vraag")), "minItems": 1, "maxItems": MAX_SERIES}}),
        "additionalProperties": False,
    },
    "Resultaten": _object("De antwoorden, in volgorde.", {"resultaten": _list(_ref("Resultaat"))}),
    "Resultaat": {
        "description": "Een advies, of het probleem met deze ene vraag.",
        "oneOf": [
            _object("Gelukt.", {"advies": _ref("Advies")}),
            _object("Niet gelukt.", {"probleem": _ref("Probleem")}),
        ],
    },
    "BeleidOverzicht": _object(
        "De regels die op een dag gelden.",
        {
            **_STAMP,
            "verandert_op": _OPTIONAL_DATE,
            "regimes": _list(_ref("Regime")),
            "normen": _list(_ref("NormRegels")),
        },
    ),
    "Regime": _object(
        "Een regeling en wanneer zij geldt.",
        {"naam": _TEXT, "titel": _TEXT, "vanaf": _OPTIONAL_DATE, "tot": _OPTIONAL_DATE},
    ),
    "NormRegels": _object("Een norm en zijn regels.", _NORM),
    "Norm": _object("Eén norm op een dag.", {**_STAMP, **_NORM}),
    "Regel": _object(
        "Een regel, met wat hij betekent en waar hij staat.",
        {
            "tekst": _TEXT,
            "uitleg": _TEXT,
            "bronnen": _list(_ref("Bron")),
            "interpretaties": _list(_object("Een keuze.", {"interpretatie": _TEXT, "tekst": _TEXT})),
            "geldigheid": _ref("Geldigheid"),
        },
    ),
}
