"""A job in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from app.store import apart


def test_where_several_threads_run_the_job_is_done_here() -> None:
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert apart.begin(os.getpid)() == os.getpid()
    finally:
        stop.set()
        other.join()


ALONE = """
import os
from app.store import apart

def fails():
    raise ValueError("so it is")

assert apart.begin(os.getpid)() != os.getpid()
first, second = apart.begin(lambda: "one"), apart.begin(lambda: "two")
assert (second(), first()) == ("two", "one")
for job, kind in ((fails, ValueError), (lambda: os._exit(1), apart.ApartError)):
    try:
        apart.begin(job)()
    except kind as fault:
        print(kind.__name__, fault)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot split off a process")
def test_alone_it_is_done_in_another_process_whose_failure_is_a_failure_here() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["ValueError so it is", "ApartError the process ended without a result"]
