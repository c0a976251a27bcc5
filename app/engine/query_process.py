"""The process that answers queries: what it is told and what it says.

Goes in: messages over a connection. Comes out: messages. It runs pyDatalog and nothing else, apart from
the service, because pyDatalog holds its interpreter while it thinks and cannot be interrupted.
Must not know: the text of a query, or who asks.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from app.engine.facts import FactSet
from app.engine.model import ModelRow, ModelValue
from app.engine.pydatalog import PyDatalogDecider, PyDatalogEngine
from app.engine.query_messages import Ask, Failed, Found, Load, Loaded, Reply
from app.lang.ast import Atom, Positive, Variable

MEMORY_LIMIT: Final = 1 << 30
"""Bytes of address space: a query whose answers need more ends this process, not the machine."""


def main(descriptor: int) -> None:
    """Serve one connection, given as a file descriptor, until the other end closes it."""
    _limit(resource.RLIMIT_AS, MEMORY_LIMIT)
    _limit(resource.RLIMIT_CORE, 0)  # no dump: it would hold facts of a case
    # Ctrl-C in a terminal reaches the whole group; the parent decides when this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action is the kernel's, so it also ends an interpreter that never looks up.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    serve(Connection(descriptor), lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds))


def _limit(kind: int, most: int) -> None:
    # A system may not know a limit, or already be stricter; then its own holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))


def serve(connection: Connection, alarm: Callable[[float], object]) -> None:
    """Answer messages until the connection closes; `alarm` is set before every query, and 0 after it."""
    deciders: dict[str, PyDatalogDecider] = {}
    while True:
        try:
            message = connection.recv()
        except EOFError:
            return
        try:
            reply = _reply(message, deciders, alarm)
        except Exception as fault:
            reply = Failed(type(fault).__name__)
        connection.send(reply)


def _reply(message: Load | Ask, deciders: dict[str, PyDatalogDecider], alarm: Callable[[float], object]) -> Reply:
    if isinstance(message, Load):
        decider = PyDatalogEngine().prepare(message.program)
        _warm(decider)
        deciders[message.program.hash] = decider
        return Loaded()
    alarm(message.seconds)
    begin = time.process_time()
    try:
        # The possible answers: the certain ones are among them, and the compiled engine tells which.
        found = deciders[message.program_hash].ask(message.facts, message.literals, "mogelijk")
        rows = sorted({tuple(one[name] for name in message.variables) for one in found}, key=_place)
    finally:
        alarm(0)
    return Found(tuple(rows[: message.most]), len(rows) > message.most, time.process_time() - begin)


def _warm(decider: PyDatalogDecider) -> None:
    """Ask something of no case, so that the first real query finds everything loaded."""
    predicate = next(one for one in decider.program.vocabulary.predicates.values() if one.kind == "invoer")
    terms = tuple(Variable(f"V{place}") for place in range(len(predicate.arguments)))
    decider.ask(FactSet({}, {}), (Positive(Atom(predicate.name, terms)),), "mogelijk")


def _place(row: ModelRow) -> tuple[tuple[int, int, str], ...]:
    """The order of answers: by their values from left to right, numbers first, unknown numbers last."""
    return tuple(map(_value_place, row))


def _value_place(value: ModelValue) -> tuple[int, int, str]:
    match value:
        case int():
            return 0, value, ""
        case str():
            # Keys of one case are told apart by a number at their end: c.d2 comes before c.d10.
            return 1, len(value) if "." in value else 0, value
        case _:
            return 2, value.offset, f"{value.predicate} {value.key}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
