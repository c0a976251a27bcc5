"""Lanes: a few threads, in turn per caller, and the rest of a caller's calls refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import hold
from app.web.lanes import Lanes
from app.web.problems import Problem

FULL = Problem(429, "vol")


class Work:
    """Work that goes on until it is released; remembers in which order it began and how many ran at once."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.begun: list[str] = []
        self.most: dict[str, int] = {}
        self._running: list[str] = []
        self._lock = threading.Lock()

    def of(self, caller: str) -> None:
        with self._lock:
            self.begun.append(caller)
            self._running.append(caller)
            self.most[caller] = max(self.most.get(caller, 0), self._running.count(caller))
        self.release.wait(10)
        with self._lock:
            self._running.remove(caller)


async def asked(lanes: Lanes, work: Work, callers: str) -> list[asyncio.Task[None]]:
    """Ask for callers, named by a letter each, in this order."""
    tasks = []
    for caller in callers:
        tasks.append(asyncio.create_task(lanes.run(caller, lambda caller=caller: work.of(caller), FULL)))  # type: ignore[misc]
        await asyncio.sleep(0)
    return tasks


def run(going: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(going, 20))


@given(st.text("abc", min_size=1, max_size=12))
def test_no_caller_has_more_than_its_threads_and_all_are_served(callers: str) -> None:
    async def go() -> Work:
        lanes, work = Lanes(2, 1, 20, "test"), Work()
        tasks = await asked(lanes, work, callers)
        work.release.set()
        await asyncio.gather(*tasks)
        assert lanes.busy == 0
        return work

    work = run(go())
    assert sorted(work.begun) == sorted(callers)
    assert set(work.most.values()) == {1}


def test_callers_are_served_in_turn_however_many_calls_one_makes() -> None:
    async def go() -> list[str]:
        lanes, work = Lanes(1, 1, 20, "test"), Work()
        tasks = await asked(lanes, work, "aaaaaabbc")
        work.release.set()
        await asyncio.gather(*tasks)
        return work.begun

    assert "".join(run(go())) == "aabcabaaa"


def test_a_thread_is_left_for_another_caller() -> None:
    async def go() -> list[str]:
        lanes, work = Lanes(2, 1, 20, "test"), Work()
        tasks = await asked(lanes, work, "aaab")
        while len(work.begun) < 2:
            await asyncio.sleep(0.01)
        begun = list(work.begun)
        work.release.set()
        await asyncio.gather(*tasks)
        return begun

    assert run(go()) == ["a", "b"]


def test_of_one_caller_only_so_many_wait_and_another_is_not_refused_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold, "SECONDS", 0.01)

    async def go() -> list[object]:
        lanes, work = Lanes(1, 1, 2, "test"), Work()
        tasks = await asked(lanes, work, "aaaaabb")
        going = asyncio.create_task(lanes.run("a", lambda: work.of("a"), None))
        while sum(task.done() for task in tasks) < 2:
            await asyncio.sleep(0.01)
        work.release.set()
        found = await asyncio.gather(*tasks, going, return_exceptions=True)
        return list(found)

    found = run(go())
    assert [one is FULL for one in found] == [False, False, False, True, True, False, False, False]


def test_who_gives_up_while_waiting_takes_no_turn() -> None:
    async def go() -> list[str]:
        lanes, work = Lanes(1, 1, 20, "test"), Work()
        tasks = await asked(lanes, work, "aba")
        tasks[1].cancel()
        await asyncio.sleep(0.01)
        work.release.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert lanes.busy == 0
        await lanes.run("b", lambda: work.of("b"), FULL)
        return work.begun

    assert run(go()) == ["a", "a", "b"]
