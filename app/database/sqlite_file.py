"""The file of a SQLite database: made, and kept from everybody but its owner.

Goes in: a path. Comes out: a private regular file, or a DatabaseFault that names what is wrong. Must not know: tables.

The log holds personal data, so a file that others may read is closed to them, or refused where that is not ours to do.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

from app.database.faults import AddressFault, DatabaseFault, NoTablesFault
from app.database.turns import SUFFIX

PRIVATE: Final = 0o600
BESIDE: Final = ("", "-wal", "-shm", "-journal", SUFFIX)
"""The endings of all files of one database: SQLite gives those it makes the mode of the first."""
NOTHING: Final = "there is no decision log at this address (DEELWIJZER_LOG_URL); only the service makes one"
_log = logging.getLogger("deelwijzer")


def prepare_file(file: Path, make: bool) -> None:
    """See to it that the file is there and private; NoTablesFault where there is none and none is to be made."""
    if not file.exists():
        if not make:
            raise NoTablesFault(f"{NOTHING} ({file})")
        _make(file)
    if not file.is_file():
        raise AddressFault(f"{file} is no regular file")
    for ending in BESIDE:
        _close_to_others(file.with_name(file.name + ending))


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    except FileExistsError:  # another process made it just now
        return
    except OSError as fault:
        raise DatabaseFault(f"the file of the database cannot be made: {fault.strerror} ({file})") from None
    _log.warning("a new, empty decision log is made in %s", file)


def _close_to_others(file: Path) -> None:
    """Take everybody's but the owner's rights away. Where it is another's file, a right of its group is left alone."""
    try:
        mode = stat.S_IMODE(os.stat(file).st_mode)
        if mode & ~PRIVATE & 0o077:
            os.chmod(file, PRIVATE)
            _log.warning("%s could be read by others (mode %04o): it is private now", file, mode)
    except FileNotFoundError:
        return
    except OSError:
        if mode & 0o007:
            raise DatabaseFault(
                f"everybody can read {file} (mode {mode:04o}), and it is not ours to change: let its owner chmod 600 it"
            ) from None
