"""Lanes: a few threads for work that takes long, given out in turn per caller.

Goes in: a caller's name and work. Comes out: what the work returns, or a refusal. Must not know: what the work is.

One caller never has more than a few threads, however many calls it makes, so a thread is left for the next caller. Who
waits is served round robin by caller, not by call: twelve calls of one caller do not go before the first of another.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

from app.web.hold import Hold

T = TypeVar("T")
_Place = asyncio.Future[None]


class Lanes:
    """Threads and who waits for them. Belongs to one event loop: not for threads."""

    def __init__(self, threads: int, each: int, waiting: int, name: str) -> None:
        """`each`: threads that one caller may have at a time. `waiting`: how many of its calls may wait."""
        self._pool = ThreadPoolExecutor(threads, name)
        self._free = threads
        self._each = each
        self._most_waiting = waiting
        self._hold = Hold()
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[_Place]] = OrderedDict()

    @property
    def busy(self) -> int:
        """How many threads have work."""
        return self._running.total()

    async def run(self, caller: str, work: Callable[[], T], refusal: Exception | None) -> T:
        """Do something in a thread when it is this caller's turn; raises the refusal where too many of it wait."""
        if self._may_start(caller):
            self._start(caller)
        else:
            await self._turn(caller, refusal)
        loop = asyncio.get_running_loop()
        done = self._pool.submit(copy_context().run, work)
        # Told by the thread and not by this coroutine: work goes on when whoever waits for it is cancelled.
        done.add_done_callback(lambda _: self._told(loop, caller))
        return await asyncio.wrap_future(done)

    def _may_start(self, caller: str) -> bool:
        return self._free > 0 and self._running[caller] < self._each

    def _start(self, caller: str) -> None:
        self._free -= 1
        self._running[caller] += 1

    async def _turn(self, caller: str, refusal: Exception | None) -> None:
        queue = self._waiting.setdefault(caller, deque())
        if refusal is not None and len(queue) >= self._most_waiting:
            await self._hold.a_moment()
            raise refusal
        place: _Place = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given the thread just now
                self._done(caller)
            raise

    def _told(self, loop: asyncio.AbstractEventLoop, caller: str) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            loop.call_soon_threadsafe(self._done, caller)

    def _done(self, caller: str) -> None:
        """Give a thread that came free to the callers whose turn it is."""
        self._free += 1
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]
        for waiting in tuple(self._waiting):
            self._serve(waiting)

    def _serve(self, caller: str) -> None:
        """Start the first call that waits of one caller, if it may have a thread; then it is the others' turn."""
        queue = self._waiting[caller]
        while queue and queue[0].done():  # given up
            queue.popleft()
        if queue and self._may_start(caller):
            self._start(caller)
            queue.popleft().set_result(None)
            self._waiting.move_to_end(caller)
        if not queue:
            del self._waiting[caller]
