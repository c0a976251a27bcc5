"""The life of the service: what runs beside it while it answers, and what is done at its end.

Goes in: coroutines and endings. Comes out: the lifespan that the ASGI server keeps to. Must not know: what they do.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool


@dataclass(slots=True)
class Life:
    """What belongs to one service. `hang_up`: what SIGHUP does; None leaves that signal alone."""

    beside: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    endings: list[Callable[[], None]] = field(default_factory=list)
    hang_up: Callable[[], None] | None = None

    @asynccontextmanager
    async def span(self, _: FastAPI) -> AsyncIterator[None]:
        """Live; calls are answered between start and end, and all of them were when the endings begin."""
        tasks = [asyncio.create_task(make()) for make in self.beside]
        listening = self._listen()
        try:
            yield
        finally:
            if listening:
                asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for ending in self.endings:
                await run_in_threadpool(ending)

    def _listen(self) -> bool:
        """Listen for SIGHUP, where that is possible: only the main thread hears signals."""
        hang_up = self.hang_up
        if hang_up is None or threading.current_thread() is not threading.main_thread():
            return False
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, lambda: loop.run_in_executor(None, hang_up))
        return True
