"""The picture of the young person: what follows about them, and who has which task.

Goes in: the decided case. Comes out: `JongereBeeld` and the certain `Taak`s.
Must not know: why; only the declared output is read.
"""

from __future__ import annotations

from typing import Final, Literal

from app.advice import contract, dates
from app.advice.advies import JongereBeeld, Loopbaanbegeleiding, Taak
from app.advice.decided import Decided
from app.advice.law.law import Law
from app.engine.model import ModelRow
from app.kern.formula import FALSE

UNKNOWN = "onbekend"


def jongere(decided: Decided) -> JongereBeeld:
    """Say what is certain about the young person, and "onbekend" where nothing is."""
    case, age = decided.kern.case(), decided.law.clocks.leeftijd
    ages = decided.kern.rows("zeker", age) if age is not None else ()
    leaver = case.nodes(contract.VOORTIJDIG_SCHOOLVERLATER).get((), FALSE)
    days = [row[0] for row in case.certain(contract.BEGELEIDING_TOT) if isinstance(row[0], int)]
    return JongereBeeld(
        next((row[1] for row in ages if isinstance(row[1], int)), None),
        _KNOWN[case.evaluation.value(leaver)],
        Loopbaanbegeleiding(_first_word(decided, contract.AANBOD), dates.iso(max(days)) if days else None),
        _first_word(decided, contract.ROL),
    )


def taken(decided: Decided) -> tuple[Taak, ...]:
    """List the certain tasks, with the sources of every rule that gives one, in vocabulary order."""
    case = decided.kern.case()
    rows = case.certain(contract.TAAK)
    if not rows:
        return ()
    until: dict[str, int] = {}
    for row in case.certain(contract.TAAK_TOT):
        if isinstance(row[1], int):
            until[str(row[0])] = max(row[1], until.get(str(row[0]), 0))
    ordered = sorted(rows, key=lambda row: _place(decided.law, row)) if len(rows) > 1 else rows
    return tuple([_taak(decided, row, until) for row in ordered])


def _taak(decided: Decided, row: ModelRow, until: dict[str, int]) -> Taak:
    partij, taak, aard = (str(value) for value in row)
    reasons = decided.kern.case().why(contract.TAAK, (partij, taak, aard))
    end = until.get(taak)
    return Taak(partij, taak, aard, None if end is None else dates.iso(end), decided.law.bronnen_of(reasons))


def _place(law: Law, row: ModelRow) -> tuple[int, int, int]:
    """Tasks first by task, then by party and nature."""
    partij, taak, aard = (
        law.vocabulary.domain_of(contract.TAAK, at + 1).values.index(str(row[at])) for at in (0, 1, 2)
    )
    return taak, partij, aard


_KNOWN: Final[tuple[Literal["ja", "nee", "onbekend"], ...]] = ("nee", "onbekend", "onbekend", "ja")
"""The words for a status."""


def _first_word(decided: Decided, predicate: str) -> str:
    """The certain value; with more than one, the first in vocabulary order."""
    words = {row[0] for row in decided.kern.case().certain(predicate)}
    if not words:
        return UNKNOWN
    return next(word for word in decided.law.vocabulary.domain_of(predicate, 1).values if word in words)
