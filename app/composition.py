"""The composition: a law made ready to decide, and held to its scenarios before it does.

Goes in: settings and a policy set. Comes out: everything that answers questions by it, or a PolicyFault.
Must not know: HTTP servers, callers, or what keeps the advices.
"""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass
from typing import Final

from app.advice.advisor import Advisor
from app.advice.law.sources import place_of
from app.advice.queries import Queries
from app.engine.query_worker import QueryWorker
from app.kern.decider import KernEngine
from app.kern.engines import NAMES, engine_named
from app.kern.refusals import Refused
from app.log.archive import Archive
from app.rehearsal import must_answer_as_stated
from app.settings import Settings
from app.store import selfcheck
from app.store.law_texts import LawTexts, read_law_texts
from app.store.policies import PolicyFault, PolicySet, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario, hash_of, read_scenarios
from app.store.selfcheck import Case
from app.store.understood import must_understand
from app.web.authzen.desk import AuthzenDesk
from app.web.desk import Desk
from app.web.problems import Problem
from app.web.queries import QueryDesk
from app.web.question import QuestionReader
from app.web.quoting import Quoting

ONLY_WHAT_IS_YOUNG: Final = (5_000, 1_000, 1_000)
"""Thresholds of the collector during the check: the cycles that each case leaves behind, 15 MiB in all, are found while
young. Looking through everything older as well would take a tenth of the start."""
_log = logging.getLogger("deelwijzer")


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that was put together from one set of settings."""

    book: PolicyBook
    others: tuple[PolicyBook, ...]
    reader: QuestionReader
    desk: Desk
    queries: QueryDesk
    scenarios: tuple[Scenario, ...]
    authzen: AuthzenDesk | None
    law_texts: LawTexts | None = None


def compose(settings: Settings) -> Composition:
    """Read the law and make it ready for the chosen engine; PolicyFault when it is not fit to decide."""
    policies = read_policies(settings.facts, settings.policies)
    return composition(policies, settings, read_scenarios(settings.policies))


def composition(policies: PolicySet, settings: Settings, scenarios: tuple[Scenario, ...]) -> Composition:
    """Make a policy set ready for the chosen engine; PolicyFault when it is not fit to decide."""
    book = PolicyBook(policies, engine_named(settings.engine))
    book.prepare_all()
    others = (engine_named(name) for name in NAMES if name != settings.engine)
    reader = QuestionReader(policies.vocabulary)
    worker = QueryWorker(settings.query_seconds)
    advisor = Advisor(book)
    texts = law_texts_of(book, settings)
    for fault in () if texts is None else texts.faults:  # a text decides nothing, so the service starts without it
        _log.warning("official text not read: %s", fault)
    try:
        advisor.warm_up(book.days())
    except Refused:
        must_understand(book)  # names every rule that has no formula
        raise
    desk = Desk(reader, advisor if texts is None else Quoting(advisor, texts), settings.advice_seconds)
    return Composition(
        book=book,
        others=tuple(PolicyBook(policies, engine, checked=book) for engine in others),
        reader=reader,
        desk=desk,
        # Whatever engine decides, queries are answered by pyDatalog and proved by the kern.
        queries=QueryDesk(reader, Queries(book, KernEngine(), worker), worker.close, settings.query_seconds),
        scenarios=scenarios,
        authzen=None if policies.authzen is None else AuthzenDesk(policies.authzen, desk),
        law_texts=texts,
    )


def law_texts_of(book: PolicyBook, settings: Settings) -> LawTexts | None:
    """Read the official texts of every place that a rule rests on; None without a folder."""
    if settings.law_texts is None:
        return None
    programs = [book.on(day).program for day in book.days()]
    cited = (rule.metadata.references for program in programs for rule in program.rules if rule.metadata is not None)
    references = {one for references in cited for one in references}
    sources = book.policies.vocabulary.sources
    places = (place_of(one, sources) for one in references)
    return read_law_texts(settings.law_texts, [one for one in places if one is not None])


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
    """Hold every engine to the oordelen the scenarios expect, unless this very check passed before."""
    wanted = fingerprint_of(composed)
    if selfcheck.remembered(settings.cache, wanted):
        return
    _log.warning("first time with this law: three engines decide every scenario, which takes some seconds")
    usual = gc.get_threshold()
    gc.set_threshold(*ONLY_WHAT_IS_YOUNG)
    try:
        must_understand(composed.book)
        cases = cases_of(composed)
        # The other engines decide nothing else: they do so apart, beside this one.
        others = selfcheck.begin_in_two(cases, lambda part: selfcheck.oordelen(part, composed.others))
        report = selfcheck.oordelen(cases, (composed.book,)) + selfcheck.red_lines(cases, composed.book) + others()
    finally:
        gc.set_threshold(*usual)
    if report.faults:
        raise PolicyFault.first_of(report.faults, "oordelen are not as the scenarios expect")
    selfcheck.remember(settings.cache, wanted)


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
