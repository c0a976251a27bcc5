"""Every header and every status that is really sent is described, by both descriptions, on every operation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from app.access import keys
from app.access.keys import KeyBook
from app.composition import compose
from app.database.connection import Database
from app.main import assemble
from app.settings import Settings
from app.web.openapi_responses import OF_HTTP
from tests.contract.asking import JSON
from tests.contract.test_openapi import resolved

Json = dict[str, Any]
ORIGIN: Final = "https://portaal.gemeente.example"
BASES: Final = ("/v1", "/access/v1")
ASKED: Final = {**JSON, "origin": ORIGIN, "x-request-id": "eigen-naam"}
WRONG: Final[tuple[tuple[bytes, dict[str, str]], ...]] = (
    (b"{", {}),
    (b"{}", {"content-type": "text/plain"}),
    (b"{}", {"content-encoding": "gzip"}),
    (b"{}", {"accept": "text/html"}),
    (b" " * 9_000_000, {}),
)
"""A body and headers that any operation refuses, if it reads them."""


class Asked:
    """A service with keys, for pages of one origin; what it sent, held against what it says of itself."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            log_url=f"sqlite:///{folder / 'log.db'}",
            access=("sleutel",),
            cors=(ORIGIN,),
            rate_limit="2000/hour",
            query_seconds=60.0,  # an example is to be answered, however busy this machine is
            advice_seconds=60.0,
        )
        self.database = Database(self.settings.log_url)
        self.client = TestClient(assemble(compose(self.settings), self.settings), "http://localhost")
        self.key = KeyBook(self.database).new("X", ("advies", "log:lezen", "beheer"))[1]
        self.documents: dict[str, Json] = {
            base: self.client.get(f"{base}/openapi.json", headers={"x-request-id": "x"}).json() for base in BASES
        }
        self.statuses: set[int] = set()
        self.headers: set[str] = set()

    def operations(self) -> Iterator[tuple[str, str, str, Json]]:
        for base, document in self.documents.items():
            for path, methods in document["paths"].items():
                for method, operation in methods.items():
                    yield base, path, method, operation

    def send(self, base: str, path: str, method: str, **sent: Any) -> Response:
        """Ask, and hold the answer against the description of the operation."""
        place = base + path.replace("{id}", sent.pop("id", "00000000-0000-4000-8000-000000000000"))
        response = self.client.request(method, place.replace("{norm}", sent.pop("norm", "VSV-1")), **sent)
        operation = self.documents[base]["paths"][path][method]
        described = operation["responses"].get(str(response.status_code))
        assert described is not None, (method, place, response.status_code)
        known = {name.lower() for name in resolved(self.documents[base], described)["headers"]}
        extra = response.headers.keys() - known - OF_HTTP
        assert extra == set(), (method, place, response.status_code)
        self.statuses.add(response.status_code)
        self.headers |= {*response.headers.keys()} - OF_HTTP
        return response


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only_flows_count: None) -> Iterator[Asked]:
    monkeypatch.setattr(keys, "NEW_SECONDS", 0.0)
    made = Asked(tmp_path)
    yield made
    made.database.close()


def test_every_header_and_status_that_is_sent_is_described(asked: Asked) -> None:
    known = {**ASKED, "x-api-key": asked.key}
    identifier = ""
    for base, path, method, operation in asked.operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in body.get("examples", {}).values():
            good = asked.send(base, path, method, json=example["value"], headers=known)
            assert good.status_code == 200
            identifier = identifier or good.headers.get("content-location", "").rpartition("/")[2]
        sent = {"content": b"{}"} if body else {}
        asked.send(base, path, method, headers=ASKED, **sent)
        asked.send(base, path, method, headers={**ASKED, "x-api-key": "dw_onbekend"}, **sent)
        asked.send(base, path, method, headers=known, params={"x": "1"}, **sent)
        for content, wrong in WRONG:
            asked.send(base, path, method, headers={**known, **wrong}, **({"content": content} if body else {}))
        if not body:
            read = asked.send(base, path, method, headers=known, id=identifier)
            asked.send(base, path, method, headers={**known, "if-none-match": read.headers.get("etag", "x")})
            asked.send(base, path, method, headers=known, id=identifier, norm="BESTAAT-NIET")
    reader = KeyBook(asked.database).new("Y", ("log:lezen",))[1]
    asked.send("/v1", "/advies", "post", content=b"{}", headers={**ASKED, "x-api-key": reader})
    with asked.database.write() as connection:
        connection.execute(text("DROP TABLE stuk"))
    asked.send("/v1", "/advies", "post", content=b"{}", headers=known)
    asked.send("/v1", "/adviezen/_zoek", "post", content=b"{}", headers=known)
    for _ in range(200):
        if (
            asked.send("/v1", "/adviezen/_zoek", "post", content=b"{}", headers={**ASKED, "x-api-key": "x"}).status_code
            == 429
        ):
            break

    assert asked.statuses == {200, 304, 400, 401, 403, 404, 406, 413, 415, 429, 503}
    assert {
        "retry-after",
        "www-authenticate",
        "content-location",
        "vary",
        "access-control-allow-origin",
    } <= asked.headers


def test_every_header_that_is_described_says_what_it_is(asked: Asked) -> None:
    for document in asked.documents.values():
        shown = document["components"]["headers"]
        assert [name for name, one in shown.items() if not one["description"].endswith(".")] == []
        assert shown["API-Version"]["schema"]["examples"] == [document["info"]["version"]]
