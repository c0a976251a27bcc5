"""`deelwijzer log backup` and `deelwijzer log restore`: a copy of the log in SQLite, and back.

Goes in: files. Comes out: text, and an exit code: 0 good, 1 refused or faulty, 2 used wrongly.
Must not know: how the log keeps things.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.database import copying
from app.database.connection import Database
from app.database.in_use import alone
from app.log.verify import Anchor
from app.logbook import open_log
from app.settings import NO_LOG, Settings

GOOD: Final = 0
FOUND: Final = 1
MISUSED: Final = 2
_POSTGRESQL: Final = "dit log staat in PostgreSQL: gebruik pg_dump en pg_restore, zie docs/decision-log.md"


def add_copying(commands: Any, anchor: Callable[[str], Anchor]) -> None:
    """Add both commands to those of `log`; `anchor` reads an anchor."""
    made = commands.add_parser("backup", help="maak een kopie van het log (SQLite), ook terwijl de dienst draait")
    made.add_argument("bestand", metavar="BESTAND", help="een bestand dat er nog niet is")
    made.set_defaults(run=backup)
    put = commands.add_parser("restore", help="zet een kopie van het log terug (SQLite); stop eerst de dienst")
    put.add_argument("bestand", metavar="BESTAND", help="een kopie die `log backup` maakte")
    put.add_argument(
        "--anker", type=anchor, action="append", default=[], metavar="NR:HASH", help="houd de kopie hieraan; mag vaker"
    )
    put.set_defaults(run=restore)


def backup(chosen: argparse.Namespace, settings: Settings) -> int:
    """Copy the log to a new file, and verify the copy: a log that is damaged gives no good backup."""
    file = _file(settings)
    if isinstance(file, int):
        return file
    target = Path(chosen.bestand).absolute()
    open_log(settings, make=False).close()  # a mistyped address is refused, and an old log brought up to date
    copying.copy_out(file, target)
    if not _good(target, settings, ()):
        print(f"{target}: dit is een kopie van een log met fouten; zet een eerdere kopie terug", file=sys.stderr)
        return FOUND
    return GOOD


def restore(chosen: argparse.Namespace, settings: Settings) -> int:
    """Put a copy in the place of the log; verified before and after, and refused while anyone has the log open."""
    file = _file(settings)
    if isinstance(file, int):
        return file
    source = Path(chosen.bestand)
    if not source.is_file():
        print(f"{source}: dit bestand is er niet", file=sys.stderr)
        return MISUSED
    with alone(file):
        staged = copying.stage(source, file)
        try:
            if not _good(staged, settings, chosen.anker):
                print(f"{source}: niet teruggezet", file=sys.stderr)
                return FOUND
            copying.clear_beside(staged)
            copying.put_in_place(staged, file)
        finally:
            copying.discard(staged)
    print(f"{source} is teruggezet als {file}")
    return GOOD if _good(file, settings, chosen.anker) else FOUND


def _file(settings: Settings) -> Path | int:
    """Find the file of the log; an exit code, after saying why, when there is none."""
    if not settings.keeps_log:
        print(f"DEELWIJZER_LOG_URL={NO_LOG}: er is geen log", file=sys.stderr)
        return MISUSED
    database = Database(settings.log_url)
    database.close()
    if database.file is None:
        print(_POSTGRESQL, file=sys.stderr)
        return MISUSED
    return database.file


def _good(file: Path, settings: Settings, anchors: Sequence[Anchor]) -> bool:
    """Verify a log in a file, and print what was found; raises DatabaseFault when it cannot be read."""
    book = open_log(replace(settings, log_url=f"sqlite:///{file}"), make=False)
    try:
        found = book.verify(anchors)
    finally:
        book.close()
    for fault in found.faults:
        print(fault, file=sys.stderr)
    print(f"{file}: {found.records} regels, {len(found.faults)} fouten; anker {found.nr}:{found.hash}")
    return not found.faults
