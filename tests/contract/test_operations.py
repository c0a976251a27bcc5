"""Health, metrics and traces, as the machines around the service meet them."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from starlette.types import Message

from app.composition import Composition, compose
from app.database.faults import DatabaseFault
from app.main import assemble
from app.settings import Settings, SettingsFault
from app.web.health import TRY_EVERY, LogTrial
from tests.contract.asking import JSON, QUESTION, ask, problem
from tests.contract.processes import wait_until
from tests.contract.test_authzen import asks

MARKER = "Xq7MarkeerMij"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings())


@pytest.fixture
def service(composed: Composition, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(assemble(composed, Settings(log_url=f"sqlite:///{tmp_path / 'log.db'}"))) as client:
        yield client


def counted(client: TestClient, name: str) -> float:
    """Return one number of /metrics; 0 when it is not there."""
    lines = client.get("/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


def test_a_living_process_says_so(service: TestClient) -> None:
    assert service.get("/livez").json() == {"leeft": True}


def test_a_ready_process_names_the_law_it_serves(service: TestClient, composed: Composition) -> None:
    assert service.get("/readyz").json() == {"beleid": composed.book.version, "log": "schrijfbaar"}


def test_without_a_log_only_the_law_counts(composed: Composition) -> None:
    with TestClient(assemble(composed, Settings(log_url="geen"))) as client:
        assert client.get("/readyz").json()["log"] == "geen"


def test_a_log_that_cannot_be_written_makes_it_unready_until_it_can(
    service: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.health.TRY_EVERY", 0.0)
    (tmp_path / "log.db").rename(tmp_path / "away.db")
    with caplog.at_level(logging.ERROR, "deelwijzer"):
        for _ in range(3):
            said = problem(service.get("/readyz"), 503)
    assert "log" in said["detail"]
    assert len([one for one in caplog.messages if one.startswith("not ready")]) == 1, "told once"
    assert service.get("/livez").status_code == 200

    (tmp_path / "away.db").rename(tmp_path / "log.db")
    assert service.get("/readyz").status_code == 200


def spoil_chain(file: Path) -> None:
    """Put the end of the chain one behind: every record is refused, though the database can be written."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE ketenstand SET nr = nr - 1")
        connection.commit()


def lose_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE stuk RENAME TO weg")


def repair_chain(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE ketenstand SET nr = nr + 1")
        connection.commit()


def find_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE weg RENAME TO stuk")


@pytest.mark.parametrize(("spoil", "repair"), [(spoil_chain, repair_chain), (lose_table, find_table)])
def test_it_is_not_ready_while_the_last_call_could_not_be_recorded(
    service: TestClient, tmp_path: Path, spoil: Callable[[Path], None], repair: Callable[[Path], None]
) -> None:
    """A small write still succeeds in either case, so that alone says nothing."""
    assert ask(service, QUESTION).status_code == 200
    assert service.get("/readyz").status_code == 200
    spoil(tmp_path / "log.db")
    problem(ask(service, QUESTION), 503)
    for _ in range(2):
        problem(service.get("/readyz"), 503)
    repair(tmp_path / "log.db")
    wait_until(lambda: service.get("/readyz").status_code == 200)
    assert ask(service, QUESTION).status_code == 200


def test_the_log_is_tried_at_most_once_per_second() -> None:
    now, tries = [100.0], []

    async def go() -> list[bool]:
        trial = LogTrial(lambda: tries.append(1), lambda: now[0])
        together = await asyncio.gather(*(trial.good() for _ in range(5)))
        assert len(tries) == 1
        now[0] += TRY_EVERY / 2
        await trial.good()
        assert len(tries) == 1
        now[0] += TRY_EVERY / 2
        await trial.good()
        return together

    assert asyncio.run(go()) == [True] * 5
    assert len(tries) == 2


def test_a_log_that_hangs_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.health.MOST_SECONDS", 0.05)
    release = threading.Event()

    def hangs() -> None:
        release.wait(5)

    async def go() -> bool:
        trial = LogTrial(hangs)
        try:
            return await trial.good()
        finally:
            release.set()

    assert asyncio.run(go()) is False


def test_a_fault_of_another_kind_is_not_ready_either() -> None:
    def fails() -> None:
        raise MemoryError(MARKER)

    assert asyncio.run(LogTrial(fails).good()) is False


def test_calls_are_counted_by_route_and_status(service: TestClient) -> None:
    for _ in range(2):
        ask(service, QUESTION)
    ask(service, {"zomaar": 1})
    service.get("/v1/beleid/VSV-1")
    service.get("/v1/beleid/VSV-2")
    service.get(f"/{MARKER}")
    service.get("/v1/advies")

    assert counted(service, 'deelwijzer_calls_total{route="/v1/advies",status="200"}') == 2
    assert counted(service, 'deelwijzer_calls_total{route="/v1/advies",status="400"}') == 1
    assert counted(service, 'deelwijzer_calls_total{route="/v1/advies",status="405"}') == 1
    assert counted(service, 'deelwijzer_calls_total{route="/v1/beleid/{norm}",status="200"}') == 2
    assert counted(service, 'deelwijzer_calls_total{route="none",status="404"}') == 1
    assert counted(service, "deelwijzer_decide_seconds_count") == 2
    assert counted(service, "deelwijzer_record_seconds_count") == 2
    assert counted(service, "deelwijzer_record_waiting") == 0
    assert counted(service, 'deelwijzer_oordelen_total{oordeel="toegestaan"}') == 2
    assert counted(service, 'deelwijzer_norms_total{norm="ALB-1"}') == 2


def test_a_caller_who_hangs_up_halfway_is_no_fault_of_ours(
    service: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    messages = [{"type": "http.request", "body": b'{"kenm', "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/v1/advies", "raw_path": b"/v1/advies",
        "root_path": "", "query_string": b"", "scheme": "http", "client": ("testclient", 1), "server": None,
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
    }  # fmt: skip
    sent: list[object] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await service.app(scope, receive, send)

    with caplog.at_level(logging.INFO):
        asyncio.run(call())

    assert sent == []
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert counted(service, 'deelwijzer_calls_total{route="/v1/advies",status="499"}') == 1
    assert counted(service, 'deelwijzer_calls_total{route="/v1/advies",status="500"}') == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/advies/reeks", {"casussen": [QUESTION] * 5}),
        ("/access/v1/evaluations", {**asks(), "evaluations": [{}] * 5}),
    ],
)
def test_long_work_stops_when_its_caller_hangs_up(service: TestClient, path: str, body: Any) -> None:
    """Whatever answers many questions in one call: nobody would read the rest, and others wait for their turn."""
    parts = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
        "root_path": "", "query_string": b"", "scheme": "http", "client": ("testclient", 1), "server": None,
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
    }  # fmt: skip
    sent: list[object] = []
    looks = 0

    async def receive() -> Any:
        nonlocal looks
        if parts:
            return parts.pop()
        looks += 1
        if looks <= 2:
            await asyncio.Event().wait()  # the caller waits
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await service.app(scope, receive, send)

    asyncio.run(call())

    assert sent == []
    assert counted(service, 'deelwijzer_oordelen_total{oordeel="toegestaan"}') == 2
    assert counted(service, f'deelwijzer_calls_total{{route="{path}",status="499"}}') == 1
    assert counted(service, "deelwijzer_record_seconds_count") == 0


def test_a_call_that_could_not_be_recorded_is_counted(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise DatabaseFault("gone")

    monkeypatch.setattr("app.log.journal.DatabaseJournal.append", broken)
    assert ask(service, QUESTION).status_code == 503

    assert counted(service, "deelwijzer_unrecorded_total") == 1
    assert counted(service, "deelwijzer_record_waiting") == 0


def test_nothing_a_caller_sent_is_in_the_metrics(service: TestClient) -> None:
    ask(service, {**QUESTION, "kenmerk": MARKER})
    service.post(f"/v1/advies?{MARKER}=1", content=b"{}", headers={**JSON, "user-agent": MARKER})
    service.get(f"/v1/adviezen/{MARKER}")
    service.request(MARKER, "/v1/advies")
    text = service.get("/metrics").text

    assert MARKER.lower() not in text.lower()
    assert "lokaal" not in text, "not even the id of the caller"
    assert service.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


@dataclass
class Collector:
    """An OTLP collector on this machine."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    resources: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def collector() -> Iterator[Collector]:
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            raw = self.rfile.read(int(self.headers["content-length"]))
            for group in ExportTraceServiceRequest.FromString(raw).resource_spans:
                kept.resources.append({one.key: one.value.string_value for one in group.resource.attributes})
                kept.spans += [span for scope in group.scope_spans for span in scope.spans]
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_call_is_one_span_with_the_ids_of_its_record(
    composed: Composition, collector: Collector, tmp_path: Path
) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'log.db'}", otlp=collector.url)
    with TestClient(assemble(composed, settings)) as client:
        # The caller's own sampling flag is 0: the span is sent all the same.
        headers = {**JSON, "traceparent": f"00-{TRACE}-{PARENT}-00"}
        body = json.dumps({**QUESTION, "kenmerk": MARKER})
        client.post("/v1/advies", content=body, headers=headers)
        client.get("/v1/beleid/VSV-1")
        client.get("/livez")
    log = sqlite3.connect(tmp_path / "log.db")
    (record,) = log.execute("SELECT trace_id, span_id, parent_span_id FROM besluit WHERE aanroeper <> 'beheer'")
    log.close()

    first, second = collector.spans
    assert first.name == "/v1/advies"
    assert (first.trace_id.hex(), first.span_id.hex(), first.parent_span_id.hex()) == record
    assert record[0] == TRACE
    assert record[2] == PARENT
    assert first.kind == Span.SPAN_KIND_SERVER
    assert 0 < first.end_time_unix_nano - first.start_time_unix_nano < 60e9
    assert {one.key for one in first.attributes} == {
        "http.request.method", "http.route", "http.response.status_code",
    }  # fmt: skip
    assert second.name == "/v1/beleid/{norm}"
    assert second.parent_span_id == b""
    assert second.trace_id.hex() != TRACE
    assert collector.resources[0]["service.name"] == "deelwijzer"
    assert MARKER not in str(collector.spans)


def test_nobody_elses_traces_get_a_span_of_a_call(composed: Composition, monkeypatch: pytest.MonkeyPatch) -> None:
    """FastAPI makes spans with whole addresses where anything in the process asks for traces; ours name routes only."""
    kept = InMemorySpanExporter()
    others = TracerProvider(shutdown_on_exit=False)
    others.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", others)
    with TestClient(assemble(composed, Settings(log_url="geen"))) as client:
        assert client.get(f"/v1/beleid/{MARKER}").status_code == 404
    assert kept.get_finished_spans() == ()


def test_a_span_of_our_own_fault_says_so(
    composed: Composition, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(MARKER)

    monkeypatch.setattr("app.advice.advisor.Advisor.advise", broken)
    with TestClient(assemble(composed, Settings(log_url="geen", otlp=collector.url))) as client:
        assert ask(client, QUESTION).status_code == 500

    (span,) = collector.spans
    assert span.status.code == 2
    assert MARKER not in str(span)


def test_without_the_packages_the_start_says_what_to_install(
    composed: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "app.operations.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(SettingsFault, match=r"pip install .\.\[otel\]"):
        assemble(composed, Settings(log_url="geen", otlp="http://127.0.0.1:1"))
