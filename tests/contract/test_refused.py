"""Questions that are refused: every fault at once, each with its field and what would be right."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.contract.asking import QUESTION, ask, fouten, problem


def test_all_faults_come_at_once_in_dutch(client: TestClient) -> None:
    question = {
        "kenmerk": "bsn 111222333",
        "peildatum": "2026-02-30",
        "jongere": {"leeftijd": "18", "opleidin": "mbo_2_bol", "heeft_werk": 1},
        "delingen": [{"verstrekker": "schol", "ontvanger": "duo", "gegevens": []}],
    }
    response = ask(client, question)

    assert fouten(response) == {
        "kenmerk": "Dit lijkt op een burgerservicenummer. Gebruik een eigen kenmerk, nooit een BSN.",
        "peildatum": "Dit is geen bestaande datum in de vorm JJJJ-MM-DD.",
        "jongere.leeftijd": "Dit moet een heel getal zijn, zonder aanhalingstekens.",
        "jongere.opleidin": "Dit veld bestaat niet. Bedoelde u 'opleiding'?",
        "jongere.heeft_werk": "Dit moet true of false zijn, zonder aanhalingstekens.",
        "delingen[0].verstrekker": "Deze waarde bestaat niet. Bedoelde u 'school'?",
        "delingen[0].gegevens": "Deze lijst is leeg. Zet er iets in, of laat het veld weg als het niet verplicht is.",
        "delingen[0].doel": "Dit veld is verplicht.",
    }
    assert response.json()["detail"].startswith("De vraag bevat 8 fouten.")


@pytest.mark.parametrize(
    ("question", "veld", "melding", "verwacht"),
    [
        ({"jonger": {}}, "jonger", "Bedoelde u 'jongere'?", "Een van: kenmerk, peildatum, jongere"),
        ({"leeftijd": 18}, "leeftijd", "Bedoelde u 'jongere.leeftijd'?", "Een van: kenmerk"),
        (
            {"jongere": {"opleiding": "mbo"}},
            "jongere.opleiding",
            "Bedoelde u een van deze: 'mbo_entree', 'mbo_2_bol', 'mbo_2_bbl', 'mbo_3_bol', ",
            "Een van: vo, pro",
        ),
        ({"jongere": {"opleiding": "MBO_ent"}}, "jongere.opleiding", "Bedoelde u 'mbo_entree'?", "Een van: vo, pro"),
        ({"xyzzy": 1}, "xyzzy", "Dit veld bestaat niet.", "Een van: kenmerk"),
        ({"jongere": []}, "jongere", "Dit moet een object zijn.", "Een object met de velden: leeftijd"),
        ({"jongere": {"leeftijd": -1}}, "jongere.leeftijd", "te klein", "van 0 tot en met 120"),
        ({"jongere": {"leeftijd": 121}}, "jongere.leeftijd", "te groot", "van 0 tot en met 120"),
        ({"jongere": {"leeftijd": 10**60}}, "jongere.leeftijd", "te groot", "van 0 tot en met 120"),
        ({"jongere": {"leeftijd": 18.5}}, "jongere.leeftijd", "heel getal", "van 0 tot en met 120"),
        ({"jongere": {"leeftijd": True}}, "jongere.leeftijd", "heel getal", "van 0 tot en met 120"),
        ({"jongere": {"startkwalificatie": "ja"}}, "jongere.startkwalificatie", "true of false", "true of false."),
        ({"jongere": {"startkwalificatie": 0}}, "jongere.startkwalificatie", "true of false", "true of false."),
        ({"jongere": {"opleiding": "mbo2"}}, "jongere.opleiding", "Deze waarde bestaat niet.", "Een van: vo, pro"),
        ({"jongere": {"opleiding": 2}}, "jongere.opleiding", "Deze waarde bestaat niet.", "Een van: vo, pro"),
        (
            {"jongere": {"geboortedatum": 0}},
            "jongere.geboortedatum",
            "Dit moet tekst zijn.",
            "Een datum als JJJJ-MM-DD",
        ),
        ({"jongere": {"geboortedatum": "20080101"}}, "jongere.geboortedatum", "geen bestaande datum", "Een datum als"),
        (
            {"jongere": {"geboortedatum": "2023-02-29"}},
            "jongere.geboortedatum",
            "geen bestaande datum",
            "Een datum als",
        ),
        (
            {"jongere": {"geboortedatum": "1899-12-31"}},
            "jongere.geboortedatum",
            "geen bestaande datum",
            "van 1900-01-01",
        ),
        ({"peildatum": "2101-01-01"}, "peildatum", "geen bestaande datum", "tot en met 2100-12-31"),
        ({"peildatum": "2026-03-01T00:00:00Z"}, "peildatum", "geen bestaande datum", "Een datum als JJJJ-MM-DD"),
        ({"peildatum": "２０２６-03-01"}, "peildatum", "geen bestaande datum", "Een datum als JJJJ-MM-DD"),
        ({"kenmerk": "x" * 101}, "kenmerk", "Deze tekst is te lang", "hooguit 100 tekens"),
        ({"kenmerk": ""}, "kenmerk", "Deze tekst is leeg", "niet leeg"),
        ({"kenmerk": " zaak-77"}, "kenmerk", "spatie", "zonder spatie aan het begin"),
        ({"kenmerk": "zaak-77\n"}, "kenmerk", "onzichtbaar teken", "zonder spatie aan het begin"),
        ({"kenmerk": "zaak\u200b-77"}, "kenmerk", "niet te zien", "zonder onzichtbare tekens"),
        ({"kenmerk": "zaak\u202e-77"}, "kenmerk", "niet te zien", "zonder onzichtbare tekens"),
        ({"kenmerk": "a\rb"}, "kenmerk", "niet te zien", "zonder onzichtbare tekens"),
        ({"kenmerk": "2026 111222333"}, "kenmerk", "burgerservicenummer", "zonder burgerservicenummer"),
        ({"111.222.333": 1}, "…", "Dit veld bestaat niet.", "Een van: kenmerk"),
        ({"kenmerk": 12}, "kenmerk", "tekst", "hooguit 100 tekens"),
        ({"kenmerk": "nr.123.456.782"}, "kenmerk", "burgerservicenummer", "zonder burgerservicenummer"),
        ({"delingen": []}, "delingen", "Deze lijst is leeg.", "minstens één"),
        ({"delingen": {}}, "delingen", "Dit moet een lijst zijn.", "Een lijst"),
        ({"delingen": [3]}, "delingen[0]", "Dit moet een object zijn.", "Een object met de velden: verstrekker"),
        ({"mandaten": [{}]}, "mandaten[0].van", "verplicht", "Een van: school"),
        (
            {"overgangsdocument": {"inhoud": ["stage"]}},
            "overgangsdocument.inhoud[0]",
            "Deze waarde",
            "Een van: contact",
        ),
        ({"overgangsdocument": {"inhoud": "stagegegevens"}}, "overgangsdocument.inhoud", "lijst", "Een lijst"),
        ({"toestemmingen": [{"door": "vader"}]}, "toestemmingen[0].door", "Deze waarde", "Een van: jongere, wettelijk"),
        ([], "", "Dit moet een object zijn.", "Een object met de velden: kenmerk"),
        (None, "", "Dit moet een object zijn.", "Een object met de velden: kenmerk"),
        ("x", "", "Dit moet een object zijn.", "Een object met de velden: kenmerk"),
    ],
)
def test_a_fault_names_its_field_and_what_would_be_right(
    client: TestClient, question: Any, veld: str, melding: str, verwacht: str
) -> None:
    body = problem(ask(client, question), 400)

    (found,) = [fout for fout in body["fouten"] if fout["veld"] == veld]
    assert melding in found["melding"]
    assert verwacht in found["verwacht"]


@pytest.mark.parametrize(
    ("afweging", "veld", "melding"),
    [
        (
            {"gegevens": {"overgangsdocumen": "noodzakelijk"}},
            "gegevens.overgangsdocumen",
            "Bedoelde u 'overgangsdocument'?",
        ),
        ({"gegevens": {"overgangsdocument": "nodig"}}, "gegevens.overgangsdocument", "Deze waarde bestaat niet."),
        ({"gegevens": []}, "gegevens", "Dit moet een object zijn."),
        ({"alternatief": "anonym"}, "alternatief", "Bedoelde u 'anoniem'?"),
        ({"alternatieven": "geen"}, "alternatieven", "Bedoelde u 'alternatief'?"),
        ({"jongere_aanwezig": "nee"}, "jongere_aanwezig", "true of false"),
    ],
)
def test_a_fault_in_a_weighing_names_its_place(client: TestClient, afweging: Any, veld: str, melding: str) -> None:
    question = copy.deepcopy(QUESTION)
    question["delingen"][0]["afweging"] = afweging

    assert melding in fouten(ask(client, question))[f"delingen[0].afweging.{veld}"]


@pytest.mark.parametrize(
    ("jongere", "name", "velden"),
    [
        (
            {"leeftijd": 18, "geboortedatum": "1990-01-01"},
            "leeftijd_geboortedatum",
            {"jongere.leeftijd", "jongere.geboortedatum"},
        ),
        ({"geboortedatum": "2026-03-02"}, "geboortedatum_toekomst", {"jongere.geboortedatum", "peildatum"}),
        (
            {"startkwalificatie": False, "diploma_behaald": True, "opleiding": "mbo_2_bol"},
            "startkwalificatie_diploma",
            {"jongere.startkwalificatie", "jongere.diploma_behaald"},
        ),
        (
            {"uitstroomdatum": "2026-03-02", "ingeschreven": False},
            "uitstroomdatum_ingeschreven",
            {"jongere.uitstroomdatum", "jongere.ingeschreven"},
        ),
        (
            {"uitstroomdatum": "2005-01-01", "geboortedatum": "2007-09-30"},
            "uitstroomdatum_geboortedatum",
            {"jongere.uitstroomdatum", "jongere.geboortedatum"},
        ),
        (
            {"opleiding": "geen", "ingeschreven": True},
            "opleiding_geen_ingeschreven",
            {"jongere.opleiding", "jongere.ingeschreven"},
        ),
        (
            {"opleiding": "geen", "diploma_behaald": True},
            "opleiding_geen_diploma",
            {"jongere.opleiding", "jongere.diploma_behaald"},
        ),
        (
            {"opleiding": "geen", "uitstroomdatum": "2025-01-01"},
            "opleiding_geen_uitstroomdatum",
            {"jongere.opleiding", "jongere.uitstroomdatum"},
        ),
        (
            {"leeftijd": 15, "schooljaar_van_16_voorbij": True},
            "schooljaar_leeftijd",
            {"jongere.schooljaar_van_16_voorbij", "jongere.leeftijd"},
        ),
        (
            {"geboortedatum": "2009-09-30", "schooljaar_van_16_voorbij": True},
            "schooljaar_geboortedatum",
            {"jongere.schooljaar_van_16_voorbij", "jongere.geboortedatum"},
        ),
    ],
)
def test_facts_that_contradict_each_other_are_refused_by_name(
    client: TestClient, jongere: Any, name: str, velden: set[str]
) -> None:
    body = problem(ask(client, {"peildatum": "2026-03-01", "jongere": jongere}), 400)

    assert {fout["strijdigheid"] for fout in body["fouten"]} == {name}
    assert {fout["veld"] for fout in body["fouten"]} == velden
    assert not any(value in str(body) for value in jongere.values() if isinstance(value, str) and value[0] in "12")


WORK = {
    "verstrekker": "school",
    "ontvanger": "werkgever",
    "gegevens": ["stagegegevens"],
    "doel": "begeleiding_naar_werk",
}
ONLY_HANDY = {"gegevens": {"stagegegevens": "noodzakelijk", "contactgegevens": "handig"}}


@pytest.mark.parametrize(
    ("question", "name", "velden"),
    [
        ({"delingen": [WORK, WORK | {"ontvanger": "school"}]}, "verstrekker_ontvanger", {"delingen[1].ontvanger"}),
        (
            {"delingen": [WORK | {"afweging": ONLY_HANDY}]},
            "afweging_ander_gegeven",
            {"delingen[0].afweging.gegevens.contactgegevens"},
        ),
        (
            {"delingen": [WORK], "toestemmingen": [WORK | {"gegevens": ["stagegegevens", "contactgegevens"]}]},
            "toestemming_andere_deling",
            {"toestemmingen[0].gegevens[1]"},
        ),
        (
            {"delingen": [WORK], "toestemmingen": [WORK | {"doel": "behoud_van_werk", "gegeven": False}]},
            "toestemming_andere_deling",
            {"toestemmingen[0].gegevens[0]"},
        ),
    ],
)
def test_parts_of_a_question_that_do_not_agree_are_refused_by_name(
    client: TestClient, question: Any, name: str, velden: set[str]
) -> None:
    body = problem(ask(client, question), 400)

    assert {fout["strijdigheid"] for fout in body["fouten"]} == {name}
    assert {fout["veld"] for fout in body["fouten"]} == velden


def test_a_consent_may_be_about_another_flow_where_all_flows_are_asked_about(client: TestClient) -> None:
    consent = WORK | {"doel": "behoud_van_werk", "gegeven": False}
    assert ask(client, {"toestemmingen": [consent]}).status_code == 200
    assert ask(client, {"delingen": [WORK], "toestemmingen": [consent]}, "/v1/advies?stromen=ja").status_code == 200


@pytest.mark.parametrize("item", ["overgangsdocument", "geanonimiseerde_informatie"])
def test_what_cannot_be_in_an_overgangsdocument_is_refused(client: TestClient, item: str) -> None:
    told = problem(ask(client, {"overgangsdocument": {"inhoud": ["stagegegevens", item]}, "delingen": [WORK]}), 400)

    (fout,) = told["fouten"]
    assert fout["veld"] == "overgangsdocument.inhoud[1]"
    assert item not in fout["verwacht"]
    assert "stagegegevens" in fout["verwacht"]


FULL = {"uitleg": "volledig, of niets."}


@pytest.mark.parametrize("address", ["/v1/advies", "/v1/advies/reeks"])
@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ("uitleg=alles", {"uitleg": "volledig, of niets."}),
        ("uitleg=", {"uitleg": "volledig, of niets."}),
        ("kantelpunten=nee", {"kantelpunten": "ja, of niets."}),
        ("kantelpunten", {"kantelpunten": "ja, of niets."}),
        ("stromen=nee", {"stromen": "ja, of niets."}),
        ("proef=1", {"proef": "ja, of niets."}),
        ("proef=nee&stromen=nee&uitleg=ja", dict.fromkeys(("proef", "stromen"), "ja, of niets.") | FULL),
        ("kantelpunten=true&uitleg=ja", {"uitleg": "volledig, of niets.", "kantelpunten": "ja, of niets."}),
        ("uitlg=volledig", {"uitlg": "Een van: uitleg, kantelpunten, stromen, proef."}),
        ("kantelpunt=ja", {"kantelpunt": "Een van: uitleg, kantelpunten, stromen, proef."}),
        ("uitleg=volledig&uitleg=volledig", {"uitleg": "Eén keer."}),
        ("kantelpunten=ja&kantelpunten=ja", {"kantelpunten": "Eén keer."}),
    ],
)
def test_a_wrong_parameter_is_refused(client: TestClient, address: str, parameters: str, wrong: dict[str, str]) -> None:
    refused = problem(ask(client, {"casussen": [QUESTION]}, f"{address}?{parameters}"), 400)

    assert {fout["veld"]: fout["verwacht"] for fout in refused["fouten"]} == wrong
