"""Access over HTTP: who is let in, what they may read, and how often they may ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.access import keys
from app.access.keys import KeyBook
from app.composition import Composition, compose
from app.database.connection import Database
from app.main import assemble
from app.settings import Settings
from app.web import gate
from tests.contract.asking import JSON, QUESTION, problem
from tests.unit.access import issuer

ALL = ("advies", "log:lezen", "beheer")
OAUTH = {"jwt_issuer": issuer.ISSUER, "jwt_audience": issuer.AUDIENCE}
Serve = Callable[..., "Service"]


class Service:
    """A service with access configured, and its keys."""

    def __init__(self, composed: Composition, settings: Settings, address: str) -> None:
        self.composed = composed
        self.settings = settings
        self.database = Database(settings.log_url)
        self.client = self.reached_from(address)
        self.book = KeyBook(self.database)

    def reached_from(self, address: str) -> TestClient:
        """Return a client that asks from an address."""
        if not hasattr(self, "app"):
            self.app = assemble(self.composed, self.settings)
        return TestClient(self.app, "http://localhost", client=(address, 50000))

    def key(self, *scopes: str) -> str:
        """Make a key."""
        return self.book.new("X", scopes or ALL)[1]

    def ask(self, proof: str | None, path: str = "/v1/advies", question: Any = QUESTION, **headers: str) -> Response:
        """Ask, with a key or a token."""
        shown = {} if proof is None else {"authorization": f"Bearer {proof}"}
        body = question if isinstance(question, bytes) else json.dumps(question).encode()
        return self.client.post(path, content=body, headers={**JSON, **shown, **headers})


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    return compose(Settings(cache=tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True)
def new_keys_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "NEW_SECONDS", 0.0)


@pytest.fixture
def serve(composed: Composition, tmp_path: Path) -> Iterator[Serve]:
    """Start services; each test has a log of its own."""
    made: list[Service] = []

    def start(address: str = "203.0.113.7", **chosen: Any) -> Service:
        jwks = str(issuer.write(tmp_path / "jwks.json"))
        known: dict[str, Any] = {"access": ("sleutel", "oauth"), "jwks": jwks, **OAUTH, **chosen}
        settings = Settings(log_url=f"sqlite:///{tmp_path / 'log.db'}", **known)
        made.append(Service(composed, settings, address))
        return made[-1]

    yield start
    for one in made:
        one.database.close()


def test_a_key_and_a_token_let_in_from_anywhere(serve: Serve) -> None:
    service = serve()
    key = service.key("advies")

    assert service.ask(key).status_code == 200
    assert service.ask(None, **{"x-api-key": key}).status_code == 200
    assert service.ask(issuer.token(scope="advies")).status_code == 200
    assert service.ask(None, authorization=f"bearer {key}").status_code == 200


def test_who_shows_nothing_is_asked_who_they_are(serve: Serve) -> None:
    service = serve()
    for headers in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer "}, {"authorization": "Bearer"}):
        refused = service.ask(None, **headers)

        assert problem(refused, 401)["title"] == "Zeg wie u bent"
        assert refused.headers["www-authenticate"] == 'Bearer realm="deelwijzer"'


WRONG: dict[str, Callable[[], str]] = {
    "no algorithm": issuer.unsigned,
    "the public key as secret": issuer.signed_with_public_key,
    "another issuer": lambda: issuer.token(iss="https://kwaad.example"),
    "another audience": lambda: issuer.token(aud="iets-anders"),
    "expired": lambda: issuer.token(exp=1_700_000_000),
    "no expiry": lambda: issuer.token(exp=issuer.ABSENT),
    "not valid yet": lambda: issuer.token(nbf=32_000_000_000, exp=33_000_000_000),
    "a key nobody knows": lambda: issuer.token("strange"),
    "changed after signing": issuer.tampered,
    "an unknown API key": lambda: f"dw_aaaaaaaaaa_{'A' * 43}",
    "half an API key": lambda: "dw_",
    "a password": lambda: "geheim123",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_proves_nothing_is_refused_without_repeating_it(
    serve: Serve, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    proof = WRONG[name]()
    refused = serve().ask(proof)

    problem(refused, 401)
    assert refused.headers["www-authenticate"] == 'Bearer realm="deelwijzer", error="invalid_token"'
    for part in (*proof.split("."), "gemeente-x"):
        assert len(part) < 6 or part not in refused.text + caplog.text


def test_a_revoked_key_no_longer_lets_in(serve: Serve) -> None:
    service = serve()
    key, text = service.book.new("X", ALL)
    service.book.revoke(key.id)

    problem(service.ask(text), 401)


def test_two_proofs_at_once_are_refused(serve: Serve) -> None:
    service = serve()
    key = service.key()

    problem(service.ask(key, **{"x-api-key": key}), 400)


@pytest.mark.parametrize(("way", "works", "not_this"), [("sleutel", "key", "token"), ("oauth", "token", "key")])
def test_only_the_ways_in_that_were_chosen_work(serve: Serve, way: str, works: str, not_this: str) -> None:
    service = serve(access=(way,))
    proofs = {"key": service.key(), "token": issuer.token()}

    assert service.ask(proofs[works]).status_code == 200
    problem(service.ask(proofs[not_this]), 401)


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("advies", "POST", "/advies"),
        ("advies", "POST", "/v1/advies"),
        ("advies", "POST", "/v1/advies/reeks"),
        ("advies", "POST", "/v1/vragen"),
        ("advies", "POST", "/access/v1/evaluation"),
        ("advies", "POST", "/access/v1/evaluations"),
        ("advies", "POST", "/access/v1/search/subject"),
        ("advies", "POST", "/access/v1/search/resource"),
        ("advies", "POST", "/access/v1/search/action"),
        ("log:lezen", "POST", "/v1/adviezen/_zoek"),
        ("log:lezen", "GET", "/v1/adviezen/00000000-0000-4000-8000-000000000000"),
    ],
)
def test_each_call_needs_its_scope(serve: Serve, scope: str, method: str, path: str) -> None:
    service = serve()
    others = [one for one in ALL if one != scope]
    for proof in (service.key(*others), issuer.token(scope=" ".join(others))):
        refused = service.client.request(method, path, headers={"authorization": f"Bearer {proof}", **JSON})

        assert scope in problem(refused, 403)["detail"]
        expected = f'Bearer realm="deelwijzer", error="insufficient_scope", scope="{scope}"'
        assert refused.headers["www-authenticate"] == expected
    allowed = service.client.request(method, path, headers={"authorization": f"Bearer {service.key(scope)}", **JSON})
    assert allowed.status_code in (400, 404)


@pytest.mark.parametrize("base", ["/v1", "/access/v1"])
def test_the_description_says_what_each_call_needs(serve: Serve, base: str) -> None:
    service = serve()
    document = service.client.get(f"{base}/openapi.json").json()

    assert document["components"]["securitySchemes"].keys() == {"sleutel", "token"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            given = f"{base}{path}".replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{norm}", "VSV-1")
            status = service.client.request(method, given, headers=JSON).status_code
            assert (status == 401) == bool(operation["security"]), path
            if operation["security"]:
                assert operation["security"] == [{"sleutel": []}, {"token": []}]
                scope = operation["x-bevoegdheid"]
                assert f"de bevoegdheid {scope}." in operation["description"]
                refused = service.client.request(
                    method, given, headers={**JSON, "x-api-key": service.key(*(one for one in ALL if one != scope))}
                )
                assert refused.status_code == 403, path


def test_the_law_the_description_and_the_start_are_for_everyone(serve: Serve) -> None:
    service = serve()
    described = ("/v1/openapi.json", "/access/v1/openapi.json", "/.well-known/authzen-configuration")
    for path in (
        "/",
        *described,
        "/v1/beleid",
        "/v1/beleid/VSV-1",
        "/v1/woorden",
        "/v1/interpretaties",
        "/v1/scenarios",
    ):
        assert service.client.get(path).status_code == 200


def test_callers_read_their_own_adviezen_only(serve: Serve) -> None:
    service = serve()
    callers = {
        "key": service.key(),
        "another key": service.key(),
        "a client": issuer.token(scope=" ".join(ALL)),
        "another client": issuer.token(scope=" ".join(ALL), client_id="gemeente-y"),
        "a client that names itself after a key": issuer.token(
            scope=" ".join(ALL), client_id=f"sleutel:{service.book.all()[0].id}"
        ),
        "a client that calls itself local": issuer.token(scope=" ".join(ALL), client_id="lokaal"),
    }
    given = {name: service.ask(proof).json()["id"] for name, proof in callers.items()}

    for name, proof in callers.items():
        found = service.ask(proof, "/v1/adviezen/_zoek", {"kenmerk": QUESTION["kenmerk"]}).json()["adviezen"]
        assert [one["id"] for one in found] == [given[name]]
        for owner, identifier in given.items():
            got = service.client.get(f"/v1/adviezen/{identifier}", headers={"authorization": f"Bearer {proof}"})
            assert got.status_code == (200 if owner == name else 404), (name, owner)


@pytest.mark.usefixtures("only_flows_count")
def test_who_asks_too_often_must_wait(serve: Serve) -> None:
    service = serve(rate_limit="3/hour")
    key, other = service.key(), service.key()

    assert [service.ask(key).status_code for _ in range(3)] == [200] * 3
    refused = service.ask(key)
    assert problem(refused, 429)["title"] == "U vraagt te vaak"
    assert 1 <= int(refused.headers["retry-after"]) <= 7200
    assert service.ask(other).status_code == 200
    assert service.ask(issuer.token()).status_code == 200


@pytest.mark.usefixtures("only_flows_count")
def test_every_question_of_a_series_counts(serve: Serve) -> None:
    service = serve(rate_limit="5/hour")
    key, other = service.key(), service.key()
    series = {"casussen": [QUESTION] * 4}

    assert service.ask(key, "/v1/advies/reeks", series).status_code == 200
    problem(service.ask(key, "/v1/advies/reeks", series), 429)
    assert "hooguit 5" in problem(service.ask(other, "/v1/advies/reeks", {"casussen": [{}] * 6}), 413)["detail"]
    assert service.ask(service.key(), "/v1/advies/reeks", {"casussen": [QUESTION] * 5}).status_code == 200


@pytest.mark.usefixtures("only_flows_count")
def test_every_flow_of_a_question_counts(serve: Serve) -> None:
    service = serve(rate_limit="5/hour")
    several = {"delingen": [{**QUESTION["delingen"][0], "gegevens": ["contactgegevens"] * 4}]}
    key = service.key()

    assert service.ask(key, question=several).status_code == 200
    problem(service.ask(key, question=several), 429)
    problem(service.ask(service.key(), "/v1/advies/reeks", {"casussen": [several, several]}), 413)
    assert service.ask(service.key(), "/v1/advies/reeks", {"casussen": [several, {}]}).status_code == 200


@pytest.mark.usefixtures("only_flows_count")
def test_every_evaluation_of_a_batch_counts(serve: Serve) -> None:
    service = serve(rate_limit="5/hour")
    key = service.key()
    batch: dict[str, list[dict[str, str]]] = {"evaluations": [{}] * 4}

    assert service.ask(key, "/access/v1/evaluations", batch).status_code == 200
    problem(service.ask(key, "/access/v1/evaluations", batch), 429)
    problem(service.ask(service.key(), "/access/v1/evaluations", {"evaluations": [{}] * 6}), 413)


OPEN = (
    "/",
    "/v1/beleid",
    "/v1/beleid/VSV-1",
    "/v1/woorden",
    "/v1/interpretaties",
    "/v1/scenarios",
    "/v1/openapi.json",
    "/.well-known/authzen-configuration",
)


def test_what_anyone_may_read_is_counted_per_address(serve: Serve) -> None:
    service = serve(rate_limit="1/hour", visit_limit=f"{len(OPEN)}/hour")

    assert [service.client.get(path).status_code for path in OPEN] == [200] * len(OPEN)
    for path in (*OPEN, "/access/v1/openapi.json"):
        problem(service.client.get(path), 429)
    assert service.reached_from("198.51.100.1").get("/v1/beleid").status_code == 200
    assert service.ask(service.key()).status_code == 200


def test_who_keeps_showing_something_wrong_must_wait_but_what_is_right_is_let_in(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All callers can share an address: behind a proxy that does not say for whom it asks."""
    monkeypatch.setattr(gate, "WRONG_LIMIT", "3/hour")
    service = serve(address="2001:db8::1")
    familiar, unknown = service.key(), service.key()
    assert service.ask(familiar).status_code == 200

    for _ in range(3):
        problem(service.ask(f"dw_aaaaaaaaaa_{'A' * 43}"), 401)
    refused = service.ask(f"dw_aaaaaaaaaa_{'B' * 43}")
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) >= 1
    neighbour = service.reached_from("2001:db8::ffff").post("/v1/advies", headers={"x-api-key": "fout"})
    problem(neighbour, 429)
    for proof in (familiar, unknown, issuer.token(), issuer.token(client_id="app2", jti="fresh")):
        assert service.ask(proof).status_code == 200, "also one that was never seen before"
    problem(service.ask("geen.geldig.token"), 429)
    elsewhere = service.reached_from("2001:db8:0:1::1")
    problem(elsewhere.post("/v1/advies", json=QUESTION, headers={"x-api-key": "fout"}), 401)


def test_a_large_body_is_refused_after_the_gate_and_before_it_is_read(serve: Serve) -> None:
    service = serve()
    large = b" " * (64 * 1024 + 1)

    problem(service.ask("dw_", question=large), 401)
    problem(service.ask(service.key(), question=large), 413)
    unread = service.ask(service.key(), question=b"{}", **{"content-length": "99999999"})
    problem(unread, 413)


def test_without_the_database_the_answer_is_later_and_never_wrong(serve: Serve, tmp_path: Path) -> None:
    service = serve()
    key = service.key()
    for path in tmp_path.glob("log.db*"):
        path.unlink()
    refused = service.ask(key)

    assert "nagaan" in problem(refused, 503)["detail"]
    assert refused.headers["retry-after"] == "5"


def test_without_the_issuers_keys_the_answer_is_later_and_never_wrong(serve: Serve, tmp_path: Path) -> None:
    service = serve()
    (tmp_path / "jwks.json").unlink()
    for proof in (issuer.token(), issuer.token("strange"), issuer.tampered()):
        refused = service.ask(proof)

        problem(refused, 503)
        assert refused.headers["retry-after"] == "5"
    problem(service.ask(issuer.unsigned()), 401)
    assert service.ask(service.key()).status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "0.0.0.0", "", "x"])
def test_without_access_only_this_machine_is_answered(serve: Serve, address: str) -> None:
    service = serve(address, access=())

    authzen = ("/access/v1/evaluation", "/access/v1/evaluations", "/access/v1/search/subject")
    for path in ("/v1/advies", "/v1/advies/reeks", "/v1/adviezen/_zoek", "/v1/vragen", *authzen):
        problem(service.ask(None, path), 403)
    assert service.client.get("/v1/beleid/VSV-1").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_without_access_this_machine_needs_no_key_and_has_no_limit(serve: Serve, address: str) -> None:
    service = serve(address, access=(), rate_limit="1/hour")

    assert [service.ask(None).status_code for _ in range(3)] == [200] * 3
    assert service.ask(None, "/v1/advies/reeks", {"casussen": [{}] * 3}).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        *("x-forwarded-for", "X-Forwarded-Host", "x-forwarded-proto", "forwarded", "via", "x-real-ip", "x-client-ip"),
        *("cf-connecting-ip", "true-client-ip", "Fastly-Client-IP", "X-Cluster-Client-IP", "X-Envoy-External-Address"),
        *("x-original-forwarded-for", "x-original-host", "x-proxyuser-ip", "client-ip", "x-azure-clientip", "cdn-loop"),
        *("x-remote-addr", "cloudfront-viewer-address", "x-appengine-user-ip", "fly-client-ip", "wl-proxy-client-ip"),
        *("x-forwarded", "forwarded-for", "max-forwards", "proxy-connection", "x-bluecoat-via", "x-host-of-the-caller"),
    ],
)
def test_without_access_nothing_is_answered_through_a_proxy(serve: Serve, name: str) -> None:
    service = serve("127.0.0.1", access=())

    detail = problem(service.ask(None, **{name: "127.0.0.1"}), 403)["detail"]
    assert "proxy" in detail
    assert name.lower() in detail
    for path in ("/", "/livez", "/metrics", "/v1/beleid/VSV-1", "/v1/openapi.json"):
        problem(service.client.get(path, headers={name: "x" if "caller" not in name else "[::1]:80"}), 403)


@pytest.mark.parametrize(
    "field",
    [
        ("user-agent", "1.2.3.4"),
        ("x-request-id", "10.0.0.1"),
        ("sec-ch-ua-full-version", "1.2.3.4"),
        ("x-version", "1.2.3"),
        ("x-zip-code", "1234"),
        ("referer", "http://127.0.0.1/"),
        ("if-none-match", "1.2.3.4.5"),
        ("x-time", "10:20"),
    ],
)
def test_without_access_what_a_caller_itself_sends_is_no_proxy(serve: Serve, field: tuple[str, str]) -> None:
    assert serve("127.0.0.1", access=()).ask(None, **dict([field])).status_code == 200


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.8.8.8", "127.0.0.1:1", "[::1]", "[::1]:8000"])
def test_without_access_a_name_of_this_machine_is_answered(serve: Serve, host: str) -> None:
    assert serve("127.0.0.1", access=()).ask(None, host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "x", ""]
)
@pytest.mark.parametrize("path", ["/v1/advies", "/v1/adviezen/_zoek", "/access/v1/evaluation"])
def test_without_access_a_page_that_made_its_name_lead_here_gets_nothing(serve: Serve, host: str, path: str) -> None:
    service = serve("127.0.0.1", access=())

    refused = service.ask(None, path, {}, host=host, origin=f"http://{host}")
    assert "localhost" in problem(refused, 403)["detail"]


def test_without_access_no_route_answers_under_another_name(serve: Serve) -> None:
    service = serve("127.0.0.1", access=(), cors=("http://evil.example",))
    paths = {route.path for route in service.app.routes if isinstance(route, Route)}
    assert {"/livez", "/readyz", "/metrics", "/", "/v1/beleid", "/v1/beleid/_herlaad", "/v1/openapi.json"} <= paths
    for path in {*paths, "/nergens"}:
        for method in ("GET", "POST", "OPTIONS"):
            asked = {"host": "evil.example", "origin": "http://evil.example", "access-control-request-method": "POST"}
            refused = service.client.request(method, path.replace("{norm}", "VSV-1"), headers=asked)
            assert "localhost" in problem(refused, 403)["detail"], path


def test_without_access_health_is_told_on_this_machine_only(serve: Serve) -> None:
    service = serve("10.0.0.1", access=())
    for path in ("/livez", "/readyz", "/metrics"):
        problem(service.client.get(path), 403)
        assert service.reached_from("::1").get(path).status_code == 200


def test_blanks_around_a_key_are_no_part_of_it(serve: Serve) -> None:
    service = serve()
    key = service.key()
    for shown in ({"x-api-key": f"{key} "}, {"x-api-key": f"\t{key}\t "}, {"authorization": f" Bearer  {key} "}):
        response = service.ask(None, **shown, **{"x-request-id": " r 1 \t"})
        assert response.status_code == 200
        assert response.headers["x-request-id"] == "r 1"


def test_with_access_any_name_is_answered(serve: Serve) -> None:
    service = serve()
    assert service.ask(service.key(), host="deelwijzer.example").status_code == 200


def test_the_description_of_an_open_service_asks_nothing_of_this_machine(serve: Serve) -> None:
    document = serve("127.0.0.1", access=()).client.get("/v1/openapi.json").json()

    assert {} in document["paths"]["/advies"]["post"]["security"]


def test_a_service_that_keeps_no_log_lets_nobody_else_in(composed: Composition) -> None:
    settings = replace(Settings(log_url="geen"), access=("sleutel",))
    client = TestClient(assemble(composed, settings), client=("203.0.113.7", 50000))

    problem(client.post("/v1/advies", json=QUESTION), 403)
