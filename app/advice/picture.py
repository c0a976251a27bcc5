"""The picture of the young person: what follows about them, and who has which task.

Goes in: the decided case. Comes out: `JongereBeeld` and the certain `Taak`s.
Must not know: why; only the declared output is read.
"""

from __future__ import annotations

from app.advice import contract, dates
from app.advice.advies import JongereBeeld, Loopbaanbegeleiding, Taak
from app.advice.law import Law
from app.engine.model import Model, ModelRow

UNKNOWN = "onbekend"


def jongere(law: Law, model: Model, case_key: str, age_predicate: str | None) -> JongereBeeld:
    """Say what is certain about the young person, and "onbekend" where nothing is."""
    row = (case_key,)
    if model.holds("zeker", contract.VOORTIJDIG_SCHOOLVERLATER, row):
        vsv = "ja"
    else:
        vsv = UNKNOWN if model.holds("mogelijk", contract.VOORTIJDIG_SCHOOLVERLATER, row) else "nee"
    ages = model.rows("zeker", age_predicate) if age_predicate else ()
    age = next((found[1] for found in ages if isinstance(found[1], int)), None)
    return JongereBeeld(
        age,
        "ja" if vsv == "ja" else "nee" if vsv == "nee" else "onbekend",
        Loopbaanbegeleiding(_first_word(law, model, contract.AANBOD), _latest(model)),
        _first_word(law, model, contract.ROL),
    )


def taken(law: Law, model: Model) -> tuple[Taak, ...]:
    """List the certain tasks, with the sources of every rule that gives one, in vocabulary order."""
    until: dict[str, int] = {}
    for row in model.rows("zeker", contract.TAAK_TOT):
        if isinstance(row[2], int):
            until[str(row[1])] = max(row[2], until.get(str(row[1]), 0))
    rows = sorted(model.rows("zeker", contract.TAAK), key=lambda row: _place(law, row))
    return tuple(_taak(law, model, row, until) for row in rows)


def _taak(law: Law, model: Model, row: ModelRow, until: dict[str, int]) -> Taak:
    bronnen = dict.fromkeys(
        bron for reason in model.why("zeker", contract.TAAK, row) for bron in law.bronnen(reason.rule)
    )
    partij, taak, aard = (str(value) for value in row[1:])
    end = until.get(taak)
    return Taak(partij, taak, aard, None if end is None else dates.iso(end), tuple(bronnen))


def _place(law: Law, row: ModelRow) -> tuple[int, int, int]:
    """Tasks first by task, then by party and nature."""
    partij, taak, aard = (law.vocabulary.domain_of(contract.TAAK, at).values.index(str(row[at])) for at in (1, 2, 3))
    return taak, partij, aard


def _first_word(law: Law, model: Model, predicate: str) -> str:
    """The certain value; with more than one, the first in vocabulary order."""
    words = {str(row[1]) for row in model.rows("zeker", predicate)}
    return next((word for word in law.vocabulary.domain_of(predicate, 1).values if word in words), UNKNOWN)


def _latest(model: Model) -> str | None:
    days = [row[1] for row in model.rows("zeker", contract.BEGELEIDING_TOT) if isinstance(row[1], int)]
    return dates.iso(max(days)) if days else None
