"""`deelwijzer dekking`: what each rule and condition of the law does, and which scenario shows it.

Goes in: settings, and which part of the law. Comes out: text or JSON, and an exit code: 0 good, 1 a rule never applies,
2 used wrongly or no diagrams.
Must not know: how anything is judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.advice.question.facts import to_facts
from app.cli_extra import has_diagrams
from app.composition import Composition, compose
from app.engine.facts import FactSet
from app.lang.ast import Fact, Rule
from app.settings import Settings
from app.store import apart
from app.store.policies import PolicySet
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario
from app.web.problems import Problem
from app.web.question import QuestionReader

if TYPE_CHECKING:
    from app.analysis.coverage import Law

GOOD: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2


def add_command(commands: Any) -> None:
    """Add the command to a parser."""
    about = "toon wat elke regel en voorwaarde doet, en welk scenario dat laat zien"
    parser = commands.add_parser("dekking", help=about, description=f"{about[0].upper()}{about[1:]}.")
    parser.add_argument("bestand", nargs="?", metavar="BESTAND", help="alleen dit bestand, zoals nieuw/verzuim.dl")
    parser.add_argument("--norm", metavar="NORM", help="alleen de regels van deze norm, zoals VSV-4")
    parser.add_argument("--json", action="store_true", help="als JSON, met alle scenario's")
    parser.set_defaults(run=show_coverage)


def show_coverage(chosen: argparse.Namespace, settings: Settings) -> int:
    """Judge the law, or one file or norm of it; 1 where a rule never applies."""
    if not has_diagrams("dekking"):
        return MISUSED
    from app.analysis.coverage import NotJudged, cover  # only here: the service itself runs without the extra
    from app.analysis.coverage_text import json_of, text_of

    composed = compose(settings)
    policies = composed.book.policies
    if (fault := _unknown(chosen, policies)) is not None:
        print(fault, file=sys.stderr)
        return MISUSED

    def is_wanted(clause: Rule | Fact) -> bool:
        if chosen.bestand is not None and not clause.span.file.endswith(chosen.bestand):
            return False
        return chosen.norm is None or (isinstance(clause, Rule) and _norm(clause) == chosen.norm)

    some = chosen.bestand is not None or chosen.norm is not None
    try:
        coverage = cover(laws_of(composed), apart.begin, is_wanted if some else None)
    except NotJudged as fault:
        print(f"dit recht kan niet worden onderzocht: {fault}", file=sys.stderr)
        return REFUSED
    if chosen.json:
        print(json.dumps(json_of(coverage), ensure_ascii=False, indent=2))
    else:
        print("\n".join(text_of(coverage)))
    return REFUSED if coverage.dead() else GOOD


def laws_of(composed: Composition) -> list[Law]:
    """Return the law of every stretch of days with its scenarios, the newest first."""
    return laws_with(composed.book, composed.reader, composed.scenarios)


def laws_with(book: PolicyBook, reader: QuestionReader, scenarios: Sequence[Scenario]) -> list[Law]:
    """Return the law of every stretch of days, each with the scenarios that ask about one of its days."""
    from app.analysis.coverage import Law

    stated: dict[int, list[tuple[str, FactSet]]] = {}
    for scenario in scenarios:
        try:
            casus = reader.check(dict(scenario.vraag))
        except Problem:  # a scenario of a question that is refused before it is decided
            continue
        facts = to_facts(casus, book.policies.vocabulary)
        stated.setdefault(id(book.on(casus.peildatum).program), []).append((scenario.id, facts))
    programs = {id(program): program for day in book.days() for program in [book.on(day).program]}
    return [Law(program, stated.get(key, [])) for key, program in reversed(programs.items())]


def _unknown(chosen: argparse.Namespace, policies: PolicySet) -> str | None:
    if chosen.norm is not None and chosen.norm not in policies.vocabulary.norms:
        return f"{chosen.norm}: deze norm is er niet"
    if chosen.bestand is not None and not any(one.name.endswith(chosen.bestand) for one in policies.sources):
        return f"{chosen.bestand}: dit bestand met regels is er niet"
    return None


def _norm(rule: Rule) -> str:
    return rule.metadata.norm if rule.metadata else ""
