"""Workers: several processes that answer on one port, and what replaces one that died.

Goes in: uvicorn's configuration. Comes out: processes, until they are told to stop. Must not know: what they answer.
"""

from __future__ import annotations

import uvicorn
from uvicorn.supervisors import Multiprocess


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
