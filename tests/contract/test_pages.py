"""What anyone may read: written once per law, kept by clients and proxies, and not sent again to who has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web import pages
from tests.contract.asking import problem

OPEN = (
    "/v1/beleid",
    "/v1/beleid?peildatum=2025-11-01",
    "/v1/beleid/VSV-1",
    "/v1/woorden",
    "/v1/interpretaties",
    "/v1/scenarios",
    "/v1/openapi.json",
    "/access/v1/openapi.json",
)


@pytest.mark.parametrize("path", OPEN)
def test_a_client_that_has_a_page_does_not_get_it_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    etag = first.headers["etag"]
    assert first.status_code == 200
    assert first.headers["cache-control"] == pages.CACHED

    for asked in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get(path, headers={"if-none-match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (etag, pages.CACHED)
        assert "content-type" not in again.headers
    for asked in ('"other"', etag.strip('"'), ""):
        assert client.get(path, headers={"if-none-match": asked}).content == first.content
    assert client.head(path, headers={"if-none-match": etag}).status_code == 304


def test_each_page_has_a_tag_of_its_own(client: TestClient) -> None:
    days = [f"/v1/beleid?peildatum={day}" for day in ("2025-11-01", "2025-11-02", "2026-03-01")]
    norms = [f"/v1/beleid/{norm}?peildatum=2026-03-01" for norm in ("VSV-1", "ALB-1")]
    pages_read = [client.get(path) for path in (*OPEN, *days[1:], *norms)]

    bodies = {one.content for one in pages_read}
    assert len({one.headers["etag"] for one in pages_read}) == len(bodies)


def test_the_law_is_written_once_for_all_its_days(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get("/v1/beleid?peildatum=2026-03-01").json()

    def never(*_: Any) -> Iterator[Any]:
        raise AssertionError("written anew")

    monkeypatch.setattr(pages, "norms_of", never)
    for day in range(1, 28):
        shown = client.get(f"/v1/beleid?peildatum=2026-03-{day:02}").json()
        assert shown == {**before, "peildatum": f"2026-03-{day:02}"}
    one = client.get("/v1/beleid/VSV-1?peildatum=2026-03-05").json()
    head = {"peildatum": "2026-03-05", "versie": before["versie"], "hash": before["hash"]}
    assert one == {**head, **next(norm for norm in before["normen"] if norm["norm"] == "VSV-1")}


def test_a_problem_is_nobodys_to_keep(client: TestClient) -> None:
    refused = client.get("/v1/beleid/VSV-1?peildatum=vandaag", headers={"if-none-match": "*"})

    problem(refused, 400)
    assert refused.headers["cache-control"] == "no-store"
    assert "etag" not in refused.headers
