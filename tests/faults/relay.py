"""A slow way between two programs on this machine, that sees which of them closes a connection first."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
DELAY = 0.05
"""Seconds that every packet takes, also the one that closes: on one machine it would take none."""


@dataclass
class Relay:
    """Passes on every connection to `port`. `closed` counts who closed first: "front" or "behind"."""

    to: int
    port: int = 0
    closed: Counter[str] = field(default_factory=Counter)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(HOST, self.to)
        first: list[str] = []
        await asyncio.gather(
            self._pass(reader, other_writer, "front", first), self._pass(other_reader, writer, "behind", first)
        )
        self.closed[first[0]] += 1

    async def _pass(self, of: asyncio.StreamReader, to: asyncio.StreamWriter, who: str, first: list[str]) -> None:
        with suppress(OSError):
            while data := await of.read(65536):
                await asyncio.sleep(DELAY)
                to.write(data)
                await to.drain()
        first.append(who)
        await asyncio.sleep(DELAY)
        to.close()


@contextmanager
def relay(to: int) -> Iterator[Relay]:
    """Run a relay to a port of this machine until the block ends."""
    made = Relay(to)
    ready = threading.Event()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(over.set))
        server = await asyncio.start_server(made._meet, HOST, 0)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield made
    finally:
        stop[0]()
        thread.join()
