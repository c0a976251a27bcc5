"""Dutch descriptions of the answer's parts, for the OpenAPI document.

Goes in: schemas made from the answer's records. Comes out: the same schemas, described in Dutch.
Must not know: how the answer is made.
"""

from __future__ import annotations

from typing import Any, Final

from app.lang.vocabulary import Vocabulary

_WORDS: Final = ("oordeel", "grondslag", "gegeven", "doel", "taak", "aard")
"""Fields of the answer that hold a word of the domain with the same name."""
_DATES: Final = ("peildatum", "geldig_tot", "tot", "vanaf")

_TYPES: Final = {
    "Advies": "Het antwoord op één vraag.",
    "Afleiding": "Alles achter een advies: het bewijs van wat mag, en per andere norm waarom niet.",
    "Alternatief": "Een ander gegeven of een andere weg naar hetzelfde doel; één van beide is gevuld.",
    "Antwoord": "Waarden voor de variabelen waarmee alle voorwaarden zeker of mogelijk gelden.",
    "Antwoorden": "De antwoorden op een vraag met variabelen.",
    "Beleid": "De regels en feiten waarmee is beslist.",
    "Bereik": "Een bereik van goede getallen of datums, grenzen meegerekend; null is geen grens.",
    "Bewijs": "Een feit in woorden, de regel die het geeft, en waar die op rust.",
    "Bron": "Een vindplaats in een wet of ander stuk.",
    "DelingAdvies": "Het advies over één deling van één gegeven.",
    "DelingVraag": "De deling waar het over gaat.",
    "Geldigheid": "De eerste en de laatste dag waarop een regel geldt; null is geen grens.",
    "Grondslag": "Een grondslag waarvan alle vier de stappen voldaan zijn.",
    "JongereBeeld": "Wat er over de jongere volgt; 'onbekend' waar dat open is.",
    "Kanttekening": "Wat een jurist erbij zou zeggen.",
    "Loopbaanbegeleiding": "Of er aanvullende loopbaanbegeleiding is, en tot en met wanneer.",
    "NormUitleg": "Waarom een norm het delen niet of nog niet toestaat.",
    "Ontbrekend": "Iets wat nog onbekend is en de deling toegestaan kan maken.",
    "Reden": "Een voorwaarde van de vraag, en waarom die geldt of kan gelden.",
    "Stap": "Een van de vier stappen, voor de norm die het dichtst bij is.",
    "Stroom": "Een stroom die mag of kan, met alle gegevens waarvoor dat geldt.",
    "Taak": "Wat een partij zeker moet of mag doen.",
    "Voorwaarde": "Een voorwaarde in woorden, en of eraan voldaan is.",
    "Weg": "Een regel die een voorwaarde kan geven.",
}

_FIELDS: Final = {
    "oordeel": "Wat er met de deling mag. Bij onder_voorwaarden zegt 'ontbrekend' wat er nodig is.",
    "ontbrekend": "Een kleinste stel open punten die de deling toegestaan maken.",
    "geldig_tot": "De laatste dag waarop dit oordeel zeker geldt als alleen de tijd verandert; null is altijd.",
    "toelichting": "Uitleg in gewone taal.",
    "gunstig": "De waarden die helpen: een lijst, of een bereik.",
    "feit": "De plek in de vraag, of een feit in woorden.",
    "soort": "feit: opzoeken; handeling: doen.",
    "vraag": "De vraag om te stellen, of de vraag zoals die begrepen is.",
    "variabelen": "De variabelen, in de volgorde van de vraag.",
    "waarden": "Per variabele een waarde; null is een getal of datum die niemand noemde. Een datum is een getal.",
    "zekerheid": "zeker: wat ook onbekend is. mogelijk: het kan, afhankelijk van wat onbekend is.",
    "meer": "Of er meer antwoorden zijn dan hier staan.",
    "verplichtingen": "Wat u altijd moet doen als u deelt.",
    "kenmerk": "Uw eigen kenmerk.",
    "peildatum": "De dag waarvan het recht geldt.",
    "hash": "De vingerafdruk van de regels en feiten.",
    "stromen": "Alleen als u geen delingen noemde: alle stromen die mogen of kunnen op een wettelijke grond.",
    "adviezen": "Per deling en gegeven één, in de volgorde van de vraag.",
    "afleiding": "Alleen met ?uitleg=volledig.",
    "avg": "De plaats in de AVG; null als er geen is.",
    "juriconnect": "De Juriconnect-verwijzing (jci 1.3).",
    "url": "Een adres om de bron te lezen.",
}


def describe(schemas: dict[str, Any], vocabulary: Vocabulary, answer_types: set[str]) -> None:
    """Describe the types of the answer in Dutch, in place, and name the words and dates they hold."""
    for name in answer_types:
        schema = schemas[name]
        schema["description"] = _TYPES[name]
        for field, shape in schema.get("properties", {}).items():
            shape.pop("title", None)
            if field in _FIELDS:
                shape["description"] = _FIELDS[field]
            if field in _WORDS and shape.get("type") == "string":
                shape["enum"] = list(vocabulary.domains[field].values)
            if field in _DATES and name != "Bereik":
                _mark_date(shape)


def _mark_date(shape: dict[str, Any]) -> None:
    for one in shape.get("anyOf", [shape]):
        if one.get("type") == "string":
            one["format"] = "date"
