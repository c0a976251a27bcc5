"""The load: questions over a few kept connections, one after the other on each.

Goes in: an address and questions. Comes out: `Load`: how many a second, how long each took, how busy
this client was. Must not know: what the questions ask. Loopback only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import uvloop

HOST = "127.0.0.1"
PATIENCE = 120.0
"""Seconds for one load."""
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of questions gave: per second, the time of each in ms, the client's own share of a core."""

    per_second: float
    latencies: tuple[float, ...]
    busy: float
    received: int


def request(path: str, body: bytes) -> bytes:
    """Write a request as it goes over the line."""
    head = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + _HEAD_END + body


def answer_length(received: bytes) -> int | None:
    """Return how long the whole answer is, head included; None while its head is not there yet.

    >>> answer_length(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{")
    42
    """
    end = received.find(_HEAD_END)
    if end < 0:
        return None
    for line in received[:end].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return end + len(_HEAD_END) + int(value)
    raise ValueError("an answer without a length")


def load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send every request once, over this many connections; ValueError for any answer but 200, or TimeoutError."""
    return uvloop.run(asyncio.wait_for(_load(port, requests, connections), PATIENCE))


class _Asker(asyncio.Protocol):
    """One connection: sends the next request as soon as the last is answered."""

    def __init__(self, waiting: Iterator[bytes], latencies: list[float], done: asyncio.Future[int]) -> None:
        self._waiting = waiting
        self._latencies = latencies
        self._done = done
        self._buffer = b""
        self._length: int | None = None
        self._sent = 0.0
        self._received = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._length is None:
            self._length = answer_length(self._buffer)
        if self._length is None or len(self._buffer) < self._length:
            return
        self._latencies.append((time.perf_counter() - self._sent) * 1000)
        self._received += self._length
        if not self._buffer.startswith(b"HTTP/1.1 200 "):
            self._done.set_exception(ValueError(self._buffer[:200].decode(errors="replace")))
            return
        self._buffer, self._length = self._buffer[self._length :], None
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        assert self._transport is not None
        body = next(self._waiting, None)
        if body is None:
            self._done.set_result(self._received)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(body)


async def _load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    loop = asyncio.get_running_loop()
    waiting, latencies = iter(requests), list[float]()
    started, worked = time.perf_counter(), time.process_time()
    futures = []
    for _ in range(connections):
        done: asyncio.Future[int] = loop.create_future()
        futures.append(done)
        await loop.create_connection(lambda done=done: _Asker(waiting, latencies, done), HOST, port)  # type: ignore[misc]
    received = sum(await asyncio.gather(*futures))
    took = time.perf_counter() - started
    return Load(len(requests) / took, tuple(latencies), (time.process_time() - worked) / took, received)
