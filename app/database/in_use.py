"""In use: a lock on a file beside a SQLite database, shared by every process that has the database open.

Goes in: the file of the database. Comes out: a shared lock until it is released, or the whole one, or a fault.
Must not know: what the database holds.

Replacing the file under a process that has it open loses records or mixes two databases. The lock is the system's
own: it goes with the process, however that ends. Where the system has no such locks nothing is held, and nothing is
refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.database.faults import DatabaseFault

if sys.platform != "win32":
    import fcntl

SUFFIX: Final = "-open"
"""What the name of the lock's file has after that of the database; the file is always empty."""
_PRIVATE: Final = 0o600


class InUse:
    """The shared lock of one `Database`."""

    def __init__(self, file: Path) -> None:
        self._file = file.with_name(file.name + SUFFIX)
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Say that the database is open, until `release`; raises DatabaseFault while it is being replaced."""
        if self._descriptor is not None:
            return
        descriptor = _opened(self._file)
        if not _locked(descriptor, shared=True):
            os.close(descriptor)
            raise DatabaseFault("the database is being restored: wait for that, then try again")
        self._descriptor = descriptor

    def release(self) -> None:
        """Say that it is open no longer, as far as this process goes."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Keep everyone from opening a database; raises DatabaseFault when somebody has it open."""
    descriptor = _opened(file.with_name(file.name + SUFFIX))
    try:
        if not _locked(descriptor, shared=False):
            raise DatabaseFault("a process has the log open: stop the service and its commands first")
        yield
    finally:
        os.close(descriptor)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_CREAT | os.O_RDWR, _PRIVATE)
    except OSError as fault:
        raise DatabaseFault(f"the file beside the database that says who has it open: {fault.strerror}") from None


def _locked(descriptor: int, shared: bool) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
