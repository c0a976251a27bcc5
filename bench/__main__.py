"""`python -m bench`: measure everything, print one table. Takes one to two minutes.

Every round asks other casussen, so that no figure can rest on an answer that was kept.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterator, Sequence

from pydantic_core import to_json

from app.composition import Composition, compose
from app.settings import Settings
from bench import deciding, machine, recording, serving, tree
from bench.cases import Asked, asked, mix
from bench.measure import Figure, table
from bench.peers import comparison

ROUNDS = 5
CASES = 1000
CALLS = 100_000
SOME = 200


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--casussen", type=int, default=CASES, help="distinct casussen a round")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls to watch the memory of the log over")
    parser.add_argument("--only-log", action="store_true", help="measure only what recording costs")
    parser.add_argument("--no-http", action="store_true", help="leave the servers out")
    parser.add_argument(
        "--tree", action="store_true", help="show only how the time of an Advies divides over its parts"
    )
    parser.add_argument("--peers", action="store_true", help="measure only the peers, on four norms")
    parser.add_argument("--seconds", type=float, default=tree.SECONDS, help="how long to sample for each cost tree")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    composed = compose(Settings())
    cases = asked(composed, chosen.rounds * chosen.casussen)
    rounds = [cases[start :: chosen.rounds] for start in range(chosen.rounds)]
    flows = [len(one.oordelen) for one in cases]
    print(machine.head())
    print(
        f"law {composed.book.version}; {chosen.rounds} rounds of {chosen.casussen} casussen, all {len(cases)} distinct"
    )
    print(f"{sum(flows) / len(flows):.2f} oordelen a casus: {', '.join(f'{k} {v}' for k, v in mix(cases).items())}\n")
    # What stays for good is not looked through again by the collector, as in the service.
    gc.collect()
    gc.freeze()
    for line in _measured(composed, cases, rounds, chosen):
        print(line, flush=True)
    composed.queries.close()
    print(f"\n{time.perf_counter() - started:.0f} s; load of the machine now {machine.busy()}")


def _measured(
    composed: Composition, cases: Sequence[Asked], rounds: Sequence[Sequence[Asked]], chosen: argparse.Namespace
) -> Iterator[str]:
    """Measure the parts that were chosen, and write each as soon as it is done."""
    everything = not (chosen.only_log or chosen.tree or chosen.peers)
    usual = _usual(composed, cases[:SOME])
    figures: list[Figure] = []
    # Servers first: they start from a machine whose caches hold nothing of theirs.
    if everything and not chosen.no_http:
        figures += serving.figures(rounds, usual)
    if everything:
        figures = [*deciding.figures(composed, rounds), *figures]
    if (everything or chosen.only_log) and not chosen.no_http:
        figures += recording.figures(rounds, usual, chosen.calls)
    if figures:
        yield "\n".join(table(figures))
    if everything or chosen.peers:
        yield "\n".join(("", *comparison.report(composed, chosen.casussen, chosen.rounds)))
    if everything or chosen.tree:
        yield "\n".join(("", *tree.report(composed, cases[: chosen.casussen], chosen.seconds)))


def _usual(composed: Composition, cases: Sequence[Asked]) -> Asked:
    """Choose the casus whose answer is the middle one in size."""
    by_size = sorted(cases, key=lambda one: len(to_json(composed.desk.answer(one.raw))))
    return by_size[len(by_size) // 2]


if __name__ == "__main__":
    main()
