"""A snapshot of what is kept elsewhere (API keys, signing keys), read anew before it is too old.

Goes in: a function that reads, which may take long. Comes out: what it read last, never older than asked, or
CannotTellError. Must not know: what is read.

However many calls wait, one reading runs at a time, in a thread; after one that failed the next waits a moment.
So a source that does not answer costs one thread, and calls that need it are refused at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from app.access.caller import CannotTellError

T = TypeVar("T")
_log = logging.getLogger("deelwijzer")


class Snapshot(Generic[T]):
    """What was read last. Belongs to the event loop: not for threads."""

    def __init__(
        self,
        name: str,
        load: Callable[[], T],
        seconds: float,
        *,
        pause: float,
        ahead: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds`: how old it may be. `pause`: between a reading that failed and the next.

        `ahead`: from what age on it is read anew while calls still get the old one; None: not before it is too old.
        """
        self._name = name
        self._load = load
        self._seconds = seconds
        self._pause = pause
        self._ahead = seconds if ahead is None else ahead
        self._clock = clock
        self._value: T | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def get(self) -> T:
        """Return what was read, at most `seconds` ago; raises CannotTellError."""
        age = self._clock() - self._read_at
        if age >= self._seconds:
            await self._read()
        elif age >= self._ahead:
            self._begin()
        return self._current()

    async def at_most(self, seconds: float) -> T:
        """Return what was read at most so long ago, where that is asked for; raises CannotTellError."""
        if self._clock() - self._read_at >= seconds:
            before = self._read_at
            await self._read()
            if self._read_at == before:  # what is kept may be right, but not for what needs a newer one
                raise CannotTellError
        return self._current()

    def _current(self) -> T:
        if self._value is None or self._clock() - self._read_at >= self._seconds:
            raise CannotTellError
        return self._value

    async def _read(self) -> None:
        reading = self._begin()
        if reading is not None:
            # Shielded: a caller who hangs up does not stop the reading that others wait for.
            await asyncio.shield(reading)

    def _begin(self) -> asyncio.Task[None] | None:
        """Start a reading, or join the one that runs; None when it is too soon after one that failed."""
        running = self._reading
        if running is not None and not running.done() and running.get_loop() is asyncio.get_running_loop():
            return running
        if self._clock() - self._failed_at < self._pause:
            return None
        self._reading = asyncio.create_task(self._reload())
        return self._reading

    async def _reload(self) -> None:
        begun = self._clock()
        try:
            self._value = await asyncio.to_thread(self._load)
            self._read_at = begun
        except Exception as fault:  # whatever it is: what cannot be read lets nobody in
            self._failed_at = self._clock()
            _log.error("%s cannot be read: %s", self._name, type(fault).__name__)
