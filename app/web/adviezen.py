"""The adviezen that were given: one by its id, and a caller's own by kenmerk or period.

Goes in: an id or a search. Comes out: what was answered then. Must not know: how a log keeps things.

A kenmerk never stands in an address: those end up in logs along the way. So searching is a POST.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from app.advice import dates
from app.database.faults import DatabaseFault
from app.log.kenmerk_form import LONGEST
from app.log.reading import Kept, KeptPart, Summary, Wanted
from app.web.call import Caller
from app.web.faults import strange_fields
from app.web.kenmerk import is_kenmerk
from app.web.problems import Fout, Problem, bad_question
from app.web.question import parse_json

MOST: Final = 100
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
CURSOR: Final = "^([0-9]{1,15})-([0-9]{1,6})$"
"""Where a search goes on: the number of a record, and a place in it."""
_CURSOR: Final = re.compile(CURSOR, re.ASCII)
_SHAPES: Final = {
    "kenmerk": (
        f"Tekst van hooguit {LONGEST} tekens en niet leeg, zonder spatie aan de rand, zonder onzichtbare tekens, "
        "geen burgerservicenummer."
    ),
    "van": "Een moment als 2026-03-01T00:00:00+01:00; vanaf dan.",
    "tot": "Een moment als 2026-04-01T00:00:00+02:00; tot dan, dat moment zelf niet.",
    "na": "De waarde van 'volgende' uit het vorige antwoord.",
    "aantal": f"Een getal van 1 tot en met {MOST}.",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
T = TypeVar("T")


class AdviezenLog(Protocol):
    """What the log tells."""

    def part(self, identifier: str, aanroeper: str | None = None) -> tuple[Kept, KeptPart] | None:
        """Find an advice of a caller; raises DatabaseFault."""

    def search(self, wanted: Wanted, most: int) -> list[Summary]:
        """List a caller's own advices, oldest first; raises DatabaseFault."""


class AdviezenDesk:
    """Answers questions about advices that were given."""

    def __init__(self, log: AdviezenLog | None) -> None:
        self._log = log

    def address(self, identifier: str | None) -> dict[str, str]:
        """The header that says where an advice can be read again; none where it is not kept."""
        return {} if self._log is None or identifier is None else {"content-location": f"/v1/adviezen/{identifier}"}

    def one(self, identifier: str, caller: Caller) -> str:
        """Give an advice as it was answered, in JSON text; raises Problem (404, 410, 503)."""
        log = self._kept()
        found = _reachable(lambda: log.part(identifier, caller.id))
        if found is None or not (found[1].antwoord or found[1].vraag is None):
            raise Problem(404, "Dit advies is er niet, of het is niet aan u gegeven.")
        record, part = found
        if part.antwoord is None:
            gone = record.bewaard == "volledig"
            why = "De inhoud van dit advies is gewist." if gone else "Van dit advies is alleen een afdruk bewaard."
            raise Problem(410, why)
        return part.antwoord

    def search(self, raw: bytes, caller: Caller) -> dict[str, Any]:
        """Search a caller's own advices; raises Problem."""
        log = self._kept()
        wanted, most = read_search(parse_json(raw), caller.id)
        found = _reachable(lambda: log.search(wanted, most + 1))
        shown = [_shown(one) for one in found[:most]]
        last = found[most - 1] if len(found) > most else None
        return {"adviezen": shown, "volgende": None if last is None else f"{last.nr}-{last.plaats}"}

    def _kept(self) -> AdviezenLog:
        if self._log is None:
            raise Problem(404, "Deze dienst houdt geen log bij.")
        return self._log


def read_search(body: Any, caller: str) -> tuple[Wanted, int]:
    """Check a search; raises Problem with every fault."""
    fouten = strange_fields(body, tuple(_SHAPES), "Een object met wat u zoekt; {} is alles.")
    read = {
        "kenmerk": _read_kenmerk,
        "van": _read_moment,
        "tot": _read_moment,
        "na": _read_cursor,
        "aantal": _read_count,
    }
    given: dict[str, Any] = {}
    for name, reader in read.items():
        value = body.get(name) if isinstance(body, dict) else None
        if value is None:
            continue
        given[name] = reader(value)
        if given[name] is None:
            fouten.append(Fout(name, "Dit heeft de verkeerde vorm.", _SHAPES[name]))
    if fouten:
        raise bad_question(fouten)
    wanted = Wanted(caller, given.get("kenmerk"), given.get("van"), given.get("tot"), given.get("na"))
    return wanted, given.get("aantal", MOST)


def moment(ms: int) -> str:
    """Write a time (milliseconds since 1970, UTC) as RFC 3339, in UTC.

    >>> moment(0)
    '1970-01-01T00:00:00.000Z'
    """
    when = _EPOCH + timedelta(milliseconds=ms)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def moment_ms(text: str) -> int | None:
    """Read an RFC 3339 time with any offset as milliseconds since 1970; None when it is none.

    >>> moment_ms("1970-01-01T01:00:00+01:00"), moment_ms("1970-01-01")
    (0, None)
    """
    if not _MOMENT.fullmatch(text) or text.endswith("-00:00"):
        return None
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


def _read_kenmerk(value: Any) -> str | None:
    return value if isinstance(value, str) and is_kenmerk(value) else None


def _read_moment(value: Any) -> int | None:
    return moment_ms(value) if isinstance(value, str) else None


def _read_cursor(value: Any) -> tuple[int, int] | None:
    found = _CURSOR.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else (int(found[1]), int(found[2]))


def _read_count(value: Any) -> int | None:
    return int(value) if type(value) in (int, float) and 1 <= value <= MOST and value == int(value) else None


def _shown(one: Summary) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": one.id,
        "tijdstip": moment(one.begin_ms),
        "peildatum": dates.iso(one.peildatum),
        "bewaard": "volledig" if one.kept else "afdruk" if one.bewaard == "afdruk" else "gewist",
    }
    return shown if one.samenvatting is None else {**shown, **json.loads(one.samenvatting)}


def _reachable(read: Callable[[], T]) -> T:
    try:
        return read()
    except DatabaseFault:
        raise Problem(503, "Het log is nu niet te lezen.", headers={"retry-after": "5"}) from None
