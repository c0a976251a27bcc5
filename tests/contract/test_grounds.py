"""What an answer says of the ground it rests on: its place in the AVG, the articles, the norm's code, who consents."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

NEW = "2026-03-01"


def flow(verstrekker: str, ontvanger: str, gegeven: str, doel: str, **afweging: Any) -> dict[str, Any]:
    """A flow of one item, weighed."""
    weighed = {"gegevens": {gegeven: "noodzakelijk"}, "alternatief": "geen", **afweging}
    parties = {"verstrekker": verstrekker, "ontvanger": ontvanger}
    return {**parties, "gegevens": [gegeven], "doel": doel, "afweging": weighed}


def consent(deling: dict[str, Any], door: str = "jongere") -> dict[str, Any]:
    """A valid explicit consent for a flow."""
    exact = {name: deling[name] for name in ("verstrekker", "ontvanger", "gegevens", "doel")}
    return {**exact, **dict.fromkeys(("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk"), True)} | {
        "door": door
    }


def advies(client: TestClient, deling: dict[str, Any], **question: Any) -> dict[str, Any]:
    """Ask about one flow, and give its advice."""
    answer = client.post("/v1/advies", json={"peildatum": NEW, "delingen": [deling], **question})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["adviezen"][0]
    return found


def articles(found: dict[str, Any]) -> set[str]:
    """The articles of the first ground, each with the first word of its law."""
    return {f"{one['titel'].split()[0]} {one['artikel']}" for one in found["grondslagen"][0]["bronnen"]}


def test_agreeing_on_the_spot_is_consent_in_the_sense_of_the_avg_and_telling_it_oneself_is_outside_it(
    client: TestClient,
) -> None:
    present = flow(
        "doorstroompunt", "werkgever", "begeleidingsgegevens", "begeleiding_naar_werk", jongere_aanwezig=True
    )
    spot = advies(client, present, jongere={"leeftijd": 18})
    told = advies(client, flow("jongere", "werkgever", "begeleidingsgegevens", "begeleiding_naar_werk"))

    assert [(one["norm"], one["avg"]) for one in spot["grondslagen"]] == [("JZF-2", "artikel 6, eerste lid, onder a")]
    assert [(one["norm"], one["avg"]) for one in told["grondslagen"]] == [("JZF-1", None)]


@pytest.mark.parametrize(
    ("gegeven", "cited", "other"),
    [
        ("gezondheidsgegevens", "artikel 22, lid 2, onder a", "artikel 32, onder a"),
        ("strafrechtelijke_gegevens", "artikel 32, onder a", "artikel 22, lid 2, onder a"),
    ],
)
def test_consent_cites_the_article_of_the_kind_of_data(
    client: TestClient, gegeven: str, cited: str, other: str
) -> None:
    deling = flow("school", "werkgever", gegeven, "begeleiding_naar_werk")
    found = advies(client, deling, jongere={"leeftijd": 18}, toestemmingen=[consent(deling)])

    assert f"Uitvoeringswet {cited}" in articles(found)
    assert f"Uitvoeringswet {other}" not in articles(found)


def test_an_ordinary_item_cites_neither(client: TestClient) -> None:
    deling = flow("school", "werkgever", "stagegegevens", "begeleiding_naar_werk")
    found = advies(client, deling, jongere={"leeftijd": 18}, toestemmingen=[consent(deling)])
    assert not any(one.startswith("Uitvoeringswet") for one in articles(found))


def test_where_two_decide_both_entries_are_asked_for_and_adding_them_permits(client: TestClient) -> None:
    deling = flow("jeugdzorg", "school", "contactgegevens", "begeleiding_naar_werk")
    asked = advies(client, deling, jongere={"leeftijd": 14})["ontbrekend"]

    assert [item["feit"] for item in asked] == ["toestemmingen"]
    entries = asked[0]["gunstig"]
    assert [entry["door"] for entry in entries] == ["jongere", "wettelijk_vertegenwoordiger"]
    assert advies(client, deling, jongere={"leeftijd": 14}, toestemmingen=entries)["oordeel"] == "toegestaan"
    for entry in entries:
        one = advies(client, deling, jongere={"leeftijd": 14}, toestemmingen=[entry])
        assert one["oordeel"] == "alleen_met_toestemming"
        (other,) = one["ontbrekend"][0]["gunstig"]
        assert other["door"] != entry["door"]


def test_the_bsn_goes_along_under_a_code_of_its_own_and_on_the_articles_that_name_it(client: TestClient) -> None:
    person = {"leeftijd": 20, "startkwalificatie": False, "ingeschreven": False, "opleiding": "vo"}
    deling = flow("gemeente_participatie", "doorstroompunt", "bsn", "ondersteunen_voortijdig_schoolverlater")
    found = advies(client, deling, jongere=person)

    assert [(one["norm"], one["grondslag"]) for one in found["grondslagen"]] == [("BSN-1", "algemeen_belang")]
    assert [way["norm"] for way in found["wegen"]] == ["BSN-1"]
    assert {"Uitvoeringswet artikel 46, lid 1", "Wet artikel 10"} <= articles(found)
