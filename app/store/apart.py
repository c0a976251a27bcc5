"""Apart: a job in a process of its own, which takes what the job leaves in memory with it.

Goes in: a job. Comes out: a way to wait for its result. Must not know: what the job is.

A process is only split off from one with a single thread, where the system can do that; else the job is done here,
when it is waited for. A failure of the job is a failure here, whichever process it happened in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import Final, TypeVar

Result = TypeVar("Result")
_FORK: Final = "fork"


class ApartError(RuntimeError):
    """The process ended without a result."""


def begin(job: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a job, and return what waits for its result; ApartError when there is none."""
    if _FORK not in get_all_start_methods() or threading.active_count() > 1:
        return job
    context = get_context(_FORK)
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(job, theirs), daemon=True)
    process.start()
    theirs.close()

    def result() -> Result:
        try:
            found: Result | Exception = mine.recv()
        except EOFError:
            raise ApartError("the process ended without a result") from None
        finally:
            mine.close()
            process.join()
        if isinstance(found, Exception):
            raise found
        return found

    return result


def _run(job: Callable[[], Result], answer: Connection) -> None:
    try:
        answer.send(job())
    except Exception as fault:
        answer.send(fault)
