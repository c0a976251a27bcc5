"""What single texts say: the parts that play a role in this case, and no others."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from app.composition import Composition
from app.settings import Settings

DAY = "2026-03-15"
PLACE = re.compile(
    r"§[\d.]*\d|\d+[.:]\d+[a-z]?(?:\.\d+)*|\d+[a-z]\b|(?<=weging |rtikel )\d+|(?<=Lpw |AVG )\d+|(?<=UAVG )\d+"
)
"""A place in a law or in the servicedocument."""


def advies(composed: Composition, deling: dict[str, Any], **question: Any) -> Any:
    """The advice about one flow."""
    return composed.desk.answer_value({"peildatum": DAY, **question, "delingen": [deling]})["adviezen"][0]


@pytest.mark.parametrize(
    ("inhoud", "special", "number"),
    [
        (["gezondheidsgegevens"], True, False),
        (["bsn"], False, True),
        (["bsn", "gezondheidsgegevens"], True, True),
        (None, True, True),
    ],
)
def test_the_note_on_a_document_names_what_it_holds(
    composed: Composition, inhoud: list[str] | None, special: bool, number: bool
) -> None:
    document = {} if inhoud is None else {"overgangsdocument": {"inhoud": inhoud}}
    asked = {"verstrekker": "school", "ontvanger": "werkgever", "gegevens": ["overgangsdocument"]}
    told = advies(composed, {**asked, "doel": "begeleiding_naar_werk"}, jongere={"leeftijd": 18}, **document)
    (note,) = [one["toelichting"] for one in told["kanttekeningen"] if one["kanttekening"] == "I-14"]
    assert ("strengere regels" in note, "burgerservicenummer" in note) == (special, number)


def test_a_choice_and_its_note_rest_on_the_same_places() -> None:
    with (Settings().facts / "interpretaties.toml").open("rb") as file:
        choices = tomllib.load(file)
    for code, one in choices.items():
        noted = set(PLACE.findall(one["tekst"]))
        assert noted, code
        assert noted == set(PLACE.findall(f"{one['keuze']} {one['waarom']}")), code


LAST_YEAR = {"ingeschreven": True, "gebruik_aanvullende_loopbaanbegeleiding": True}
DOCUMENT = {"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": []}
TO_GEMEENTE = {
    "verstrekker": "school",
    "ontvanger": "gemeente_participatie",
    "gegevens": ["overgangsdocument"],
    "doel": "aanvullende_loopbaanbegeleiding",
}
PARENTS = "Zijn de ouders het eens met begeleiding door de gemeente? Zij beslissen zolang de jongere geen 18 is."
CURATOR = "Is de curator, bewindvoerder of mentor van de jongere het eens met begeleiding door de gemeente?"
YOUNG = "Stemt de jongere in met begeleiding door de gemeente?"


@pytest.mark.parametrize(
    ("jongere", "question"),
    [
        ({"opleiding": "pro", "leeftijd": 17}, PARENTS),
        ({"opleiding": "vso_arbeid", "leeftijd": 17, "vertegenwoordigd": False}, PARENTS),
        ({"opleiding": "pro", "leeftijd": 18}, YOUNG),
        ({"opleiding": "pro", "leeftijd": 18, "vertegenwoordigd": True}, CURATOR),
        ({"opleiding": "vso_arbeid", "leeftijd": 17, "vertegenwoordigd": True}, CURATOR),
        ({"opleiding": "mbo_entree", "leeftijd": 17}, YOUNG),
        ({"opleiding": "mbo_entree", "leeftijd": 18, "vertegenwoordigd": True}, YOUNG),
    ],
)
def test_the_question_names_who_agrees(composed: Composition, jongere: dict[str, Any], question: str) -> None:
    case: dict[str, Any] = {"jongere": {**LAST_YEAR, **jongere}, "overgangsdocument": DOCUMENT}
    told = advies(composed, TO_GEMEENTE, **case)
    assert [one["vraag"] for one in told["ontbrekend"]] == [question]
    assert told["toelichting"].endswith(question)
    listed = composed.desk.answer_value({"peildatum": DAY, **case})["stromen"]
    (stroom,) = [one for one in listed if one["norm"] == "ALB-1" and one["doel"] == TO_GEMEENTE["doel"]]
    assert [one["vraag"] for one in stroom["ontbrekend"]] == [question]
