"""Anything at all sent to the service: an advice or a problem that names its field, never a fault of ours."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.composition import compose
from app.main import assemble
from app.settings import Settings
from app.store.scenarios import read_scenarios

AUTHZEN = tuple(f"/access/v1/{name}" for name in ("evaluation", "evaluations", "search/subject", "search/action"))
PATHS = ("/v1/advies", "/v1/advies/reeks", "/v1/vragen", "/v1/adviezen/_zoek", *AUTHZEN)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))
QUESTIONS = [dict(one.vraag) for one in read_scenarios(Settings().policies)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}"
    with TestClient(assemble(compose(Settings()), Settings(log_url=url)), raise_server_exceptions=False) as made:
        yield made


def ask(client: TestClient, path: str, body: bytes) -> None:
    """Ask, and hold the answer to what every answer must be."""
    response = client.post(path, content=body, headers={"content-type": "application/json"})
    assert response.status_code in (200, 400), (response.status_code, body)
    answer = response.json()
    if response.status_code == 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert all(fout["melding"] and fout["verwacht"] for fout in answer["fouten"])
    elif path == "/v1/advies":
        assert all(one["oordeel"] for one in answer["adviezen"])


@given(path=st.sampled_from(PATHS), body=st.binary(max_size=200))
def test_any_bytes(client: TestClient, path: str, body: bytes) -> None:
    ask(client, path, body)


@given(path=st.sampled_from(PATHS), value=VALUES)
def test_any_json(client: TestClient, path: str, value: Any) -> None:
    ask(client, path, json.dumps(value).encode())


@given(question=st.sampled_from(QUESTIONS), seed=st.integers(0, 2**32), changes=st.integers(1, 4), value=VALUES)
def test_a_real_question_with_something_broken(
    client: TestClient, question: dict[str, Any], seed: int, changes: int, value: Any
) -> None:
    """A value replaced, a field dropped or doubled, somewhere in a question that was good."""
    chance = random.Random(seed)
    broken = json.loads(json.dumps(question, default=str))
    for _ in range(changes):
        _break(broken, chance, value)

    ask(client, "/v1/advies", json.dumps(broken).encode())


@given(
    path=st.sampled_from(AUTHZEN),
    question=st.sampled_from(QUESTIONS),
    seed=st.integers(0, 2**32),
    changes=st.integers(1, 4),
    value=VALUES,
)
def test_a_request_of_authzen_with_something_broken(
    client: TestClient, path: str, question: dict[str, Any], seed: int, changes: int, value: Any
) -> None:
    chance = random.Random(seed)
    casus = json.loads(json.dumps(question, default=str))
    flows = casus.pop("delingen", None) or [{}]
    one = {
        "subject": {"type": "ontvanger", "id": flows[0].get("ontvanger", "school")},
        "action": {"name": flows[0].get("doel", "x"), "properties": {"processing_activity_id": "urn:a"}},
        "resource": {"type": "gegeven", "id": "stagegegevens", "properties": {"verstrekker": "school"}},
        "context": {"casus": {**casus, "delingen": [{}]}, "traceparent": "00"},
    }
    body = {**one, "evaluations": [{}, dict(one)], "options": {"evaluations_semantic": "execute_all"}}
    for _ in range(changes):
        _break(body, chance, value)

    ask(client, path, json.dumps(body).encode())


def _break(value: Any, chance: random.Random, other: Any) -> None:
    """Change one place in a tree, chosen by walking down at random."""
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.7:
            value = value[key]
            continue
        match chance.randrange(4):
            case 0:
                value[key] = copy.deepcopy(other)
            case 1:
                del value[key]
            case 2 if isinstance(value, list):
                value.append(copy.deepcopy(value[key]))
            case _ if isinstance(value, dict):
                value[f"{key}x"] = copy.deepcopy(value[key])
            case _:
                value[key] = None
        return
