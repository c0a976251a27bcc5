"""Adviezen that were given: they come back as they were, to who got them, and nothing leaves unrecorded."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.advice.advisor import Advisor
from app.composition import Composition, compose
from app.log.journal import DatabaseJournal
from app.log.privacy import erase
from app.log.reading import Kept
from app.logbook import LogBook, open_log
from app.main import assemble
from app.settings import Settings
from tests.contract.asking import JSON, QUESTION, ask, fouten, problem

ACTIVITY = "https://register.example/verwerking/7"


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings())


@pytest.fixture
def settings(log_url: str) -> Settings:
    return Settings(log_url=log_url, processing_activity=ACTIVITY)


@pytest.fixture
def service(composed: Composition, settings: Settings) -> Iterator[TestClient]:
    with TestClient(assemble(composed, settings), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def book(settings: Settings, service: TestClient) -> Iterator[LogBook]:
    made = open_log(settings)
    yield made
    made.close()


def records(book: LogBook) -> list[Kept]:
    """The records of calls, without those in which the log tells of itself."""
    return [one for one in book.reader.records() if one.aanroeper != "beheer"]


def search(client: TestClient, **wanted: Any) -> dict[str, Any]:
    response = ask(client, wanted, "/v1/adviezen/_zoek")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_an_advice_comes_back_byte_for_byte(service: TestClient) -> None:
    given = ask(service, QUESTION)
    place = given.headers["content-location"]

    again = service.get(place)

    assert place == f"/v1/adviezen/{given.json()['id']}"
    assert (again.status_code, again.content) == (200, given.content)


def test_of_two_traces_neither_is_taken_over(service: TestClient, book: LogBook) -> None:
    lines = [("traceparent", f"00-{sign * 32}-{sign * 16}-00") for sign in "ab"]
    for given in (lines, lines[:1], [("traceparent", f" {lines[0][1]}\t")]):
        service.post("/v1/advies", json=QUESTION, headers=given)

    two, one, blanks = (record.trace for record in records(book))
    assert two.parent_span_id is None
    assert two.trace_id not in ("a" * 32, "b" * 32)
    assert one.trace_id == blanks.trace_id == "a" * 32


def test_one_record_a_call_in_the_shape_of_the_standard(service: TestClient, book: LogBook) -> None:
    trace, parent = "a" * 32, "b" * 16
    service.post("/v1/advies", json=QUESTION, headers={"traceparent": f"00-{trace}-{parent}-00"})
    service.post("/v1/advies", json={**QUESTION, "delingen": QUESTION["delingen"] * 2})
    service.post("/v1/advies", json={"peildatum": "2026-03-01"})
    service.post("/v1/advies/reeks", json={"casussen": [QUESTION, {"x": 1}, QUESTION]})

    first, several, listing, series = records(book)
    assert (first.trace.trace_id, first.trace.parent_span_id) == (trace, parent)
    assert first.trace.span_id != parent
    assert [one.event_name for one in (first, several, listing, series)] == [
        "adl.access_evaluation",
        "adl.access_evaluations",
        "adl.search_resource",
        "adl.access_evaluations",
    ]
    assert [len(one.stukken) for one in (first, several, listing, series)] == [1, 1, 1, 2]
    assert first.verwerking == ACTIVITY
    assert first.status == "Unset"
    assert len({one.trace.span_id for one in records(book)}) == 4
    assert book.verify().faults == ()


def test_a_question_that_was_refused_is_no_advice_and_no_record(service: TestClient, book: LogBook) -> None:
    problem(ask(service, {"leeftijd": 18}), 400)
    problem(ask(service, {"jongere": {"leeftijd": 5, "geboortedatum": "2000-01-01"}}), 400)

    assert records(book) == []


def test_what_we_fail_to_decide_is_recorded_as_an_error(
    service: TestClient, book: LogBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Advisor, "advise", fails)
    problem(ask(service, QUESTION), 500)

    (record,) = records(book)
    assert record.status == "Error"
    assert json.loads(record.stukken[0].vraag or "")["kenmerk"] == QUESTION["kenmerk"]
    assert record.stukken[0].antwoord == ""
    problem(service.get(f"/v1/adviezen/{record.stukken[0].id}"), 404)


@pytest.mark.parametrize("path", ["/v1/advies", "/v1/advies/reeks"])
def test_without_a_record_there_is_no_advice(
    service: TestClient, book: LogBook, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    from app.database.faults import DatabaseFault

    def lost(*_: object) -> None:
        raise DatabaseFault("OperationalError")

    body = QUESTION if path == "/v1/advies" else {"casussen": [QUESTION]}
    with monkeypatch.context() as patched:
        patched.setattr(DatabaseJournal, "append", lost)
        response = ask(service, body, path)
    shown = problem(response, 503)
    assert "oordeel" not in response.text
    assert response.headers["retry-after"]
    assert "vastgelegd" in shown["detail"]

    assert ask(service, body, path).status_code == 200, "it recovers by itself"
    assert len(records(book)) == 1


def test_the_question_in_the_log_is_the_one_that_was_decided(service: TestClient, book: LogBook) -> None:
    question = {name: value for name, value in QUESTION.items() if name != "peildatum"}
    given = ask(service, question)

    (record,) = records(book)
    kept = json.loads(record.stukken[0].vraag or "")
    assert kept == {**question, "peildatum": given.json()["peildatum"]}


def test_a_kenmerk_is_found_in_another_unicode_form(service: TestClient) -> None:
    given, other = "zaak \u00e9", "zaak e\u0301"
    asked = ask(service, {**QUESTION, "kenmerk": given}).json()
    assert asked["kenmerk"] == given
    assert [one["id"] for one in search(service, kenmerk=other)["adviezen"]] == [asked["id"]]


def test_searching_by_kenmerk_and_period(service: TestClient) -> None:
    ids = [ask(service, {**QUESTION, "kenmerk": kenmerk}).json()["id"] for kenmerk in ("A", "B", "A")]

    assert [one["id"] for one in search(service)["adviezen"]] == ids
    mine = search(service, kenmerk="A")
    assert [one["id"] for one in mine["adviezen"]] == [ids[0], ids[2]]
    assert {one["kenmerk"] for one in mine["adviezen"]} == {"A"}
    assert mine["adviezen"][0]["oordelen"] == ["toegestaan"]
    assert mine["adviezen"][0]["tijdstip"].endswith("Z")
    assert mine["volgende"] is None
    moment = mine["adviezen"][0]["tijdstip"]
    assert len(search(service, van=moment)["adviezen"]) == 3
    assert search(service, tot="2020-01-01T00:00:00+01:00")["adviezen"] == []


def test_a_long_list_goes_on_where_it_stopped(service: TestClient) -> None:
    ask(service, {"casussen": [QUESTION] * 5}, "/v1/advies/reeks")

    seen: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = search(service, aantal=2, **after)
        seen += [one["id"] for one in page["adviezen"]]
        if page["volgende"] is None:
            break
        after = {"na": page["volgende"]}
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("wanted", "veld"),
    [
        ({"kenmrk": "A"}, "kenmrk"),
        ({"kenmerk": 1}, "kenmerk"),
        ({"kenmerk": ""}, "kenmerk"),
        ({"kenmerk": "111222333"}, "kenmerk"),
        ({"kenmerk": "zaak\u200b77"}, "kenmerk"),
        ({"kenmerk": "a\rb"}, "kenmerk"),
        ({"van": "2026-03-01"}, "van"),
        ({"van": "2026-03-01T00:00:00-00:00"}, "van"),
        ({"tot": "2026-02-30T00:00:00Z"}, "tot"),
        ({"na": "x"}, "na"),
        ({"aantal": 0}, "aantal"),
        ({"aantal": 101}, "aantal"),
        ({"aantal": True}, "aantal"),
    ],
)
def test_a_search_with_a_fault_is_refused_by_field(service: TestClient, wanted: dict[str, Any], veld: str) -> None:
    response = ask(service, wanted, "/v1/adviezen/_zoek")

    assert list(fouten(response)) == [veld]
    assert "111222333" not in response.text


def test_all_faults_of_a_search_at_once(service: TestClient) -> None:
    response = ask(service, {"van": 1, "tot": 2, "x": 3}, "/v1/adviezen/_zoek")

    assert set(fouten(response)) == {"van", "tot", "x"}


@pytest.mark.parametrize("identifier", ["x", "00000000-0000-4000-8000-000000000000", "%00", "A" * 5000])
def test_an_id_that_is_not_there_is_a_404(service: TestClient, identifier: str) -> None:
    problem(service.get(f"/v1/adviezen/{identifier}"), 404)


def test_what_was_erased_is_gone_and_says_so(service: TestClient, book: LogBook) -> None:
    given = ask(service, QUESTION).json()["id"]
    erase(book.database, book.journal.pseudonyms, QUESTION["kenmerk"], "0.1.0")

    assert "gewist" in problem(service.get(f"/v1/adviezen/{given}"), 410)["detail"]
    (found,) = search(service)["adviezen"]
    assert (found["bewaard"], found.get("kenmerk")) == ("gewist", None)


def test_a_log_of_commitments_answers_but_gives_nothing_back(composed: Composition, log_url: str) -> None:
    settings = Settings(log_url=log_url, log_content="afdruk")
    with TestClient(assemble(composed, settings)) as client:
        given = ask(client, QUESTION)
        assert given.status_code == 200
        problem(client.get(f"/v1/adviezen/{given.json()['id']}"), 410)
        assert search(client)["adviezen"][0]["bewaard"] == "afdruk"


def test_a_line_for_the_register_of_processing_without_anything_personal(
    service: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "deelwijzer.ldv"):
        ask(service, QUESTION)
        service.post("/v1/advies/reeks", json={"casussen": [QUESTION, QUESTION]}, headers=JSON)

    lines = [json.loads(one.getMessage()) for one in caplog.records if one.name == "deelwijzer.ldv"]
    assert len(lines) == 3, "one for each young person"
    for line in lines:
        assert line["attributes"]["dpl.core.processing_activity_id"] == ACTIVITY
        assert len(line["attributes"]["dpl.core.data_subject_id"]) == 64
        assert len(line["trace_id"]) == 32
        assert len(line["span_id"]) == 16
        assert line["start_time"] <= line["end_time"]
        assert line["status"] == "Unset"
    assert len({line["span_id"] for line in lines}) == 3
    assert lines[1]["trace_id"] == lines[2]["trace_id"] != lines[0]["trace_id"]
    assert QUESTION["kenmerk"] not in caplog.text


def test_reading_leaves_the_log_as_it_is(service: TestClient, book: LogBook) -> None:
    given = ask(service, QUESTION)
    before = records(book)
    for _ in range(2):
        service.get(given.headers["content-location"])
        search(service)
        service.get("/v1/beleid")
        service.head(given.headers["content-location"])

    assert records(book) == before


def test_a_service_without_a_log_says_so(composed: Composition, tmp_path: Path) -> None:
    with TestClient(assemble(composed, Settings(log_url="geen"))) as client:
        given = ask(client, QUESTION)
        assert given.status_code == 200
        assert "content-location" not in given.headers
        problem(client.get("/v1/adviezen/00000000-0000-4000-8000-000000000000"), 404)
    assert list(tmp_path.iterdir()) == []
