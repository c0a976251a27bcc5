"""What the kern costs: judging every flow of a case, and the first question of a class of flows.

Goes in: the law put together, and rounds of casussen. Comes out: figures. Must not know: HTTP, or what an advice says.

A class is ground when a flow of it is first asked about, and compiled after some questions. Both follow from the law
alone and are kept, so they are measured apart: warm (everything compiled) and first (nothing ground).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence

from app.advice.question.facts import to_facts
from app.engine.facts import FactSet
from app.kern.classes import INTERPRETED
from app.kern.decider import KernDecider
from app.kern.ground import Flow
from app.kern.model import KernModel
from app.lang.program import Program
from app.store.policy_book import PolicyBook
from bench.cases import Asked
from bench.measure import MILLISECONDS, Figure, Goal, per_case, percentile

MODEL = Goal("<=", 0.03)
WARM = INTERPRETED + 1
"""So many times a flow is judged until its class has a compiled function."""
Job = tuple[KernDecider, FactSet]


def judge(job: Job) -> KernModel:
    """Judge all outputs of every flow of a case; every ground rule behind them can then be read."""
    decider, facts = job
    model = decider.decide(facts)
    for judged in model.flows().values():
        judged.prepare()
    return model


def deciders_of(book: PolicyBook) -> dict[int, KernDecider]:
    """Ground every program of a book anew, by the identity of the book's own decider."""
    return {id(decider): KernDecider(decider.program) for decider in book.prepare_all()}


def jobs_of(book: PolicyBook, rounds: Sequence[Sequence[Asked]]) -> list[list[Job]]:
    """Pair the facts of every casus with the law of its day, freshly ground."""
    fresh = deciders_of(book)
    vocabulary = book.policies.vocabulary
    return [
        [(fresh[id(book.on(one.casus.peildatum))], to_facts(one.casus, vocabulary)) for one in cases]
        for cases in rounds
    ]


def warm(jobs: Sequence[Sequence[Job]]) -> None:
    """Judge everything until each class that is asked about has its compiled function."""
    for _ in range(WARM):
        for cases in jobs:
            for job in cases:
                judge(job)


def figures(book: PolicyBook, rounds: Sequence[Sequence[Asked]]) -> Iterator[Figure]:
    """Measure the kern with a law that was just ground, and then warm."""
    jobs = jobs_of(book, rounds)
    yield _first(jobs)
    yield _grounding([decider.program for decider in book.prepare_all()])
    warm(jobs)
    yield per_case("KernModel, every flow, all justifications", judge, jobs, MODEL)


def _first(jobs: Sequence[Sequence[Job]]) -> Figure:
    """Time the questions of which a class was not ground yet, in the order in which they come."""
    seen: dict[int, Flow] = {}
    means: list[float] = []
    each: list[float] = []
    for cases in jobs:
        gc.collect()
        taken = [spent for job in cases if (spent := _if_new(job, seen)) is not None]
        if taken:
            means.append(sum(taken) / len(taken))
            each += taken
    asked = sum(len(cases) for cases in jobs)
    note = f"{len(each)} of {asked} casussen; p50 {percentile(each, 50):.3f} p99 {percentile(each, 99):.3f}"
    return Figure("first question of a class: ground, judge", "ms", tuple(means), None, note)


def _if_new(job: Job, seen: dict[int, Flow]) -> float | None:
    """Judge a case; return the ms that took if a flow of it is of a class not in `seen`, which it is added to."""
    started = time.perf_counter()
    model = judge(job)
    spent = (time.perf_counter() - started) * MILLISECONDS
    new = {
        id(one.flow): one.flow for one in model.flows().values() if one.flow is not None and id(one.flow) not in seen
    }
    seen.update(new)
    return spent if new else None


def _grounding(programs: Sequence[Program]) -> Figure:
    """Time the grounding of whole programs, which happens at start-up and when another law is loaded."""
    return per_case("ground a program", KernDecider, [programs])
