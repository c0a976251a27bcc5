"""Workers that die at a bad moment: somebody answers again within seconds."""

from __future__ import annotations

import http.client
import os
import signal
import time
from pathlib import Path

from tests.contract.asking import QUESTION
from tests.faults.running import Service, running

SECONDS = 10.0


def test_a_worker_that_dies_while_it_is_asked_whether_it_lives_holds_up_no_other(tmp_path: Path) -> None:
    """Three deaths, one of a replacement that is still starting: stopped here, so that it surely is."""
    with running(f"sqlite:///{tmp_path / 'log.db'}", DEELWIJZER_WORKERS="2") as service:
        first, second = before = service.workers()
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
        while len(service.workers()) < 2:
            assert time.monotonic() - started < 2 * SECONDS
            time.sleep(0.1)


def answers(service: Service) -> bool:
    try:
        return service.ask(QUESTION, seconds=1)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
