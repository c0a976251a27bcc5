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


LEFT = {"leeftijd": 18, "startkwalificatie": False, "opleiding": "mbo_entree", "ingeschreven": False}
STOPPED = {**LEFT, "diploma_behaald": False, "uitstroomdatum": "2025-10-01"}
WORK, SUPPORT = "begeleiding_naar_werk", "ondersteunen_voortijdig_schoolverlater"
END = "Die begeleiding gaat niet door, en daarmee vervalt het doel van deze deling."
OWN_WISH = "Wil de jongere uit zichzelf dat u dit deelt?"
REFUSES = {"stemt_in_met_begeleiding_gemeente": False}
PARENTS_REFUSE = {"instemming_ouders": False}


def weighed(verstrekker: str, ontvanger: str, gegeven: str, doel: str) -> dict[str, Any]:
    """A flow weighed as necessary."""
    found = {"verstrekker": verstrekker, "ontvanger": ontvanger, "gegevens": [gegeven], "doel": doel}
    return {**found, "afweging": {"gegevens": {gegeven: "noodzakelijk"}, "alternatief": "geen"}}


TO_WORK = weighed("school", "gemeente_participatie", "stagegegevens", WORK)
ONWARD = weighed("doorstroompunt", "gemeente_participatie", "begeleidingsgegevens", SUPPORT)
BACK = weighed("gemeente_participatie", "school", "begeleidingsgegevens", WORK)


@pytest.mark.parametrize(
    ("deling", "jongere", "who"),
    [
        (TO_WORK, {**LAST_YEAR, "opleiding": "mbo_entree", "leeftijd": 17, **REFUSES}, "De jongere stemt"),
        (BACK, {**LAST_YEAR, "opleiding": "mbo_entree", "leeftijd": 17, **REFUSES}, "De jongere stemt"),
        (TO_WORK, {**LAST_YEAR, "opleiding": "pro", "leeftijd": 18, **REFUSES}, "De jongere stemt"),
        (TO_WORK, {**LAST_YEAR, "opleiding": "pro", "leeftijd": 17, **PARENTS_REFUSE}, "De ouders stemmen"),
        (TO_WORK, {**LAST_YEAR, "opleiding": "vso_arbeid", "leeftijd": 17, **REFUSES, **PARENTS_REFUSE}, "De ouders"),
        (
            TO_WORK,
            {**LAST_YEAR, "opleiding": "vso_arbeid", "leeftijd": 19, "vertegenwoordigd": True, **PARENTS_REFUSE},
            "De curator, bewindvoerder of mentor stemt",
        ),
        (ONWARD, {**STOPPED, **REFUSES}, "De jongere stemt"),
    ],
)
def test_a_refused_guidance_is_told_first(
    composed: Composition, deling: dict[str, Any], jongere: dict[str, Any], who: str
) -> None:
    told = advies(composed, deling, jongere=jongere, overleg_met_school=True)
    assert told["oordeel"] == "alleen_met_toestemming"
    assert told["toelichting"].startswith(who)
    assert END in told["toelichting"]
    assert OWN_WISH in told["toelichting"]
    assert "Regel of vraag" not in told["toelichting"]
    assert [way["norm"] for way in told["wegen"] if not way["uitzonderlijk"]] == ["TST-1"]


@pytest.mark.parametrize(
    ("deling", "jongere"),
    [
        (TO_WORK, {**LAST_YEAR, "opleiding": "pro", "leeftijd": 17, **REFUSES}),
        (TO_WORK, {**LAST_YEAR, "opleiding": "pro", **REFUSES}),
        (TO_WORK, {**LAST_YEAR, "opleiding": "pro", "leeftijd": 18, **PARENTS_REFUSE}),
        (TO_WORK, {**LAST_YEAR, "opleiding": "mbo_entree", "leeftijd": 17, **PARENTS_REFUSE}),
        (TO_WORK, {**LAST_YEAR, "opleiding": "vavo", "leeftijd": 17, **PARENTS_REFUSE}),
        (ONWARD, {**STOPPED, **PARENTS_REFUSE}),
        (ONWARD, STOPPED),
        (weighed("gemeente_participatie", "doorstroompunt", "begeleidingsgegevens", SUPPORT), {**STOPPED, **REFUSES}),
        (
            weighed("gemeente_participatie", "doorstroompunt", "contactgegevens", "leerbaarheidsonderzoek"),
            {**STOPPED, **REFUSES},
        ),
        (weighed("school", "werkgever", "stagegegevens", WORK), {**STOPPED, **REFUSES}),
    ],
)
def test_what_nobody_refused_who_decides_does_not_lapse(
    composed: Composition, deling: dict[str, Any], jongere: dict[str, Any]
) -> None:
    told = advies(composed, deling, jongere=jongere, overleg_met_school=True)
    assert "vervalt" not in told["toelichting"]
    assert OWN_WISH not in told["toelichting"]


def test_consent_that_was_given_carries_a_flow_whose_purpose_lapsed(composed: Composition) -> None:
    valid = {"gegeven": True, "vrij": True, "geinformeerd": True, "ondubbelzinnig": True, "door": "jongere"}
    entry = {name: value for name, value in ONWARD.items() if name != "afweging"} | valid
    told = advies(composed, ONWARD, jongere={**STOPPED, **REFUSES}, toestemmingen=[entry])
    assert told["oordeel"] == "toegestaan"
    assert "vervalt" not in told["toelichting"]


def test_a_refusal_is_told_once(composed: Composition) -> None:
    refused = {name: value for name, value in ONWARD.items() if name != "afweging"} | {"gegeven": False}
    told = advies(composed, ONWARD, jongere={**STOPPED, **REFUSES}, toestemmingen=[refused], overleg_met_school=True)
    assert told["oordeel"] == "niet_toegestaan"
    assert told["toelichting"].startswith("De jongere stemt niet in met begeleiding door de gemeente. " + END)
    assert told["toelichting"].count("De jongere stemt niet in met begeleiding door de gemeente.") == 1
