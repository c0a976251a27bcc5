"""Replacing the law while calls are answered: none is dropped, and a set that fails its check is refused."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.cli import GOOD, MISUSED, REFUSED, main
from app.composition import compose
from app.log.archive import Archive
from app.logbook import open_log
from app.main import assemble
from app.settings import Settings
from app.store.policies import read_policies
from tests.contract.asking import QUESTION, ask, problem
from tests.contract.processes import (
    ROOT,
    SCENARIOS,
    Load,
    Running,
    copy_of_the_law,
    environment_of,
    running,
    wait_until,
)

WORDING = Path("nieuw", "monitoring.dl")


@pytest.fixture
def law(tmp_path: Path) -> Settings:
    """A copy of the law that may be changed."""
    return copy_of_the_law(tmp_path)


@pytest.fixture
def settled(law: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same, and this process's environment says so; what is asked for is seen soon."""
    for name, value in environment_of(law).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.reload.POLL_SECONDS", 0.05)
    return law


@pytest.fixture
def service(settled: Settings) -> Iterator[TestClient]:
    with TestClient(assemble(compose(settled), settled)) as client:
        yield client


@pytest.fixture
def archive(settled: Settings) -> Iterator[Archive]:
    book = open_log(settled)
    yield book.archive
    book.close()


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a file as a careful operator does: no reader ever sees half of it."""
    beside = path.with_suffix(".new")
    before = path.read_text(encoding="utf-8")
    beside.write_text(change(before), encoding="utf-8")
    assert beside.read_text(encoding="utf-8") != before
    beside.rename(path)


def reword(law: Settings) -> None:
    """Change a wording: another law, that decides the same."""
    rewrite(law.policies / WORDING, lambda text: text.replace("# uitleg: ", "# uitleg: Zo is het: ", 1))


def spoil(law: Settings) -> None:
    """Make the law faulty: readable, but a predicate is misspelt."""
    rewrite(law.policies / WORDING, lambda text: text.replace("(Casus", "x(Casus", 1))


def hash_of(law: Settings) -> str:
    return read_policies(law.facts, law.policies).hash


def version(law: Settings) -> str:
    return read_policies(law.facts, law.policies).version


def served(client: TestClient) -> str:
    """Ask for advice; return by which edition of the law it was given."""
    found: str = ask(client, QUESTION).json()["beleid"]["versie"]
    return found


def reloads(client: TestClient, outcome: str) -> int:
    lines = client.get("/metrics").text.splitlines()
    return next(
        int(float(one.split()[1])) for one in lines if one.startswith(f'deelwijzer_reloads_total{{outcome="{outcome}"')
    )


def test_the_command_checks_the_law_and_the_service_takes_it_over(
    service: TestClient, settled: Settings, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    first = served(service)
    reword(settled)

    assert main(["beleid", "herlaad"]) == GOOD
    wait_until(lambda: served(service) != first)

    assert served(service) == version(settled)
    assert hash_of(settled) in capsys.readouterr().out
    assert reloads(service, "loaded") == 1
    assert f'hash="{hash_of(settled)}"' in service.get("/metrics").text
    kept = archive.texts(hash_of(settled))
    assert kept is not None, "what it decides can be replayed"
    assert "Zo is het" in json.dumps(kept)


def test_the_command_refuses_a_faulty_law_and_asks_nobody(
    service: TestClient, settled: Settings, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    first = served(service)
    spoil(settled)

    assert main(["beleid", "herlaad"]) == REFUSED
    assert WORDING.name in capsys.readouterr().err
    assert archive.wanted() is None
    assert served(service) == first


def test_the_command_refuses_a_law_that_its_scenarios_contradict(settled: Settings, archive: Archive) -> None:
    reword(settled)
    rewrite(settled.policies / SCENARIOS, lambda text: text.replace('"toegestaan"', '"niet_toegestaan"', 1))

    assert main(["beleid", "herlaad"]) == REFUSED
    assert archive.wanted() is None


def test_the_command_needs_a_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", "geen")

    assert main(["beleid", "herlaad"]) == MISUSED
    assert "SIGHUP" in capsys.readouterr().err


def herlaad(client: TestClient, body: bytes = b"{}") -> Response:
    return client.post("/v1/beleid/_herlaad", content=body, headers={"content-type": "application/json"})


def test_who_manages_the_service_can_ask_over_http(
    service: TestClient, settled: Settings, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    first = served(service)
    reword(settled)

    with caplog.at_level(logging.INFO, "deelwijzer"):
        asked = herlaad(service)
    assert asked.status_code == 200
    assert asked.json() == {"versie": version(settled), "hash": hash_of(settled)}
    wait_until(lambda: served(service) != first)
    assert served(service) == version(settled)
    assert archive.texts(hash_of(settled)) is not None, "what it decides can be replayed"
    assert f"law {hash_of(settled)} was asked for over HTTP" in caplog.messages

    before = archive.wanted()
    assert herlaad(service).json()["hash"] == hash_of(settled), "asked again: others may not have it yet"
    assert archive.wanted() != before


def test_a_law_that_is_not_good_is_refused_over_http_with_what_is_wrong(
    service: TestClient, settled: Settings, archive: Archive
) -> None:
    first = served(service)
    rewrite(settled.policies / SCENARIOS, lambda text: text.replace('norm = "VSV-1"', 'norm = "FOO-9"', 1))
    reword(settled)
    assert "`FOO-9` is not a word of norm" in problem(herlaad(service), 409)["detail"]
    spoil(settled)
    assert WORDING.name in problem(herlaad(service), 409)["detail"]

    assert archive.wanted() is None
    assert served(service) == first


def put_fifo(path: Path) -> None:
    os.mkfifo(path)


def put_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("put", [put_fifo, put_link])
def test_a_file_that_is_no_file_of_the_folder_is_refused_by_name_at_once_and_not_shown(
    service: TestClient, settled: Settings, archive: Archive, put: Callable[[Path], None]
) -> None:
    first = served(service)
    put(settled.facts / "vreemd.dl")

    told = problem(herlaad(service), 409)["detail"]
    assert "facts/vreemd.dl: is a " in told
    assert "root:" not in told
    assert archive.wanted() is None
    assert served(service) == first


def test_a_fifo_among_the_facts_holds_up_neither_a_reload_nor_the_end(law: Settings) -> None:
    with running(**environment_of(law)) as service:
        put_fifo(law.facts / "vreemd.dl")
        service.process.send_signal(signal.SIGHUP)
        wait_until(lambda: b'outcome="refused"} 1.0' in service.ask("GET", "/metrics")[1])
        assert service.stop() == 0
    assert "facts/vreemd.dl: is a FIFO" in service.told


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"[]", 400), (b'{"hash": "x"}', 400), (b"x" * 70_000, 413)])
def test_nothing_is_said_with_it(service: TestClient, archive: Archive, body: bytes, status: int) -> None:
    problem(herlaad(service, body), status)
    assert archive.wanted() is None


def test_one_law_is_checked_at_a_time(service: TestClient, settled: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, go_on = Event(), Event()

    def slow(*_: object) -> None:
        entered.set()
        assert go_on.wait(30)

    reword(settled)
    monkeypatch.setattr("app.composition.must_answer_as_stated", slow)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(herlaad, service)
        assert entered.wait(30)
        busy = herlaad(service)
        go_on.set()
        assert first.result().status_code == 200
    problem(busy, 503)
    assert busy.headers["retry-after"] == "10"


def test_without_a_log_there_is_nowhere_to_ask(settled: Settings) -> None:
    alone = replace(settled, log_url="geen")
    with TestClient(assemble(compose(alone), alone)) as client:
        assert "SIGHUP" in problem(herlaad(client), 404)["detail"]


def test_a_faulty_law_that_is_asked_for_all_the_same_is_refused_with_its_reason(
    service: TestClient, settled: Settings, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    first = served(service)
    spoil(settled)
    with caplog.at_level(logging.ERROR, "deelwijzer"):
        archive.want(hash_of(settled))
        wait_until(lambda: reloads(service, "refused") == 1)

    assert served(service) == first
    assert WORDING.name in caplog.messages[-1]
    assert service.get("/readyz").status_code == 200

    # It is not tried again and again, and a good one is taken over afterwards.
    rewrite(settled.policies / WORDING, lambda text: text.replace("x(Casus", "(Casus", 1))
    reword(settled)
    archive.want(hash_of(settled))
    wait_until(lambda: served(service) != first)
    assert reloads(service, "refused") == 1


def test_a_folder_that_is_half_copied_is_not_served(
    service: TestClient, settled: Settings, archive: Archive, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    first = served(service)
    whole = replace(settled, policies=tmp_path / "next" / "policies")
    shutil.copytree(settled.policies, whole.policies)
    reword(whole)
    other = Path("oud", "oud.dl")
    rewrite(whole.policies / other, lambda text: text.replace("# uitleg: ", "# uitleg: Ook zo: ", 1))
    wanted = hash_of(whole)

    with caplog.at_level(logging.WARNING, "deelwijzer"):
        shutil.copy(whole.policies / other, settled.policies / other)
        archive.want(wanted)
        wait_until(lambda: any("waiting" in one for one in caplog.messages))
        assert served(service) == first
        shutil.copy(whole.policies / WORDING, settled.policies / WORDING)
        wait_until(lambda: served(service) == version(whole))

    assert archive.texts(wanted) is not None, "whoever serves it can replay it"
    assert reloads(service, "refused") == 0
    assert len([one for one in caplog.messages if "waiting" in one]) == 1, "told once"


def test_a_restart_serves_its_files_and_says_so_when_another_law_was_asked_for(
    settled: Settings, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = f"sha256:{'0' * 64}"
    archive.want(wanted)

    with caplog.at_level(logging.WARNING, "deelwijzer"), TestClient(assemble(compose(settled), settled)) as client:
        wait_until(lambda: any("asked for" in one for one in caplog.messages))
        assert served(client) == version(settled)

    (told,) = [one for one in caplog.messages if "asked for" in one]
    assert f"law {wanted} is asked for, but the files here are of {hash_of(settled)}: " in told
    assert f"serving {version(settled)} ({hash_of(settled)})" in told


def test_a_log_that_cannot_be_reached_stops_no_call(
    service: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from app.database.faults import DatabaseFault

    def broken(*_: object) -> None:
        raise DatabaseFault("gone")

    with caplog.at_level(logging.WARNING, "deelwijzer"):
        monkeypatch.setattr("app.log.archive.Archive.keep", broken)
        monkeypatch.setattr("app.reload.Reloader.look", broken)
        wait_until(lambda: any("gone" in one for one in caplog.messages))

    assert ask(service, QUESTION).status_code == 200


def test_an_edition_that_is_replaced_lets_go_of_its_process(
    settled: Settings, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reload.GRACE_SECONDS", 2.0)
    closed: list[int] = []
    settled = replace(settled, query_seconds=60)  # the first query waits for its process to start
    composed = compose(settled)
    genuine = composed.queries.close

    def close() -> None:
        closed.append(1)
        genuine()

    first = replace(composed, queries=replace(composed.queries, close=close))
    with TestClient(assemble(first, settled)) as client:
        query = {"casus": QUESTION, "vraag": "oordeel(Deling, Oordeel)"}
        assert ask(client, query, "/v1/vragen").status_code == 200
        reword(settled)
        archive.want(hash_of(settled))
        wait_until(lambda: served(client) == version(settled))
        assert not closed, "calls that began with it may still ask"
        wait_until(lambda: closed == [1])
        assert ask(client, query, "/v1/vragen").status_code == 200


def version_of(service: Running) -> str:
    found: str = json.loads(service.ask("GET", "/readyz")[1])["beleid"]
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_under_load_no_call_fails_and_each_is_decided_by_one_of_both(law: Settings, workers: str) -> None:
    environment = environment_of(law)
    first = version(law)
    with running(DEELWIJZER_WORKERS=workers, **environment) as service:
        load = Load(service, json.dumps(QUESTION).encode())
        with load.going():
            wait_until(lambda: len(load.answers) > 50)
            reword(law)
            command = [sys.executable, "-m", "app.cli", "beleid", "herlaad"]
            subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
            second = version(law)
            wait_until(lambda: is_all(load, second))
        assert service.stop() == 0
    assert not load.broken
    assert {status for status, _ in load.answers} == {200}
    used = {json.loads(body)["beleid"]["versie"] for _, body in load.answers}
    assert used == {first, second}


def is_all(load: Load, edition: str) -> bool:
    """Whether the last answers were all by one law."""
    last = load.answers[-60:]
    return all(json.loads(body)["beleid"]["versie"] == edition for _, body in last)


def test_a_signal_replaces_the_law_of_one_process_without_a_log(law: Settings) -> None:
    with running(**{**environment_of(law), "DEELWIJZER_LOG_URL": "geen"}) as service:
        first = version_of(service)
        reword(law)
        service.process.send_signal(signal.SIGHUP)
        wait_until(lambda: version_of(service) != first)
        second = version_of(service)
        spoil(law)
        service.process.send_signal(signal.SIGHUP)
        wait_until(lambda: b'outcome="refused"} 1.0' in service.ask("GET", "/metrics")[1])
        assert version_of(service) == second
        assert service.stop() == 0
    assert next(one["message"] for one in service.lines() if one["level"] == "ERROR").startswith(
        "the new law is refused"
    )
