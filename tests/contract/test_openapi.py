"""The description of the API, held to what the service does and to the NLGov rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from app.settings import VERSION
from tests.contract.asking import QUESTION, ask

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
BASES = ("/v1", "/access/v1")
"""Each has a description of its own."""
ELSEWHERE = {"/", "/advies", "/livez", "/readyz", "/metrics", "/.well-known/authzen-configuration"}
"""Routes under neither; the last is described by its own standard."""


@pytest.fixture(scope="module")
def document(client: TestClient) -> Json:
    made: Json = client.get("/v1/openapi.json").json()
    return made


@pytest.fixture(scope="module", params=BASES)
def base(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def described(client: TestClient, base: str) -> Json:
    """Any of the descriptions."""
    made: Json = client.get(f"{base}/openapi.json").json()
    return made


def test_the_committed_description_is_the_served_one(document: Json) -> None:
    """A reviewer sees in the diff what callers will see; `make openapi` writes it anew."""
    committed = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))

    assert committed == document


def routes_of(client: TestClient) -> set[str]:
    return {route.path_format for route in client.app.routes if isinstance(route, Route)}  # type: ignore[attr-defined]


def test_it_says_what_the_design_rules_ask(described: Json, base: str) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["info"]["version"] == VERSION
    assert {"name", "url", "email"} <= described["info"]["contact"].keys()
    assert [server["url"] for server in described["servers"]] == [base]


def test_its_paths_are_the_routes(described: Json, base: str, client: TestClient) -> None:
    own = {path.removeprefix(base) for path in routes_of(client) if path.startswith(f"{base}/")}

    assert set(described["paths"]) == own


def test_every_other_route_is_known_here(client: TestClient) -> None:
    assert {path for path in routes_of(client) if not path.startswith(tuple(f"{one}/" for one in BASES))} == ELSEWHERE


def test_every_response_names_the_version_header_and_no_422(described: Json) -> None:
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"]
            for status, response in operation["responses"].items():
                assert "API-Version" in response["headers"]
                kind = "application/json" if status == "200" else "application/problem+json"
                assert list(response["content"]) == [kind]


def test_every_reference_leads_somewhere(described: Json) -> None:
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                found.append(part["$ref"])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(described["paths"])
    walk(described["components"])
    assert found
    for reference in set(found):
        _, kind, group, name = reference.split("/")
        assert name in described[kind][group], reference


def test_the_examples_are_scenarios_that_are_answered(document: Json, client: TestClient) -> None:
    ask_operation = document["paths"]["/advies"]["post"]
    examples = ask_operation["requestBody"]["content"]["application/json"]["examples"]

    assert 5 <= len(examples) <= 12
    for example in examples.values():
        assert ask(client, example["value"]).status_code == 200
    (answer,) = ask_operation["responses"]["200"]["content"]["application/json"]["examples"].values()
    assert answer["value"]["adviezen"]


def test_every_field_of_the_question_is_described_in_dutch(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Vraag"]["additionalProperties"] is False
    for field in ("kenmerk", "peildatum", "delingen"):
        assert schemas["Vraag"]["properties"][field]["description"]
    assert "school" in str(schemas["Delingen"]["properties"]["verstrekker"]["enum"])


def test_dates_have_a_format_and_words_are_listed(document: Json) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Advies"]["properties"]["peildatum"]["format"] == "date"
    assert {"type": "string", "format": "date"} in schemas["Jongere"]["properties"]["geboortedatum"]["anyOf"]
    assert "onder_voorwaarden" in schemas["DelingAdvies"]["properties"]["oordeel"]["enum"]


def test_an_answer_has_exactly_the_described_fields(document: Json, client: TestClient) -> None:
    schemas = document["components"]["schemas"]
    answer = ask(client, QUESTION, "/v1/advies?uitleg=volledig").json()

    assert answer.keys() == schemas["Advies"]["properties"].keys() - {"stromen"}
    assert answer["adviezen"][0].keys() == schemas["DelingAdvies"]["properties"].keys()
    for schema in schemas.values():
        assert not {"Args", "Goes in"} & set(schema.get("description", "").split())
