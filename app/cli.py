"""`deelwijzer`: the same service from the command line.

Goes in: arguments. Comes out: text or JSON, and an exit code: 0 good, 1 refused or faulty, 2 used wrongly.
Must not know: how anything is decided.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from app import cli_access, cli_log, cli_serve
from app.advice import dates
from app.database.faults import DatabaseFault
from app.main import Composition, cases_of, compose, examples_of, fingerprint_of
from app.settings import VERSION, Settings, SettingsFault, from_environment
from app.store import selfcheck
from app.store.policies import PolicyFault
from app.store.policy_book import PolicyBook
from app.web.openapi import document
from app.web.policy_view import norm_view, policy_view
from app.web.problems import Problem
from app.web.question import parse_json, today
from app.web.reading import QUESTION_LIMIT
from app.web.wire import real_date

GOOD: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Settings], int] = chosen.run
    try:
        return run(chosen, from_environment(os.environ))
    except SettingsFault as fault:
        print(fault, file=sys.stderr)
        return MISUSED
    except (PolicyFault, DatabaseFault) as fault:
        print(fault, file=sys.stderr)
        return REFUSED
    except OSError as fault:
        print(f"{fault.filename or 'deelwijzer'}: {fault.strerror}", file=sys.stderr)
        return MISUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deelwijzer", description="Mag dit gegeven gedeeld worden, en waarom?")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="OPDRACHT")
    commands.add_parser("serve", help="start de dienst").set_defaults(run=cli_serve.serve)
    advies = commands.add_parser("advies", help="beantwoord een vraag in JSON")
    advies.add_argument("vraag", metavar="BESTAND", help="bestand met de vraag, of - voor standaardinvoer")
    advies.add_argument("--uitleg", action="store_true", help="met de volledige afleiding")
    advies.set_defaults(run=advise)
    vraag = commands.add_parser("vraag", help="beantwoord een vraag met variabelen, in de regeltaal")
    vraag.add_argument(
        "--casus", required=True, metavar="BESTAND", help="bestand met de casus, of - voor standaardinvoer"
    )
    vraag.add_argument("vraag", metavar="VRAAG", help="voorwaarden, verbonden door &")
    vraag.set_defaults(run=query)
    check = commands.add_parser("check", help="controleer beleid, feiten en scenario's met beide engines")
    check.set_defaults(run=check_all)
    beleid = commands.add_parser("beleid", help="toon het beleid dat geldt")
    beleid.add_argument("norm", nargs="?", help="alleen deze norm, zoals VSV-1; of herlaad: vervang het beleid")
    beleid.add_argument("--peildatum", type=_date, default=None, help="JJJJ-MM-DD; zonder opgave vandaag")
    beleid.set_defaults(run=show_policies)
    cli_log.add_commands(commands)
    cli_access.add_commands(commands)
    commands.add_parser("openapi", help="toon de beschrijving van de API").set_defaults(run=show_openapi)
    return parser


def advise(chosen: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, checked as over HTTP; a refused one prints its problem and returns 1."""
    return _answer(chosen.vraag, settings, lambda raw, composed: composed.desk.answer(raw, chosen.uitleg))


def query(chosen: argparse.Namespace, settings: Settings) -> int:
    """Answer one query about a casus, checked as over HTTP; a refused one prints its problem and returns 1."""

    def answer(raw: bytes, composed: Composition) -> dict[str, Any]:
        try:
            return composed.queries.answer_value(parse_json(raw), chosen.vraag)
        finally:
            composed.queries.close()

    return _answer(chosen.casus, settings, answer)


def _answer(file: str, settings: Settings, answer: Callable[[bytes, Composition], dict[str, Any]]) -> int:
    """Read a question from a file or standard input, and print its answer or its problem."""
    try:
        raw = sys.stdin.buffer.read(QUESTION_LIMIT + 1) if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        print(f"{file}: {fault.strerror}", file=sys.stderr)
        return MISUSED
    composed = compose(settings)
    try:
        if len(raw) > QUESTION_LIMIT:
            raise Problem(413, f"De vraag mag hooguit {QUESTION_LIMIT // 1024} KiB groot zijn.")
        _print(answer(raw, composed))
    except Problem as problem:
        _print(problem.as_json())
        return REFUSED
    return GOOD


def check_all(_: argparse.Namespace, settings: Settings) -> int:
    """Check all law, then decide every scenario with both engines and compare everything that can be read."""
    started = time.perf_counter()
    composed = compose(settings)
    report = selfcheck.compare(cases_of(composed), composed.book, composed.other)
    for fault in report.faults:
        print(fault, file=sys.stderr)
    if not report.faults:  # the next start need not do the smaller check again
        selfcheck.remember(settings.cache, fingerprint_of(composed))
    rules = {rule.span: rule for day in composed.book.days() for rule in composed.book.on(day).program.rules}
    print(
        f"{len(rules)} regels, {report.cases} scenario's, {report.facts} uitkomsten vergeleken tussen twee engines, "
        f"{len(report.faults)} fouten, {time.perf_counter() - started:.1f} s"
    )
    return REFUSED if report.faults else GOOD


def show_policies(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print the law in force on a day; or have it replaced."""
    if chosen.norm == cli_serve.RELOAD:
        return cli_serve.reload(settings)
    book: PolicyBook = compose(settings).book
    day = today() if chosen.peildatum is None else chosen.peildatum
    shown = policy_view(book, day) if chosen.norm is None else norm_view(book, chosen.norm, day)
    if shown is None:
        print(f"{chosen.norm}: deze norm is er niet op deze peildatum", file=sys.stderr)
        return REFUSED
    _print(shown)
    return GOOD


def show_openapi(_: argparse.Namespace, settings: Settings) -> int:
    """Print the description of the API, as the service gives it."""
    composed = compose(settings)
    _print(document(composed.desk, VERSION, examples_of(composed.scenarios), bool(settings.access)))
    return GOOD


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _date(text: str) -> int:
    if not real_date(text):
        raise argparse.ArgumentTypeError("schrijf een datum als JJJJ-MM-DD")
    return dates.number(text)


if __name__ == "__main__":
    sys.exit(main())
