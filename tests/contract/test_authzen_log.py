"""AuthZEN in the decision log and in traces: each call is recorded once, and what was decided can be decided again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.composition import Composition, compose
from app.log.entry import AUTHZEN, Entry
from app.log.writer import CannotRecordError
from app.main import assemble
from app.settings import Settings
from app.web.recording import Recorder
from tests.contract.test_authzen import CASUS, asks, without

Json = dict[str, Any]
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
ACTIVITY = "https://register.example.nl/verwerkingen/12"


class Memory:
    """A log that keeps entries where a test can see them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.fails = False

    async def record(self, entry: Entry) -> None:
        if self.fails:
            raise CannotRecordError
        self.entries.append(entry)


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings())


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def pdp(composed: Composition, memory: Memory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    monkeypatch.setattr("app.main.Recorder", lambda *_: Recorder(memory, lambda _: None))
    settings = Settings(log_url="geen", cache=tmp_path)
    with TestClient(assemble(composed, settings), raise_server_exceptions=False) as made:
        yield made


def post(pdp: TestClient, path: str, body: Any, **headers: str) -> Json:
    response = pdp.post(f"/access/v1/{path}", json=body, headers=headers)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


CALLS = [
    ("evaluation", "adl.access_evaluation"),
    ("evaluations", "adl.access_evaluation"),
    ("search/subject", "adl.search_subject"),
    ("search/action", "adl.search_action"),
    ("search/resource", "adl.search_resource"),
]


@pytest.mark.parametrize(("path", "event"), CALLS)
def test_a_call_is_one_record_under_the_id_in_its_answer(
    pdp: TestClient, memory: Memory, path: str, event: str
) -> None:
    answer = post(pdp, path, asks())

    (entry,) = memory.entries
    (part,) = entry.stukken
    assert (entry.event_name, entry.status, part.soort) == (event, "Unset", AUTHZEN)
    assert (part.kenmerk, part.peildatum) == ("2026-00123", 20260301)
    assert part.id == answer["context"]["advies"]
    assert json.loads(part.antwoord) == answer


def test_several_are_one_record_with_a_part_for_each_that_was_decided(pdp: TestClient, memory: Memory) -> None:
    body = {**asks(), "evaluations": [{}, {"action": {"name": "x"}}, {"context": {"casus": {"kenmerk": "111222333"}}}]}
    answers = post(pdp, "evaluations", body)["evaluations"]

    (entry,) = memory.entries
    assert entry.event_name == "adl.access_evaluations"
    assert [json.loads(part.antwoord) for part in entry.stukken] == answers[:2]
    assert len({part.id for part in entry.stukken}) == 2
    assert "111222333" not in str(entry), "what was refused is not kept"


def test_what_an_evaluation_stopped_before_is_not_recorded(pdp: TestClient, memory: Memory) -> None:
    options = {"evaluations_semantic": "permit_on_first_permit"}
    post(pdp, "evaluations", {**asks(), "options": options, "evaluations": [{}, {}, {}]})

    assert len(memory.entries[0].stukken) == 1


@pytest.mark.parametrize(("path", "_"), CALLS)
@pytest.mark.parametrize(
    "body",
    [
        asks(),
        asks(without(CASUS, "peildatum"), time="2025-06-01T12:00:00Z"),
        asks({}),
        {**asks(), "subject": {"type": "user", "id": "jan"}},
        {**asks(), "resource": {"type": "gegeven", "id": "jan", "properties": {"verstrekker": "jan"}}},
        {**asks(), "action": {"name": "jan", "properties": {"processing_activity_id": ACTIVITY}}},
    ],
    ids=["permitted", "by time", "nothing known", "another type", "unknown words", "activity"],
)
def test_what_was_recorded_can_be_decided_again(
    pdp: TestClient, memory: Memory, composed: Composition, path: str, _: str, body: Json
) -> None:
    post(pdp, path, body)

    (part,) = memory.entries[0].stukken
    assert composed.authzen is not None
    assert composed.authzen.again(part.vraag, part.id) == json.loads(part.antwoord)
    fresh = composed.authzen.again(part.vraag)
    assert fresh["context"].pop("advies") != part.id


def test_the_log_keeps_what_decides_and_nothing_else(pdp: TestClient, memory: Memory) -> None:
    body = asks(ip="10.0.0.1", time="2026-03-01T12:00:00Z")
    body |= {"subject": {"type": "ontvanger", "id": "jan.jansen", "properties": {"mail": "jan"}}, "more": "jan"}
    body["action"]["properties"] = {"processing_activity_id": ACTIVITY, "who": "jan"}
    post(pdp, "evaluation", body)

    (part,) = memory.entries[0].stukken
    kept = json.loads(part.vraag)
    assert "jan" not in part.vraag
    assert kept["subject"] == {"type": "ontvanger", "id": "?"}
    assert kept["action"] == {**asks()["action"], "properties": {"processing_activity_id": ACTIVITY}}
    assert kept["resource"] == asks()["resource"]
    assert kept["context"] == {"casus": CASUS}


def test_the_peildatum_of_today_is_kept(pdp: TestClient, memory: Memory) -> None:
    answer = post(pdp, "evaluation", asks(without(CASUS, "peildatum")))

    (part,) = memory.entries[0].stukken
    assert json.loads(part.vraag)["context"]["casus"]["peildatum"] == answer["context"]["peildatum"]


def test_a_trace_comes_from_the_headers_or_else_from_the_context(pdp: TestClient, memory: Memory) -> None:
    other = TRACEPARENT.replace("0af", "1bf")
    for path, _ in CALLS:
        post(pdp, path, asks(traceparent=TRACEPARENT))
        post(pdp, path, asks(traceparent=other), traceparent=TRACEPARENT)
    post(pdp, "evaluations", {**asks(traceparent=TRACEPARENT), "evaluations": [{}, {}]})

    assert {(one.trace.trace_id, one.trace.parent_span_id) for one in memory.entries} == {(TRACE, PARENT)}
    post(pdp, "evaluation", asks(traceparent=7))
    assert re.fullmatch("[0-9a-f]{32}", memory.entries[-1].trace.trace_id)
    assert memory.entries[-1].trace.parent_span_id is None


def test_the_processing_activity_of_the_caller_is_recorded(pdp: TestClient, memory: Memory) -> None:
    body = asks()
    body["action"]["properties"] = {"processing_activity_id": ACTIVITY}
    post(pdp, "evaluation", body)
    post(pdp, "search/subject", body)
    post(pdp, "evaluations", {**body, "evaluations": [{}, {"action": body["action"]}]})
    post(pdp, "evaluation", asks())

    assert [one.verwerking for one in memory.entries] == [ACTIVITY, ACTIVITY, ACTIVITY, None]


def test_a_fault_of_ours_is_a_500_and_recorded_as_an_error(
    pdp: TestClient, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("18")

    monkeypatch.setattr("app.advice.advisor.Advisor.advise", fail)
    for path, _ in CALLS:
        response = pdp.post(f"/access/v1/{path}", json=asks(), headers={"x-request-id": "r-1"})
        assert response.status_code == 500
        assert "decision" not in response.text
        assert response.headers["x-request-id"] == "r-1"
    assert {(one.status, one.stukken[0].antwoord) for one in memory.entries} == {("Error", "")}

    both = post(pdp, "evaluations", {**asks(), "evaluations": [{}, {"subject": {"type": "user", "id": "x"}}]})
    failed, denied = both["evaluations"]
    assert (failed["decision"], failed["context"]["error"]["status"]) == (False, 500)
    assert denied["context"]["onbekend"] == ["subject.type"]
    assert memory.entries[-1].status == "Unset", "one of the two was decided"


def test_no_decision_leaves_that_cannot_be_recorded(pdp: TestClient, memory: Memory) -> None:
    memory.fails = True
    for path, _ in CALLS:
        response = pdp.post(f"/access/v1/{path}", json=asks())
        assert response.status_code == 503
        assert "decision" not in response.text


@pytest.mark.parametrize("given", ["x" * 201, "té", " ", "a\tb"])
def test_a_request_id_that_is_no_plain_text_is_not_repeated(pdp: TestClient, given: str) -> None:
    headers = {b"x-request-id": given.encode("latin-1")}
    response = pdp.post("/access/v1/evaluation", json=asks(), headers=headers)

    assert response.status_code == 200
    assert "x-request-id" not in response.headers


def test_an_advice_over_authzen_can_be_read_back(tmp_path: Path, composed: Composition) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'log.db'}", cache=tmp_path)
    with TestClient(assemble(composed, settings)) as pdp:
        answer = post(pdp, "evaluation", asks())
        assert pdp.get(f"/v1/adviezen/{answer['context']['advies']}").json() == answer
        found = pdp.post("/v1/adviezen/_zoek", json={"kenmerk": "2026-00123"}).json()["adviezen"]
        assert [one["id"] for one in found] == [answer["context"]["advies"]]
        assert [(one["kenmerk"], one["oordelen"]) for one in found] == [
            (answer["context"]["kenmerk"], [answer["context"]["oordeel"]])
        ]
        assert answer["context"]["kenmerk"] == "2026-00123"
