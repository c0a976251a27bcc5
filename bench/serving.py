"""What the service costs over HTTP, beside handlers that do nothing; how soon it is there, how big it is.

Goes in: rounds of casussen. Comes out: figures. Must not know: how an advice is made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from app.settings import NO_LOG
from bench.cases import Asked
from bench.load import Load, load, request
from bench.measure import Figure, Goal, percentile
from bench.processes import Server, served
from bench.server import EXAMPLE, PATH

SHARE = Goal(">=", 30)
STARTED = Goal("<=", 3)
MEMORY = Goal("<=", 120)
CONNECTIONS = 8
STARTS = 3
CACHE = "DEELWIJZER_CACHE"
LOG = "DEELWIJZER_LOG_URL"
Rounds = Sequence[Sequence[Asked]]


def figures(rounds: Rounds, example: Asked) -> Iterator[Figure]:
    """Start servers and ask them; every question goes once to each."""
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(Path(folder), example)
        first = request(PATH, example.raw)
        yield from _starts(environment, first, Path(folder))
        yield from _loads(environment, first, rounds)


def environment_of(folder: Path, example: Asked) -> dict[str, str]:
    """Return the settings of servers that keep their files in a folder, and no log there unless they are told to."""
    question = folder / "question.json"
    question.write_bytes(example.raw)
    return {EXAMPLE: str(question), CACHE: str(folder / "cache"), LOG: NO_LOG}


def _starts(environment: dict[str, str], first: bytes, folder: Path) -> Iterator[Figure]:
    cold, memory = [], []
    for number in range(STARTS):
        as_shipped = {CACHE: str(folder / f"cache{number}"), LOG: f"sqlite:///{folder / f'log{number}.db'}"}
        with served("advies", first, {**environment, **as_shipped}) as server:
            cold.append(server.started_in)
            memory.append(server.memory() or 0.0)
    environment[CACHE] = str(folder / "cache0")
    warm = []
    for _ in range(STARTS + 2):
        with served("advies", first, environment) as server:
            warm.append(server.started_in)
    yield Figure("start to first answer, self-check done", "s", tuple(cold), STARTED, "no verdict kept: a new law")
    yield Figure("start to first answer, verdict kept", "s", tuple(warm), STARTED, "any later start")
    yield Figure("resident memory after the self-check", "MiB", tuple(memory), MEMORY)


def _loads(environment: dict[str, str], first: bytes, rounds: Rounds) -> Iterator[Figure]:
    names = ("advies", "models", "bare")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(served(name, first, environment)) for name in names}
        for server in servers.values():
            load(server.port, [first] * 300, CONNECTIONS)
        found: dict[str, list[Load]] = {name: [] for name in names}
        cpu: dict[str, list[float]] = {name: [] for name in names}
        alone: list[Load] = []
        for cases in rounds:
            requests = [request(PATH, one.raw) for one in cases]
            for name, server in servers.items():
                before = server.cpu_seconds()
                found[name].append(load(server.port, requests, CONNECTIONS))
                cpu[name].append((server.cpu_seconds() - before) / len(requests) * 1000)
            alone.append(load(servers["advies"].port, requests[:200], 1))
        yield from _shares(found, cpu)
        yield from _latencies(found["advies"], f"{CONNECTIONS} connections")
        yield from _latencies(alone, "1 connection")
        yield from _memory(servers["advies"])


def _shares(found: dict[str, list[Load]], cpu: dict[str, list[float]]) -> Iterator[Figure]:
    said = {
        "advies": "POST /v1/advies",
        "models": "empty FastAPI handler, same models",
        "bare": "empty route, fixed bytes",
    }
    for name, title in said.items():
        loads = found[name]
        size = sum(one.received for one in loads) // sum(len(one.latencies) for one in loads)
        busy = median(one.busy for one in loads)
        note = f"{size} bytes an answer; the client used {busy:.0%} of a core"
        yield Figure(title, "/s", tuple(one.per_second for one in loads), None, note)
    for name, goal in (("models", SHARE), ("bare", None)):
        ratio = [
            ours.per_second / floor.per_second * 100 for ours, floor in zip(found["advies"], found[name], strict=True)
        ]
        yield Figure(f"throughput against {said[name]}", "%", tuple(ratio), goal)
    if all(sum(one) for one in cpu.values()):
        share = [floor / ours * 100 for ours, floor in zip(cpu["advies"], cpu["models"], strict=True)]
        note = f"{median(cpu['advies']):.2f} against {median(cpu['models']):.2f} ms a request"
        yield Figure("the same in processor time of the servers", "%", tuple(share), None, note)


def _latencies(loads: Sequence[Load], how: str) -> Iterator[Figure]:
    for part in (50, 99):
        yield Figure(f"answer time p{part}, {how}", "ms", tuple(percentile(one.latencies, part) for one in loads), None)


def _memory(server: Server) -> Iterator[Figure]:
    now, most = server.memory(), server.memory("VmHWM")
    if now is not None and most is not None:
        yield Figure("resident memory after the load", "MiB", (now,), MEMORY, f"at most {most:.0f} MiB (pid's VmHWM)")
