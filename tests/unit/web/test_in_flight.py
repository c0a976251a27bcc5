"""Calls in flight: how many, how many bytes of bodies, and that both come back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from app.web.in_flight import InFlight
from app.web.problems import Problem
from app.web.sizes import QUESTION_LIMIT

LONG = b" " * (QUESTION_LIMIT + 1)


class Calls:
    """Calls that are answered when they are told to be, each with parts of a body."""

    def __init__(self, calls: int, size: int) -> None:
        self.app = InFlight(self.answer, calls, size)
        self.go_on = asyncio.Event()
        self.statuses: list[int] = []

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            while (await receive())["more_body"]:
                pass
        except Problem as problem:
            await send({"type": "http.response.start", "status": problem.status, "headers": []})
            raise
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, *parts: bytes, path: str = "/v1/advies") -> dict[str, Any]:
        waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        waiting.append({"type": "http.request", "more_body": False})
        said: dict[str, Any] = {}

        async def receive() -> Any:
            return waiting.pop(0)

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
            said.update(message)

        await self.app({"type": "http", "path": path, "method": "POST", "headers": []}, receive, send)
        return said


def test_calls_beyond_the_number_are_refused_until_one_is_answered() -> None:
    async def go() -> None:
        calls = Calls(2, 1000)
        tasks = [asyncio.create_task(calls.ask()) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await calls.ask()
        assert json.loads(refused["body"])["status"] == 503
        assert (b"retry-after", b"1") in refused["headers"]
        health = asyncio.create_task(calls.ask(path="/livez"))
        await asyncio.sleep(0)
        calls.go_on.set()
        await asyncio.gather(*tasks, health)
        await calls.ask()
        assert calls.statuses == [503, 200, 200, 200, 200]

    asyncio.run(go())


def test_long_bodies_are_bounded_together_and_short_ones_always_fit() -> None:
    async def go() -> None:
        calls = Calls(100, 3 * len(LONG))
        tasks = [asyncio.create_task(calls.ask(LONG)) for _ in range(3)]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(calls.ask(LONG[:QUESTION_LIMIT])))
        refused = await asyncio.gather(calls.ask(b" ", LONG), return_exceptions=True)
        assert isinstance(refused[0], Problem)
        assert dict(refused[0].headers) == {"retry-after": "1", "connection": "close"}
        calls.go_on.set()
        await asyncio.gather(*tasks)
        await asyncio.gather(*(calls.ask(LONG) for _ in range(3)))
        assert calls.statuses == [503, *[200] * 7]

    asyncio.run(go())
