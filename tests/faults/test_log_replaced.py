"""A log that is replaced under a service that runs, and one that is restored once the service has stopped."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from app.cli import main
from tests.contract.asking import QUESTION
from tests.faults.running import Service, kept, running


def until_unready(service: Service) -> str:
    """What /readyz says once the service is not ready."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status, body = service.send("GET", "/readyz")
        if status == 503:
            return str(body["detail"])
        time.sleep(0.2)
    raise AssertionError("the service stayed ready")


def test_a_log_is_restored_only_when_no_service_has_it_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{tmp_path / 'log.db'}")
    copy = tmp_path / "copy.db"
    with running(url) as service:
        first = service.ask(QUESTION)[1]["id"]
        assert main(["log", "backup", str(copy)]) == 0
        second = service.ask(QUESTION)[1]["id"]
        assert main(["log", "restore", str(copy)]) == 1
        assert service.ask(QUESTION)[0] == 200
    assert second in kept(url)[0]

    assert main(["log", "restore", str(copy)]) == 0
    with running(url) as service:
        third = service.ask(QUESTION)[1]["id"]
    ids, verdict = kept(url)
    assert (ids, verdict.faults) == ({first, third}, ())


def test_a_file_that_is_replaced_stops_the_service_until_a_restart(tmp_path: Path) -> None:
    url, other = f"sqlite:///{tmp_path / 'log.db'}", f"sqlite:///{tmp_path / 'other.db'}"
    with running(other) as service:
        service.ask(QUESTION)
    with running(url) as service:
        assert service.ask(QUESTION)[0] == 200
        os.replace(tmp_path / "other.db", tmp_path / "log.db")
        assert service.ask(QUESTION)[0] == 503
        assert "beschadigd of vervangen" in until_unready(service)
        assert service.ask(QUESTION)[0] == 503
