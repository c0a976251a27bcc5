"""Hostile input at a service that runs: an error at once, and nobody else notices."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.asking import QUESTION
from tests.faults.running import HOST, Callers, Service, assert_all_kept, running

READ_SECONDS = 0.5
PROMPT = 1.0
"""Seconds within which a hostile call is answered."""
DELING = QUESTION["delingen"][0]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}"
    with running(url, DEELWIJZER_LEES_SECONDEN=str(READ_SECONDS)) as made:
        assert made.ask(QUESTION)[0] == 200
        yield made


def nested(depth: int) -> bytes:
    return b'{"jongere":' * depth + b"{}" + b"}" * depth


HOSTILE: dict[str, tuple[bytes, str, set[int]]] = {
    "deep objects": (nested(5_000), "/v1/advies", {400}),
    "deep lists": (b"[" * 30_000 + b"]" * 30_000, "/v1/advies", {400}),
    "deeper in a series": (b'{"casussen":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "/v1/advies/reeks", {400}),
    "a huge number": (b'{"jongere":{"leeftijd":' + b"9" * 60_000 + b"}}", "/v1/advies", {400}),
    "a huge fraction": (b'{"jongere":{"leeftijd":1e' + b"9" * 5_000 + b"}}", "/v1/advies", {400}),
    "a key twice": (b'{"jongere":{"leeftijd":18,"leeftijd":19}}', "/v1/advies", {400}),
    "a lone surrogate": (b'{"kenmerk":"\\ud800"}', "/v1/advies", {400}),
    "a null in a text": (b'{"kenmerk":"a\\u0000b"}', "/v1/advies", {200, 400}),
    "not utf-8": (b'{"kenmerk":"\xff\xfe"}', "/v1/advies", {400}),
    "ten megabytes": (b'{"kenmerk":"' + b"x" * 10_000_000 + b'"}', "/v1/advies", {413}),
    "ten megabytes in a series": (b'{"casussen":["' + b"x" * 10_000_000 + b'"]}', "/v1/advies/reeks", {413}),
    "10,000 delingen": (json.dumps({**QUESTION, "delingen": [DELING] * 10_000}).encode(), "/v1/advies", {413}),
    "10,000 delingen in a series": (
        json.dumps({"casussen": [{**QUESTION, "delingen": [DELING] * 10_000}]}).encode(),
        "/v1/advies/reeks",
        {200},
    ),
    "10,000 unknown fields": (json.dumps({f"x{i}": i for i in range(4_000)}).encode(), "/v1/advies", {400}),
    "a query of nothing but brackets": (
        json.dumps({"casus": QUESTION, "vraag": "(" * 50_000}).encode(),
        "/v1/vragen",
        {400},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered_at_once_and_the_next_caller_too(service: Service, name: str) -> None:
    body, path, expected = HOSTILE[name]
    started = time.monotonic()
    status, answer = _sent(service, path, body)
    assert time.monotonic() - started < PROMPT
    assert status in expected
    if status == 200 and path.endswith("reeks"):
        assert [one["probleem"]["status"] for one in answer["resultaten"]] == [413]

    started = time.monotonic()
    assert service.ask(QUESTION)[0] == 200
    assert time.monotonic() - started < PROMPT


def _sent(service: Service, path: str, body: bytes) -> tuple[int, Any]:
    """Send a body; a service that refuses it half-way may close while it is still being sent."""
    connection = http.client.HTTPConnection(HOST, service.port, timeout=10)
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before the body was read
            connection.request("POST", path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_a_slow_body_is_given_up_and_holds_up_nobody(service: Service) -> None:
    """Fifty callers who send a byte now and then, while another is answered as ever."""
    slow = []
    for _ in range(50):
        connection = socket.create_connection((HOST, service.port), timeout=10)
        head = "POST /v1/advies HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        connection.sendall(f"{head}content-length: 1000\r\n\r\n{{".encode())
        slow.append(connection)
    started = time.monotonic()
    for _ in range(20):
        assert service.ask(QUESTION)[0] == 200
    assert time.monotonic() - started < PROMPT
    for connection in slow:
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        connection.close()
    assert time.monotonic() - started < READ_SECONDS + PROMPT


def test_a_question_about_few_flows_with_very_many_consents_holds_up_nobody(service: Service) -> None:
    question = {"toestemmingen": [DELING] * 300, "delingen": [{**DELING, "gegevens": DELING["gegevens"] * 4}]}
    answered: list[int] = []
    asking = threading.Thread(target=lambda: answered.append(service.ask(question, seconds=60)[0]))
    asking.start()
    waited = []
    while asking.is_alive():
        started = time.monotonic()
        assert service.send("GET", "/livez")[0] == 200
        waited.append(time.monotonic() - started)
        time.sleep(0.01)

    assert len(waited) > 3, "it was decided so soon that nothing was tried"
    assert max(waited) < 0.5
    assert answered[0] in (200, 503)


def test_many_queries_at_once_hold_up_nobody(service: Service) -> None:
    body = {"casus": {"peildatum": "2026-03-15"}, "vraag": "mag(D, N) & ~mag(D, 'TST-1')"}
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(service.ask(body, "/v1/vragen", 60)[0])) for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    waited = []
    while any(thread.is_alive() for thread in threads):
        started = time.monotonic()
        assert service.ask(QUESTION)[0] == 200
        waited.append(time.monotonic() - started)
        time.sleep(0.01)

    assert set(statuses) <= {200, 503}
    assert statuses.count(503) >= 25, "few run, few wait, the rest is refused at once"
    assert max(waited) < 1.0


def test_a_caller_who_leaves_early_harms_nobody(service: Service) -> None:
    for _ in range(20):
        connection = socket.create_connection((HOST, service.port), timeout=10)
        body = json.dumps(QUESTION).encode()
        head = "POST /v1/advies HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        head += f"content-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        connection.close()
    assert service.ask(QUESTION)[0] == 200


def test_hostile_input_under_load_loses_nothing(service: Service) -> None:
    with Callers(service, 4, QUESTION) as callers:
        for body, path, _ in list(HOSTILE.values()):
            _sent(service, path, body)
        callers.until(20)
    assert callers.others == []
    assert callers.broken == 0
    assert_all_kept(service.url, callers)


def test_no_answer_ever_holds_anothers_fact(service: Service) -> None:
    """32 callers at once, each with facts of their own that show in the answer: age, kenmerk, peildatum, item."""
    questions = [question_of(number) for number in range(32)]
    alone = [_answer(service, question) for question in questions]
    for question, answer in zip(questions, alone, strict=True):
        assert (answer["kenmerk"], answer["peildatum"]) == (question["kenmerk"], question["peildatum"])
        assert answer["jongere"]["leeftijd"] == question["jongere"]["leeftijd"]
        assert len(answer["adviezen"]) == len(question["delingen"])
    assert len({json.dumps(answer) for answer in alone}) == 32
    faults: list[str] = []

    def caller(number: int) -> None:
        for _ in range(25):
            if _answer(service, questions[number]) != alone[number]:
                faults.append(f"{number}: answered otherwise than alone")

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []


def question_of(number: int) -> dict[str, Any]:
    return {
        "kenmerk": f"kenmerk-{number}",
        "peildatum": f"20{26 + number % 3}-0{1 + number % 9}-1{number % 8}",
        "jongere": {"leeftijd": 12 + number % 16, "ingeschreven": bool(number % 2)},
        "delingen": [DELING] * (1 + number % 3),
    }


def _answer(service: Service, question: dict[str, Any]) -> dict[str, Any]:
    status, answer = service.ask(question)
    assert status == 200
    return {name: value for name, value in answer.items() if name != "id"}


def test_the_log_file_is_where_it_was_asked_for(service: Service) -> None:
    assert Path(service.url.removeprefix("sqlite:///")).is_file()
