"""POST /v1/advies/reeks: many questions, each answered on its own."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.contract.asking import QUESTION, ask, fouten, problem

REEKS = "/v1/advies/reeks"


def test_answers_come_in_order_and_a_bad_question_spoils_no_other(client: TestClient) -> None:
    bad = {"jongere": {"leeftijd": "achttien"}}
    contradiction = {"jongere": {"leeftijd": 18, "geboortedatum": "1990-01-01"}, "peildatum": "2026-03-01"}
    body = ask(client, {"casussen": [QUESTION, bad, {**QUESTION, "kenmerk": "tweede"}, contradiction]}, REEKS).json()

    assert list(body) == ["resultaten"]
    first, second, third, fourth = body["resultaten"]
    assert first["advies"]["kenmerk"] == "2026-00123"
    assert second["probleem"]["status"] == 400
    assert second["probleem"]["fouten"][0]["veld"] == "jongere.leeftijd"
    assert third["advies"]["kenmerk"] == "tweede"
    assert fourth["probleem"]["fouten"][0]["strijdigheid"] == "leeftijd_geboortedatum"


@pytest.mark.parametrize(
    "extra", ["", "uitleg=volledig", "kantelpunten=ja", "kantelpunten=ja&uitleg=volledig", "stromen=ja"]
)
def test_a_result_equals_the_answer_asked_alone(client: TestClient, extra: str) -> None:
    (result,) = ask(client, {"casussen": [QUESTION]}, f"{REEKS}?{extra}").json()["resultaten"]
    alone = ask(client, QUESTION, f"/v1/advies?{extra}").json()

    assert {**result["advies"], "id": ""} == {**alone, "id": ""}


@pytest.mark.parametrize(
    ("body", "veld"),
    [
        ({}, "casussen"),
        ({"casussen": []}, "casussen"),
        ({"casussen": None}, "casussen"),
        ({"casussen": {}}, "casussen"),
        ({"casussen": [{}] * 1001}, "casussen"),
        ({"casussen": [{}], "casusen": []}, "casusen"),
        ([], ""),
        (3, ""),
    ],
)
def test_a_series_of_the_wrong_shape_is_refused_whole(client: TestClient, body: Any, veld: str) -> None:
    assert veld in fouten(ask(client, body, REEKS))


def test_a_question_that_is_no_object_is_a_problem_of_its_own(client: TestClient) -> None:
    results = ask(client, {"casussen": [3, None, [], "x", {}]}, REEKS).json()["resultaten"]

    assert [one.get("probleem", {}).get("status") for one in results] == [400, 400, 400, 400, None]


def test_a_series_may_be_larger_than_a_question(client: TestClient) -> None:
    padding = b" " * (64 * 1024)

    assert ask(client, b'{"casussen": [{}' + padding + b"]}", REEKS).status_code == 200
    problem(ask(client, b"{}" + b" " * (8 * 1024 * 1024), REEKS), 413)
