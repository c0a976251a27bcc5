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

from app.cli_log_copy import add_copying
from app.composition import compose
from app.database.clock import now_ms
from app.log.kenmerk_form import MOST_BYTES, KenmerkFault, kenmerk_of
from app.log.privacy import erase, purge
from app.log.reading import as_adl
from app.log.stand import NOTED
from app.log.verify import Anchor
from app.logbook import LogBook, open_log
from app.replay import Outcome, Replayer, parts_of
from app.settings import NO_LOG, VERSION, Settings
from app.web.adviezen import moment, moment_ms
from app.web.sizes import QUESTION_LIMIT
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
    checked.add_argument(
        "--anker", type=anchor, action="append", default=[], metavar="NR:HASH",
        help="een eerder einde van de keten, zoals in de logregels achter 'keten:'; mag vaker",
    )  # fmt: skip
    _set(checked, _verify)
    again = commands.add_parser("replay", help="beslis opnieuw met het beleid van toen, en vergelijk")
    which = again.add_mutually_exclusive_group()
    which.add_argument("--id", help="alleen dit advies")
    which.add_argument("--since", type=_since, metavar="MOMENT", help=f"vanaf {_DATE_TIME}")
    again.add_argument("--with-current", action="store_true", help="vergelijk met wat het beleid van nu zou zeggen")
    again.add_argument("--vraag", metavar="BESTAND", help="de vraag, als het log alleen een afdruk heeft; met --id")
    _set(again, _replay)
    cleaned = commands.add_parser("purge", help="verwijder wat ouder is dan de bewaartermijn")
    cleaned.add_argument("--klok-klopt", action="store_true", help="ook als de klok ver voorloopt op de laatste regel")
    cleaned.add_argument("--dagen", type=_days, help="zonder opgave DEELWIJZER_BEWAARTERMIJN_DAGEN")
    _set(cleaned, _purge)
    wiped = commands.add_parser("erase", help="wis de inhoud over één kenmerk (AVG 17)")
    wiped.add_argument("--kenmerk", required=True, metavar="BESTAND", help="bestand met het kenmerk, of -")
    _set(wiped, _erase)
    add_copying(commands, anchor)
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
        except _FileFault as fault:
            print(fault, file=sys.stderr)
            return MISUSED
        finally:
            book.close()

    parser.set_defaults(run=run)


def _verify(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    found = book.verify(chosen.anker)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    for nr, begin_ms, until in found.purges:
        print(f"opgeschoond tot en met regel {until}, volgens regel {nr} ({moment(begin_ms)})", file=sys.stderr)
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
    records = _counted(purge(book.database, days, now_ms(), VERSION, chosen.klok_klopt), "regel", "regels")
    print(f"{records} verwijderd, ouder dan {_counted(days, 'dag', 'dagen')}")
    _tell_end(book)
    return GOOD


def _erase(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    count = erase(book.database, book.journal.pseudonyms, _kenmerk(chosen.kenmerk), VERSION)
    if not count:
        # Not the kenmerk itself: this ends up in logs. Whoever promised to erase something must notice.
        print("er is niets gewist: over dit kenmerk staat niets (meer) in het log", file=sys.stderr)
        return FOUND
    print(f"de inhoud van {_counted(count, 'advies', 'adviezen')} is gewist")
    _tell_end(book)
    return GOOD


def _tell_end(book: LogBook) -> None:
    """Say where the chain ends, as the service does in its log lines: a purge or erasure needs an anchor after it."""
    print(f"keten: {book.journal.end()}", file=sys.stderr)


def _export(chosen: argparse.Namespace, _: Settings, book: LogBook) -> int:
    if chosen.kenmerk is not None:
        records = book.reader.about(_kenmerk(chosen.kenmerk))
    else:
        records = book.reader.records(since_ms=chosen.since)
    count = 0
    for record in records:
        # The state of the tables beside the chain is no decision: it is there for `verify` alone.
        if record.event_name != NOTED and (chosen.since is None or record.begin_ms >= chosen.since):
            count += 1
            _print_line(as_adl(record, {"service.name": "deelwijzer", "service.version": record.versie}))
    if not count:
        # An empty answer to a request for access (AVG 15) must not pass unnoticed.
        what = "geen regels uit deze periode" if chosen.kenmerk is None else "niets (meer) over dit kenmerk"
        print(f"er is niets gevonden: in het log staat {what}", file=sys.stderr)
    return GOOD


def _print_line(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


class _FileFault(Exception):
    """A file does not hold the expected content; the message names the file and the reason."""


def _kenmerk(file: str) -> str:
    """Read the kenmerk in a file; raises _FileFault."""
    try:
        return kenmerk_of(_bytes(file, MOST_BYTES))
    except KenmerkFault as fault:
        raise _FileFault(f"{file}: {fault}") from None


def _text(file: str) -> str:
    """Read a question from a file, with or without a byte order mark; raises _FileFault."""
    raw = _bytes(file, QUESTION_LIMIT)
    if len(raw) > QUESTION_LIMIT:
        raise _FileFault(f"{file}: dit bestand is te groot voor een vraag, die hooguit {QUESTION_LIMIT} bytes heeft")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _FileFault(f"{file}: dit bestand is geen UTF-8; bewaar het als UTF-8") from None


def _bytes(file: str, most: int) -> bytes:
    """Read a file, or standard input (`-`), up to one byte more than `most`; text mode would change line ends."""
    if file == "-":
        return sys.stdin.buffer.read(most + 1)
    with Path(file).open("rb") as opened:
        return opened.read(most + 1)


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"een aantal dagen van 1 tot en met {MOST_DAYS}")
    return int(text)


def anchor(text: str) -> Anchor:
    """Read an anchor from the command line."""
    found = _ANCHOR.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("schrijf een anker als NR:HASH, zoals `log verify` het toont")
    return Anchor(int(found[1]), found[2])


def _since(text: str) -> int:
    found = moment_ms(f"{text}T00:00:00Z" if real_date(text) else text)
    if found is None:
        raise argparse.ArgumentTypeError(f"schrijf {_DATE_TIME}")
    return found
