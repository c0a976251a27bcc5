"""The certification scenario of AuthZEN 1.0, case by case, against its fixture as a policy set.

The fixture (authzen_fixture/) is data only: vocabulary, facts, rules and a mapping. The ids are those of
`certification/authorization-api-1_0-scenario.md` in openid/authzen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

FIXTURE = Path(__file__).parent / "authzen_fixture"
BASE = "https://pdp.example.nl"
JSON = {"content-type": "application/json"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def pdp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pdp")
    settings = Settings(
        facts=FIXTURE / "facts",
        policies=FIXTURE / "policies",
        cache=folder / "cache",
        log_url=f"sqlite:///{folder / 'log.db'}",
        base_url=BASE,
    )
    with TestClient(create_app(settings), base_url=BASE) as made:
        yield made


def entity(kind: str, identifier: str | None = None, **properties: Any) -> Json:
    made: Json = {"type": kind}
    if identifier is not None:
        made["id"] = identifier
    return {**made, "properties": properties} if properties else made


def user(identifier: str | None = None, **properties: Any) -> Json:
    return entity("user", identifier, **properties)


def record(identifier: str | None = None, **properties: Any) -> Json:
    return entity("record", identifier, **properties)


def act(name: str, **properties: Any) -> Json:
    return {"name": name, "properties": properties} if properties else {"name": name}


def asks(subject: Json, action: Json, resource: Json, **more: Any) -> Json:
    return {"subject": subject, "action": action, "resource": resource, **more}


READ = asks(user("alice"), act("read"), record("record-1"))
ARCHIVED = record("record-2", status="archived")
ADMIN = user("bob", role="admin")


def post(pdp: TestClient, path: str, body: Any, **headers: str) -> Response:
    return pdp.post(f"/access/v1/{path}", json=body, headers=headers)


def good(response: Response) -> Json:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    body: Json = response.json()
    return body


def decision(pdp: TestClient, body: Json) -> bool:
    answer = good(post(pdp, "evaluation", body))
    assert type(answer["decision"]) is bool
    assert isinstance(answer.get("context", {}), dict)
    found: bool = answer["decision"]
    return found


EVALUATIONS = [
    ("C-1.4 rule 1", READ, True),
    ("C-1.4 rule 2", asks(user("alice"), act("write"), record("record-1")), True),
    ("C-1.4 rule 3", asks(user("bob"), act("read"), record("record-1")), True),
    ("C-1.4 rule 4", asks(user("bob"), act("write"), record("record-1")), False),
    ("C-2.2.1", READ, True),
    ("C-2.2.2", asks(user("bob"), act("write"), record("record-1")), False),
    ("C-2.2.3", {**READ, "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}}, True),
    ("C-2.2.4 rule 5", asks(user("alice"), act("write"), ARCHIVED), False),
    ("C-2.2.4 by property, not by id", asks(user("alice"), act("write"), record("record-1", status="archived")), False),
    ("C-2.2.5 rule 6", asks(ADMIN, act("write"), ARCHIVED), True),
    ("C-2.2.6 rule 7", asks(user("alice"), act("delete", soft=True), record("record-1")), True),
    ("C-2.2.7 rule 8", asks(user("alice"), act("delete", soft=False), record("record-1")), False),
    (
        "C-2.2.8",
        asks(
            user("alice", department="Sales", role="manager"),
            act("read", method="GET"),
            record("record-1", status="active", owner="bob"),
        ),
        True,
    ),
    ("C-2.2.9", {**READ, "foo": "bar", "futureField": {"nested": True}}, True),
]


@pytest.mark.parametrize(
    ("body", "expected"), [case[1:] for case in EVALUATIONS], ids=[case[0] for case in EVALUATIONS]
)
def test_c_2_2_evaluation(pdp: TestClient, body: Json, expected: bool) -> None:
    assert decision(pdp, body) is expected


REFUSED = {
    "C-2.4.1 subject": {name: READ[name] for name in ("action", "resource")},
    "C-2.4.1 action": {name: READ[name] for name in ("subject", "resource")},
    "C-2.4.1 resource": {name: READ[name] for name in ("subject", "action")},
    "C-2.4.2 subject type": {**READ, "subject": {"id": "alice"}},
    "C-2.4.2 subject id": {**READ, "subject": {"type": "user"}},
    "C-2.4.2 action name": {**READ, "action": {}},
    "C-2.4.2 resource type": {**READ, "resource": {"id": "record-1"}},
    "C-2.4.2 resource id": {**READ, "resource": {"type": "record"}},
    "C-2.4.6 subject": {**READ, "subject": "alice"},
    "C-2.4.6 action name": {**READ, "action": {"name": 123}},
    "top-level array": [READ],
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_c_2_4_errors(pdp: TestClient, body: Any) -> None:
    response = post(pdp, "evaluation", body)

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert "decision" not in response.json()


def test_c_2_4_3_another_content_type_is_refused(pdp: TestClient) -> None:
    response = pdp.post("/access/v1/evaluation", content=b"{}", headers={"content-type": "text/plain"})

    assert response.status_code == 415, (
        "415 says what is wrong; the scenario's sentence says 400, its harness takes both"
    )


@pytest.mark.parametrize("raw", [b'{"subject":', b""], ids=["C-2.4.4 malformed", "C-2.4.5 empty"])
def test_c_2_4_no_json(pdp: TestClient, raw: bytes) -> None:
    assert pdp.post("/access/v1/evaluation", content=raw, headers=JSON).status_code == 400


@pytest.mark.parametrize("path", ["evaluation", "evaluations", "search/subject"])
@pytest.mark.parametrize("body", [READ, {}], ids=["answered", "refused"])
def test_c_2_5_1_the_request_id_comes_back(pdp: TestClient, path: str, body: Json) -> None:
    assert post(pdp, path, body, **{"X-Request-ID": "abc-123"}).headers.get_list("x-request-id") == ["abc-123"]


def test_c_2_5_2_no_request_id_is_needed(pdp: TestClient) -> None:
    assert "x-request-id" not in post(pdp, "evaluation", READ).headers


def test_c_2_6_the_same_request_the_same_decision(pdp: TestClient) -> None:
    assert {decision(pdp, READ) for _ in range(5)} == {True}


BATCHES: list[tuple[str, Json, list[bool | None]]] = [
    (
        "C-3.2.1",
        {"subject": user("alice"), "action": act("read"), "evaluations": [
            {"resource": record("record-1")}, {"resource": record("record-2")},
        ]},
        [True, None],
    ),
    (
        "C-3.2.2",
        {"subject": user("bob"), "resource": record("record-1"), "evaluations": [
            {"action": act("read")}, {"action": act("write")},
        ]},
        [True, False],
    ),
    (
        "C-3.2.3",
        {"subject": user("alice"), "action": act("write"), "evaluations": [
            {"resource": record("record-1", status="active")}, {"resource": ARCHIVED},
        ]},
        [True, False],
    ),
    (
        "C-3.2.4",
        {"action": act("write"), "resource": ARCHIVED, "evaluations": [{"subject": user("alice")}, {"subject": ADMIN}]},
        [False, True],
    ),
    ("C-3.2.5", {"evaluations": [READ, asks(user("bob"), act("write"), record("record-1"))]}, [True, False]),
    (
        "C-3.2.6",
        {"subject": user("alice"), "action": act("read"), "context": {"time": "2025-06-27T18:03-07:00"},
         "evaluations": [
            {"resource": record("record-1")},
            {"resource": record("record-2"), "context": {"time": "2025-06-27T19:00-07:00", "source": "batch-override"}},
        ]},
        [True, None],
    ),
    (
        "C-3.2.7",
        {"subject": user("alice"), "action": act("write"), "resource": {"type": "record"}, "evaluations": [
            {"resource": {"id": "record-1", "properties": {"status": "active"}}}, {"resource": ARCHIVED},
        ]},
        [True, False],
    ),
    (
        "C-3.4.1",
        {"subject": user("alice"), "action": act("read"), "evaluations": [{"resource": record("record-1")}, {}]},
        [True, False],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in BATCHES], ids=[case[0] for case in BATCHES])
def test_c_3_evaluations(pdp: TestClient, body: Json, expected: list[bool | None]) -> None:
    answer = good(post(pdp, "evaluations", body))

    assert "decision" not in answer, "C-3.3.4"
    found = [one["decision"] for one in answer["evaluations"]]
    assert all(type(one) is bool for one in found), "C-3.3.3"
    assert len(found) == len(body["evaluations"]), "C-3.3.1"
    assert all(one is wanted for one, wanted in zip(found, expected, strict=True) if wanted is not None), "C-3.3.2"


def test_c_3_4_1_the_failed_one_says_what_was_wrong(pdp: TestClient) -> None:
    answer = good(post(pdp, "evaluations", BATCHES[-1][1]))

    error = answer["evaluations"][1]["context"]["error"]
    assert (error["status"], error["fouten"][0]["veld"]) == (400, "resource")
    assert error["message"]


@pytest.mark.parametrize("more", [{}, {"evaluations": []}], ids=["C-3.4.2 missing", "C-3.4.3 empty"])
def test_c_3_4_without_evaluations_it_is_one(pdp: TestClient, more: Json) -> None:
    answer = good(post(pdp, "evaluations", {**READ, **more}))

    assert answer["decision"] is True
    assert "evaluations" not in answer


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_the_three_semantics(pdp: TestClient, semantic: str, expected: list[bool]) -> None:
    body = {
        "subject": user("alice"),
        "action": act("write"),
        "options": {"evaluations_semantic": semantic, "another": 1},
        "evaluations": [{"resource": record("record-1")}, {"resource": ARCHIVED}, {"resource": record("record-1")}],
    }

    assert [one["decision"] for one in good(post(pdp, "evaluations", body))["evaluations"]] == expected


SEARCHES: list[tuple[str, str, Json, list[str]]] = [
    ("C-4.2.1", "subject", asks(user(), act("read"), record("record-1")), ["alice", "bob"]),
    ("C-4.2.2", "subject", asks(user(), act("read"), record("record-1"), context={"ip": "::1"}), ["alice", "bob"]),
    ("C-4.2.3", "subject", asks(user("ignored"), act("read"), record("record-1")), ["alice", "bob"]),
    ("C-4.2.4", "subject", asks(user(), act("write"), ARCHIVED), ["bob"]),
    ("C-4.3.1", "resource", asks(user("alice"), act("read"), record()), ["record-1", "record-2"]),
    ("C-4.3.2", "resource", asks(user("alice"), act("write"), record("ignored")), ["record-1"]),
    ("C-4.3.3", "resource", asks(ADMIN, act("write"), record()), ["record-2"]),
    ("C-4.4.1", "action", {"subject": user("alice"), "resource": record("record-1")}, ["read", "write"]),
    (
        "C-4.4.2",
        "action",
        {"subject": user("alice"), "resource": record("record-1"), "context": {"time": "2025-06-27T18:03-07:00"}},
        ["read", "write"],
    ),
    ("C-4.4.3", "action", {"subject": ADMIN, "resource": ARCHIVED}, ["read", "write"]),
    ("C-4.5.1", "subject", asks(user(), act("read"), record("record-1"), page={"limit": 1}), ["alice", "bob"]),
    ("C-4.5.2", "subject", asks(user(), act("read"), record("record-1"), page={"token": "x"}), ["alice", "bob"]),
    ("C-4.6.1", "action", {"subject": user("nonexistent-user"), "resource": record("record-1")}, []),
    ("C-4.6.2", "subject", asks(entity("spaceship"), act("read"), record("record-1")), []),
]


@pytest.mark.parametrize(
    ("what", "body", "expected"), [case[1:] for case in SEARCHES], ids=[case[0] for case in SEARCHES]
)
def test_c_4_search(pdp: TestClient, what: str, body: Json, expected: list[str]) -> None:
    answer = good(post(pdp, f"search/{what}", body))

    kind = {"subject": {"type": "user"}, "resource": {"type": "record"}, "action": {}}[what]
    key = "name" if what == "action" else "id"
    assert answer["results"] == [{**kind, key: one} for one in expected]
    assert "page" not in answer, "C-4.5.4: everything is on one page"


UNSEARCHABLE = {
    "C-4.7.1 subject": ("subject", {"subject": user(), "resource": record("record-1")}),
    "C-4.7.1 resource": ("resource", {"action": act("read"), "resource": record()}),
    "C-4.7.1 action": ("action", {"subject": user("alice")}),
    "C-4.7.2 subject": ("subject", asks(user(), act("read"), record())),
    "C-4.7.2 resource": ("resource", asks(user(), act("read"), record())),
}


@pytest.mark.parametrize(("what", "body"), UNSEARCHABLE.values(), ids=UNSEARCHABLE)
def test_c_4_7_search_errors(pdp: TestClient, what: str, body: Json) -> None:
    assert post(pdp, f"search/{what}", body).status_code == 400


def test_c_6_metadata(pdp: TestClient) -> None:
    response = pdp.get("/.well-known/authzen-configuration")

    assert good(response) == {
        "policy_decision_point": BASE,
        "access_evaluation_endpoint": f"{BASE}/access/v1/evaluation",
        "access_evaluations_endpoint": f"{BASE}/access/v1/evaluations",
        "search_subject_endpoint": f"{BASE}/access/v1/search/subject",
        "search_resource_endpoint": f"{BASE}/access/v1/search/resource",
        "search_action_endpoint": f"{BASE}/access/v1/search/action",
    }
    assert response.headers.get_list("cache-control") == ["public, max-age=3600"]


def test_c_6_every_endpoint_it_names_answers(pdp: TestClient) -> None:
    metadata = good(pdp.get("/.well-known/authzen-configuration"))

    for name, url in metadata.items():
        if name != "policy_decision_point":
            assert pdp.post(url, json=READ).status_code == 200, name
