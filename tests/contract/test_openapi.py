"""The description of the API, held to what the service does and to the NLGov rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from app.settings import VERSION
from app.web.openapi_examples import FIXED_ID, FIXED_LAW
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


def examples_of(described: Json, path: str) -> tuple[Json, Json]:
    """The examples of a request and those of its answer."""
    operation = described["paths"][path]["post"]
    good = operation["responses"]["200"]["content"]["application/json"]
    return operation["requestBody"]["content"]["application/json"].get("examples", {}), good.get("examples", {})


def test_the_examples_are_the_documents_own_cases_and_are_answered(document: Json, client: TestClient) -> None:
    asked, answered = examples_of(document, "/advies")

    assert 5 <= len(asked) <= 12
    assert next(iter(asked)).startswith("nieuw-3-1-1-")
    for example in asked.values():
        assert ask(client, example["value"]).status_code == 200
        assert example["summary"].startswith("§")
        assert example["description"].startswith(example["summary"].partition(": ")[2]), "a whole sentence"
    assert any("delingen" not in example["value"] for example in asked.values())
    ((name, answer),) = answered.items()
    real = ask(client, asked[name]["value"]).json()
    assert answer["value"] == {**real, "id": FIXED_ID, "beleid": FIXED_LAW}


def test_no_example_holds_an_edition_of_the_law(described: Json, client: TestClient) -> None:
    """Else the description would change with every comma in a rule."""
    law = client.get("/v1/beleid").json()
    text = json.dumps(described)

    assert law["versie"] not in text
    assert law["hash"] not in text


def test_every_question_has_an_example_that_is_answered_as_shown(
    described: Json, base: str, client: TestClient
) -> None:
    for path in (path for path, methods in described["paths"].items() if "post" in methods):
        asked, answered = examples_of(described, path)
        assert asked, path
        for name, example in asked.items():
            response = client.post(f"{base}{path}", json=example["value"])
            assert response.status_code == 200, (path, response.text)
            if name in answered and path != "/adviezen/_zoek":
                assert plain(response.json()) == plain(answered[name]["value"]), path


def plain(value: Any) -> Any:
    """Leave out what differs from one answer, or edition of the law, to the next."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name not in ("id", "advies", "beleid", "versie")}
    return [plain(item) for item in value] if isinstance(value, list) else value


def test_every_type_and_field_is_described(described: Json) -> None:
    """Each in its own place: the same name means something else in another type."""

    def bare(path: str, schema: Any) -> Iterator[str]:
        if not isinstance(schema, dict):
            return
        for name, shape in schema.get("properties", {}).items():
            if not ("description" in shape or "$ref" in shape):
                yield f"{path}.{name}"
            yield from bare(f"{path}.{name}", shape)
        for inner in (schema.get("items"), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            yield from bare(path, inner)

    schemas = described["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    assert [one for name, schema in schemas.items() for one in bare(name, schema)] == []


def test_a_name_that_two_types_share_is_described_in_each(document: Json) -> None:
    schemas = document["components"]["schemas"]
    place, fact = (schemas[name]["properties"]["feit"]["description"] for name in ("Ontbrekend", "Bewijs"))
    asked, understood = (schemas[name]["properties"]["vraag"]["description"] for name in ("Ontbrekend", "Antwoorden"))

    assert "plek in de vraag" in place
    assert "plek" not in fact
    assert asked != understood


def test_bounds_are_json_schema(described: Json) -> None:
    text = json.dumps(described)
    assert not [word for word in ('"ge":', '"le":', '"gt":', '"lt":') if word in text]
    leeftijd = described["components"]["schemas"]["Jongere"]["properties"]["leeftijd"]["anyOf"][0]
    assert (leeftijd["minimum"], leeftijd["maximum"]) == (0, 120)


def test_the_words_of_a_domain_stand_in_one_named_type(document: Json) -> None:
    schemas = document["components"]["schemas"]
    words = {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}
    assert {"Partij", "Gegeven", "Doel", "Oordeel"} <= words.keys()
    text = json.dumps(document)
    assert [name for name, known in words.items() if text.count(json.dumps(known)) > 1] == []
    for name in ("Delingen", "DelingVraag", "Stroom"):
        fields = schemas[name]["properties"]
        for field, kind in (("verstrekker", "Partij"), ("ontvanger", "Partij"), ("doel", "Doel")):
            assert fields[field]["$ref"].endswith(f"/{kind}"), (name, field)


def test_every_field_of_the_question_is_described_in_dutch(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Vraag"]["additionalProperties"] is False
    for field in ("kenmerk", "peildatum", "delingen"):
        assert schemas["Vraag"]["properties"][field]["description"]
    assert "school" in schemas["Partij"]["enum"]


def test_dates_have_a_format_and_words_are_listed(document: Json) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Advies"]["properties"]["peildatum"]["format"] == "date"
    assert {"type": "string", "format": "date"} in schemas["Jongere"]["properties"]["geboortedatum"]["anyOf"]
    assert "onder_voorwaarden" in schemas["Oordeel"]["enum"]


def test_an_answer_has_exactly_the_described_fields(document: Json, client: TestClient) -> None:
    schemas = document["components"]["schemas"]
    answer = ask(client, QUESTION, "/v1/advies?uitleg=volledig").json()

    assert answer.keys() == schemas["Advies"]["properties"].keys() - {"stromen"}
    assert answer["adviezen"][0].keys() == schemas["DelingAdvies"]["properties"].keys()
    for schema in schemas.values():
        assert not {"Args", "Goes in"} & set(schema.get("description", "").split())
