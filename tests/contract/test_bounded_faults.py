"""One bound on everything that is said per item of a call, whichever way the items came in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.gate import LoopbackGate
from app.web.problems import MOST_FAULTS, Problem
from app.web.reading import LONGEST_QUERY, MOST_PARAMETERS
from tests.contract.asking import JSON, QUESTION, ask, problem
from tests.contract.test_authzen import asks

UNKNOWN = {f"x{number}": number for number in range(500)}
ODD = {f"y{number}": number for number in range(60)}
MANY = {
    "fields of a question": ("/v1/advies", UNKNOWN, "500 fouten"),
    "flows of a question": ("/v1/advies", {**QUESTION, "delingen": [{}] * 200}, "800 fouten"),
    "names beside a series": ("/v1/advies/reeks", {"casussen": [QUESTION], **UNKNOWN}, "meer dan 100 fouten"),
    "names in a search": ("/v1/adviezen/_zoek", UNKNOWN, "meer dan 100 fouten"),
    "names beside a query": (
        "/v1/vragen",
        {"casus": {}, "vraag": "taak(C, P, T, A)", **UNKNOWN},
        "meer dan 100 fouten",
    ),
    "the casus of a query": ("/v1/vragen", {"casus": UNKNOWN, "vraag": "taak(C, P, T, A)"}, "500 fouten"),
    "the conditions of a query": ("/v1/vragen", {"casus": {}, "vraag": "&".join("x" * 900)}, "meer dan 100 fouten"),
    "the casus of AuthZEN": ("/access/v1/evaluation", asks({**QUESTION, **UNKNOWN}), "500 fouten"),
    "names to a reload": ("/v1/beleid/_herlaad", UNKNOWN, "meer dan 100 fouten"),
}


@pytest.mark.parametrize("name", MANY)
def test_what_is_wrong_is_listed_up_to_a_bound_and_counted(client: TestClient, name: str) -> None:
    path, body, count = MANY[name]
    body.get("context", {}).get("casus", {}).pop("delingen", None)
    shown = problem(ask(client, body, path), 400)

    assert len(shown["fouten"]) <= MOST_FAULTS
    assert len(shown["fouten"]) >= MOST_FAULTS - 10, "an entry said twice is listed once"
    assert count in shown["detail"]
    assert "eerste" in shown["detail"]


def listed(value: Any) -> Iterator[Any]:
    """Go through every fault in an answer."""
    if isinstance(value, dict):
        yield from value.get("fouten", ())
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from listed(inner)


@pytest.mark.parametrize(
    ("path", "body", "results"),
    [
        ("/v1/advies/reeks", {"casussen": [ODD] * 300}, "resultaten"),
        ("/access/v1/evaluations", {"evaluations": [asks(ODD)] * 300}, "evaluations"),
    ],
)
def test_all_problems_in_one_answer_share_the_bound(client: TestClient, path: str, body: Any, results: str) -> None:
    shown = ask(client, body, path).json()

    assert len(shown[results]) == 300
    assert len(list(listed(shown))) == MOST_FAULTS
    last = json.dumps(shown[results][-1])
    assert "60 fouten" in last, "how many there are is still told"
    assert "Dit antwoord noemt al 100 fouten" in last


def test_a_few_faults_are_told_as_ever(client: TestClient) -> None:
    shown = problem(ask(client, {"a": 1, "b": 2}), 400)

    assert shown["detail"].startswith("De vraag bevat 2 fouten.")
    assert "eerste" not in shown["detail"]


ROUTES = [
    ("POST", "/v1/advies"),
    ("POST", "/v1/advies/reeks"),
    ("POST", "/v1/vragen"),
    ("POST", "/v1/adviezen/_zoek"),
    ("GET", "/v1/adviezen/6d2b3fd6-7f1f-4c5f-9a86-0f2a4a1f7a2e"),
    ("POST", "/access/v1/evaluation"),
    ("POST", "/access/v1/evaluations"),
    ("POST", "/access/v1/search/subject"),
    ("POST", "/v1/beleid/_herlaad"),
    ("GET", "/v1/beleid"),
    ("GET", "/v1/beleid/VSV-1"),
    ("GET", "/v1/woorden"),
    ("GET", "/v1/interpretaties"),
    ("GET", "/v1/scenarios"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/access/v1/openapi.json"),
    ("GET", "/.well-known/authzen-configuration"),
    ("GET", "/"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("query", ["&".join("a" * 9), "a" * (LONGEST_QUERY + 1)], ids=["many", "long"])
def test_more_than_a_handful_of_parameters_goes_unread(client: TestClient, method: str, path: str, query: str) -> None:
    shown = problem(client.request(method, f"{path}?{query}", headers=JSON), 400)

    assert "fouten" not in shown
    assert f"hooguit {MOST_PARAMETERS} parameters" in shown["detail"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_gate_comes_before_everything_else(
    client: TestClient, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Problem(429, "Te vaak.")

    async def refuse_caller(*_: object) -> None:
        refuse()

    monkeypatch.setattr(LoopbackGate, "visit", refuse)
    monkeypatch.setattr(LoopbackGate, "admit", refuse_caller)
    headers = {**JSON, "accept": "text/plain"}

    problem(client.request(method, f"{path}?a&b&c", content=b"{", headers=headers), 429)
