"""Files that an operator puts in place, read without ever waiting for them.

Goes in: a path, and how large the file may be. Comes out: its bytes, or PlainFileError that says what stands there.
Must not know: what the bytes mean.

Opening a FIFO blocks until somebody writes to it, and reading a device can be endless. A symbolic link to a file
elsewhere would show that file in an error message: a reader of a folder names it, and then only files whose real path
is inside that folder are read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Neither exists on every system. Opening without blocking matters for a FIFO that appears after it was looked at.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class PlainFileError(OSError):
    """There is no regular file that may be read here; the message says what there is, without the path."""

    def __str__(self) -> str:
        """Give the reason alone."""
        return str(self.args[0])


def read_plain(path: Path, most: int, inside: Path | None = None) -> bytes:
    """Read a regular file of at most `most` bytes; raises PlainFileError.

    `inside`: the folder that must hold the file once all symbolic links are followed; None for any place.
    """
    try:
        real = path.resolve(strict=True)
        if inside is not None and not real.is_relative_to(inside.resolve(strict=True)):
            raise PlainFileError("is a symbolic link to a place outside its folder, which is not read")
        _must_be_regular(os.stat(real).st_mode)
        descriptor = os.open(real, _FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            _must_be_regular(os.fstat(descriptor).st_mode)
            found = file.read(most + 1)
    except PlainFileError:
        raise
    except (OSError, RuntimeError, ValueError) as fault:  # RuntimeError: a loop of symbolic links
        reason = fault.strerror if isinstance(fault, OSError) else None
        raise PlainFileError(f"cannot be read ({reason or type(fault).__name__})") from None
    if len(found) > most:
        raise PlainFileError(f"is larger than {most} bytes, the most that is read")
    return found


def _must_be_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for holds, name in _KINDS if holds(mode)), "something else")
        raise PlainFileError(f"is {kind}; only regular files are read")
