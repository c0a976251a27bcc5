"""NLGov REST API Design Rules 2.2.0: every rule that can be tested here, under its own id.

Rules about people and planning (deprecation-schedule, transition-period, nested-child, stateless) are for a review; TLS
is for the proxy in front of the service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.settings import VERSION
from tests.contract.asking import JSON, QUESTION, ask, problem

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
FAULTY = (
    ("POST", "/v1/advies", b"{}{", 400),
    ("POST", "/v1/advies/", b"{}", 404),
    ("DELETE", "/v1/advies", None, 405),
    ("GET", "/v1/bestaat-niet", None, 404),
    ("GET", "/bestaat-niet", None, 404),
    ("GET", "/v1/adviezen/00000000-0000-4000-8000-000000000000", None, 404),
    ("GET", "/v1/adviezen/_zoek", None, 405),
    ("POST", "/v1/adviezen/_zoek", b"[]", 400),
    ("POST", "/v1/vragen", b"", 400),
)


@pytest.fixture(scope="module")
def document(client: TestClient) -> Json:
    made: Json = client.get("/v1/openapi.json").json()
    return made


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def schemas(part: Any) -> Iterator[tuple[str, Json]]:
    """Every named property in the document, with its schema."""
    if isinstance(part, dict):
        for name, schema in (part.get("properties") or {}).items():
            if isinstance(schema, dict):
                yield name, schema
        for inner in part.values():
            yield from schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from schemas(inner)


def send(client: TestClient, method: str, path: str, body: bytes | None = None, **headers: str) -> Response:
    return client.request(method, path, content=body, headers={**(JSON if body is not None else {}), **headers})


def test_core_naming_and_path_segments_kebab_case(document: Json) -> None:
    for path in document["paths"]:
        for segment in path.strip("/").split("/"):
            assert re.fullmatch(r"_?[a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}|openapi\.json", segment), path


def test_core_resource_operations_are_imperative_with_an_underscore(document: Json) -> None:
    """An operation that is no resource of its own starts with an underscore and is a POST."""
    marked = {path: set(methods) for path, methods in document["paths"].items() if "/_" in path}
    assert marked == {"/adviezen/_zoek": {"post"}, "/beleid/_herlaad": {"post"}}


def test_core_query_keys_camel_case(document: Json) -> None:
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)*", parameter["name"]), path


@pytest.mark.parametrize(("method", "path", "body", "status"), FAULTY)
def test_core_error_handling_problem_details(
    client: TestClient, method: str, path: str, body: bytes | None, status: int
) -> None:
    shown = problem(send(client, method, path, body), status)
    assert shown["title"]
    assert shown["detail"]


def test_core_error_handling_invalid_input_and_all_errors(client: TestClient) -> None:
    response = ask(client, {"jongere": {"leeftijd": "x", "opleiding": "y"}, "z": 1})
    assert len(problem(response, 400)["fouten"]) == 3


def test_core_no_trailing_slash(client: TestClient, document: Json) -> None:
    for path, method, _ in operations(document):
        place = "/v1" + path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{norm}", "VSV-1")
        problem(send(client, method.upper(), f"{place}/"), 404)


def test_core_hide_implementation(client: TestClient) -> None:
    response = send(client, "GET", "/v1/openapi.json")
    assert not {"server", "x-powered-by", "set-cookie"} & set(response.headers)
    for method, path, body, _ in FAULTY:
        text = send(client, method, path, body).text.lower()
        assert not [
            word for word in ("traceback", "pydantic", "starlette", "fastapi", "sqlalchemy", ".py") if word in text
        ]


def test_core_http_methods_say_what_is_allowed(client: TestClient) -> None:
    for route in client.app.routes:  # type: ignore[attr-defined]
        if not isinstance(route, Route) or "{" in route.path:
            continue
        refused = send(client, "DELETE", route.path)
        problem(refused, 405)
        assert set(refused.headers["allow"].split(", ")) == route.methods, route.path


def test_core_http_safety_of_get_and_head(client: TestClient) -> None:
    for path in ("/", "/v1/beleid", "/v1/beleid/VSV-1", "/v1/openapi.json"):
        get, head = send(client, "GET", path), send(client, "HEAD", path)
        assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
        assert get.headers["content-type"] == head.headers["content-type"]
        assert send(client, "GET", path).content == get.content


def test_core_date_time_format_and_omitted_time(document: Json) -> None:
    dated = ("peildatum", "datum", "geldig_tot", "geboortedatum", "vanaf", "verandert_op")
    for name, schema in schemas(document["components"]["schemas"]):
        formats = {one.get("format") for one in schema.get("anyOf", [schema]) if one.get("type") == "string"}
        if name == "tijdstip":
            assert formats == {"date-time"}
        if any(word in name for word in dated) and not name.endswith("_reden") and formats:
            assert formats in ({"date"}, {None}) if name == "vanaf" else formats == {"date"}, name


def test_core_date_time_timezone(client: TestClient) -> None:
    """Any offset is taken, UTC is given."""
    ask(client, QUESTION)
    for moment in ("2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00", "2025-12-31T19:00:00.5-05:00"):
        found = ask(client, {"van": moment}, "/v1/adviezen/_zoek")
        assert found.status_code == 200
        assert all(one["tijdstip"].endswith("Z") for one in found.json()["adviezen"])


def test_core_doc_openapi_and_contact_and_language(document: Json) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    contact = document["info"]["contact"]
    assert contact["name"]
    assert contact["url"].startswith("https://")
    assert "@" in contact["email"]
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)


def test_core_publish_openapi(client: TestClient) -> None:
    response = send(client, "GET", "/v1/openapi.json", origin="https://x.example")
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


def test_core_uri_version_and_semver(document: Json) -> None:
    assert [re.search(r"/v\d+$", server["url"]) is not None for server in document["servers"]] == [True]
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


@pytest.mark.parametrize(("method", "path", "body", "status"), [*FAULTY, ("GET", "/", None, 200)])
def test_core_version_header_and_transport_security_headers(
    client: TestClient, method: str, path: str, body: bytes | None, status: int
) -> None:
    response = send(client, method, path, body)
    assert response.status_code == status
    assert response.headers["api-version"] == VERSION
    assert "no-store" in response.headers["cache-control"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert "max-age" in response.headers["strict-transport-security"]
    assert response.headers["content-type"]


def test_core_changelog() -> None:
    """The top version of the public changelog is the one that is served."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    assert versions[0] == VERSION


def test_core_transport_no_sensitive_uris(document: Json) -> None:
    for path, _, operation in operations(document):
        names = [parameter["name"].lower() for parameter in operation.get("parameters", ())]
        assert not [name for name in (path.lower(), *names) if re.search("bsn|kenmerk|naam|geboorte", name)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
        ({**JSON, "accept": "application/xml"}, 406),
    ],
)
def test_validate_content_types(client: TestClient, headers: dict[str, str], status: int) -> None:
    body = json.dumps(QUESTION).encode()
    problem(client.request("POST", "/v1/advies", content=body, headers=headers), status)
