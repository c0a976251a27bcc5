"""The service as processes: several workers, an orderly end, and what is written meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.logbook import open_log
from app.settings import Settings
from tests.contract.asking import QUESTION
from tests.contract.processes import (
    PATIENCE,
    ROOT,
    Load,
    Running,
    copy_of_the_law,
    environment_of,
    free_port,
    is_ready,
    running,
    wait_until,
)
from tests.unit.log.entries import verified

MARKER = "xq7markeermij"
BODY = json.dumps(QUESTION).encode()


@pytest.fixture
def log(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'log.db'}"


def identifiers(log: str) -> set[str]:
    """Return the ids of all adviezen in a log, whose chain must verify."""
    book = open_log(Settings(log_url=log))
    try:
        assert verified(book).faults == ()
        return {part.id for record in book.reader.records() for part in record.stukken}
    finally:
        book.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_when_told_to_stop_every_answer_given_is_in_the_log(log: str, workers: str) -> None:
    with running(DEELWIJZER_LOG_URL=log, DEELWIJZER_WORKERS=workers) as service:
        load = Load(service, BODY)
        with load.going():
            wait_until(lambda: len(load.answers) > 100)
            assert service.stop() == 0
    assert {status for status, _ in load.answers} == {200}
    answered = {json.loads(body)["id"] for _, body in load.answers}
    assert len(answered) == len(load.answers) > 100
    assert answered <= identifiers(log)
    assert "Traceback" not in service.told


def test_a_call_that_is_being_answered_is_answered_before_the_end(log: str) -> None:
    series = json.dumps({"casussen": [{**QUESTION, "delingen": None}] * 20}).encode()
    with running(DEELWIJZER_LOG_URL=log, DEELWIJZER_ADVIES_SECONDEN="60") as service:
        load = Load(service, series, threads=1, path="/v1/advies/reeks")
        with load.going():
            time.sleep(0.5)  # in the middle of the first
            begun = len(load.answers)
            assert service.stop() == 0
            wait_until(lambda: len(load.answers) > begun or load.broken)
    assert len(load.answers) > begun, "the one that was going on was answered"
    status, body = load.answers[-1]
    assert status == 200
    assert {one["advies"]["id"] for one in json.loads(body)["resultaten"]} <= identifiers(log)


def advices_counted(service: Running) -> float:
    text = service.ask("GET", "/metrics")[1].decode()
    found = re.search(r'deelwijzer_calls_total\{route="/v1/advies",status="200"\} ([0-9.]+)', text)
    return 0.0 if found is None else float(found[1])


def test_workers_share_one_log_and_are_counted_together(log: str) -> None:
    with running(DEELWIJZER_LOG_URL=log, DEELWIJZER_WORKERS="2") as service:
        load = Load(service, BODY)
        with load.going():
            wait_until(lambda: len(load.answers) > 100)
        # A call is counted once its answer left: whoever got it may look before that.
        wait_until(lambda: advices_counted(service) >= len(load.answers))
        counted = advices_counted(service)
        assert service.stop() == 0
    assert counted == len(load.answers) == len(identifiers(log))
    ready = [one for one in service.lines() if one["message"].startswith("ready: ")]
    assert len(ready) == 2
    assert len([one for one in service.lines() if "keeps everything for ever" in one["message"]]) == 1, "said once"
    assert len([one for one in service.lines() if "three engines decide" in one["message"]]) <= 1


def test_a_worker_that_dies_has_a_successor(log: str) -> None:
    with running(DEELWIJZER_LOG_URL=log, DEELWIJZER_WORKERS="2") as service:
        wait_until(lambda: len(children(service)) == 2)
        os.kill(children(service)[0], signal.SIGKILL)
        wait_until(lambda: service.process.poll() is None and is_ready(service))
        assert service.ask("POST", "/v1/advies", BODY)[0] == 200
        assert service.stop() == 0


def children(service: Running) -> list[int]:
    """Return the worker processes: those that uvicorn started to serve."""
    pid = service.process.pid
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(one) for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_what_cannot_start_is_said_once_and_not_tried_again(tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": str(free_port()), "DEELWIJZER_WORKERS": "2"}
    environment["DEELWIJZER_POLICIES"] = str(tmp_path / "nowhere")
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.count("nowhere") == 1


def test_a_verdict_that_cannot_be_kept_is_found_by_the_workers(tmp_path: Path) -> None:
    law = copy_of_the_law(tmp_path)
    law.cache.write_text("a file where the folder should be: also root cannot write there", encoding="ascii")
    with running(**environment_of(law), DEELWIJZER_WORKERS="2") as service:
        assert service.stop() == 0
    assert len([one for one in service.lines() if "three engines decide" in one["message"]]) == 1


def marked(value: Any) -> list[Any]:
    """Return copies of a question, each with the marker in place of one of its values."""
    if isinstance(value, dict):
        found = [{**value, name: changed} for name, inner in value.items() for changed in marked(inner)]
        return [*found, {**value, MARKER: 1}]
    if isinstance(value, list):
        return [[*value[:at], changed, *value[at + 1 :]] for at, one in enumerate(value) for changed in marked(one)]
    return [MARKER]


@pytest.mark.parametrize("start", ["serve", "uvicorn"])
def test_nothing_of_a_question_is_in_any_line(log: str, start: str) -> None:
    settings = {"DEELWIJZER_LOG_URL": log, "DEELWIJZER_VERWERKING": "https://register.example/1"}
    plain = [sys.executable, "-m", "uvicorn", "app.main:create_app", "--factory", "--port"]
    with running(None if start == "serve" else plain, **settings) as service:
        headers = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "user-agent": MARKER, "x-request-id": MARKER}
        statuses = set()
        for question in marked(QUESTION):
            statuses.add(service.ask("POST", "/v1/advies", json.dumps(question).encode(), headers)[0])
        assert statuses == {200, 400}
        service.ask("POST", "/v1/advies", b'{"kenmerk": "' + MARKER.encode(), headers)
        service.ask("POST", f"/v1/advies?{MARKER}={MARKER}", BODY, headers)
        service.ask("GET", f"/v1/adviezen/{MARKER}")
        service.ask("POST", "/v1/adviezen/_zoek", json.dumps({"kenmerk": MARKER}).encode())
        query = {"casus": {**QUESTION, "kenmerk": MARKER}, "vraag": f"{MARKER}(X)"}
        service.ask("POST", "/v1/vragen", json.dumps(query).encode())
        service.ask(MARKER.upper(), f"/{MARKER}")
        break_log(log)
        assert (
            service.ask("POST", "/v1/advies", json.dumps({**QUESTION, "kenmerk": MARKER}).encode(), headers)[0] == 503
        )
        service.stop()
    assert MARKER not in (service.said + service.told).lower()
    assert "127.0.0.1:" not in "".join(one["message"] for one in service.lines() if one["logger"] == "uvicorn.access")
    # Each line is JSON: on stderr what the service says, on stdout the Logboek Dataverwerkingen.
    levels = {one["level"] for one in service.lines()}
    assert levels == {"INFO", "ERROR"} or levels == {"INFO", "WARNING", "ERROR"}
    records = [json.loads(line) for line in service.said.splitlines()]
    assert records
    assert {"trace_id", "span_id", "attributes"} <= set.intersection(*(set(one) for one in records))


def break_log(log: str) -> None:
    """Make every write fail, with the table that is missing."""
    connection = sqlite3.connect(log.removeprefix("sqlite:///"))
    connection.execute("DROP TABLE stuk")
    connection.commit()
    connection.close()
