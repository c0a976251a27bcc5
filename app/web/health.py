"""Health: whether the process answers, whether it is ready for calls, and its metrics.

Goes in: the edition of the law in force, and a way to try the log. Comes out: three routes outside /v1, for the
machines around the service and not for callers. Must not know: how a log is written.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.database.faults import DamagedFault, DatabaseFault
from app.operations.metrics import MEDIA_TYPE, Metrics
from app.web.problems import Problem
from app.web.reading import JSON
from app.web.serving import Current

HEALTH: Final = frozenset(("/livez", "/readyz", "/metrics"))
"""The routes of this module."""
TRY_EVERY: Final = 1.0
"""Seconds for which one try of the log counts, however often somebody asks."""
MOST_SECONDS: Final = 3.0
UNWRITABLE: Final = "Niet gereed: het log kan nu niet worden geschreven. Het beleid is geladen."
DAMAGED: Final = (
    "Niet gereed: het log is beschadigd of vervangen. Controleer het met `deelwijzer log verify`, zet zo nodig een "
    "back-up terug, en start de dienst opnieuw."
)
_log = logging.getLogger("deelwijzer")


class LogTrial:
    """Tries whether the log can be written, in a thread, one try at a time."""

    def __init__(
        self,
        write: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        doubted: Callable[[], bool] = lambda: False,
    ) -> None:
        """`doubted`: whether a call could not be recorded since the last try: then that try no longer counts."""
        self._write = write
        self._doubted = doubted
        self._clock = clock
        self._good = True
        self.damaged = False
        """Whether the last try found a log that waiting does not repair."""
        self._when = -TRY_EVERY
        self._trying: asyncio.Task[None] | None = None

    async def good(self) -> bool:
        """Whether a write succeeded just now; a write that takes too long did not."""
        due = self._clock() - self._when >= TRY_EVERY
        if self._trying is None and (due or (self._good and self._doubted())):
            self._trying = asyncio.create_task(self._try())
        if self._trying is not None:
            done, _ = await asyncio.wait((self._trying,), timeout=MOST_SECONDS)
            return bool(done) and self._good
        return self._good

    async def _try(self) -> None:
        try:
            await run_in_threadpool(self._write)
        except Exception as fault:
            if self._good:
                said = fault if isinstance(fault, DatabaseFault) else type(fault).__name__
                _log.error("not ready: the decision log cannot be written: %s", said)
            self._good = False
            self.damaged = isinstance(fault, DamagedFault)
        else:
            if not self._good:
                _log.info("ready again: the decision log can be written")
            self._good = True
            self.damaged = False
        self._when = self._clock()
        self._trying = None


@dataclass(frozen=True, slots=True)
class Health:
    """The handlers. `trial` is None when no log is kept."""

    current: Current
    metrics: Metrics
    trial: LogTrial | None

    async def livez(self, _: Request) -> Response:
        """Answer: that is all it says."""
        return Response(b'{"leeft":true}', media_type=JSON)

    async def readyz(self, _: Request) -> Response:
        """Say whether calls can be answered, and with which edition of the law."""
        if self.trial is not None and not await self.trial.good():
            raise Problem(503, DAMAGED if self.trial.damaged else UNWRITABLE)
        log = "geen" if self.trial is None else "schrijfbaar"
        return Response(to_json({"beleid": self.current.serving.book.version, "log": log}), media_type=JSON)

    async def measured(self, _: Request) -> Response:
        """Give the metrics, for Prometheus."""
        serving = self.current.serving
        text = await run_in_threadpool(self.metrics.text, serving.book.version, serving.hash)
        return Response(text, headers={"content-type": MEDIA_TYPE})


def add_health(app: FastAPI, health: Health) -> None:
    """Add the routes."""
    app.add_route("/livez", health.livez, methods=["GET"])
    app.add_route("/readyz", health.readyz, methods=["GET"])
    app.add_route("/metrics", health.measured, methods=["GET"])
