"""Turns at one file: nobody writes at the same time, nobody writes twice while another waits, and no lock stays."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.database.turns import Turns

HOLDS = """
import sys
from pathlib import Path
from app.database.turns import Turns
with Turns(Path(sys.argv[1]), 5).take():
    print("held", flush=True)
    sys.stdin.read()
"""
WRITES_EVER = """
import sys, time
from pathlib import Path
from app.database.turns import Turns
turns, count = Turns(Path(sys.argv[1]), 5), Path(sys.argv[2])
number = 0
while True:
    with turns.take():
        number += 1
        new = count.with_suffix(".new")
        new.write_text(str(number))
        new.replace(count)
        if number == 1:
            print("begun", flush=True)
        time.sleep(0.02)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks: SQLite's own decides there")


@contextmanager
def running(program: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program that has taken a turn once this goes on."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def test_a_turn_is_waited_for_no_longer_than_said(tmp_path: Path) -> None:
    with running(HOLDS, tmp_path / "log.db"), pytest.raises(DatabaseFault, match="in use"):
        Turns(tmp_path / "log.db", 0.05).take().__enter__()


def test_a_writer_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    with running(HOLDS, tmp_path / "log.db") as process:
        process.kill()
        process.wait()
        with Turns(tmp_path / "log.db", 1).take():
            pass


def test_who_waits_goes_before_who_has_just_written(tmp_path: Path) -> None:
    count = tmp_path / "count"
    with running(WRITES_EVER, tmp_path / "log.db", count):
        turns = Turns(tmp_path / "log.db", 5)
        for _ in range(10):
            before = int(count.read_text())
            with turns.take():
                # The one that was running; perhaps one that began between the reading and the asking.
                assert int(count.read_text()) - before <= 2


def test_threads_take_turns_too(tmp_path: Path) -> None:
    turns, inside, most = Turns(tmp_path / "log.db", 5), [0], [0]

    def write() -> None:
        for _ in range(20):
            with turns.take():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_a_database_writes_only_in_its_turn(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'log.db'}", seconds=0.05)
    database.prepare()
    with running(HOLDS, tmp_path / "log.db"):
        with pytest.raises(DatabaseFault), database.write():
            pass
        with database.read():
            pass
    with database.write():
        pass
    database.close()
