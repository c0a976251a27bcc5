"""The picture of the young person: what follows about them, and who has which task.

Goes in: the decided case. Comes out: `JongereBeeld` and the certain `Taak`s.
Must not know: why; only the declared output is read.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Literal

from app.advice import contract, dates
from app.advice.advies import JongereBeeld, Loopbaanbegeleiding, Status, Taak
from app.advice.decided import Decided
from app.advice.law import Law
from app.engine.model import ModelRow

UNKNOWN = "onbekend"


def jongere(decided: Decided, case_key: str) -> JongereBeeld:
    """Say what is certain about the young person, and "onbekend" where nothing is."""
    certain = partial(decided.model.rows, "zeker")
    age = decided.law.clocks.leeftijd
    return JongereBeeld(
        None if age is None else next((row[1] for row in certain(age) if isinstance(row[1], int)), None),
        _known(decided.said[contract.VOORTIJDIG_SCHOOLVERLATER].status((case_key,))),
        Loopbaanbegeleiding(_first_word(decided, contract.AANBOD), _latest(certain(contract.BEGELEIDING_TOT))),
        _first_word(decided, contract.ROL),
    )


def taken(decided: Decided) -> tuple[Taak, ...]:
    """List the certain tasks, with the sources of every rule that gives one, in vocabulary order."""
    rows = decided.model.rows("zeker", contract.TAAK)
    if not rows:
        return ()
    until: dict[str, int] = {}
    for row in decided.model.rows("zeker", contract.TAAK_TOT):
        if isinstance(row[2], int):
            until[str(row[1])] = max(row[2], until.get(str(row[1]), 0))
    ordered = sorted(rows, key=lambda row: _place(decided.law, row)) if len(rows) > 1 else rows
    return tuple([_taak(decided, row, until) for row in ordered])


def _taak(decided: Decided, row: ModelRow, until: dict[str, int]) -> Taak:
    reasons = decided.model.why("zeker", contract.TAAK, row)
    partij, taak, aard = (str(value) for value in row[1:])
    end = until.get(taak)
    return Taak(partij, taak, aard, None if end is None else dates.iso(end), decided.law.bronnen_of(reasons))


def _place(law: Law, row: ModelRow) -> tuple[int, int, int]:
    """Tasks first by task, then by party and nature."""
    partij, taak, aard = (law.vocabulary.domain_of(contract.TAAK, at).values.index(str(row[at])) for at in (1, 2, 3))
    return taak, partij, aard


def _known(status: Status) -> Literal["ja", "nee", "onbekend"]:
    match status:
        case "voldaan":
            return "ja"
        case "niet_voldaan":
            return "nee"
        case "open":
            return "onbekend"


def _first_word(decided: Decided, predicate: str) -> str:
    """The certain value; with more than one, the first in vocabulary order."""
    rows = decided.model.rows("zeker", predicate)
    if not rows:
        return UNKNOWN
    words = {row[1] for row in rows}
    return next(word for word in decided.law.vocabulary.domain_of(predicate, 1).values if word in words)


def _latest(rows: Collection[ModelRow]) -> str | None:
    days = [row[1] for row in rows if isinstance(row[1], int)]
    return dates.iso(max(days)) if days else None
