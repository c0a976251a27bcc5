"""Workers: several processes that answer on one port, what replaces one that died, and their end with their parent.

Goes in: uvicorn's configuration. Comes out: processes, until they are told to stop. Must not know: what they answer.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from typing import Final

import uvicorn
from uvicorn.supervisors import Multiprocess

ORPHAN_SECONDS: Final = 30.0
"""How long a worker without a parent may take to answer the calls it has, before it is ended."""
_log = logging.getLogger("deelwijzer")


class Workers(Multiprocess):
    """uvicorn's supervisor, which notices at once when a worker dies."""

    def keep_subprocess_alive(self) -> None:
        """Replace the workers that died."""
        # It asks each worker over a pipe whether it lives, and waits for the answer. A pipe tells when nobody is left
        # at its other end, but this process has that end open too: so the wait for a worker that died meanwhile takes
        # all its time, and no other one is replaced until then. A worker has its own copy since it was started.
        for process in self.processes:
            process.child_conn.close()
        super().keep_subprocess_alive()


def run(config: uvicorn.Config) -> None:
    """Run as many workers as a configuration says."""
    sockets = [config.bind_socket()]
    try:
        Workers(config, sockets).run()
    finally:
        for one in sockets:
            one.close()


def is_worker() -> bool:
    """Whether this process was started by another one of the same service."""
    return multiprocessing.parent_process() is not None


def end_with_parent() -> None:
    """Have this worker stop in order when its parent is gone; does nothing in a process that is no worker.

    A parent that was killed cannot tell its workers to stop: they would keep the port and go on serving, with nobody to
    replace or to end them.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent,), name="parent-watch", daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()  # returns when the parent's end of a pipe closes, so also after SIGKILL
    _log.error("the parent process is gone: this worker answers the calls it has, and ends")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHAN_SECONDS)
    os._exit(1)
