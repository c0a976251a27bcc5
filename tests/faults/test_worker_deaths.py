"""Workers that die at a bad moment: somebody answers again within seconds."""

from __future__ import annotations

import http.client
import os
import signal
import time
from pathlib import Path

from tests.contract.asking import QUESTION
from tests.faults.running import Callers, Service, assert_all_kept, running

SECONDS = 10.0


def test_a_worker_that_dies_while_it_is_asked_whether_it_lives_holds_up_no_other(tmp_path: Path) -> None:
    """Three deaths, one of a replacement that is still starting: stopped here, so that it surely is."""
    with running(f"sqlite:///{tmp_path / 'log.db'}", DEELWIJZER_WORKERS="2") as service:
        first, second = before = service.all_workers(2)
        os.kill(first, signal.SIGKILL)
        while not (new := set(service.workers()) - set(before)):
            time.sleep(0.01)
        (replacement,) = new
        os.kill(replacement, signal.SIGSTOP)
        time.sleep(1.5)  # by now it is being waited for
        os.kill(second, signal.SIGKILL)
        os.kill(replacement, signal.SIGKILL)
        started = time.monotonic()
        while not answers(service):
            assert time.monotonic() - started < SECONDS, "nobody answers"
            time.sleep(0.1)
        service.all_workers(2)


def test_workers_whose_parent_is_killed_answer_what_they_have_and_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url, DEELWIJZER_WORKERS="2") as service, Callers(service, 4, QUESTION) as callers:
        callers.until(40)
        workers = service.all_workers(2)
        assert service.process.pid not in workers
        service.process.kill()
        service.process.wait(10)
        started = time.monotonic()
        while any(map(is_running, workers)):
            assert time.monotonic() - started < 2 * SECONDS, "a worker without a parent goes on"
            time.sleep(0.1)
        assert not answers(service)
    assert set(callers.others) <= {503}, "what was being answered got its answer"
    assert_all_kept(url, callers)


def is_running(pid: int) -> bool:
    """Whether a process exists and has not ended; nobody may have asked for its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answers(service: Service) -> bool:
    try:
        return service.ask(QUESTION, seconds=1)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
