"""Pages of other origins: only those that were named, and anyone for the description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.composition import compose
from app.main import assemble
from app.settings import Settings
from tests.contract.asking import JSON, QUESTION, problem

NAMED, OTHER = "https://portaal.gemeente.example", "https://elders.example"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    settings = Settings(cors=(NAMED,), log_url="geen")
    with TestClient(assemble(compose(settings), settings)) as made:
        yield made


def preflight(client: TestClient, origin: str, method: str = "POST") -> Response:
    asked = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": "content-type",
    }
    return client.options("/v1/advies", headers=asked)


def test_a_named_origin_may_ask(client: TestClient) -> None:
    may = preflight(client, NAMED)
    assert may.status_code == 204
    assert may.headers["access-control-allow-origin"] == NAMED
    assert "POST" in may.headers["access-control-allow-methods"]
    assert may.headers["api-version"]

    answer = client.post("/v1/advies", json=QUESTION, headers={**JSON, "origin": NAMED})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == NAMED
    assert "content-location" in answer.headers["access-control-expose-headers"]
    assert "origin" in answer.headers["vary"].lower()


def test_another_origin_may_not(client: TestClient) -> None:
    problem(preflight(client, OTHER), 403)

    answer = client.post("/v1/advies", json=QUESTION, headers={**JSON, "origin": OTHER})
    assert "access-control-allow-origin" not in answer.headers


def test_not_every_method_may_be_asked_for(client: TestClient) -> None:
    problem(preflight(client, NAMED, "DELETE"), 403)


@pytest.mark.parametrize("origin", [NAMED, OTHER])
def test_anyone_may_read_the_description(client: TestClient, origin: str) -> None:
    shown = client.get("/v1/openapi.json", headers={"origin": origin})
    assert shown.headers["access-control-allow-origin"] in ("*", origin)


def test_without_a_setting_no_page_may_ask(tmp_path: Path) -> None:
    settings = Settings(log_url="geen", cache=tmp_path)
    with TestClient(assemble(compose(settings), settings)) as plain:
        problem(preflight(plain, NAMED), 405)
        answer = plain.post("/v1/advies", json=QUESTION, headers={**JSON, "origin": NAMED})
    assert "access-control-allow-origin" not in answer.headers
