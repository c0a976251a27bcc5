"""How much may be asked at once: flows, bytes, and what a few shared bytes become."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.json_text import MAX_CONTAINERS
from app.web.sizes import (
    MOST_EXPLAINED,
    MOST_FLOWS,
    QUESTION_LIMIT,
    SERIES_EXPLAINED,
    SERIES_FLOWS,
    SERIES_LIMIT,
    entries_in,
    flows_in,
)
from tests.contract.asking import QUESTION, ask, fouten, problem

DELING = {**QUESTION["delingen"][0], "gegevens": ["contactgegevens"]}
KNOWN = {"leeftijd": 30, "ingeschreven": False, "startkwalificatie": True, "opleiding": "mbo_4_bol"}
REEKS = "/v1/advies/reeks"


def asking(*sizes: int) -> dict[str, Any]:
    """Ask about delingen with so many items each, of someone of whom enough is known for short explanations."""
    return {"jongere": KNOWN, "delingen": [{**DELING, "gegevens": ["contactgegevens"] * size} for size in sizes]}


@pytest.mark.parametrize(("uitleg", "most"), [("", MOST_FLOWS), ("?uitleg=volledig", MOST_EXPLAINED)])
def test_a_question_asks_about_so_many_flows(client: TestClient, uitleg: str, most: int) -> None:
    half = most // 2
    good = ask(client, asking(most - half, half), f"/v1/advies{uitleg}")
    assert len(good.json()["adviezen"]) == most

    (fout,) = problem(ask(client, asking(most - half, half, 1), f"/v1/advies{uitleg}"), 400)["fouten"]
    assert fout["veld"] == "delingen"
    assert str(most + 1) in fout["melding"]
    assert f"hooguit {MOST_FLOWS}" in fout["verwacht"]
    assert f"uitleg=volledig hooguit {MOST_EXPLAINED}" in fout["verwacht"]


def test_no_list_about_flows_is_longer(client: TestClient) -> None:
    (fout,) = problem(ask(client, asking(MOST_FLOWS + 1)), 400)["fouten"]
    assert fout["veld"] == "delingen[0].gegevens"
    assert f"hooguit {MOST_FLOWS}" in fout["verwacht"]
    assert "delingen" in fouten(ask(client, asking(*[1] * (MOST_FLOWS + 1))))


def test_a_query_asks_about_as_many_flows_as_a_question(client: TestClient) -> None:
    found = ask(client, {"casus": asking(MOST_FLOWS, 1), "vraag": "leeftijd(C, J)"}, "/v1/vragen")

    assert "casus.delingen" in fouten(found)


@pytest.mark.parametrize(
    ("uitleg", "each", "most"),
    [("", MOST_FLOWS, SERIES_FLOWS), ("?uitleg=volledig", MOST_EXPLAINED, SERIES_EXPLAINED)],
)
def test_a_series_asks_about_so_many_flows_together(client: TestClient, uitleg: str, each: int, most: int) -> None:
    cases = [asking(each)] * (most // each) + [asking(1)]

    (fout,) = problem(ask(client, {"casussen": cases}, f"{REEKS}{uitleg}"), 400)["fouten"]
    assert fout["veld"] == "casussen"
    assert f"hooguit {SERIES_FLOWS}" in fout["verwacht"]


def test_a_question_of_a_series_with_too_many_flows_spoils_no_other(client: TestClient) -> None:
    cases = [asking(MOST_EXPLAINED + 1), asking(1)]
    first, second = ask(client, {"casussen": cases}, f"{REEKS}?uitleg=volledig").json()["resultaten"]

    assert first["probleem"]["fouten"][0]["veld"] == "delingen"
    assert second["advies"]


def test_a_question_of_a_series_is_no_larger_than_one_alone(client: TestClient) -> None:
    large = {"kenmerk": "x" * QUESTION_LIMIT}
    first, second = ask(client, {"casussen": [large, {}]}, REEKS).json()["resultaten"]

    assert first["probleem"]["status"] == 413
    assert second["advies"]


def test_what_evaluations_share_counts_for_each(client: TestClient) -> None:
    shared = {"casus": {"kenmerk": "x" * 10_000}}
    few = ask(client, {"context": shared, "evaluations": [{}] * 3}, "/access/v1/evaluations")
    many = ask(client, {"context": shared, "evaluations": [{}] * 1000}, "/access/v1/evaluations")

    assert [one["context"]["error"]["status"] for one in few.json()["evaluations"]] == [400] * 3
    assert "8 MiB" in problem(many, 413)["detail"]


def test_an_evaluation_is_no_larger_than_one_alone(client: TestClient) -> None:
    large = {"context": {"casus": {"kenmerk": "x" * QUESTION_LIMIT}}}
    (found,) = ask(client, {"evaluations": [large]}, "/access/v1/evaluations").json()["evaluations"]

    assert found["context"]["error"]["status"] == 413
    problem(ask(client, large, "/access/v1/evaluations"), 413)


def test_text_of_very_many_lists_is_not_read(client: TestClient) -> None:
    body = b'{"casussen": [' + b",".join([b"[]"] * MAX_CONTAINERS) + b"]}"

    assert len(body) < SERIES_LIMIT
    assert str(MAX_CONTAINERS) in problem(ask(client, body, REEKS), 400)["detail"]


def test_the_description_says_how_much(client: TestClient) -> None:
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    asked, one = schemas["Vraag"]["properties"]["delingen"], schemas["Delingen"]["properties"]["gegevens"]

    assert f"hooguit {MOST_FLOWS} gegevens" in asked["description"]
    assert f"hooguit {SERIES_FLOWS} gegevens" in schemas["Reeks"]["description"]
    assert asked["anyOf"][0]["maxItems"] == one["maxItems"] == MOST_FLOWS


@pytest.mark.parametrize(
    ("question", "flows"),
    [(asking(3, 2), 5), ({}, 0), (3, 0), ({"delingen": 3}, 0), ({"delingen": [3, {}, {"gegevens": "ab"}]}, 0)],
)
def test_only_flows_are_counted(question: Any, flows: int) -> None:
    assert flows_in(question) == flows


@pytest.mark.parametrize(("most", "more"), [(5, True), (6, False)])
def test_every_list_counts(most: int, more: bool) -> None:
    value = {"x": 1, "a": {"b": [1, 2]}, "c": [{"d": ["e"]}, {"f": {"g": [1]}}]}

    assert (entries_in(value, most) > most) is more
