"""Log lines: one JSON object per line on stderr, for whatever collects logs.

Goes in: records of Python's logging. Comes out: lines; those of the Logboek Dataverwerkingen go to stdout as they are.
Must not know: who logs, or what anyone asks.

Our own messages hold nothing of a question. Those of others might: a library may put a value in its message or its
exception. So of a library only the fixed part of a message is shown, and of any exception only its kind and place.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from contextvars import ContextVar
from pathlib import Path
from typing import Final, Literal

current_trace: Final[ContextVar[str | None]] = ContextVar("deelwijzer_trace", default=None)
"""The trace id of the call that is being answered."""
LDV: Final = "deelwijzer.ldv"
_TRUSTED: Final = ("deelwijzer", "uvicorn")
"""Whose messages are shown whole: ours, and those of the server, which speak of addresses and processes only."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time (UTC), level, logger, message, and the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        trace = current_trace.get()
        if trace is not None:
            line["trace_id"] = trace
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            line["fault"] = f"{type(fault).__name__} at {place_of(fault)}"
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.Handler):
    """Writes lines to a standard stream. A line that cannot be written is lost: it must not stop a call."""

    def __init__(self, stream: Literal["stderr", "stdout"], formatter: logging.Formatter) -> None:
        super().__init__()
        self._stream = stream
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, at once."""
        # Not logging's own way with a fault: that prints the arguments of the message.
        with contextlib.suppress(Exception):
            stream = getattr(sys, self._stream)
            stream.write(f"{self.format(record)}\n")
            stream.flush()


def configure() -> None:
    """Let every logger of this process write lines of JSON, and none of them lines about requests."""
    root = logging.getLogger()
    _give(root, Lines("stderr", JsonLines()))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Nothing is gained from lines about requests, and addresses of callers are personal data.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    for name in _TRUSTED:
        logging.getLogger(name).setLevel(logging.INFO)
    ldv = logging.getLogger(LDV)
    _give(ldv, Lines("stdout", logging.Formatter("%(message)s")))
    ldv.propagate = False


def place_of(fault: BaseException) -> str:
    """Say where an exception came from: file and line, without anything it holds."""
    trace = fault.__traceback__
    if trace is None:
        return "unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _give(logger: logging.Logger, handler: Lines) -> None:
    logger.handlers = [*(one for one in logger.handlers if not isinstance(one, Lines)), handler]


def _message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in _TRUSTED:
        return record.getMessage()
    return str(record.msg).split("\n", 1)[0] if isinstance(record.msg, str) else type(record.msg).__name__
