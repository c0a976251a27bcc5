"""Turns: processes that write to one SQLite file, each when it is its turn.

Goes in: the file. Comes out: a turn, or a DatabaseFault. Must not know: what is written.

SQLite lets who finds its file locked sleep, longer each time, and whoever comes meanwhile goes first: with two busy
processes some writes wait half a second. Here nobody writes twice while another waits: who wants to write first takes
the place of the next, and holds it until the writer is done. SQLite's own lock stays what keeps the file whole; where
the system has no such locks, it alone decides.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.database.faults import DatabaseFault

if sys.platform != "win32":
    import fcntl

SUFFIX: Final = "-turn"
"""What the name of the file of the turns has after that of the database, beside SQLite's own -wal and -shm."""
NEXT: Final = 0
WRITING: Final = 1
PAUSE: Final = 0.001
"""Seconds between two looks at a lock: waiting for one without an end would hang with a writer that hangs."""
_PRIVATE: Final = 0o600


class Turns:
    """The turns at one file. Safe to share between threads."""

    def __init__(self, file: Path, seconds: float) -> None:
        """`seconds`: how long to wait for a turn."""
        self._file = file.with_name(file.name + SUFFIX)
        self._seconds = seconds
        # The system's locks are of a process, not of a thread.
        self._mine = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and end it on leaving, or when the process dies; raises DatabaseFault."""
        until = time.monotonic() + self._seconds
        if not self._mine.acquire(timeout=self._seconds):
            raise _busy()
        try:
            with self._place() as place:
                _lock(place, NEXT, until)
                _lock(place, WRITING, until)
                _unlock(place, NEXT)
                yield
        finally:
            self._mine.release()

    @contextmanager
    def _place(self) -> Iterator[int]:
        """Open the file of the turns; closing it gives up what was locked."""
        try:
            place = os.open(self._file, os.O_CREAT | os.O_RDWR, _PRIVATE)
        except OSError as fault:
            raise DatabaseFault(
                f"the file beside the database for taking turns cannot be made: {fault.strerror}"
            ) from None
        try:
            yield place
        finally:
            os.close(place)


def _lock(place: int, byte: int, until: float) -> None:
    if sys.platform == "win32":
        return
    while True:
        try:
            fcntl.lockf(place, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):
            if time.monotonic() > until:
                raise _busy() from None
            time.sleep(PAUSE)
        except OSError:  # a file system without locks: SQLite's own lock decides
            return
        else:
            return


def _unlock(place: int, byte: int) -> None:
    if sys.platform != "win32":
        fcntl.lockf(place, fcntl.LOCK_UN, 1, byte)


def _busy() -> DatabaseFault:
    return DatabaseFault("others keep the database in use")
