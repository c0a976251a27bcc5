"""HTTP itself: addresses, methods and headers, as the NLGov API Design Rules want them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import VERSION
from app.web.call import traceparent_in
from app.web.fields import Fields
from app.web.pages import CACHED
from tests.contract.asking import JSON, fouten, problem

GETS = ["/", "/v1/beleid", "/v1/beleid/VSV-1", "/v1/woorden", "/v1/interpretaties", "/v1/scenarios", "/v1/openapi.json"]
POSTS = ["/advies", "/v1/advies", "/v1/advies/reeks"]
EXPECTED_HEADERS = {
    "api-version": VERSION,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize(
    "path", ["/bestaat-niet", "/v1/bestaat-niet", "/v1", "/v1/", "/advies/x", "/v2/advies", "/docs"]
)
def test_an_unknown_address_is_a_404(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/v1/advies/", "/advies/", "/v1/advies/reeks/"])
def test_a_trailing_slash_is_a_404_and_no_redirect(client: TestClient, path: str) -> None:
    problem(client.post(path, content=b"{}", headers=JSON, follow_redirects=False), 404)


@pytest.mark.parametrize("path", ["/v1/beleid/", "/v1/openapi.json/"])
def test_a_trailing_slash_on_a_get_is_a_404(client: TestClient, path: str) -> None:
    problem(client.get(path, follow_redirects=False), 404)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_a_405_that_says_what_is_allowed(client: TestClient, path: str, method: str) -> None:
    response = client.request(method, path)

    problem(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("path", GETS)
def test_a_get_route_allows_get_and_head_only(client: TestClient, path: str) -> None:
    response = client.post(path, content=b"{}", headers=JSON)

    problem(response, 405)
    assert {one.strip() for one in response.headers["allow"].split(",")} == {"GET", "HEAD"}


@pytest.mark.parametrize("path", GETS)
def test_head_says_what_get_says_without_a_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)

    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("POST", "/v1/advies", 200),
        ("POST", "/v1/advies?x=1", 400),
        ("GET", "/nergens", 404),
        ("GET", "/v1/advies", 405),
        ("GET", "/v1/openapi.json", 200),
    ],
)
def test_every_response_carries_version_and_security_headers(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path, content=b"{}", headers=JSON)

    assert response.status_code == status
    public = {"cache-control": CACHED} if path.endswith("/openapi.json") else {}
    for name, value in {**EXPECTED_HEADERS, **public}.items():
        assert response.headers.get_list(name) == [value]
    assert "set-cookie" not in response.headers
    assert "server" not in response.headers


def test_the_root_says_where_to_look(client: TestClient) -> None:
    plain, page = client.get("/"), client.get("/", headers={"accept": "text/html,*/*;q=0.8"})

    assert plain.json()["openapi"] == "/v1/openapi.json"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "/v1/openapi.json" in page.text
    problem(client.get("/", headers={"accept": "image/png"}), 406)


@pytest.mark.parametrize("path", ["/", "/v1/openapi.json", "/access/v1/openapi.json"])
def test_a_parameter_that_does_not_exist_is_refused_everywhere(client: TestClient, path: str) -> None:
    assert "x" in fouten(client.get(f"{path}?x=1"))


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_machine_that_adds_a_parameter_is_answered(client: TestClient, path: str) -> None:
    assert client.get(f"{path}?x=1").status_code == 200


def asked(app: Any, headers: list[tuple[bytes, bytes]], http_version: str = "1.1", **more: Any) -> tuple[int, str]:
    """Ask for the root with header fields as a server hands them over; returns status and body."""
    sent: list[Any] = []
    scope = {
        "type": "http", "http_version": http_version, "method": "GET", "path": "/", "raw_path": b"/", "root_path": "",
        "query_string": b"", "scheme": "http", "headers": headers, "client": ("testclient", 1), "server": None, **more,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()


@pytest.mark.parametrize(
    ("hosts", "http_version", "status"),
    [(0, "1.1", 400), (1, "1.1", 200), (2, "1.1", 400), (0, "1.0", 200)],
)
def test_a_request_names_one_host(client: TestClient, hosts: int, http_version: str, status: int) -> None:
    found, body = asked(client.app, [(b"host", b"localhost")] * hosts, http_version)

    assert found == status
    if status == 400:
        assert "Host" in json.loads(body)["detail"]


HOST = (b"host", b"localhost")
ASKS = {"method": "POST", "path": "/v1/advies"}
KIND = (b"content-type", b"application/json")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([(b"accept", b"text/html"), (b"accept", b"application/json"), KIND], 200),
        ([(b"accept", b"text/html"), (b"accept", b"image/png"), KIND], 406),
        ([(b"content-encoding", b"identity"), (b"content-encoding", b"gzip"), KIND], 415),
        ([(b"content-encoding", b"identity"), (b"content-encoding", b"identity"), KIND], 200),
        ([KIND, (b"content-type", b"text/plain")], 415),
    ],
)
def test_lines_of_one_header_are_one_list(client: TestClient, lines: list[tuple[bytes, bytes]], status: int) -> None:
    assert asked(client.app, [HOST, *lines], **ASKS)[0] == status


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (b"application/json; charset=utf8", 200),
        (b'Application/JSON ;Charset="UTF-8"', 200),
        (b"application/json;charset=us-ascii", 200),
        (b"application/json; profile=x; version=1", 200),
        (b'application/json; profile="a;charset=latin-1;b"', 200),
        (b"application/json;", 200),
        (b"application/json; charset=utf-16", 415),
        (b"application/json; charset=utf-8; charset=latin-1", 415),
        (b"application/jsonx", 415),
        (b"application/x-json; charset=utf8", 415),
        (b"text/plain; a=application/json", 415),
    ],
)
def test_json_is_json_with_any_parameters(client: TestClient, kind: bytes, status: int) -> None:
    assert asked(client.app, [HOST, (b"content-type", kind)], **ASKS)[0] == status


@pytest.mark.parametrize("accepts", [[b""], [b" "], [b","], [b" , ,"], [b"", b""], [b"", b"application/json"]])
def test_an_accept_that_says_nothing_accepts_everything(client: TestClient, accepts: list[bytes]) -> None:
    assert asked(client.app, [HOST, KIND, *((b"accept", one) for one in accepts)], **ASKS)[0] == 200


@pytest.mark.parametrize("blank", [b" ", b"\t", b" \t \t"])
def test_blanks_around_a_value_are_no_part_of_it(client: TestClient, blank: bytes) -> None:
    seen: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])

    fields = [HOST, (b"x-api-key", b"dw_a b"), (b"x-request-id", b"r 1"), (b"traceparent", b"00-1"), (b"accept", b"")]
    around = [(name, blank + value + blank) for name, value in fields]
    asyncio.run(Fields(inner)({"type": "http", "headers": around}, None, None))  # type: ignore[arg-type] # not called
    assert seen == [fields]

    kind = (b"content-type", blank + b"application/json" + blank)
    assert asked(client.app, [HOST, kind, (b"accept", b"application/json" + blank)], **ASKS)[0] == 200


@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_of_a_field_that_stands_there_twice_neither_is_believed(times: int) -> None:
    lines = [(b"traceparent", b"00-%d" % number) for number in range(times)]

    assert traceparent_in({"headers": [HOST, *lines]}) == ("00-0" if times == 1 else None)


def test_anyone_may_read_the_description_from_any_page(client: TestClient) -> None:
    assert client.get("/v1/openapi.json").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/v1/beleid").headers


def test_the_law_in_force_can_be_read(client: TestClient) -> None:
    new, old = (client.get(f"/v1/beleid?peildatum={day}").json() for day in ("2026-01-01", "2025-12-31"))

    assert old["verandert_op"] == "2026-01-01"
    assert new["verandert_op"] is None
    assert {"naam": "nieuw", "vanaf": "2026-01-01", "tot": None}.items() <= new["regimes"][1].items()
    assert {"naam": "oud", "vanaf": None, "tot": "2025-12-31"}.items() <= old["regimes"][1].items()
    codes = {norm["norm"] for norm in new["normen"]}
    assert "DEF-4" in codes
    assert "DEF-5" not in codes
    assert new["hash"] != old["hash"]


def test_every_word_can_be_read_with_its_label(client: TestClient) -> None:
    shown = client.get("/v1/woorden").json()

    assert shown["versie"] == client.get("/v1/beleid").json()["versie"]
    domains = {one["domein"]: {word["woord"]: word["label"] for word in one["woorden"]} for one in shown["domeinen"]}
    assert all(one["omschrijving"] for one in shown["domeinen"])
    assert domains["partij"]["gemeente_participatie"] == "de gemeente (Werk en Inkomen)"
    assert domains["verplichting"]["vastleggen"] == "leg uw afweging vast"
    assert domains["norm"]["VSV-5"]
    assert "ja_nee" not in domains
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["Gegeven"]["enum"] == list(domains["gegeven"])
    problem(client.get("/v1/woorden?domein=partij"), 400)


def test_every_field_of_a_question_can_be_read(client: TestClient) -> None:
    shown = client.get("/v1/woorden").json()
    fields = {one["veld"]: one for one in shown["velden"]}
    domains = {one["domein"] for one in shown["domeinen"]}

    for one in fields.values():
        assert "?" in one["vraag"], one
        assert one["kort"][0].isupper()
        assert len(one["kort"]) <= 40
        assert one["omschrijving"]
        assert (one["vorm"] == "keuze") == (one["domein"] in domains)
    assert [one["volgorde"] for one in fields.values()] == list(range(1, len(fields) + 1))
    assert fields["jongere.leeftijd"] == {
        "veld": "jongere.leeftijd",
        "kort": "Leeftijd",
        "vraag": "Hoe oud is de jongere op de dag van delen, in hele jaren?",
        "omschrijving": "Leeftijd in hele jaren op de peildatum.",
        "vorm": "getal",
        "domein": None,
        "zonder": [],
        "grenzen": {"minimum": 0, "maximum": 120},
        "soort": "feit",
        "verplicht": False,
        "open": True,
        "volgorde": 3,
    }
    assert fields["kenmerk"]["grenzen"] == {"minimum": 1, "maximum": 100}
    assert fields["delingen[]"]["grenzen"] == {"minimum": 1, "maximum": 250}
    assert fields["peildatum"]["grenzen"] == {"minimum": "1900-01-01", "maximum": "2100-12-31"}
    assert fields["jongere.startkwalificatie"]["grenzen"] is None


def test_whether_a_field_is_open_is_what_the_contract_says(client: TestClient) -> None:
    """Absent is unknown, not so, or nothing about the young person: domein.md §1, `Unknown or not so?`."""
    fields = {one["veld"]: one for one in client.get("/v1/woorden").json()["velden"]}
    closed = {name for name in fields if fields[name]["open"] is False}
    afweging = {
        f"delingen[].afweging.{name}"
        for name in (
            "jongere_aanwezig",
            "leven_of_gezondheid_in_gevaar",
            "kan_geen_toestemming_geven",
            "gerechtvaardigd_belang_weegt_zwaarder",
        )
    }

    assert closed >= {"overeenkomsten[]", "herkomst[]", "verzoek_doorstroompunt"} | afweging
    for name, one in fields.items():
        if one["verplicht"] or name in ("kenmerk", "peildatum", "delingen[]", "toestemmingen[]"):
            assert one["open"] is None, name
        elif name.startswith(("jongere.", "verzuim.", "overgangsdocument.", "mandaten")):
            assert one["open"] is (name != "jongere.vertegenwoordigd"), name
    assert fields["delingen[].afweging.alternatief"]["soort"] == "handeling"
    assert fields["jongere.heeft_werk"]["soort"] == "feit"


def test_every_word_has_a_short_name(client: TestClient) -> None:
    domains = {
        one["domein"]: {word["woord"]: word["kort"] for word in one["woorden"]}
        for one in client.get("/v1/woorden").json()["domeinen"]
    }

    assert domains["partij"]["school"] == "School"
    assert domains["partij"]["gemeente_participatie"] == "Gemeente W&I"
    assert domains["gegeven"]["gespreksverslag"] == "Gespreksverslag"
    for name in ("partij", "gegeven", "doel", "opleiding"):
        short = list(domains[name].values())
        assert len(set(short)) == len(short), "two words of one list cannot have one name"
        assert all(len(one) <= 40 for one in short)


def test_one_norm_can_be_read_with_its_rules_and_sources(client: TestClient) -> None:
    norm = client.get("/v1/beleid/DEF-4?peildatum=2026-03-15").json()

    assert norm["titel"] == "Voortijdig schoolverlater (sinds 2026)"
    assert norm["regels"]
    for rule in norm["regels"]:
        assert "<=" in rule["tekst"]
        assert rule["uitleg"]
        assert rule["bronnen"][0]["titel"]
    assert {"vanaf": "2026-01-01", "tot": None} in [rule["geldigheid"] for rule in norm["regels"]]


@pytest.mark.parametrize("path", ["/v1/beleid/VSV-5?peildatum=2025-12-31", "/v1/beleid/BESTAAT-NIET", "/v1/beleid/%00"])
def test_a_norm_that_is_not_law_that_day_is_a_404(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("parameters", "veld"),
    [
        ("peildatum=morgen", "peildatum"),
        ("peildatum=2026-02-30", "peildatum"),
        ("peildatm=2026-01-01", "peildatm"),
        ("x=1", "x"),
    ],
)
def test_a_wrong_parameter_of_the_law_is_refused(client: TestClient, parameters: str, veld: str) -> None:
    assert veld in fouten(client.get(f"/v1/beleid?{parameters}"))
