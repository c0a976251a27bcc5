"""What deciding costs: the kern, the engines it is held to, the advice, and how all grow.

Goes in: the law put together, and rounds of casussen. Comes out: figures.
Must not know: HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from app.advice.advisor import Advisor
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.advice.question.facts import to_facts
from app.composition import Composition
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Decider, Engine
from app.engine.pydatalog import PyDatalogEngine
from app.kern.decider import KernDecider
from app.lang.program import in_force
from app.store.policy_book import PolicyBook
from app.web.writing import text_of
from bench import kern
from bench.cases import FLOW, Asked, asked
from bench.measure import Figure, Goal, per_case
from bench.twice import twice

ADVICE = Goal("<=", 0.15)
EXPLAINED = Goal("<=", 0.6)
LISTING = Goal("<=", 5)
MANY = Goal("<=", 8)
TWICE = Goal("<=", 1.3)
EXPLAIN = Extras(uitleg=True)
SAMPLE = 40
GROWTH = {1: None, 10: None, 100: MANY}
FEW = 5
"""Casussen per round to warm up with where each is much work, and has most classes."""
GROWN = 60
"""Casussen per round where each is much work."""
NOTHING = 20
"""How often a round asks the one question that says nothing."""
LENDERS = 1000
"""Casussen whose delingen others are grown with."""
Rounds = Sequence[Sequence[Asked]]
Job = tuple[Decider, FactSet]


def figures(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    """Measure everything that needs no server."""
    yield from kern.figures(composed.book, rounds)
    yield from _advice(composed, rounds)
    yield from _growth(composed, rounds)
    yield from _listing(composed, rounds)
    yield from _twice(composed, rounds)
    yield from _engines(composed, rounds)


def _advice(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor = Advisor(composed.book)
    _warm(advisor, [one.casus for cases in rounds for one in cases])
    yield per_case("Advies without proof", lambda one: text_of(advisor.advise(one.casus)), rounds, ADVICE)
    explained = "Advies with uitleg=volledig"
    yield per_case(explained, lambda one: text_of(advisor.advise(one.casus, EXPLAIN)), rounds, EXPLAINED)
    turning = Extras(kantelpunten=True)
    yield per_case("Advies with kantelpunten=ja", lambda one: text_of(advisor.advise(one.casus, turning)), rounds)


def _warm(advisor: Advisor, cases: Sequence[Casus]) -> None:
    """Ask until what follows from the law alone is compiled; no answer is kept."""
    for _ in range(kern.WARM):
        for casus in cases:
            advisor.advise(casus)


def _growth(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor, vocabulary = Advisor(composed.book), composed.book.policies.vocabulary
    fresh = kern.deciders_of(composed.book)
    lenders = (*asked(composed, LENDERS), *(one for cases in rounds for one in cases))
    pool = {_flow(deling): deling for one in lenders for deling in _single(one.casus)}
    for size, goal in GROWTH.items():
        grown = [list(_grown(cases, size, pool)) for cases in rounds]
        jobs = [
            [(fresh[id(composed.book.on(one.peildatum))], to_facts(one, vocabulary)) for one in cases]
            for cases in grown
        ]
        kern.warm(jobs)
        yield per_case(f"{size} delingen: KernModel", kern.judge, jobs)
        _warm(advisor, [one for cases in grown for one in cases[:FEW]])
        yield per_case(f"{size} delingen: Advies", lambda one: text_of(advisor.advise(one)), grown, goal)


def _listing(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    """Ask for the listing where something is known, where scenarios ask for it, and where nothing is known."""
    advisor = Advisor(composed.book)
    own = [one.vraag for one in composed.scenarios if FLOW not in one.vraag and one.fout is None]
    count = min(GROWN, len(rounds[0]))
    scenarios = [composed.reader.check(question) for question in own]
    nothing = composed.reader.check({})
    kinds = {
        "the listing: casussen without their delingen": [
            [_without_flows(one.casus) for one in cases[:GROWN]] for cases in rounds
        ],
        f"the listing: {len(scenarios)} scenarios without delingen": [
            list(islice(cycle(scenarios), count)) for _ in rounds
        ],
        "the listing: {} alone": [[nothing] * min(NOTHING, count) for _ in rounds],
    }
    for name, cases in kinds.items():
        _warm(advisor, [one for some in cases for one in some[:FEW]])
        yield per_case(name, lambda one: text_of(advisor.advise(one)), cases, LISTING)


def _engines(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    """Measure the two engines that the kern is held to, on fewer casussen, and the kern on the same."""
    sample = [cases[:SAMPLE] for cases in rounds]
    name = f"the same {SAMPLE} casussen a round"
    jobs = kern.jobs_of(composed.book, sample)
    kern.warm(jobs)
    yield per_case(f"{name}: KernModel", kern.judge, jobs)
    engines: dict[str, Engine] = {"compiled engine": CompiledEngine(), "pyDatalog": PyDatalogEngine()}
    for engine, made in engines.items():
        book = PolicyBook(composed.book.policies, made, checked=composed.book)
        for decider in book.prepare_all():
            decider.rows_only(FactSet({}, {}), "zeker", "oordeel")  # the slice is made once per program
        yield per_case(f"{name}: {engine}, Model", _decide, _jobs(book, sample))
        yield per_case(f"{name}: {engine}, oordelen", _oordeel, _jobs(book, sample))


def _jobs(book: PolicyBook, rounds: Rounds) -> list[list[Job]]:
    vocabulary = book.policies.vocabulary
    return [[(book.on(one.casus.peildatum), to_facts(one.casus, vocabulary)) for one in cases] for cases in rounds]


def _decide(job: Job) -> object:
    return job[0].decide(job[1])


def _oordeel(job: Job) -> object:
    return job[0].rows_only(job[1], "zeker", "oordeel")


def _grown(cases: Sequence[Asked], size: int, pool: Mapping[tuple[str, ...], dict[str, Any]]) -> Iterator[Casus]:
    """Give casussen this many delingen of one item, all different: their own, and those of other casussen."""
    every = list(pool.values())
    for number, one in enumerate(cases[:GROWN]):
        own = {_flow(deling): deling for deling in _single(one.casus)}
        others = {_flow(deling): deling for deling in every[number:] + every[:number]}
        chosen = list((own | {key: value for key, value in others.items() if key not in own}).values())
        if len(chosen) < size:
            raise AssertionError("too few different delingen to grow with")
        yield replace(one.casus, data={**one.casus.data, FLOW: chosen[:size]})


def _single(casus: Casus) -> Iterator[dict[str, Any]]:
    """The delingen of a casus, each with one item and without its weighing (which may be of another item)."""
    for deling in casus.data[FLOW]:
        yield {**{key: value for key, value in deling.items() if key != "afweging"}, "gegevens": deling["gegevens"][:1]}


def _flow(deling: dict[str, Any]) -> tuple[str, ...]:
    return (deling["verstrekker"], deling["ontvanger"], deling["gegevens"][0], deling["doel"])


def _without_flows(casus: Casus) -> Casus:
    return replace(casus, data={name: value for name, value in casus.data.items() if name != FLOW})


def _twice(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    policies = composed.book.policies
    day = policies.boundaries[-1]
    vocabulary = policies.vocabulary
    book = composed.book
    once = KernDecider(book.on(day).program)
    double = KernDecider(twice(in_force(policies.sources, day), vocabulary))
    facts = [
        [to_facts(one.casus, vocabulary) for one in cases if book.on(one.casus.peildatum) is book.on(day)]
        for cases in rounds
    ]
    found, worked = [], []
    for decider in (once, double):
        jobs = [[(decider, one) for one in cases] for cases in facts]
        kern.warm(jobs)
        found.append(per_case(f"{len(decider.program.rules)} rules: KernModel", kern.judge, jobs))
        worked.append([_worked(cases) for cases in jobs])
    yield from found
    ratio = tuple(long / short for short, long in zip(*worked, strict=True))
    yield Figure("twice the rules: times the processor time", "x", ratio, TWICE, "the copies are outputs too")


def _worked(jobs: Sequence[kern.Job]) -> float:
    """Return the processor time of judging, in seconds."""
    started = time.process_time()
    for job in jobs:
        kern.judge(job)
    return time.process_time() - started
