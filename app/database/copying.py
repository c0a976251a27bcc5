"""Copies of a SQLite database: a whole one made while others write, and one that takes the place of another.

Goes in: files. Comes out: files, durably, or a DatabaseFault. Must not know: what a database holds.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from app.database.faults import DatabaseFault
from app.database.in_use import SUFFIX as OPEN_SUFFIX
from app.database.turns import SUFFIX as TURN_SUFFIX

_OF_SQLITE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database and reads when it opens it: another database would get the old one's changes."""
_OURS: Final = (TURN_SUFFIX, OPEN_SUFFIX)
_PRIVATE: Final = 0o600


def copy_out(file: Path, target: Path) -> None:
    """Copy a database that may be in use, as one moment has it; raises DatabaseFault, also for a target that exists."""
    _make(target)
    try:
        source = f"{file.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(source, uri=True)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.Error as fault:
        discard(target)
        raise DatabaseFault(f"the copy cannot be made: {fault}") from None
    _flush(target)


def stage(source: Path, file: Path) -> Path:
    """Copy a backup to a file beside the database that it is to replace; raises DatabaseFault."""
    staged = file.with_name(f"{file.name}-restore")
    discard(staged)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _make(staged)
        shutil.copyfile(source, staged)
    except OSError as fault:
        discard(staged)
        raise DatabaseFault(f"{source}: the backup cannot be copied: {fault.strerror}") from None
    _flush(staged)
    return staged


def put_in_place(staged: Path, file: Path) -> None:
    """Let a staged copy take the place of a database, and remove what belonged to that one; raises DatabaseFault."""
    try:
        for suffix in _OF_SQLITE:
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        os.replace(staged, file)
    except OSError as fault:
        raise DatabaseFault(f"the database cannot be replaced: {fault.strerror}") from None
    _flush(file)
    clear_beside(staged)


def discard(file: Path) -> None:
    """Remove a copy and what was made beside it."""
    with suppress(OSError):
        file.unlink(missing_ok=True)
    clear_beside(file)


def clear_beside(file: Path) -> None:
    """Remove what was made beside a copy by looking into it."""
    for suffix in (*_OF_SQLITE, *_OURS):
        with suppress(OSError):
            file.with_name(file.name + suffix).unlink(missing_ok=True)


def _make(file: Path) -> None:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
    except FileExistsError:
        raise DatabaseFault(f"{file}: this file exists already; name a new one") from None
    except OSError as fault:
        raise DatabaseFault(f"{file}: this file cannot be made: {fault.strerror}") from None


def _flush(file: Path) -> None:
    """Have a file and its name on disk; the name stands in the folder."""
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
