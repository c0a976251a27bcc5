"""A body that is read: at once where it is there, within a time where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from app.web.problems import Problem
from app.web.reading import read_json

Receive = Callable[[], Awaitable[Message]]
LIMIT = 10


class Timers(asyncio.SelectorEventLoop):
    """An event loop that counts the timers that are set."""

    timers = 0

    def call_at(self, *asked: object, **how: object) -> asyncio.TimerHandle:
        self.timers += 1
        return super().call_at(*asked, **how)  # type: ignore[arg-type]


def part(body: bytes, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def from_list(*parts: Message, hangs: bool = False) -> Receive:
    """Give these parts, where asked each a moment after it was asked for."""
    left = list(parts)

    async def receive() -> Message:
        if hangs:
            await asyncio.sleep(0)
        return left.pop(0)

    return receive


def reading(receive: Receive, seconds: float = 5.0) -> Awaitable[bytes]:
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}
    return read_json(Request(scope, receive), LIMIT, seconds)


def run(wait: Callable[[], Awaitable[bytes]]) -> tuple[bytes, int]:
    """Read in a loop of its own; returns the body, and how many timers were set for it."""

    async def go() -> bytes:
        return await wait()

    loop = Timers()
    try:
        return loop.run_until_complete(go()), loop.timers
    finally:
        loop.close()


@pytest.mark.parametrize("parts", [(part(b"{}"),), (part(b"{", True), part(b"", True), part(b"}"))])
def test_a_body_that_is_there_is_read_without_a_timer(parts: tuple[Message, ...]) -> None:
    assert run(lambda: reading(from_list(*parts))) == (b"{}", 0)


def test_a_body_that_comes_later_is_read_within_a_time() -> None:
    assert run(lambda: reading(from_list(part(b"{", True), part(b"}"), hangs=True))) == (b"{}", 1)


@pytest.mark.parametrize("begun", [[], [part(b"{", True)]])
def test_a_body_that_does_not_come_is_given_up_and_no_longer_waited_for(begun: list[Message]) -> None:
    ended: list[str] = []

    async def receive() -> Message:
        if begun:
            return begun.pop()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waiting")
        raise AssertionError("nobody sets it")

    with pytest.raises(Problem) as given:
        run(lambda: reading(receive, 0.01))
    assert given.value.status == 408
    assert ended == ["waiting"]


@pytest.mark.parametrize("hangs", [False, True])
def test_a_body_is_counted_while_it_comes(hangs: bool) -> None:
    with pytest.raises(Problem) as given:
        run(lambda: reading(from_list(part(b" " * LIMIT, True), part(b"{}", True), hangs=hangs)))
    assert given.value.status == 413
    assert run(lambda: reading(from_list(part(b" " * LIMIT, True), part(b""), hangs=hangs)))[0] == b" " * LIMIT


@pytest.mark.parametrize("hangs", [False, True])
def test_a_caller_that_hangs_up_is_noticed(hangs: bool) -> None:
    with pytest.raises(ClientDisconnect):
        run(lambda: reading(from_list(part(b"{", True), {"type": "http.disconnect"}, hangs=hangs)))
