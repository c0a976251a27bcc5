"""What went wrong, as a caller may see it: RFC 9457 `application/problem+json`.

Goes in: a status and what to say about it. Comes out: a `Problem`, and its JSON.
Must not know: HTTP requests, pydantic, or anything about a young person: a problem never holds a
value that the caller sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.web.sizes import shown

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
TYPE_TITLES: Final[Mapping[str, str]] = {TIME_UP: "De vraag kostte te veel tijd"}
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
    """A request that got no answer; raised anywhere below a route and shown to the caller."""

    status: int
    detail: str
    fouten: tuple[Fout, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    type: str = BLANK

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


def bad_question(fouten: tuple[Fout, ...]) -> Problem:
    """Make the 400 of a question with faults, all at once."""
    count = "1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten"
    return Problem(400, f"De vraag bevat {count}. Er is niets beslist. Verbeter de velden onder 'fouten'.", fouten)


def bad_text(melding: str) -> Problem:
    """Make the 400 of a body that is no acceptable JSON."""
    return Problem(400, melding, (Fout("", melding, "Eén JSON-object, in UTF-8."),))


def too_large(limit: int) -> Problem:
    """Make the 413 of a question of more than so many bytes."""
    return Problem(413, f"De vraag mag hooguit {shown(limit)} groot zijn.")


def time_up() -> Problem:
    """Make the 503 of a question that took too long. Without Retry-After: the same question takes as long again."""
    return Problem(
        503, "Er is niets beslist: de vraag kostte te veel tijd en is gestopt. Vraag minder tegelijk.", type=TIME_UP
    )


def refuses(fault: Exception) -> bool:
    """Whether a question was at fault, rather than we: then there was nothing to decide."""
    return isinstance(fault, Problem) and fault.status < 500
