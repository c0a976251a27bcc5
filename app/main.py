"""The composition root: the only module that knows everyone.

Goes in: settings. Comes out: the law, the desk and the ASGI application, or a fault that stops the start.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from app.access.keys import KeyBook, KeyCheck
from app.access.tokens import Tokens, signing_keys
from app.advice.advisor import Advisor
from app.advice.queries import Queries
from app.database.clock import now_ms
from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.engine.compiled import CompiledEngine
from app.engine.query_worker import QueryWorker
from app.engine.registry import NAMES, engine_named
from app.examples import examples_of
from app.life import Life
from app.log.archive import Archive
from app.log.journal import Bewaard, DatabaseJournal
from app.log.privacy import purge
from app.log.reading import LogReader
from app.log.writer import Writer
from app.operations.log_lines import configure
from app.operations.metrics import Metrics, forget_this_process
from app.rehearsal import must_answer_as_stated
from app.reload import Reloader, Source
from app.settings import VERSION, Settings, SettingsFault, from_environment
from app.store import apart, selfcheck
from app.store.policies import PolicyFault, PolicySet, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario, hash_of, read_scenarios
from app.store.selfcheck import Case
from app.web.adviezen import AdviezenDesk
from app.web.authzen.desk import AuthzenDesk
from app.web.call import Gate
from app.web.desk import Desk
from app.web.gate import AccessGate, LoopbackGate
from app.web.health import Health, LogTrial, add_health
from app.web.observing import MeasuredAdviser, MeasuredLog, Observing
from app.web.problems import Problem
from app.web.queries import QueryDesk
from app.web.question import QuestionReader
from app.web.recording import NoLog, Recorder
from app.web.reloading import FaultyLawError, Reloading, add_reloading
from app.web.routes import House, service
from app.web.serving import Current, Serving

if TYPE_CHECKING:
    from app.operations.tracing import Tracing

MAX_SHOWN: Final = 20
PURGE_SECONDS: Final = 3600
ONLY_WHAT_IS_YOUNG: Final = (5_000, 1_000, 1_000)
"""Thresholds of the collector during the check: the cycles that each case leaves behind, 15 MiB in all, are found while
young. Looking through everything older as well would take a tenth of the start."""
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
    authzen: AuthzenDesk | None


def compose(settings: Settings) -> Composition:
    """Read the law and make it ready for the chosen engine; PolicyFault when it is not fit to decide."""
    policies = read_policies(settings.facts, settings.policies)
    return composition(policies, settings, read_scenarios(settings.policies))


def composition(policies: PolicySet, settings: Settings, scenarios: tuple[Scenario, ...]) -> Composition:
    """Make a policy set ready for the chosen engine; PolicyFault when it is not fit to decide."""
    book = PolicyBook(policies, engine_named(settings.engine))
    book.prepare_all()
    second = next(name for name in NAMES if name != settings.engine)
    reader = QuestionReader(policies.vocabulary)
    worker = QueryWorker(settings.query_seconds)
    desk = Desk(reader, Advisor(book), settings.advice_seconds)
    return Composition(
        book=book,
        other=PolicyBook(policies, engine_named(second), checked=book),
        reader=reader,
        desk=desk,
        # Whatever engine decides, queries are answered by pyDatalog and proved by the compiled engine.
        queries=QueryDesk(
            reader, Queries(book, CompiledEngine(everything=True), worker), worker.close, settings.query_seconds
        ),
        scenarios=scenarios,
        authzen=None if policies.authzen is None else AuthzenDesk(policies.authzen, desk),
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
    _log.warning("first time with this law: both engines decide every scenario, which takes some seconds")
    usual = gc.get_threshold()
    gc.set_threshold(*ONLY_WHAT_IS_YOUNG)
    try:
        cases = cases_of(composed)
        # The other engine decides nothing else: it does so beside this one, and its memory goes when it is done. It
        # takes nearly all of the time, so two processes share it.
        first, second = (
            apart.begin(partial(selfcheck.oordelen, part, (composed.other,))) for part in (cases[::2], cases[1::2])
        )
        report = selfcheck.oordelen(cases, (composed.book,)) + first().beside(second())
    finally:
        gc.set_threshold(*usual)
    if report.faults:
        shown = "\n".join(report.faults[:MAX_SHOWN])
        raise PolicyFault(f"{len(report.faults)} oordelen are not as the scenarios expect:\n{shown}")
    selfcheck.remember(settings.cache, wanted)


@dataclass(frozen=True, slots=True)
class LogBook:
    """The decision log, put together."""

    database: Database
    journal: DatabaseJournal
    writer: Writer
    reader: LogReader
    archive: Archive

    def close(self) -> None:
        """Write what still waits, and let go of the database."""
        self.writer.close()
        self.database.close()


def open_log(settings: Settings, make: bool = True) -> LogBook:
    """Open the decision log, brought up to date where needed, and made where there is none; raises DatabaseFault.

    Only the service makes one: a command that would make one could say of a mistyped address that nothing is there.
    """
    database = Database(settings.log_url)
    try:
        database.prepare(make)
        journal = DatabaseJournal(database, cast(Bewaard, settings.log_content))
    except DatabaseFault:
        database.close()
        raise
    return LogBook(
        database,
        journal,
        Writer(journal, settings.log_seconds),
        LogReader(database, journal.pseudonyms),
        Archive(database),
    )


def serving_of(composed: Composition, settings: Settings, metrics: Metrics) -> Serving:
    """Make an edition of the law ready to answer from."""
    return Serving(
        replace(composed.desk, adviser=MeasuredAdviser(composed.desk.adviser, metrics)),
        composed.queries,
        composed.book,
        composed.book.hash,
        settings.engine,
        VERSION,
        examples_of(composed.scenarios),
        bool(settings.access),
        composed.authzen,
    )


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the service, or refuse to start with the reason: PolicyFault, DatabaseFault or SettingsFault."""
    alone = settings is None
    if alone:
        configure()
    settings = settings or from_environment(os.environ)
    composed = compose(settings)
    if alone:
        # The process serves this law until it ends: its collector need not look through the law again and again.
        gc.collect()
        gc.freeze()
    check_oordelen(composed, settings)
    app = assemble(composed, settings)
    _log.info("ready: policies %s, engine %s", composed.book.version, settings.engine)
    return app


def assemble(composed: Composition, settings: Settings) -> FastAPI:
    """Put the service together around a law that was made ready; raises DatabaseFault or SettingsFault."""
    metrics = Metrics()
    tracing = tracing_of(settings)
    current = Current(serving_of(composed, settings, metrics))
    book = open_log(settings) if settings.keeps_log else None
    if book is None:
        _log.warning("no decision log is kept: this service is only for trying out")
        recorder = Recorder(NoLog(), lambda _: None, settings.processing_activity)
    else:
        _keep(book, composed)
        log = MeasuredLog(book.writer, metrics)
        recorder = Recorder(log, book.journal.pseudonyms.of, settings.processing_activity)
    adviezen = AdviezenDesk(None if book is None else book.reader)
    gate = gate_of(settings, book)
    house = House(current, gate, recorder, adviezen, VERSION, settings.read_seconds, settings.cors, settings.base_url)
    app = service(house, life_of(reloader_of(current, book, settings, metrics), book, settings, tracing).span)
    add_reloading(app, reloading_of(current, gate, book, settings))
    add_health(app, Health(current, metrics, None if book is None else LogTrial(book.journal.prove_writable)))
    app.add_middleware(Observing, metrics=metrics, tracing=tracing)
    return app


def gate_of(settings: Settings, book: LogBook | None) -> Gate:
    """Make the gate that the settings ask for; without access configured, only this machine is answered."""
    if not settings.access or book is None:
        _log.warning("no access is configured: only this machine is answered")
        return LoopbackGate()
    keys = KeyCheck(KeyBook(book.database)) if "sleutel" in settings.access else None
    tokens = None
    if "oauth" in settings.access:
        tokens = Tokens(signing_keys(settings.jwks), settings.jwt_issuer, settings.jwt_audience)
    return AccessGate(keys, tokens, settings.rate_limit)


def reloader_of(current: Current, book: LogBook | None, settings: Settings, metrics: Metrics) -> Reloader:
    """Make what replaces the law while calls are answered; each edition is checked and kept as the first one was."""

    def make(policies: PolicySet) -> Serving:
        composed = composition(policies, settings, read_scenarios(settings.policies))
        check_oordelen(composed, settings)
        if book is not None:
            _keep(book, composed)
        return serving_of(composed, settings, metrics)

    folders = (settings.facts, settings.policies)
    source = Source(folders, partial(read_policies, *folders), make)
    return Reloader(current, source, metrics, None if book is None else book.archive.wanted)


def ask_for_law(settings: Settings, archive: Archive) -> PolicyBook:
    """Check the policy set in the files and ask every process on the same log to serve it.

    Raises PolicyFault or DatabaseFault.
    """
    composed = compose(settings)
    check_oordelen(composed, settings)
    must_answer_as_stated(composed.desk, composed.scenarios)
    law = composed.book
    archive.keep(law.hash, law.version, law.policies.texts())
    archive.want(law.hash)
    return law


def reloading_of(current: Current, gate: Gate, book: LogBook | None, settings: Settings) -> Reloading:
    """Make what asks for the law in the files over HTTP; without a log there is nowhere to ask."""

    def ask(archive: Archive) -> dict[str, str]:
        try:
            found = read_policies(settings.facts, settings.policies)
            if found.hash == current.serving.hash:  # checked when this process took it over; others may not have it yet
                archive.want(found.hash)
                return {"versie": found.version, "hash": found.hash}
            law = ask_for_law(settings, archive)
        except PolicyFault as fault:
            raise FaultyLawError(str(fault)) from None
        return {"versie": law.version, "hash": law.hash}

    return Reloading(gate, None if book is None else partial(ask, book.archive), settings.read_seconds)


def life_of(reloader: Reloader, book: LogBook | None, settings: Settings, tracing: Tracing | None) -> Life:
    """Say what runs beside the service, and how it ends."""
    life = Life(endings=[reloader.close], hang_up=reloader.now)
    if book is not None:
        life.beside.append(reloader.watch)
        life.endings.append(book.close)
        if settings.retention_days is not None:
            life.beside.append(partial(_purge_hourly, book.database, settings.retention_days))
    if tracing is not None:
        life.endings.append(tracing.close)
    life.endings.append(forget_this_process)
    return life


def tracing_of(settings: Settings) -> Tracing | None:
    """Make what sends traces, where that is asked for; SettingsFault when its packages are not installed."""
    if not settings.otlp:
        return None
    try:
        from app.operations.tracing import Tracing
    except ImportError:
        needed = "DEELWIJZER_OTLP needs the optional packages: pip install 'deelwijzer[otel]'"
        raise SettingsFault(needed) from None
    return Tracing(settings.otlp, VERSION)


def _keep(book: LogBook, composed: Composition) -> None:
    """Keep the texts of a law before it decides, so that what it decides can be replayed."""
    book.archive.keep(composed.book.hash, composed.book.version, composed.book.policies.texts())


async def _purge_hourly(database: Database, days: int) -> None:
    while True:
        try:
            count = await run_in_threadpool(purge, database, days, now_ms(), VERSION)
            if count:
                _log.info("purged %d records older than %d days", count, days)
        except DatabaseFault as fault:
            _log.error("the decision log cannot be purged: %s", fault)
        await asyncio.sleep(PURGE_SECONDS)
