"""`python -m bench`: measure everything, print one table. Takes one to two minutes.

Every round asks other casussen, so that no figure can rest on an answer that was kept.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from pydantic_core import to_json

from app.composition import Composition, compose
from app.settings import Settings
from bench import deciding, recording, serving
from bench.cases import Asked, asked, mix
from bench.measure import Figure, table

ROUNDS = 5
CASES = 1000
CALLS = 100_000
SOME = 200
PACKAGES = ("fastapi", "pydantic", "uvicorn", "uvloop", "httptools", "pyDatalog")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--casussen", type=int, default=CASES, help="distinct casussen a round")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls to watch the memory of the log over")
    parser.add_argument("--only-log", action="store_true", help="measure only what recording costs")
    parser.add_argument("--no-http", action="store_true", help="leave the servers out")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    composed = compose(Settings())
    cases = asked(composed, chosen.rounds * chosen.casussen)
    rounds = [cases[start :: chosen.rounds] for start in range(chosen.rounds)]
    flows = [len(one.oordelen) for one in cases]
    print(_machine())
    print(
        f"law {composed.book.version}; {chosen.rounds} rounds of {chosen.casussen} casussen, all {len(cases)} distinct"
    )
    print(f"{sum(flows) / len(flows):.2f} oordelen a casus: {', '.join(f'{k} {v}' for k, v in mix(cases).items())}\n")
    # What stays for good is not looked through again by the collector, as in the service.
    gc.collect()
    gc.freeze()
    figures: list[Figure] = []
    # Servers first: they start from a machine whose caches hold nothing of theirs.
    usual = _usual(composed, cases[:SOME])
    if not (chosen.no_http or chosen.only_log):
        figures += serving.figures(rounds, usual)
    if not chosen.only_log:
        figures = [*deciding.figures(composed, rounds), *figures]
    if not chosen.no_http:
        figures += recording.figures(rounds, usual, chosen.calls)
    composed.queries.close()
    print("\n".join(table(figures)))
    print(f"\n{time.perf_counter() - started:.0f} s; load of the machine now {_busy()}")


def _usual(composed: Composition, cases: Sequence[Asked]) -> Asked:
    """Choose the casus whose answer is the middle one in size."""
    by_size = sorted(cases, key=lambda one: len(to_json(composed.desk.answer(one.raw))))
    return by_size[len(by_size) // 2]


def _machine() -> str:
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return (
        f"{serving.cores()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}, {packages}; load {_busy()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _busy() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main()
