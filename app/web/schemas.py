"""The shapes of what the service says besides an advice: problems, series, the law.

Goes in: nothing. Comes out: JSON schemas with Dutch descriptions, for the OpenAPI document.
Must not know: how any of it is made.
"""

from __future__ import annotations

from typing import Any, Final

from app.lang.vocabulary_reader import CERTAINTIES
from app.web.answer_shapes import open_words
from app.web.desk import MAX_SERIES, SERIES
from app.web.sizes import QUESTION_LIMIT, SERIES_SHAPE, shown

Schema = dict[str, Any]
REF: Final = "#/components/schemas/{model}"

_TEXT: Final[Schema] = {"type": "string"}
_DATE: Final[Schema] = {"type": "string", "format": "date"}


def _object(description: str, properties: Schema, required: tuple[str, ...] | None = None) -> Schema:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "description": description, "properties": properties, "required": names}


def _list(item: Schema, description: str) -> Schema:
    return {"type": "array", "items": item, "description": description}


def _ref(model: str) -> Schema:
    return {"$ref": REF.format(model=model)}


def _said(description: str, schema: Schema = _TEXT) -> Schema:
    return {**schema, "description": description}


def _day_or_none(description: str) -> Schema:
    return {"anyOf": [_DATE, {"type": "null"}], "description": description}


def _text_or_none(description: str) -> Schema:
    return {"anyOf": [_TEXT, {"type": "null"}], "description": description}


def _bound(description: str) -> Schema:
    return {"anyOf": [{"type": "integer"}, _DATE], "description": description}


_SERIES: Final = f"Meer vragen tegelijk, elk hooguit {shown(QUESTION_LIMIT)}. {SERIES_SHAPE}"
_WHEN: Final[Schema] = {
    "anyOf": [_TEXT, {"type": "null"}],
    "description": "De tabel die moet gelden, in de regeltaal; null als de bron bij elke zaak hoort.",
}
_STAMP: Final[Schema] = {
    "peildatum": _said("De dag waarvan het recht geldt.", _DATE),
    "versie": _said("De editie van alle regels en feiten, voor mensen."),
    "hash": _said("De vingerafdruk van de regels die op deze dag gelden; ook 'beleid.hash' in een advies."),
}
_NORM: Final[Schema] = {
    "norm": _said("De code van de norm, zoals VSV-1."),
    "titel": _said("De naam van de norm."),
    "regels": _list(_ref("Regel"), "De regels van de norm."),
}
_ABOUT_NORM: Final[Schema] = {
    "norm": _NORM["norm"],
    "titel": _NORM["titel"],
    "grondslag": _text_or_none("De grondslag waarop de norm delen toestaat; null als de norm geen delen toestaat."),
    "partijen": _list(
        _object(
            "Wie geeft en wie krijgt.",
            {"verstrekker": _said("Wie geeft."), "ontvanger": _said("Wie krijgt.")},
        ),
        "Tussen wie de wet dit regelt. Leeg: de norm noemt geen vaste partijen.",
    ),
    "gegevens": _list(_TEXT, "Welke gegevens de wet hier noemt. Leeg: de norm noemt geen vaste gegevens."),
    "doelen": _list(_TEXT, "Waarvoor. Leeg: de norm noemt geen vaste doelen."),
    "artikelen": _list(_ref("Artikel"), "Waar de regels op rusten, elk één keer, met wat daar staat."),
    "regels": _NORM["regels"],
}
_CHOICE: Final[Schema] = _object(
    "Een keuze die bij deze regel is gemaakt.",
    {"interpretatie": _said("De code, zoals I-1."), "tekst": _said("Wat er is gekozen, en waarom.")},
)
OWN_SCHEMAS: Final[Schema] = {
    "Probleem": _object(
        "Waarom er geen antwoord is (RFC 9457).",
        {
            "type": _said(
                "about:blank, of de naam van een probleem dat de status niet onderscheidt.",
                {"type": "string", "format": "uri-reference"},
            ),
            "title": _said("Het soort probleem, in enkele woorden."),
            "status": _said("De HTTP-status.", {"type": "integer"}),
            "detail": _said("Wat er mis is, in gewone taal."),
            "fouten": _list(_ref("Fout"), "Alle fouten in de vraag tegelijk; alleen bij 400."),
        },
        ("type", "title", "status", "detail"),
    ),
    "Fout": _object(
        "Eén fout in de vraag.",
        {
            "veld": _said("De plek in de vraag; leeg als het om de hele tekst gaat."),
            "melding": _said("Wat er mis is, zonder de waarde die u stuurde."),
            "verwacht": _said("Wat wel goed is."),
            "strijdigheid": _said("De naam van de strijdigheid, waar gegevens elkaar tegenspreken."),
        },
        ("veld", "melding", "verwacht"),
    ),
    "Reeks": {
        **_object(
            _SERIES,
            {
                SERIES: {
                    **_list(_ref("Vraag"), "De vragen; elke vraag gaat over één jongere."),
                    "minItems": 1,
                    "maxItems": MAX_SERIES,
                }
            },
        ),
        "additionalProperties": False,
    },
    "ReeksAntwoord": _object(
        "De antwoorden op een reeks.",
        {"resultaten": _list(_ref("Resultaat"), "Per vraag één, in dezelfde volgorde.")},
    ),
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
            "verandert_op": _day_or_none("De volgende dag waarop het recht verandert; null als die niet bekend is."),
            "regimes": _list(_ref("Regime"), "De regelingen die op deze dag gelden."),
            "normen": _list(_ref("NormRegels"), "De normen die op deze dag regels hebben."),
        },
    ),
    "Regime": _object(
        "Een regeling en wanneer zij geldt.",
        {
            "naam": _said("De naam van de regeling, kort."),
            "titel": _said("De naam van de regeling, voluit."),
            "vanaf": _day_or_none("De eerste dag; null is altijd al."),
            "tot": _day_or_none("De laatste dag; null is zonder einde."),
        },
    ),
    "NormRegels": _object("Een norm en zijn regels.", _ABOUT_NORM),
    "Norm": _object("Eén norm op een dag.", {**_STAMP, **_ABOUT_NORM}),
    "Artikel": _object(
        "Een plek in een bron waar een regel op rust.",
        {
            "bron": _said("De afkorting van de bron, zoals WEB."),
            "titel": _said("De naam van de bron."),
            "artikel": _said("De plek in de bron."),
            "url": _text_or_none("Waar het te lezen is."),
            "juriconnect": _text_or_none("De verwijzing als Juriconnect."),
            "inhoud": _text_or_none("Wat er staat, in onze eigen woorden. Niet de wettekst."),
            "tekst": _text_or_none("De officiële tekst; null als deze dienst die niet heeft."),
            "tekst_vanaf": _day_or_none("De dag sinds wanneer de wet als geheel deze tekst heeft."),
            "gelezen_op": _day_or_none("De dag waarvan de tekst is gelezen; null als die niet bekend is."),
            "zekerheid": _text_or_none(
                open_words(
                    "gelezen: de tekst zelf. oudere_tekst: de tekst van eerder. tweede_hand: bij een ander gelezen. "
                    "afgeleid: volgt uit andere tekst. algemene_kennis: niet nagezien.",
                    CERTAINTIES,
                )
            ),
        },
    ),
    "Interpretaties": _object(
        "De keuzes die zijn gemaakt waar de bronnen verschillen of zwijgen.",
        {
            "versie": _said("De editie van alle regels en feiten, voor mensen."),
            "interpretaties": _list(
                _object(
                    "Een keuze.",
                    {
                        "interpretatie": _said("De code, zoals I-1."),
                        "titel": _text_or_none("Waar het over gaat, in enkele woorden."),
                        "keuze": _said("Wat er is gekozen."),
                        "waarom": _text_or_none("Waarom; null als dat bij de keuze staat."),
                    },
                ),
                "De keuzes, op volgorde van code.",
            ),
        },
    ),
    "Scenarios": _object(
        "De casussen uit het servicedocument.",
        {
            "versie": _said("De editie van alle regels en feiten, voor mensen."),
            "scenarios": _list(_ref("Scenario"), "De casussen, per regime bij elkaar."),
        },
    ),
    "Scenario": _object(
        "Een casus met de vraag en het antwoord dat de regels moeten geven.",
        {
            "scenario": _said("De naam van het scenario."),
            "regime": _said("De regeling waar de casus bij hoort, zoals nieuw."),
            "sectie": _said("De paragraaf van het servicedocument."),
            "verhaal": _said("Wat er aan de hand is, in gewone taal."),
            "vraag": _said("De vraag, zoals u die aan POST /advies kunt stellen.", {"type": "object"}),
            "verwacht": _list(
                _object(
                    "Wat er van een advies verwacht wordt; wat er niet staat, is vrij.",
                    {
                        "oordeel": _said("Het oordeel."),
                        "grondslag": _said("De grondslag."),
                        "norm": _said("De norm."),
                        "alternatief": _said("Een alternatief dat genoemd moet zijn."),
                        "kanttekeningen": _list(_TEXT, "Kanttekeningen die erbij moeten staan."),
                        "ontbrekend": _list(_TEXT, "Alle velden die ontbreken."),
                    },
                    ("oordeel",),
                ),
                "Per deling en gegeven één, in de volgorde van de vraag.",
            ),
        },
    ),
    "Regel": _object(
        "Een regel, met wat hij betekent en waar hij staat.",
        {
            "tekst": _said("De regel in de regeltaal."),
            "uitleg": _said("De uitleg; een naam tussen accolades staat voor de waarde in een zaak."),
            "bronnen": _list(_ref("BronVanRegel"), "Waar de regel op rust; de wet eerst."),
            "interpretaties": _list(_CHOICE, "De keuzes die bij deze regel zijn gemaakt."),
            "geldigheid": _ref("Geldigheid"),
        },
    ),
    "BronVanRegel": {
        "description": "Een bron van een regel, en wanneer die geldt.",
        "allOf": [_ref("Bron"), _object("Wanneer de bron geldt.", {"bij": _WHEN})],
    },
    "Gevraagd": _object(
        "Het beleid dat is goedgekeurd en gevraagd; elk proces neemt het binnen enkele seconden over.",
        {
            "versie": _said("De editie van alle regels en feiten, voor mensen; zie ook /readyz."),
            "hash": _said("De vingerafdruk van alle regels en feiten bij elkaar."),
        },
    ),
    "Woorden": _object(
        "De velden van een vraag, en alle woorden die in vragen en antwoorden kunnen staan, met hun label.",
        {
            "versie": _said("De editie van alle regels en feiten, voor mensen."),
            "velden": _list(_ref("Veld"), "De velden van een vraag, in de volgorde waarin ernaar gevraagd wordt."),
            "domeinen": _list(_ref("Domein"), "De woorden, bij elkaar wat op dezelfde plek kan staan."),
        },
    ),
    "Veld": _object(
        "Een veld van een vraag.",
        {
            "veld": _said("De plek in de vraag, zoals jongere.leeftijd; [] is een lijst, {} een waarde per gegeven."),
            "kort": _said("De naam van het veld, kort."),
            "vraag": _said("De vraag in gewone taal."),
            "omschrijving": _said("Wat het veld zegt, en wat weglaten betekent als dat niet 'onbekend' is."),
            "vorm": _said(open_words("Wat er in staat.", ("ja_nee", "getal", "datum", "keuze", "tekst", "lijst"))),
            "domein": _text_or_none("Waar de woorden van een keuze staan: de naam van een van de domeinen."),
            "zonder": {
                "type": "array",
                "items": {"type": "string"},
                "description": "De woorden van het domein die hier niet kunnen staan.",
            },
            "grenzen": {
                "anyOf": [_ref("Grenzen"), {"type": "null"}],
                "description": "Wat er hoogstens en minstens kan: van een getal, een datum, een tekst of een lijst.",
            },
            "soort": _said(open_words("feit: zoek het op. handeling: doe het.", ("feit", "handeling"))),
            "verplicht": _said("Of het er altijd bij moet, zodra u noemt waar het in staat.", {"type": "boolean"}),
            "open": {
                "anyOf": [{"type": "boolean"}, {"type": "null"}],
                "description": (
                    "Wat weglaten betekent. true: onbekend. false: nee, of geen. null: het zegt niets over de jongere."
                ),
            },
            "volgorde": _said("De plek in de volgorde van vragen, vanaf 1.", {"type": "integer"}),
        },
    ),
    "Grenzen": _object(
        "Het minste en het meeste. Bij een tekst telt het aantal tekens, bij een lijst het aantal.",
        {"minimum": _bound("Het minste."), "maximum": _bound("Het meeste.")},
    ),
    "Domein": _object(
        "De woorden die op één soort plek kunnen staan, zoals de partijen.",
        {
            "domein": _said("De naam, zoals partij of gegeven."),
            "omschrijving": _said("Wat deze woorden zeggen."),
            "woorden": _list(_ref("Woord"), "De woorden, in vaste volgorde."),
        },
    ),
    "Woord": _object(
        "Een woord en zijn label.",
        {
            "woord": _said("Het woord, zoals het in vragen en antwoorden staat."),
            "label": _said("Hetzelfde in gewoon Nederlands, zoals het in een zin past."),
            "kort": _said("Een korte naam zonder lidwoord, voor een lijst of een knop."),
        },
    ),
}
