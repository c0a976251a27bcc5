"""What the rules leave possible though no answer settles it: the advice says so, the listing leaves it out."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from app.advice.reasons.paragraph import NOT_FOUND
from tests.contract.asking import ask

FLOW: dict[str, Any] = {
    "verstrekker": "gemeente_leerplicht",
    "ontvanger": "doorstroompunt",
    "gegevens": ["verzuimgegevens"],
    "doel": "ondersteunen_voortijdig_schoolverlater",
}
PERSON: dict[str, Any] = {
    "peildatum": "2026-03-01",
    "jongere": {"leeftijd": 17, "opleiding": "vo", "ingeschreven": False},
}
WEIGHED = {"gegevens": {"verzuimgegevens": "noodzakelijk"}, "alternatief": "geen"}


def test_the_advice_says_that_no_answer_was_found(client: TestClient) -> None:
    # Without startkwalificatie the jongere is kwalificatieplichtig, with one no vsv: condition by condition it is open.
    refused = [{**FLOW, "gegeven": False}]
    asked = {**PERSON, "delingen": [{**FLOW, "afweging": WEIGHED}], "toestemmingen": refused}

    (advies,) = ask(client, asked).json()["adviezen"]

    assert advies["oordeel"] == "onder_voorwaarden"
    assert advies["ontbrekend"] == []
    assert NOT_FOUND in advies["toelichting"]


def test_the_listing_leaves_the_flow_out(client: TestClient) -> None:
    """A stroom is what can happen: one that no answers are known to permit is no help to anybody."""
    listed = ask(client, PERSON).json()["stromen"]

    assert listed
    assert not [
        one
        for one in listed
        if (one["verstrekker"], one["doel"]) == (FLOW["verstrekker"], FLOW["doel"])
        and FLOW["gegevens"][0] in one["gegevens"]
    ]
    assert all(one["ontbrekend"] for one in listed if one["oordeel"] == "onder_voorwaarden")
