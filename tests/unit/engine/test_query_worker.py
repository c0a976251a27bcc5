"""The query worker: answers within a time, whatever happens to its process."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Pipe
from threading import Thread, Timer

import pytest

from app.engine.facts import FactSet
from app.engine.query_messages import Ask, Failed, Found, Load, Loaded, Reply
from app.engine.query_process import serve
from app.engine.query_worker import MOST_WAITING, Bindings, QueryBusy, QueryFailed, QueryTimeout, QueryWorker
from app.engine.unknown import Unknown
from app.lang.program import Program
from app.lang.query import Query, read_query
from tests.unit.engine.small_law import small_program

FACTS = FactSet({"jaar": (("c", 7),), "deling": (("c", "c.d10", "rood"), ("c", "c.d2", "wit"))}, {"leeftijd": ("c",)})
ENDLESS = FactSet({"deling": tuple(("c", f"c.d{n}", "rood") for n in range(60))}, {})


@pytest.fixture(scope="module")
def program() -> Program:
    return small_program("+ warm('rood')\nroze(C) <= deling(C, D, K) & warm(K)", ("roze", "casus", "uitkomst", ""))


@pytest.fixture
def worker() -> Iterator[QueryWorker]:
    made = QueryWorker(seconds=5.0, most=10)
    yield made
    made.close()


def query(text: str, program: Program) -> Query:
    found = read_query(text, program)
    assert isinstance(found, Query), found
    return found


def endless(program: Program) -> Query:
    return query(" & ".join(f"deling(C, D{n}, K{n})" for n in range(8)), program)


def test_bindings_come_in_the_order_of_their_values(worker: QueryWorker, program: Program) -> None:
    found = worker.ask(program, FACTS, query("deling(C, D, K) & jaar(C, J)", program))

    assert found == Bindings((("c", "c.d2", "wit", 7), ("c", "c.d10", "rood", 7)), more=False)


def test_an_unknown_number_comes_through(worker: QueryWorker, program: Program) -> None:
    found = worker.ask(program, FACTS, query("leeftijd(C, J) & (J > 5)", program))

    assert found.rows == (("c", Unknown("leeftijd", "c")),)


def test_no_more_answers_than_asked_for(worker: QueryWorker, program: Program) -> None:
    found = worker.ask(program, ENDLESS, query("deling(C, D, K)", program))

    assert len(found.rows) == 10
    assert found.rows[0] == ("c", "c.d0", "rood")
    assert found.more


def test_facts_of_one_question_are_gone_in_the_next(worker: QueryWorker, program: Program) -> None:
    asked = query("roze(C)", program)

    assert worker.ask(program, FACTS, asked).rows == (("c",),)
    assert worker.ask(program, FactSet({}, {}), asked).rows == ()


def test_two_programs(worker: QueryWorker, program: Program) -> None:
    other = small_program("+ warm('wit')\nroze(C) <= deling(C, D, K) & ~warm(K)", ("roze", "casus", "uitkomst", ""))
    text = "roze(C) & deling(C, D, K) & warm(K)"

    assert worker.ask(other, FACTS, query(text, other)).rows == (("c", "c.d2", "wit"),)
    assert worker.ask(program, FACTS, query(text, program)).rows == (("c", "c.d10", "rood"),)


def test_what_takes_too_long_is_stopped_and_a_fresh_process_made_ready(program: Program) -> None:
    worker = QueryWorker(seconds=0.7)
    try:
        worker.ask(program, FACTS, query("jaar(C, J)", program))
        before = worker.pid
        started = time.monotonic()
        with pytest.raises(QueryTimeout):
            worker.ask(program, ENDLESS, endless(program))
        assert 0.7 <= time.monotonic() - started < 2
        assert not _runs(before)
        assert _eventually(lambda: worker.pid is not None)
        assert worker.ask(program, FACTS, query("jaar(C, J)", program)).rows == (("c", 7),)
        assert worker.pid != before
    finally:
        worker.close()


@pytest.mark.parametrize("when", ["between two questions", "during one"])
def test_a_killed_process_is_replaced(worker: QueryWorker, program: Program, when: str) -> None:
    worker.ask(program, FACTS, query("jaar(C, J)", program))
    first = worker.pid
    assert first is not None
    if when == "between two questions":
        os.kill(first, signal.SIGKILL)
    else:
        os.kill(first, signal.SIGSTOP)
        Timer(0.3, os.kill, (first, signal.SIGKILL)).start()

    assert worker.ask(program, FACTS, query("jaar(C, J)", program)).rows == (("c", 7),)
    assert worker.pid != first


def test_a_process_ends_by_itself_when_nobody_stops_it(program: Program) -> None:
    """Should the service die while its process thinks: the alarm is the kernel's."""
    worker = QueryWorker(seconds=0.2)
    try:
        worker.ask(program, FACTS, query("jaar(C, J)", program))
        process = worker._process
        assert process is not None
        asked = endless(program)
        process._connection.send(Ask(program.hash, ENDLESS, asked.literals, asked.variables, 10, 0.5))
        assert process._popen.wait(10) == -signal.SIGALRM
    finally:
        worker.close()


def test_many_threads_get_their_own_answers(worker: QueryWorker, program: Program) -> None:
    asked = query("jaar(C, J)", program)

    def one(year: int) -> object:
        return worker.ask(program, FactSet({"jaar": (("c", year),)}, {}), asked).rows

    with ThreadPoolExecutor(MOST_WAITING) as pool:
        assert list(pool.map(one, range(30))) == [(("c", year),) for year in range(30)]


def test_a_few_may_wait_and_no_more(program: Program) -> None:
    worker = QueryWorker(seconds=1.0)
    try:
        worker.ask(program, FACTS, query("jaar(C, J)", program))

        def one(_: int) -> tuple[type[BaseException] | None, float]:
            started = time.monotonic()
            try:
                worker.ask(program, ENDLESS, endless(program))
            except (QueryTimeout, QueryBusy) as fault:
                return type(fault), time.monotonic() - started
            return None, 0.0

        with ThreadPoolExecutor(12) as pool:
            ends = list(pool.map(one, range(12)))
        refused = [waited for kind, waited in ends if kind is QueryBusy]
        assert {kind for kind, _ in ends} == {QueryTimeout, QueryBusy}
        assert sum(waited < 0.5 for waited in refused) == 12 - MOST_WAITING
        assert max(waited for _, waited in ends) < 10
    finally:
        worker.close()


def test_a_closed_worker_answers_no_more_and_leaves_no_process(program: Program) -> None:
    worker = QueryWorker()
    worker.ask(program, FACTS, query("jaar(C, J)", program))
    pid = worker.pid
    worker.close()
    worker.close()

    assert not _runs(pid)
    with pytest.raises(QueryFailed, match="closed"):
        worker.ask(program, FACTS, query("jaar(C, J)", program))
    assert worker.pid is None


def test_closing_does_not_wait_for_a_query(program: Program) -> None:
    worker = QueryWorker(seconds=20.0)
    worker.ask(program, FACTS, query("jaar(C, J)", program))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(worker.ask, program, ENDLESS, endless(program))
        time.sleep(0.3)
        started = time.monotonic()
        worker.close()
        assert time.monotonic() - started < 2
        with pytest.raises(QueryFailed):
            waiting.result()


def test_the_process_gets_nothing_of_our_environment(
    worker: QueryWorker, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EEN_GEHEIM", "x")
    worker.ask(program, FACTS, query("jaar(C, J)", program))

    with open(f"/proc/{worker.pid}/environ", "rb") as file:
        assert b"EEN_GEHEIM" not in file.read()


def exchange(*messages: Load | Ask) -> tuple[list[Reply], list[float]]:
    """Let the process's own loop answer messages, in a thread of this process."""
    ours, theirs = Pipe()
    alarms: list[float] = []
    thread = Thread(target=serve, args=(theirs, alarms.append))
    thread.start()
    replies = []
    for message in messages:
        ours.send(message)
        replies.append(ours.recv())
    ours.close()
    thread.join(10)
    assert not thread.is_alive()
    theirs.close()
    return replies, alarms


def test_the_loop_answers_and_sets_its_alarm_around_every_query(program: Program) -> None:
    asked = query("jaar(C, J)", program)
    message = Ask(program.hash, FACTS, asked.literals, asked.variables, 10, 3.0)

    replies, alarms = exchange(Load(program), message)

    loaded, found = replies
    assert loaded == Loaded()
    assert isinstance(found, Found)
    assert (found.rows, found.more) == ((("c", 7),), False)
    assert found.seconds > 0
    assert alarms == [3.0, 0]


def test_a_fault_in_the_loop_names_its_kind_only(program: Program) -> None:
    asked = query("jaar(C, J)", program)

    replies, _ = exchange(Ask("unheard of", FACTS, asked.literals, asked.variables, 10, 3.0))

    assert replies == [Failed("KeyError")]


def test_a_failing_process_gives_no_answer_and_is_replaced(program: Program) -> None:
    worker = QueryWorker()
    try:
        asked = query("jaar(C, J)", program)
        with pytest.raises(QueryFailed):
            worker.ask(program, FACTS, Query(asked.literals, ("Nergens",), ""))
        assert worker.pid is None
        assert worker.ask(program, FACTS, asked).rows == (("c", 7),)
    finally:
        worker.close()


def test_a_program_can_travel(program: Program) -> None:
    assert pickle.loads(pickle.dumps(program)).rules == program.rules


def _runs(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    return True


def _eventually(condition: object, seconds: float = 10.0) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
