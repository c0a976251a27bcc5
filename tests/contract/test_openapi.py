"""The description of the API, held to what the service does and to the NLGov rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from app.composition import compose
from app.settings import VERSION, Settings
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


def resolved(described: Json, part: Json) -> Json:
    """Follow a reference, where this is one."""
    for step in part.get("$ref", "").split("/")[1:]:
        part = described if step == "components" else part
        part = part[step]
    return part


def test_every_response_names_the_version_header_and_no_422(described: Json) -> None:
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"]
            for status, given in operation["responses"].items():
                response = resolved(described, given)
                assert "API-Version" in response["headers"]
                if status == "304":
                    assert "content" not in response
                    continue
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
    asked, understood = (
        schemas[name]["properties"]["vraag"]["description"] for name in ("Ontbrekend", "VragenAntwoord")
    )

    assert "plek in de vraag" in place
    assert "plek" not in fact
    assert asked != understood


def test_bounds_are_json_schema(described: Json) -> None:
    text = json.dumps(described)
    assert not [word for word in ('"ge":', '"le":', '"gt":', '"lt":') if word in text]
    leeftijd = described["components"]["schemas"]["Jongere"]["properties"]["leeftijd"]["anyOf"][0]
    assert (leeftijd["minimum"], leeftijd["maximum"]) == (0, 120)


def parts(described: Json, part: Any, name: str = "", seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Json]]:
    """Go through every schema inside a part, through references too, each with the name of the field it describes."""
    if isinstance(part, list):
        for inner in part:
            yield from parts(described, inner, name, seen)
    elif isinstance(part, dict):
        yield name, part
        reference = part.get("$ref", "")
        if reference and reference not in seen:
            yield from parts(described, resolved(described, part), name, seen | {reference})
        for key, inner in part.items():
            if key == "properties":
                for field, shape in inner.items():
                    yield from parts(described, shape, field, seen)
            elif key not in ("$ref", "example", "examples", "headers"):
                yield from parts(described, inner, name, seen)


def operations(described: Json) -> Iterator[Json]:
    for methods in described["paths"].values():
        yield from methods.values()


def test_no_schema_has_a_default(described: Json) -> None:
    """Generators of clients (openapi-typescript) make a field with a default required."""
    for name, schema in described["components"]["schemas"].items():
        assert [field for field, part in parts(described, schema) if "default" in part] == [], name


def test_a_question_requires_only_what_is_required(document: Json) -> None:
    """Everything else may be left out: at every depth, for whatever stands in a question."""
    vocabulary = compose(Settings(log_url="geen")).reader.vocabulary
    needed = {one.path.rstrip("[]").rpartition(".")[2] for one in vocabulary.fields if one.required}
    asked = document["components"]["schemas"]["Vraag"]
    required = {field for _, part in parts(document, asked) for field in part.get("required", ())}

    assert "required" not in asked
    assert required == needed
    assert "verstrekker" in required


@pytest.mark.parametrize("question", [{}, {"jongere": {"leeftijd": 18}}, {"delingen": None, "kenmerk": None}])
def test_whatever_is_not_required_may_be_absent_or_null(document: Json, client: TestClient, question: Json) -> None:
    assert list(validator(document, {"$ref": "#/components/schemas/Vraag"}).iter_errors(question)) == []
    assert ask(client, question).status_code == 200


def test_the_words_of_a_question_stand_in_one_named_type(document: Json) -> None:
    schemas = document["components"]["schemas"]
    words = {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}
    assert {"Partij", "Gegeven", "Doel", "Oordeel"} <= words.keys()
    text = json.dumps(document)
    assert [name for name, known in words.items() if text.count(json.dumps(known)) > 1] == []
    for field, kind in (("verstrekker", "Partij"), ("ontvanger", "Partij"), ("doel", "Doel")):
        assert schemas["Delingen"]["properties"][field]["$ref"].endswith(f"/{kind}"), field


def test_only_what_a_caller_decides_by_is_closed_in_answers(described: Json) -> None:
    """A word that is added to the law is an answer that a client generated before must still read."""
    closed = {"oordeel", "status"}
    seen = set()
    for operation in operations(described):
        for response in operation["responses"].values():
            for name, part in parts(described, resolved(described, response)):
                assert not {"const", "pattern"} & part.keys(), name
                assert part.get("additionalProperties") is not False, name
                if "enum" in part:
                    seen.add(name)
    assert seen == closed


def test_the_words_of_answers_are_in_their_description(document: Json) -> None:
    fields = document["components"]["schemas"]
    for kind, field, word in (
        ("DelingVraag", "ontvanger", "gemeente_participatie"),
        ("DelingAdvies", "verplichtingen", "motiveren"),
        ("Stroom", "gegevens", "overgangsdocument"),
        ("Ontbrekend", "soort", "handeling"),
        ("Taak", "aard", "verplicht"),
    ):
        shape = fields[kind]["properties"][field]
        assert word in shape["description"]
        assert shape["description"].endswith("Er kunnen woorden bij komen.")
        assert shape.get("items", shape)["type"] == "string"


def validator(described: Json, schema: Json) -> jsonschema_rs.Validator:
    whole = {**schema, "components": described["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def test_every_example_is_valid_against_its_schema(described: Json) -> None:
    count = 0
    for operation in operations(described):
        bodies = [
            resolved(described, one) for one in (operation.get("requestBody", {}), *operation["responses"].values())
        ]
        for media in (one for body in bodies for one in body.get("content", {}).values()):
            for name, example in media.get("examples", {}).items():
                count += 1
                faults = validator(described, media["schema"]).iter_errors(example["value"])
                assert [(name, fault.message, list(fault.instance_path)) for fault in faults] == []
        for _, part in parts(described, [operation, described["components"]]):
            for example in part["examples"] if isinstance(part.get("examples"), list) else ():
                count += 1
                assert validator(described, part).is_valid(example), part
    assert count > 10


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
    answer = ask(client, QUESTION, "/v1/advies?uitleg=volledig&kantelpunten=ja&stromen=ja&proef=ja").json()

    assert answer.keys() == schemas["Advies"]["properties"].keys()
    assert answer["adviezen"][0].keys() == schemas["DelingAdvies"]["properties"].keys()
    for schema in schemas.values():
        assert not {"Args", "Goes in"} & set(schema.get("description", "").split())
