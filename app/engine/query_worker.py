"""The query worker: developers' queries answered by pyDatalog, in a process of its own, within a time.

Goes in: a checked program and query, and the facts of a case. Comes out: `Bindings`, or a `QueryFault`.
Must not know: pyDatalog, or what a query asks.

Only what our own parser made reaches the process, never a caller's text. One query runs at a time; one
that takes too long ends with the process, and a fresh one is made ready. Safe for threads; a coroutine
asks from a thread, because asking waits.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import weakref
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import Final

import app
from app.engine.facts import FactSet
from app.engine.model import ModelRow
from app.engine.query_messages import Ask, Failed, Found, Load, Loaded, Reply
from app.lang.program import Program
from app.lang.query import Query

SECONDS: Final = 2.0
MOST_ANSWERS: Final = 1_000
MOST_WAITING: Final = 8
LOAD_SECONDS: Final = 30.0
"""How long a fresh process may take to be ready with a program; not part of a query's time."""
_SLACK: Final = 1.0


class QueryFault(Exception):
    """A query that got no answer. `seconds`: processor time it took in the other process."""

    seconds = 0.0


class QueryTimeout(QueryFault):
    """The query took more than its time, and was stopped."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds


class QueryBusy(QueryFault):
    """Too many others are asking."""


class QueryFailed(QueryFault):
    """The process that answers queries failed, twice."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """Values per variable of the query, in order; `more` when there are answers beyond these.

    `seconds`: processor time that finding them took in the other process.
    """

    rows: tuple[ModelRow, ...]
    more: bool
    seconds: float = field(default=0.0, compare=False)


class QueryWorker:
    """Answers queries in a process that it starts when first needed and keeps."""

    def __init__(self, seconds: float = SECONDS, most: int = MOST_ANSWERS) -> None:
        self._seconds = seconds
        self._most = most
        self._lock = Lock()
        self._seats = BoundedSemaphore(MOST_WAITING)
        self._process: _Process | None = None
        self._programs: dict[str, Program] = {}
        self._loads: dict[str, bytes] = {}
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The id of the process, when there is one."""
        process = self._process
        return None if process is None else process.pid

    def ask(self, program: Program, facts: FactSet, query: Query) -> Bindings:
        """Answer a query with everything possible; raises QueryFault."""
        if not self._seats.acquire(blocking=False):
            raise QueryBusy
        try:
            if not self._lock.acquire(timeout=self._seconds * 2):
                raise QueryBusy
            try:
                return self._answer(program, facts, query)
            finally:
                self._lock.release()
        finally:
            self._seats.release()

    def close(self) -> None:
        """End the process; no query is answered any more."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()  # whoever waits for it then notices, and lets go of the lock
        with self._lock:
            self._end()

    def _answer(self, program: Program, facts: FactSet, query: Query) -> Bindings:
        message = Ask(program.hash, facts, query.literals, query.variables, self._most, self._seconds + _SLACK)
        for _ in range(2):
            # A process that ended between two questions, or ends now, gets one successor.
            try:
                process = self._ready(program)
                reply = process.exchange(message, self._seconds)
            except (EOFError, OSError):
                self._end()
                continue
            if reply is None:
                self._end()
                Thread(target=self._make_ready_again, name="query-worker", daemon=True).start()
                raise QueryTimeout(self._seconds)
            match reply:
                case Found(rows, more, seconds):
                    return Bindings(rows, more, seconds)
                case Failed(fault):
                    self._end()
                    raise QueryFailed(fault)
        raise QueryFailed("process ended")

    def _ready(self, program: Program) -> _Process:
        """Return a process that knows a program."""
        if self._closed:
            raise QueryFailed("closed")
        self._programs[program.hash] = program
        process = self._process
        if process is None:
            process = self._process = _Process()
            if self._closed:
                raise QueryFailed("closed")
        if program.hash not in process.loaded:
            reply = process.exchange(self._load_of(program), LOAD_SECONDS)
            if not isinstance(reply, Loaded):
                self._end()
                raise QueryFailed(reply.fault if isinstance(reply, Failed) else "not ready in time")
            process.loaded.add(program.hash)
        return process

    def _load_of(self, program: Program) -> bytes:
        """Pickle a program once, for every process that is to know it: that holds the interpreter for a while."""
        found = self._loads.get(program.hash)
        if found is None:
            found = self._loads[program.hash] = pickle.dumps(Load(program))
        return found

    def _make_ready_again(self) -> None:
        with self._lock:
            for program in tuple(self._programs.values()):
                try:
                    self._ready(program)
                except (QueryFault, EOFError, OSError):  # then the next question finds out
                    return

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


class _Process:
    """One process and the connection to it. Ends with this object, and when our own process ends."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        with theirs:
            # A fresh interpreter, not a fork: it inherits no locks, no threads and no facts of a case.
            self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "app.engine.query_process", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what pyDatalog prints could hold facts of a case
            )
        self._connection = ours
        self.loaded: set[str] = set()
        self.end = weakref.finalize(self, _end, self._popen, ours)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def kill(self) -> None:
        self._popen.kill()

    def exchange(self, message: Ask | bytes, seconds: float) -> Reply | None:
        """Send a message, pickled or not, and wait for the reply; None when it takes longer.

        EOFError, OSError when the process ended.
        """
        self._connection.send_bytes(message if isinstance(message, bytes) else pickle.dumps(message))
        if not self._connection.poll(seconds):
            return None
        reply: Reply = self._connection.recv()
        return reply


def _end(popen: subprocess.Popen[bytes], connection: Connection) -> None:
    popen.kill()
    popen.wait()
    connection.close()


def _environment() -> dict[str, str]:
    """Where our code is, and nothing else of this process's environment."""
    root = str(Path(app.__file__).parent.parent)
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}
