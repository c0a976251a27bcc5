"""`deelwijzer sleutel`: make, list and revoke API keys; and who may reach a service that is started.

Goes in: arguments and settings. Comes out: text and an exit code. Must not know: how a key is kept or checked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from app.access.caller import SCOPES
from app.access.keys import Key, KeyBook
from app.database.connection import Database
from app.log.stand import note_state
from app.settings import Settings, SettingsFault
from app.web.this_machine import is_loopback

DEFAULT_SCOPES: Final = "advies,log:lezen"
MOST_DAYS: Final = 3650
_REFUSED: Final = 1


def add_commands(commands: Any) -> None:
    """Add `sleutel` and what it can do to the commands of the command line."""
    sleutel = commands.add_parser("sleutel", help="maak, toon of trek API-sleutels in")
    kinds = sleutel.add_subparsers(required=True, metavar="OPDRACHT")
    new = kinds.add_parser("new", help="maak een sleutel; hij staat één keer op het scherm")
    new.add_argument(
        "--naam", required=True, metavar="NAAM", help="van wie de sleutel is: een organisatie of toepassing"
    )
    new.add_argument(
        "--scopes",
        type=_scopes,
        default=_scopes(DEFAULT_SCOPES),
        metavar="SCOPES",
        help=f"wat de sleutel mag, met komma's: {', '.join(SCOPES)}; zonder opgave {DEFAULT_SCOPES}",
    )
    new.add_argument(
        "--dagen", type=_days, default=None, metavar="DAGEN", help="na zoveel dagen verloopt de sleutel; anders nooit"
    )
    new.set_defaults(run=_with_keys(new_key))
    kinds.add_parser("list", help="toon de sleutels, zonder hun geheim").set_defaults(run=_with_keys(list_keys))
    revoke = kinds.add_parser("revoke", help="trek een sleutel in")
    revoke.add_argument("id", metavar="ID", help="het ID uit de lijst")
    revoke.set_defaults(run=_with_keys(revoke_key))


def check_host(settings: Settings) -> None:
    """Refuse to listen for others when nobody was said to be let in; raises SettingsFault."""
    if not settings.access and not is_loopback(settings.host):
        raise SettingsFault(
            f"HOST is {settings.host}, but without DEELWIJZER_TOEGANG only this machine is answered: "
            "set DEELWIJZER_TOEGANG=sleutel (or oauth), or HOST=127.0.0.1"
        )


def new_key(chosen: argparse.Namespace, book: KeyBook) -> int:
    """Make a key and print it, once; what it is goes to standard error, so that a script gets only the key."""
    try:
        key, text = book.new(chosen.naam, chosen.scopes, chosen.dagen)
    except ValueError:
        print("De naam is een tekst van hooguit 200 tekens op één regel.", file=sys.stderr)
        return _REFUSED
    print(f"Sleutel {key.id} voor {key.naam}. Bewaar hem nu: hij is hierna nergens meer te zien.", file=sys.stderr)
    print(text)
    return 0


def list_keys(_: argparse.Namespace, book: KeyBook) -> int:
    """Print every key, one a line, under heads."""
    print(f"{'ID':10}  {'STAND':24}  {'SCOPES':24}  {'GEMAAKT':10}  NAAM")
    for key in book.all():
        print(f"{key.id}  {_state(key):24}  {','.join(sorted(key.scopes)):24}  {_day(key.gemaakt_ms)}  {key.naam}")
    return 0


def revoke_key(chosen: argparse.Namespace, book: KeyBook) -> int:
    """Revoke a key."""
    if not book.revoke(chosen.id):
        # What was typed is not repeated: it may be a whole key.
        print("Deze sleutel is er niet. 'deelwijzer sleutel list' toont elk ID.", file=sys.stderr)
        return _REFUSED
    print("De sleutel is ingetrokken en werkt binnen enkele seconden niet meer.")
    return 0


def _with_keys(run: Callable[[argparse.Namespace, KeyBook], int]) -> Callable[[argparse.Namespace, Settings], int]:
    """Give a command the keys in the database of the settings.

    No command makes one: with a mistyped address that would give a key that no service knows.
    """

    def run_with_keys(chosen: argparse.Namespace, settings: Settings) -> int:
        if not settings.keeps_log:
            raise SettingsFault("keys are kept in the database of the log: DEELWIJZER_LOG_URL names none")
        database = Database(settings.log_url)
        try:
            database.prepare(make=False)
            return run(chosen, KeyBook(database, note_state))
        finally:
            database.close()

    return run_with_keys


def _state(key: Key) -> str:
    if key.ingetrokken_ms is not None:
        return f"ingetrokken {_day(key.ingetrokken_ms)}"
    if key.verloopt_ms is None:
        return "geldig"
    word = "geldig tot" if key.holds(int(datetime.now(UTC).timestamp() * 1000)) else "verlopen"
    return f"{word} {_day(key.verloopt_ms)}"


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}"


def _scopes(text: str) -> tuple[str, ...]:
    given = tuple(one.strip() for one in text.split(","))
    if not set(given) <= set(SCOPES):
        raise argparse.ArgumentTypeError(f"kies uit {', '.join(SCOPES)}, met komma's ertussen")
    return given


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"een aantal dagen van 1 tot en met {MOST_DAYS}")
    return int(text)
