"""The composition root: the only module that knows everyone.

Goes in: settings. Comes out: the ASGI application, or a fault that stops the start.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

from app.access.key_set import KeySetError, KeySource
from app.access.keys import KeyBook, KeyCheck
from app.access.tokens import Tokens
from app.composition import Composition, ask_for_law, check_oordelen, compose, composition
from app.examples import cases_of, examples_of
from app.life import Life
from app.log.archive import Archive
from app.log.stand import note_state
from app.logbook import LogBook, open_log
from app.operations.log_lines import configure
from app.operations.metrics import Metrics, forget_this_process
from app.reload import Reloader, Source
from app.settings import VERSION, Settings, SettingsFault, from_environment
from app.store.policies import PolicyFault, PolicySet, read_policies
from app.store.scenarios import read_scenarios
from app.upkeep import Upkeep
from app.web.adviezen import AdviezenDesk
from app.web.call import Gate
from app.web.fields import Fields
from app.web.gate import AccessGate, LoopbackGate
from app.web.health import Health, LogTrial, add_health
from app.web.observing import MeasuredAdviser, MeasuredLog, Observing
from app.web.recording import Recorder
from app.web.reloading import FaultyLawError, Reloading, add_reloading
from app.web.routes import House, service
from app.web.serving import Current, Serving
from app.workers import end_with_parent, is_worker

if TYPE_CHECKING:
    from app.operations.tracing import Tracing

MIB: Final = 1024 * 1024
SWITCH_SECONDS: Final = 0.0001
"""A call takes the interpreter back a dozen times, after each read, write and step of the database."""
_log = logging.getLogger("deelwijzer")


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
        cases_of(composed.scenarios),
        composed.law_texts,
    )


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the service, or refuse to start with the reason: PolicyFault, DatabaseFault or SettingsFault."""
    alone = settings is None
    if alone:
        configure()
        end_with_parent()
    settings = settings or from_environment(os.environ)
    if alone and not is_worker():
        warn_of_retention(settings)
    composed = compose(settings)
    if alone:
        # The process serves this law until it ends: its collector need not look through the law again and again.
        gc.collect()
        gc.freeze()
        # The event loop gets the interpreter back this soon from a thread that decides something long.
        sys.setswitchinterval(SWITCH_SECONDS)
    check_oordelen(composed, settings)
    app = assemble(composed, settings)
    _log.info("ready: policies %s, engine %s", composed.book.version, settings.engine)
    return app


def warn_of_retention(settings: Settings) -> None:
    """Say once, at the start, that everything is kept for ever, where nobody chose how long."""
    if settings.keeps_log and settings.retention_days is None:
        kept = "questions and answers in full" if settings.log_content == "volledig" else "records, without their texts"
        _log.warning(
            "the decision log keeps everything for ever (%s): set DEELWIJZER_BEWAARTERMIJN_DAGEN to the number of days "
            "after which records are purged, and DEELWIJZER_LOG_INHOUD=afdruk to keep no texts",
            kept,
        )


def assemble(composed: Composition, settings: Settings) -> FastAPI:
    """Put the service together around a law that was made ready; raises DatabaseFault or SettingsFault."""
    metrics = Metrics()
    tracing = tracing_of(settings)
    current = Current(serving_of(composed, settings, metrics))
    book = open_log(settings) if settings.keeps_log else None
    if book is None:
        _log.warning("no decision log is kept: this service is only for trying out")
        recorder = Recorder(None, lambda _: None, settings.processing_activity)
    else:
        _keep(book, composed)
        log = MeasuredLog(book.writer, metrics)
        recorder = Recorder(log, book.journal.pseudonyms.of, settings.processing_activity)
    upkeep = None if book is None else Upkeep(book, metrics, settings.retention_days)
    if upkeep is not None:
        upkeep.tell("start")
    adviezen = AdviezenDesk(None if book is None else book.reader)
    gate = gate_of(settings, book)
    house = House(
        current, gate, recorder, adviezen, VERSION, settings.read_seconds, settings.cors, settings.base_url,
        settings.most_calls, settings.most_underway_mib * MIB,
    )  # fmt: skip
    app = service(house, life_of(reloader_of(current, book, settings, metrics), upkeep, tracing).span)
    add_reloading(app, reloading_of(current, gate, book, settings))
    add_health(app, Health(current, metrics, None if book is None else trial_of(book)))
    app.add_middleware(Observing, metrics=metrics, tracing=tracing)
    app.add_middleware(Fields)
    return app


def trial_of(book: LogBook) -> LogTrial:
    """Make what tries whether calls can be recorded; a call that could not be is a reason to try at once."""
    return LogTrial(book.prove_writable, doubted=lambda: book.writer.failed is not None)


def gate_of(settings: Settings, book: LogBook | None) -> Gate:
    """Make the gate that the settings ask for; without access configured, only this machine is answered."""
    if not settings.access or book is None:
        _log.warning("no access is configured: only this machine is answered")
        return LoopbackGate()
    keys = KeyCheck(KeyBook(book.database, note_state)) if "sleutel" in settings.access else None
    tokens = None
    if "oauth" in settings.access:
        tokens = Tokens(key_source_of(settings), settings.jwt_issuer, settings.jwt_audience)
    return AccessGate(keys, tokens, settings.rate_limit, settings.visit_limit)


def key_source_of(settings: Settings) -> KeySource:
    """Make what reads the issuer's keys. A file is read once already; raises SettingsFault when that fails.

    An address is not: the issuer may be away for a moment, and then the service must still start.
    """
    source = KeySource(settings.jwks)
    if source.is_file:
        try:
            source()
        except KeySetError as fault:
            raise SettingsFault(f"DEELWIJZER_JWKS: the file {settings.jwks} {fault}") from None
    return source


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


def life_of(reloader: Reloader, upkeep: Upkeep | None, tracing: Tracing | None) -> Life:
    """Say what runs beside the service, and how it ends."""
    life = Life(endings=[reloader.close], hang_up=reloader.now)
    if upkeep is not None:
        life.beside += [reloader.watch, upkeep.run]
        life.endings += [upkeep.close, upkeep.book.close]
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
        needed = "DEELWIJZER_OTLP needs the optional packages: pip install '.[otel]' in the checkout"
        raise SettingsFault(needed) from None
    return Tracing(settings.otlp, VERSION)


def _keep(book: LogBook, composed: Composition) -> None:
    """Keep the texts of a law before it decides, so that what it decides can be replayed."""
    book.archive.keep(composed.book.hash, composed.book.version, composed.book.policies.texts())
