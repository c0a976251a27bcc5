"""What went wrong, as a caller may see it: RFC 9457 `application/problem+json`.

Goes in: a status and what to say about it. Comes out: a `Problem`, and its JSON.
Must not know: HTTP requests, pydantic, or anything about a young person: a problem never holds a
value that the caller sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from app.web.sizes import shown

MOST_FAULTS: Final = 100
"""Faults listed in one answer, however many things a caller sent; `detail` says how many there are."""
MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[Mapping[int, str]] = {
    400: "De vraag klopt niet",
    401: "Zeg wie u bent",
    403: "Dit mag u niet",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    406: "Dit antwoord is er alleen als JSON",
    408: "De vraag kwam niet op tijd",
    409: "Dit kan nu niet",
    410: "Dit is er niet meer",
    413: "De vraag is te groot",
    415: "Stuur de vraag als application/json",
    429: "U vraagt te vaak",
    431: "De koppen zijn te groot",
    500: "Er ging iets mis bij ons",
    503: "De dienst kan nu niet antwoorden",
}
_FALLBACK: Final = "Het verzoek is niet gelukt"
BLANK: Final = "about:blank"
TIME_UP: Final = "urn:deelwijzer:probleem:tijd-op"
RED_LINE: Final = "urn:deelwijzer:probleem:rode-lijn"
TYPE_TITLES: Final[Mapping[str, str]] = {
    TIME_UP: "De vraag kostte te veel tijd",
    RED_LINE: "Het antwoord overschreed een rode lijn",
}
"""Problems that a status does not tell apart have a type of their own, and with it a title."""


@dataclass(frozen=True, slots=True)
class Fout:
    """One fault in a question: the field, what is wrong, and what would be right."""

    veld: str
    melding: str
    verwacht: str
    strijdigheid: str | None = None

    def as_json(self) -> dict[str, str]:
        """Write the fault as the contract names it; `strijdigheid` only where facts contradict each other."""
        plain = {"veld": self.veld, "melding": self.melding, "verwacht": self.verwacht}
        return plain if self.strijdigheid is None else {**plain, "strijdigheid": self.strijdigheid}


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """A request that got no answer; raised anywhere below a route and shown to the caller.

    `found`: how many faults there are, those that `fouten` leaves out included; 0 where that is its length.
    """

    status: int
    detail: str
    fouten: tuple[Fout, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    type: str = BLANK
    found: int = 0

    def as_json(self) -> dict[str, Any]:
        """Write the problem as RFC 9457 has it; with `type` about:blank the `title` follows from `status`."""
        shown: dict[str, Any] = {
            "type": self.type,
            "title": TYPE_TITLES.get(self.type) or TITLES.get(self.status, _FALLBACK),
            "status": self.status,
            "detail": self.detail,
        }
        if self.fouten:
            shown["fouten"] = [one.as_json() for one in self.fouten]
        return shown


def bad_question(fouten: Iterable[Fout], found: int | None = None) -> Problem:
    """Make the 400 of a question with faults, all at once, of which the first MOST_FAULTS are listed.

    `found`: how many faults there are, when the caller counted more than it put into words. Without it, no more of
    `fouten` is consumed than can be listed plus one: a generator stops looking there, and the count is "meer dan".
    """
    taken = tuple(islice(fouten, MOST_FAULTS + 1))
    listed = taken[:MOST_FAULTS]
    count = len(taken) if found is None else max(found, len(taken))
    return Problem(400, _told(len(listed), count, found is None), listed, found=count)


class Listing:
    """Faults still to be listed in an answer that holds several problems: one bound for all of them together."""

    def __init__(self) -> None:
        self.left = MOST_FAULTS

    def within(self, problem: Problem) -> Problem:
        """Take a problem into the answer, with as many of its faults as still may be listed."""
        listed = problem.fouten[: self.left]
        self.left -= len(listed)
        if len(listed) == len(problem.fouten):
            return problem
        return replace(problem, detail=_told(len(listed), max(problem.found, len(problem.fouten))), fouten=listed)


def _told(listed: int, found: int, stopped: bool = False) -> str:
    """Say how many faults there are, and how many of them are listed; `stopped`: nobody looked past the bound."""
    more = stopped and found > MOST_FAULTS
    count = "1 fout" if found == 1 else f"meer dan {MOST_FAULTS} fouten" if more else f"{found} fouten"
    begin = f"De vraag bevat {count}. Er is niets beslist."
    if not listed:
        return f"{begin} Dit antwoord noemt al {MOST_FAULTS} fouten in andere vragen. Verbeter die eerst."
    first = f" Daar staan de eerste {listed}." if found > listed else ""
    return f"{begin} Verbeter de velden onder 'fouten'.{first}"


def bad_text(melding: str) -> Problem:
    """Make the 400 of a body that is no acceptable JSON."""
    return Problem(400, melding, (Fout("", melding, "Eén JSON-object, in UTF-8."),))


def too_large(limit: int) -> Problem:
    """Make the 413 of a question of more than so many bytes."""
    return Problem(413, f"De vraag mag hooguit {shown(limit)} groot zijn.")


def overloaded() -> Problem:
    """Make the 503 of a call that came while too much was asked at once; a later one may well be answered."""
    detail = "Er wordt nu te veel tegelijk gevraagd. Er is niets beslist. Probeer het zo nog eens."
    return Problem(503, detail, headers={"retry-after": "1"})


def time_up() -> Problem:
    """Make the 503 of a question that took too long. Without Retry-After: the same question takes as long again."""
    return Problem(
        503, "Er is niets beslist: de vraag kostte te veel tijd en is gestopt. Vraag minder tegelijk.", type=TIME_UP
    )


def red_line() -> Problem:
    """Make the 500 of an answer that would cross a red line; asking again gives the same."""
    return Problem(
        500,
        "Er is niets beslist: het antwoord zou iets toestaan wat nooit mag. Dat is een fout bij ons. "
        "Deel niet, en meld het aan de beheerder.",
        type=RED_LINE,
    )


def refuses(fault: Exception) -> bool:
    """Whether a question was at fault, rather than we: then there was nothing to decide."""
    return isinstance(fault, Problem) and fault.status < 500
