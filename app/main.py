"""The composition root: the only module that knows everyone.

Goes in: settings. Comes out: the law, the desk and the ASGI application, or a fault that stops the start.
"""

from __future__ import annotations

import gc
import logging
import os
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI

from app.advice.advisor import Advisor
from app.advice.queries import Queries
from app.engine.compiled import CompiledEngine
from app.engine.query_worker import QueryWorker
from app.engine.registry import NAMES, engine_named
from app.settings import VERSION, Settings, from_environment
from app.store import selfcheck
from app.store.policies import PolicyFault, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario, hash_of, read_scenarios
from app.store.selfcheck import Case
from app.web.desk import Desk
from app.web.openapi import Example
from app.web.problems import Problem
from app.web.queries import QueryDesk
from app.web.question import QuestionReader
from app.web.routes import service

MAX_EXAMPLES: Final = 12
MAX_SHOWN: Final = 20
_log = logging.getLogger("deelwijzer")


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that was put together from one set of settings."""

    book: PolicyBook
    other: PolicyBook
    reader: QuestionReader
    desk: Desk
    queries: QueryDesk
    scenarios: tuple[Scenario, ...]


def compose(settings: Settings) -> Composition:
    """Read the law and make it ready for the chosen engine; PolicyFault when it is not fit to decide."""
    policies = read_policies(settings.facts, settings.policies)
    book = PolicyBook(policies, engine_named(settings.engine))
    book.prepare_all()
    second = next(name for name in NAMES if name != settings.engine)
    reader = QuestionReader(policies.vocabulary)
    worker = QueryWorker(settings.query_seconds)
    return Composition(
        book=book,
        other=PolicyBook(policies, engine_named(second), checked=book),
        reader=reader,
        desk=Desk(reader, Advisor(book)),
        # Whatever engine decides, queries are answered by pyDatalog and proved by the compiled engine.
        queries=QueryDesk(reader, Queries(book, CompiledEngine(everything=True), worker), worker.close),
        scenarios=read_scenarios(settings.policies),
    )


def cases_of(composed: Composition) -> list[Case]:
    """Check the questions of the scenarios that expect an answer; PolicyFault for one that is refused."""
    cases, faults = [], []
    for scenario in composed.scenarios:
        if scenario.fout is not None:
            continue
        try:
            cases.append(Case(scenario, composed.reader.check(scenario.vraag)))
        except Problem as problem:
            said = "; ".join(f"{one.veld}: {one.melding}" for one in problem.fouten)
            faults.append(f"{scenario.file}: {scenario.id}: refused: {said}")
    if faults:
        raise PolicyFault("\n".join(faults))
    return cases


def fingerprint_of(composed: Composition) -> str:
    """Return what a verdict of the check holds for: this law, these scenarios, this code."""
    return selfcheck.fingerprint(composed.book, hash_of(composed.scenarios))


def check_oordelen(composed: Composition, settings: Settings) -> None:
    """Hold both engines to the oordelen the scenarios expect, unless this very check passed before."""
    wanted = fingerprint_of(composed)
    if selfcheck.remembered(settings.cache, wanted):
        return
    _log.warning("first start with this law: both engines decide every scenario, which takes some seconds")
    gc.disable()  # what the check leaves behind is little, and looking for it would take a tenth of the start
    try:
        report = selfcheck.oordelen(cases_of(composed), (composed.book, composed.other))
    finally:
        gc.enable()
    if report.faults:
        shown = "\n".join(report.faults[:MAX_SHOWN])
        raise PolicyFault(f"{len(report.faults)} oordelen are not as the scenarios expect:\n{shown}")
    selfcheck.remember(settings.cache, wanted)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the service, or refuse to start with the reason."""
    alone = settings is None
    settings = settings or from_environment(os.environ)
    composed = compose(settings)
    if alone:
        # The process serves this law until it ends: its collector need not look through the law again and again.
        gc.collect()
        gc.freeze()
    check_oordelen(composed, settings)
    _log.info("ready: policies %s, engine %s", composed.book.version, settings.engine)
    return service(composed.desk, composed.queries, composed.book, VERSION, examples_of(composed.scenarios))


def examples_of(scenarios: tuple[Scenario, ...]) -> tuple[Example, ...]:
    """Choose scenarios as examples: the first of each section of the source that proposes a flow."""
    chosen: dict[str, Example] = {}
    for one in sorted(scenarios, key=lambda one: one.sectie, reverse=True):
        if one.fout is None and one.verwacht:
            chosen.setdefault(one.sectie, Example(one.id, one.verhaal, one.vraag))
    return tuple(reversed(list(chosen.values())[:MAX_EXAMPLES]))
