"""Ties: rules between which nothing but their text decided which reason an answer shows.

Goes in: the law made ready, and the scenarios. Comes out: a diagnostic for each pair of rules, with the place of both.
Must not know: which reasons there are, or how one is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from app.advice.advisor import Advisor
from app.advice.question.extras import Extras
from app.lang.ast import Rule
from app.lang.diagnostics import Diagnostic, render
from app.lang.draft import name_span
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario
from app.web.desk import Desk
from app.web.problems import Problem
from app.web.question import QuestionReader


def ties_shown(book: PolicyBook, reader: QuestionReader, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Answer every scenario with its explanation, and return the ties that show, each once, as text."""
    advisor = Advisor(book)
    laws = [advisor.law_on(day) for day in book.days()]
    for law in laws:
        law.ties.watched = True
    desk = Desk(reader, advisor)
    for scenario in scenarios:
        with suppress(Problem):
            desk.answer_value(dict(scenario.vraag), extras=Extras(uitleg=True))
    pairs = {(one.head.span, other.head.span): (one, other) for law in laws for one, other in law.ties.pairs.values()}
    return tuple(render([found], book.policies.sources) for found in _diagnostics(pairs.values()))


def _diagnostics(pairs: Iterable[tuple[Rule, Rule]]) -> Iterator[Diagnostic]:
    for shown, other in pairs:
        place = f"{other.span.file}, line {other.span.line}"
        message = f"an answer gives the reason of this rule, where that of the rule in {place} says as much"
        help_line = "write `# voorrang: 1` above the rule whose reason should go first"
        yield Diagnostic("voorrang", message, name_span(shown.head), help_line)
