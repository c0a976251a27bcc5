"""Turns: a few at once, a few who wait, and the rest refused at once."""

from __future__ import annotations

import asyncio
import threading

from app.web.deciding import Turns
from app.web.problems import Problem


def test_a_few_run_a_few_wait_and_the_rest_is_refused() -> None:
    release, running, most = threading.Event(), [0], [0]
    lock = threading.Lock()

    def work() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        release.wait(10)
        with lock:
            running[0] -= 1

    async def go() -> list[object]:
        turns = Turns(2, 3)
        asked = [asyncio.create_task(turns.run(work, Problem(503, "vol"))) for _ in range(9)]
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_EXCEPTION)
        assert len(done) >= 1, "refused while others run and wait"
        while running[0] < 2:
            await asyncio.sleep(0.01)
        release.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    found = asyncio.run(go())
    assert most == [2]
    assert [type(one) for one in found] == [type(None)] * 5 + [Problem] * 4
