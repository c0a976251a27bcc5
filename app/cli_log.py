"""`deelwijzer log`: the decision log from the command line.

Goes in: arguments. Comes out: text or JSON lines, and an exit code: 0 good, 1 faults or differences found, 2 used
wrongly. Must not know: how the log keeps things.

A kenmerk is read from a file or standard input: an argument would stand in the list of processes and the history.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.composition import compose
from app.database.clock import now_ms
from app.log.privacy import erase, purge
from app.log.reading import as_adl
from app.log.verify import Anchor, verify
from app.logbook import LogBook, open_log
from app.replay import Outcome, Replayer, parts_of
from app.settings import NO_LOG, VERSION, Settings
from app.web.adviezen import moment, moment_ms
from app.web.recording import summary_of
from app.web.wire import real_date

GOOD: Final = 0
FOUND: Final = 1
MISUSED: Final = 2
MOST_DAYS: Final = 36500
_ANCHOR: Final = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)
_DATE_TIME: Final = "een moment als 2026-03-01T00:00:00+01:00, of een datum (dan vanaf 0 uur UTC)"
Command = Callable[[argparse.Namespace, Settings, LogBook], int]


def add_commands(parent: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `log` and what is under it to the command line."""
    commands = parent.add_parser("log", help="het beslislog").add_subparsers(required=True, metavar="OPDRACHT")
    checked = commands.add_parser("verify", help="controleer of er niets aan het log is veranderd")
    checked.add_argument("--anker", type=_anchor, metavar="NR:HASH", help="een eerder einde van de keten")
    _set(checked, _verify)
    again = commands.add_parser("replay", help="beslis opnieuw met het beleid van toen, en vergelijk")
    which = again.add_mutually_exclusive_group()
    which.add_argument("--id", help="alleen dit advies")
    which.add_argument("--since", type=_since, metavar="MOMENT", help=f"vanaf {_DATE_TIME}")
    again.add_argument("--with-current", action="store_true", help="vergelijk met wat het beleid van nu zou zeggen")
    again.add_argument("--vraag", metavar="BESTAND", help="de vraag, als het log alleen een afdruk heeft; met --id")
    _set(again, _replay)
    cleaned = commands.add_parser("purge", help="verwijder wat ouder is dan de bewaartermijn")
    cleaned.add_argument("--dagen", type=_days, help="zonder opgave DEELWIJZER_BEWAARTERMIJN_DAGEN")
    _set(cleaned, _purge)
    wiped = commands.add_parser("erase", help="wis de inhoud over één kenmerk (AVG 17)")
    wiped.add_argument("--kenmerk", required=True, metavar="BESTAND", help="bestand met het kenmerk, of -")
    _set(wiped, _erase)
    given = commands.add_parser("export", help="geef regels uit het log als JSON Lines (Authorization Decision Log)")
    given.add_argument("--kenmerk", metavar="BESTAND", help="alleen over dit kenmerk (AVG 15): bestand, of -")
    given.add_argument("--since", type=_since, metavar="MOMENT", help=f"vanaf {_DATE_TIME}")
    _set(given, _export)


def _set(parser: argparse.ArgumentParser, command: Command) -> None:
    def run(chosen: argparse.Namespace, settings: Settings) -> int:
        if not settings.keeps_log:
            print(f"DEELWIJZER_LOG_URL={NO_LOG}: er is geen log", file=sys.stderr)
            return MISUSED
        book = open_log(settings, make=False)
        try:
            return command(chosen, settings, book)
        finally:
            book.close()

    parser.set_defaults(run=run)


def _verify(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    found = verify(book.database, book.reader, chosen.anker, lambda answer: summary_of(json.loads(answer)))
    for fault in found.faults:
        print(fault, file=sys.stderr)
    records, faults = _counted(found.records, "regel", "regels"), _counted(len(found.faults), "fout", "fouten")
    print(f"{records}, {faults}; anker {found.nr}:{found.hash}")
    return FOUND if found.faults else GOOD


def _replay(chosen: argparse.Namespace, settings: Settings, book: LogBook) -> int:
    if chosen.vraag is not None and chosen.id is None:
        print("--vraag gaat samen met --id", file=sys.stderr)
        return MISUSED
    question = None if chosen.vraag is None else _text(chosen.vraag)
    replayer = Replayer(book.archive, settings)
    current = compose(settings) if chosen.with_current else None
    if chosen.id is not None:
        one = book.reader.part(chosen.id)
        if one is None:
            print(f"{chosen.id}: dit advies staat niet in het log", file=sys.stderr)
            return MISUSED
        parts = iter([one])
    else:
        parts = parts_of(book.reader.records(since_ms=chosen.since))
    counted: Counter[str] = Counter()
    for record, part in parts:
        if current is None:
            outcome = replayer.again(record, part, question)
        else:
            outcome = replayer.with_current(current, record, part, question)
        counted[outcome.verdict] += 1
        _tell(outcome, record.begin_ms, record.versie)
    print(f"{counted['gelijk']} gelijk, {counted['anders']} anders, {counted['onbekend']} niet na te gaan")
    return GOOD if not counted["anders"] and not (chosen.id and counted["onbekend"]) else FOUND


def _tell(outcome: Outcome, begin_ms: int, versie: str) -> None:
    if outcome.verdict == "gelijk":
        return
    other = "" if versie == VERSION else f", toen door versie {versie}"
    print(f"{outcome.id} ({moment(begin_ms)}{other}): {outcome.verdict}")
    for line in outcome.lines:
        print(f"  {line}")


def _purge(chosen: argparse.Namespace, settings: Settings, book: LogBook) -> int:
    days = settings.retention_days if chosen.dagen is None else chosen.dagen
    if days is None:
        print("geef --dagen, of stel DEELWIJZER_BEWAARTERMIJN_DAGEN in", file=sys.stderr)
        return MISUSED
    records = _counted(purge(book.database, days, now_ms(), VERSION), "regel", "regels")
    print(f"{records} verwijderd, ouder dan {_counted(days, 'dag', 'dagen')}")
    return GOOD


def _erase(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    count = erase(book.database, book.journal.pseudonyms, _kenmerk(chosen.kenmerk), VERSION)
    if not count:
        # Not the kenmerk itself: this ends up in logs. Whoever promised to erase something must notice.
        print("er is niets gewist: over dit kenmerk staat niets (meer) in het log", file=sys.stderr)
        return FOUND
    print(f"de inhoud van {_counted(count, 'advies', 'adviezen')} is gewist")
    return GOOD


def _export(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    if chosen.kenmerk is not None:
        records = book.reader.about(_kenmerk(chosen.kenmerk))
    else:
        records = book.reader.records(since_ms=chosen.since)
    for record in records:
        if chosen.since is None or record.begin_ms >= chosen.since:
            _print_line(as_adl(record, {"service.name": "deelwijzer", "service.version": record.versie}))
    return GOOD


def _print_line(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _kenmerk(file: str) -> str:
    """Read a kenmerk exactly as it stands in a file, but for the line end that editors add."""
    return _text(file).removesuffix("\n").removesuffix("\r")


def _text(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"een aantal dagen van 1 tot en met {MOST_DAYS}")
    return int(text)


def _anchor(text: str) -> Anchor:
    found = _ANCHOR.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("schrijf een anker als NR:HASH, zoals `log verify` het toont")
    return Anchor(int(found[1]), found[2])


def _since(text: str) -> int:
    found = moment_ms(f"{text}T00:00:00Z" if real_date(text) else text)
    if found is None:
        raise argparse.ArgumentTypeError(f"schrijf {_DATE_TIME}")
    return found
