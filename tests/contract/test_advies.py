"""POST /v1/advies: what a caller gets for a good question."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.contract.asking import JSON, QUESTION, ask


def test_a_question_is_answered_in_the_shape_of_the_contract(client: TestClient) -> None:
    response = ask(client, QUESTION)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["id", "kenmerk", "peildatum", "beleid", "jongere", "taken", "adviezen"]
    assert body["kenmerk"] == "2026-00123"
    assert body["beleid"]["hash"].startswith("sha256:")
    (advies,) = body["adviezen"]
    assert advies["oordeel"] == "toegestaan"
    assert [ground["norm"] for ground in advies["grondslagen"]] == ["ALB-1"]
    assert [step["stap"] for step in advies["stappen"]] == [1, 2, 3, 4]
    assert "afleiding" not in advies


def test_the_short_address_gives_the_same_answer(client: TestClient) -> None:
    long, short = ask(client, QUESTION).json(), ask(client, QUESTION, "/advies").json()

    assert {**long, "id": ""} == {**short, "id": ""}
    assert long["id"] != short["id"]


def test_the_full_explanation_comes_on_request(client: TestClient) -> None:
    (advies,) = ask(client, QUESTION, "/v1/advies?uitleg=volledig").json()["adviezen"]

    assert advies["afleiding"]["bewijs"]


def test_kantelpunten_come_on_request(client: TestClient) -> None:
    (advies,) = ask(client, QUESTION, "/v1/advies?kantelpunten=ja").json()["adviezen"]
    (plain,) = ask(client, QUESTION).json()["adviezen"]

    assert {
        "veld": "overgangsdocument.akkoord_jongere",
        "waarde": False,
        "oordeel": "alleen_met_toestemming",
    } in advies["kantelpunten"]
    assert {"veld": "jongere.opleiding", "waarde": "geen"} not in [
        {name: one[name] for name in ("veld", "waarde")} for one in advies["kantelpunten"]
    ], "no opleiding contradicts ingeschreven, or changes nothing"
    assert {**advies, "kantelpunten": None} == {**plain, "kantelpunten": None}
    assert "kantelpunten" not in plain
    assert "afleiding" not in advies


def test_filling_in_a_kantelpunt_gives_its_oordeel(client: TestClient) -> None:
    (advies,) = ask(client, QUESTION, "/v1/advies?kantelpunten=ja").json()["adviezen"]

    for one in advies["kantelpunten"]:
        question = copy.deepcopy(QUESTION)
        *parents, leaf = one["veld"].replace("[0]", ".0").split(".")
        target: Any = question
        for name in parents:
            target = target[int(name)] if name.isdigit() else target.setdefault(name, {})
        target[leaf] = one["waarde"]
        (changed,) = ask(client, question).json()["adviezen"]
        assert changed["oordeel"] == one["oordeel"] != advies["oordeel"], one


def test_kantelpunten_and_the_full_explanation_go_together(client: TestClient) -> None:
    (advies,) = ask(client, QUESTION, "/v1/advies?uitleg=volledig&kantelpunten=ja").json()["adviezen"]

    assert advies["kantelpunten"]
    assert advies["afleiding"]["bewijs"]


def test_null_is_absent(client: TestClient) -> None:
    question = copy.deepcopy(QUESTION)
    question["jongere"]["heeft_werk"] = None
    question["mandaten"] = None
    question["verzuim"] = None
    question["delingen"][0]["afweging"] = {"gegevens": {"overgangsdocument": None}, "alternatief": None}

    assert ask(client, question).json()["adviezen"] == ask(client, QUESTION).json()["adviezen"]


def test_duplicate_delingen_are_answered_twice(client: TestClient) -> None:
    question = {**QUESTION, "delingen": QUESTION["delingen"] * 2}

    first, second = ask(client, question).json()["adviezen"]
    assert json.loads(json.dumps(second).replace("delingen[1]", "delingen[0]")) == first


def test_without_delingen_the_flows_are_listed(client: TestClient) -> None:
    question = {name: value for name, value in QUESTION.items() if name != "delingen"}

    body = ask(client, question).json()
    assert body["adviezen"] == []
    assert any(stroom["norm"] == "ALB-1" for stroom in body["stromen"])
    turned = ask(client, question, "/v1/advies?kantelpunten=ja").json()
    assert {**turned, "id": ""} == {**body, "id": ""}, "there is no advice to add kantelpunten to"


def test_stromen_come_beside_the_adviezen_on_request(client: TestClient) -> None:
    toestemming = {
        **{name: QUESTION["delingen"][0][name] for name in ("verstrekker", "ontvanger", "gegevens", "doel")},
        "gegeven": False,
    }
    for question in (QUESTION, {**QUESTION, "toestemmingen": [toestemming]}):
        alone = {name: value for name, value in question.items() if name != "delingen"}
        plain, both = ask(client, question).json(), ask(client, question, "/v1/advies?stromen=ja").json()

        assert "stromen" not in plain
        assert list(both)[-1] == "stromen"
        assert both["stromen"] == ask(client, alone).json()["stromen"], "the delingen change no stroom"
        assert {**plain, "id": ""} == {name: value for name, value in {**both, "id": ""}.items() if name != "stromen"}


def test_stromen_are_there_without_delingen_whether_asked_or_not(client: TestClient) -> None:
    question = {name: value for name, value in QUESTION.items() if name != "delingen"}
    plain, asked = ask(client, question).json(), ask(client, question, "/v1/advies?stromen=ja").json()

    assert {**plain, "id": ""} == {**asked, "id": ""}


def test_without_peildatum_today_counts(client: TestClient) -> None:
    question = {name: value for name, value in QUESTION.items() if name != "peildatum"}

    assert len(ask(client, question).json()["peildatum"]) == len("2026-03-01")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
def test_json_in_utf8_may_be_said_in_these_ways(client: TestClient, kind: str) -> None:
    assert client.post("/v1/advies", content=b"{}", headers={"content-type": kind}).status_code == 200


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html;q=0.5, application/json", "application/*;q=0.1"]
)
def test_a_caller_may_accept_json_in_these_ways(client: TestClient, accept: str) -> None:
    assert client.post("/v1/advies", content=b"{}", headers={**JSON, "accept": accept}).status_code == 200


def test_non_ascii_text_survives(client: TestClient) -> None:
    assert ask(client, '{"kenmerk": "zaak é😀"}'.encode()).json()["kenmerk"] == "zaak é😀"
    assert ask(client, b'{"kenmerk": "\\ud83d\\ude00"}').json()["kenmerk"] == "😀"


def test_a_whole_number_may_be_written_with_a_fraction(client: TestClient) -> None:
    """In JSON 18.0 is the number 18; the log keeps what was decided with."""
    plain = ask(client, QUESTION).json()
    written = ask(client, {**QUESTION, "jongere": {**QUESTION["jongere"], "leeftijd": 18.0}}).json()

    assert {**written, "id": plain["id"]} == plain
