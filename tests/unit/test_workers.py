"""The supervisor of workers, with workers that are no processes."""

from __future__ import annotations

import threading
from multiprocessing import Pipe
from typing import Any

import pytest
import uvicorn
from uvicorn.supervisors import Multiprocess

from app import workers
from app.workers import Workers


def test_only_a_worker_holds_its_end_of_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Worker:
        def __init__(self) -> None:
            self.parent_conn, self.child_conn = Pipe()

    supervisor: Any = object.__new__(Workers)
    supervisor.should_exit = threading.Event()
    supervisor.processes = [Worker(), Worker()]
    looked: list[bool] = []
    monkeypatch.setattr(
        Multiprocess,
        "keep_subprocess_alive",
        lambda self: looked.extend(one.child_conn.closed for one in self.processes),
    )

    for _ in range(2):
        supervisor.keep_subprocess_alive()
    assert looked == [True] * 4
    for one in supervisor.processes:
        assert one.parent_conn.poll(5), "who asks a worker that is gone hears so at once"
        one.parent_conn.close()


def test_workers_share_one_port_and_let_go_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(Workers, "__init__", lambda self, config, sockets: ran.extend(sockets))
    monkeypatch.setattr(Workers, "run", lambda self: ran.append(ran[0].fileno()))

    workers.run(uvicorn.Config("app.main:create_app", factory=True, port=0, workers=2, log_config=None))

    assert ran[1] > 0
    assert ran[0].fileno() == -1
