"""What anyone may read of the law besides its rules: choices, cases, and what the articles say."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.contract.asking import ask, problem

DAYS = ("2025-11-01", "2026-03-01")


def law(client: TestClient, day: str) -> dict[str, dict[str, Any]]:
    shown = client.get(f"/v1/beleid?peildatum={day}").json()
    return {norm["norm"]: norm for norm in shown["normen"]}


def test_every_interpretation_says_what_was_chosen_and_why(client: TestClient) -> None:
    shown = client.get("/v1/interpretaties").json()
    with (Settings().facts / "interpretaties.toml").open("rb") as file:
        written = tomllib.load(file)

    assert shown["versie"] == client.get("/v1/beleid").json()["versie"]
    assert [one["interpretatie"] for one in shown["interpretaties"]] == list(written)
    first = shown["interpretaties"][0]
    assert first["titel"] == "de termijn begint bij het diploma of bij het verlaten van de school"
    assert first["keuze"].startswith("De termijn van de loopbaanbegeleiding loopt in het mbo vanaf het diploma")
    assert "WEC 44 lid 2" in first["waarom"]
    assert all(one["titel"] and one["keuze"] for one in shown["interpretaties"])
    problem(client.get("/v1/interpretaties?code=I-1"), 400)


def test_the_cases_of_the_document_are_answered_as_they_say(client: TestClient) -> None:
    shown = client.get("/v1/scenarios").json()
    cases = shown["scenarios"]

    assert {one["regime"] for one in cases} == {"oud", "nieuw"}
    assert {"3.1.1", "3.1.2", "3.1.3", "3.2.1", "3.2.2", "3.3.1", "3.3.2", "3.3.3"} <= {one["sectie"] for one in cases}
    assert len({one["scenario"] for one in cases}) == len(cases)
    for one in cases:
        assert one["verhaal"]
        adviezen = ask(client, one["vraag"]).json()["adviezen"]
        assert [advies["oordeel"] for advies in adviezen] == [expected["oordeel"] for expected in one["verwacht"]]
    problem(client.get("/v1/scenarios?sectie=3.1.1"), 400)


def test_a_norm_says_from_whom_to_whom_what_and_what_for(client: TestClient) -> None:
    norms = law(client, "2026-03-01")

    assert norms["ALB-1"]["grondslag"] == "algemeen_belang"
    assert norms["ALB-1"]["partijen"] == [{"verstrekker": "school", "ontvanger": "gemeente_participatie"}]
    assert "overgangsdocument" in norms["ALB-1"]["gegevens"]
    assert norms["ALB-1"]["doelen"] == ["aanvullende_loopbaanbegeleiding", "begeleiding_naar_werk"]
    assert {"verstrekker": "duo", "ontvanger": "doorstroompunt"} in norms["VZM-1"]["partijen"]
    assert (norms["TST-1"]["grondslag"], norms["TST-1"]["partijen"]) == ("toestemming", [])
    assert norms["DEF-1"]["grondslag"] is None
    (alone,) = [client.get("/v1/beleid/ALB-1?peildatum=2026-03-01").json()]
    assert {name: alone[name] for name in norms["ALB-1"]} == norms["ALB-1"]


@pytest.mark.parametrize("day", DAYS)
def test_of_every_article_that_rules_rest_on_it_is_said_what_it_says(client: TestClient, day: str) -> None:
    for norm in law(client, day).values():
        cited = [bron["artikel"] for rule in norm["regels"] for bron in rule["bronnen"]]
        assert {one["artikel"] for one in norm["artikelen"]} == set(cited)
        places = [(one["bron"], one["artikel"]) for one in norm["artikelen"]]
        assert len(set(places)) == len(places)
        for one in norm["artikelen"]:
            if one["bron"] == "SD":
                assert one["inhoud"] is None, "the document is not a law"
                continue
            assert one["inhoud"], one
            assert len(re.findall(r"[.](?= |$)", one["inhoud"])) <= 2, "one or two sentences"
            assert one["zekerheid"] in ("gelezen", "oudere_tekst", "tweede_hand", "afgeleid", "algemene_kennis")
            assert one["gelezen_op"] or one["bron"] == "AVG"
            assert one["url"]


def test_a_lid_has_its_own_words_and_else_those_of_its_article(client: TestClient) -> None:
    (lid,) = [
        one for one in law(client, "2026-03-01")["ALB-A4"]["artikelen"] if one["artikel"] == "artikel 9.2.12, lid 2"
    ]

    assert lid["inhoud"] == "De begeleiding loopt tijdens de opleiding en tot een jaar na het diploma."
    assert (lid["gelezen_op"], lid["zekerheid"]) == ("2026-01-01", "gelezen")
    assert "artikel=9.2.12&lid=2" in lid["url"]
