"""`deelwijzer`: the same service from the command line.

Goes in: arguments. Comes out: text or JSON, and an exit code: 0 good, 1 refused or faulty, 2 used wrongly.
Must not know: how anything is decided.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

from app import cli_access, cli_check, cli_compare, cli_coverage, cli_log, cli_proof, cli_serve, cli_texts
from app.advice import dates
from app.advice.question.extras import Extras
from app.cli_words import Parser
from app.composition import Composition, compose
from app.database.faults import AddressFault, DatabaseFault, NoTablesFault
from app.examples import examples_of
from app.settings import VERSION, Settings, SettingsFault, from_environment
from app.store.policies import PolicyFault
from app.store.policy_book import PolicyBook
from app.web.desk import our_fault
from app.web.openapi import document
from app.web.policy_view import norm_view, policy_view
from app.web.problems import Problem, too_large
from app.web.question import parse_json, today
from app.web.sizes import QUESTION_LIMIT
from app.web.wire import real_date

GOOD: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2
RELOAD: Final = "beleid herlaad"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:2] == RELOAD.split():  # the one command of two words whose first may also stand alone
        given[:2] = [RELOAD]
    chosen = _parser().parse_args(given)
    run: Callable[[argparse.Namespace, Settings], int] = chosen.run
    try:
        return run(chosen, from_environment(os.environ))
    except (SettingsFault, NoTablesFault, AddressFault) as fault:
        print(fault, file=sys.stderr)
        return MISUSED
    except (PolicyFault, DatabaseFault) as fault:
        print(fault, file=sys.stderr)
        return REFUSED
    except OSError as fault:
        print(f"{fault.filename or 'deelwijzer'}: {fault.strerror}", file=sys.stderr)
        return MISUSED


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="deelwijzer", description="Mag dit gegeven gedeeld worden, en waarom?")
    parser.add_argument("--version", action="version", version=VERSION, help="toon de versie")
    commands: Any = parser.add_subparsers(required=True, metavar="OPDRACHT")
    commands.add_parser("serve", help="start de dienst").set_defaults(run=cli_serve.serve)
    advies = commands.add_parser("advies", help="beantwoord een vraag in JSON")
    advies.add_argument("vraag", metavar="BESTAND", help="bestand met de vraag, of - voor standaardinvoer")
    advies.add_argument("--uitleg", action="store_true", help="met de volledige afleiding")
    turning = "met de velden waarvan een andere waarde het oordeel verandert"
    advies.add_argument("--kantelpunten", action="store_true", help=turning)
    listing = "met alle stromen die mogen of kunnen, ook naast delingen"
    advies.add_argument("--stromen", action="store_true", help=listing)
    advies.set_defaults(run=advise)
    vraag = commands.add_parser("vraag", help="beantwoord een vraag met variabelen, in de regeltaal")
    vraag.add_argument(
        "--casus", required=True, metavar="BESTAND", help="bestand met de casus, of - voor standaardinvoer"
    )
    vraag.add_argument("vraag", metavar="VRAAG", help="voorwaarden, verbonden door &")
    vraag.set_defaults(run=query)
    check = commands.add_parser("check", help="controleer beleid, feiten en scenario's met beide engines")
    check.set_defaults(run=cli_check.check_all)
    bewijs = commands.add_parser(
        "bewijs", help="bewijs over alle gevallen dat geen antwoord een rode lijn overschrijdt"
    )
    bewijs.set_defaults(run=cli_proof.prove_all)
    cli_compare.add_command(commands)
    cli_coverage.add_command(commands)
    beleid = commands.add_parser("beleid", help="toon het beleid dat geldt")
    beleid.add_argument("norm", nargs="?", metavar="NORM", help="alleen deze norm, zoals VSV-1")
    beleid.add_argument(
        "--peildatum", type=_date, default=None, metavar="DAG", help="JJJJ-MM-DD; zonder opgave vandaag"
    )
    beleid.set_defaults(run=show_policies)
    about = "keur het beleid in de bestanden, en laat elk proces het overnemen"
    reload = commands.add_parser(RELOAD, help=about, description=f"{about[0].upper()}{about[1:]}.")
    reload.set_defaults(run=cli_serve.reload)
    cli_texts.add_command(commands, _date)
    cli_log.add_commands(commands)
    cli_access.add_commands(commands)
    commands.add_parser("openapi", help="toon de beschrijving van de API").set_defaults(run=show_openapi)
    return parser


def advise(chosen: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, checked as over HTTP; a refused one prints its problem and returns 1."""
    extras = Extras(chosen.uitleg, chosen.kantelpunten, chosen.stromen)
    return _answer(chosen.vraag, settings, lambda raw, composed: composed.desk.answer(raw, extras))


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
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as given:
            raw = given.read(QUESTION_LIMIT + 1)
    except OSError as fault:
        print(f"{file}: {fault.strerror}", file=sys.stderr)
        return MISUSED
    raw = raw.removeprefix(BOM_UTF8)  # some editors put one before every file; over HTTP it is refused
    composed = compose(settings)
    try:
        if len(raw) > QUESTION_LIMIT:
            raise too_large(QUESTION_LIMIT)
        _print(answer(raw, composed))
    except Problem as problem:
        _print(problem.as_json())
        return REFUSED
    except Exception as fault:  # as over HTTP: what it says could hold a fact, so only its kind and place are shown
        _print(our_fault(fault).as_json())
        return REFUSED
    return GOOD


def show_policies(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print the law in force on a day."""
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
