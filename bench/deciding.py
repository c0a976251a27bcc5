"""What deciding costs: the engines, the advice, and how both grow.

Goes in: the law put together, and rounds of casussen. Comes out: figures.
Must not know: HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.advice.advies import as_json
from app.advice.advisor import Advisor
from app.advice.casus import Casus, to_facts
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Decider
from app.engine.pydatalog import PyDatalogEngine
from app.lang.program import in_force
from app.main import Composition
from app.store.policy_book import PolicyBook
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
    yield per_case("rows_only: the oordelen alone", _oordeel, jobs, None)


def _advice(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor = Advisor(composed.book)
    for law in composed.book.days():
        advisor.law_on(law)
    yield per_case("Advies without proof", lambda one: as_json(advisor.advise(one.casus)), rounds, ADVICE)
    yield per_case("Advies with uitleg=volledig", lambda one: as_json(advisor.advise(one.casus, True)), rounds, None)


def _pydatalog(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    sample = [cases[:SAMPLE] for cases in rounds]
    book = PolicyBook(composed.book.policies, PyDatalogEngine())
    book.prepare_all()
    for law in book.days():
        book.on(law).rows_only(FactSet({}, {}), "zeker", "oordeel")
    name = f"pyDatalog ({SAMPLE} casussen a round)"
    yield per_case(f"{name}: Model", _decide, _jobs(book, sample), None)
    yield per_case(f"{name}: oordelen", _oordeel, _jobs(book, sample), None)
    yield per_case("compiled, on the same: Model", _decide, _jobs(composed.book, sample), None)


def _growth(composed: Composition, rounds: Rounds) -> Iterator[Figure]:
    advisor = Advisor(composed.book)
    for size in GROWTH:
        grown = [list(_grown(composed, cases, size)) for cases in rounds]
        jobs = [
            [(composed.book.on(one.peildatum), to_facts(one, composed.book.policies.vocabulary)) for one in cases]
            for cases in grown
        ]
        yield per_case(f"{size} delingen: Model", _decide, jobs, None)
        yield per_case(f"{size} delingen: Advies", lambda one: as_json(advisor.advise(one)), grown, None)
    listed = [[_without_flows(one.casus) for one in cases[:GROWN]] for cases in rounds]
    yield per_case("no delingen (the listing): Advies", lambda one: as_json(advisor.advise(one)), listed, None)


def _grown(composed: Composition, cases: Sequence[Asked], size: int) -> Iterator[Casus]:
    """Give casussen this many delingen of one item, those of the casussen after them, and keep who can be advised."""
    several = [deling for one in cases for deling in one.casus.data[FLOW]]
    # Weighings can refer to what only their own casus says; who, what and why is what counts here.
    plain = [{**deling, "gegevens": deling["gegevens"][:1]} for deling in several if "afweging" not in deling]
    for number, one in enumerate(cases[: GROWN if size > 1 else None]):
        chosen = [plain[(number + step) % len(plain)] for step in range(size)]
        yield replace(one.casus, data={**one.casus.data, FLOW: chosen})


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
    yield per_case(f"{rules[0]} rules: Model", once.decide, facts, None)
    yield per_case(f"{rules[1]} rules: Model", double.decide, facts, None)
