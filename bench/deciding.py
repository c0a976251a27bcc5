"""What deciding costs: the engines, the advice, and how both grow.

Goes in: the law put together, and rounds of casussen. Comes out: figures.
Must not know: HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.advice.advisor import Advisor
from app.advice.casus import Casus
from app.advice.stating import to_facts
from app.composition import Composition
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Decider
from app.engine.pydatalog import PyDatalogEngine
from app.lang.program import in_force
from app.store.policy_book import PolicyBook
from app.web.writing import text_of
from bench.cases import FLOW, Asked
from bench.measure import Figure, Goal, per_case
from bench.twice import twice

MODEL = Goal("<=", 0.1)
ADVICE = Goal("<=", 0.3)
SAMPLE = 40
GROWTH = (1, 10, 100)
GROWN = 60
"""Casussen per round where each is much work."""
Rounds = Sequence[Sequence[Asked]]
Job = tuple[Decider, FactSet]


def figures(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    """Measure everything that needs no server."""
    yield from _engine(composed, rounds)
    yield from _advice(composed, rounds)
    yield from _pydatalog(composed, rounds)
    yield from _growth(composed, rounds)
    yield from _twice(composed, rounds)


def _jobs(book: PolicyBook, rounds: Rounds) -> list[list[Job]]:
    vocabulary = book.policies.vocabulary
    return [[(book.on(one.casus.peildatum), to_facts(one.casus, vocabulary)) for one in cases] for cases in rounds]


def _decide(job: Job) -> object:
    return job[0].decide(job[1])


def _oordeel(job: Job) -> object:
    return job[0].rows_only(job[1], "zeker", "oordeel")


def _engine(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    jobs = _jobs(composed.book, rounds)
    for decider in composed.book.prepare_all():
        decider.rows_only(FactSet({}, {}), "zeker", "oordeel")  # the slice is made once per program
    yield per_case("Model with all justifications", _decide, jobs, MODEL)
    yield per_case("rows_only: the oordelen alone", _oordeel, jobs)


def _advice(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor = Advisor(composed.book)
    for law in composed.book.days():
        advisor.law_on(law)
    yield per_case("Advies without proof", lambda one: text_of(advisor.advise(one.casus)), rounds, ADVICE)
    yield per_case("Advies with uitleg=volledig", lambda one: text_of(advisor.advise(one.casus, True)), rounds)


def _pydatalog(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    sample = [cases[:SAMPLE] for cases in rounds]
    book = PolicyBook(composed.book.policies, PyDatalogEngine())
    book.prepare_all()
    for law in book.days():
        book.on(law).rows_only(FactSet({}, {}), "zeker", "oordeel")
    name = f"pyDatalog ({SAMPLE} casussen a round)"
    yield per_case(f"{name}: Model", _decide, _jobs(book, sample))
    yield per_case(f"{name}: oordelen", _oordeel, _jobs(book, sample))
    yield per_case("compiled, on the same: Model", _decide, _jobs(composed.book, sample))


def _growth(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor, vocabulary = Advisor(composed.book), composed.book.policies.vocabulary
    for size in GROWTH:
        grown = [list(_grown(cases, size)) for cases in rounds]
        jobs = [[(composed.book.on(one.peildatum), to_facts(one, vocabulary)) for one in cases] for cases in grown]
        yield per_case(f"{size} delingen: Model", _decide, jobs)
        yield per_case(f"{size} delingen: Advies", lambda one: text_of(advisor.advise(one)), grown)
    listed = [[_without_flows(one.casus) for one in cases[:GROWN]] for cases in rounds]
    yield per_case("no delingen (the listing): Advies", lambda one: text_of(advisor.advise(one)), listed)


def _grown(cases: Sequence[Asked], size: int) -> Iterator[Casus]:
    """Give casussen this many delingen of one item, all different: their own, and those of other casussen."""
    pool = {_flow(deling): deling for one in cases for deling in _single(one.casus)}
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
    double = CompiledEngine().prepare(twice(in_force(policies.sources, day), vocabulary))
    once = composed.book.on(day)
    facts = [
        [to_facts(one.casus, vocabulary) for one in cases if composed.book.on(one.casus.peildatum) is once]
        for cases in rounds
    ]
    rules = (len(once.program.rules), len(double.program.rules))
    yield per_case(f"{rules[0]} rules: Model", once.decide, facts)
    yield per_case(f"{rules[1]} rules: Model", double.decide, facts)
