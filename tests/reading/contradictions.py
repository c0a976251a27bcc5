"""Facts that cannot be true together (domein.md §1, "400 for contradictions"), as far as rules decide on them.

Goes in: the JSON of POST /v1/advies. Comes out: whether the reading refuses it.
"""

from __future__ import annotations

from tests.reading.definitions import leerplichtig
from tests.reading.kleene import NO, YES
from tests.reading.situation import YEAR, Case, Json, day_of
from tests.reading.words import GEEFT_STARTKWALIFICATIE


def contradicts(question: Json, peildatum: int) -> bool:
    """Whether a question contradicts itself."""
    case = Case(question, peildatum)
    jongere: Json = question.get("jongere", {})
    return any((_diploma(case, jongere), _no_opleiding(jongere), _leaving(case, jongere), _birth(case, jongere)))


def shares_with_itself(question: Json) -> bool:
    """Whether a party would give something to itself, which is refused too."""
    return any(one["verstrekker"] == one["ontvanger"] for one in question.get("delingen", ()))


def _diploma(case: Case, jongere: Json) -> bool:
    no_startkwalificatie = jongere.get("startkwalificatie") is False
    return no_startkwalificatie and case.opleiding in GEEFT_STARTKWALIFICATIE and bool(jongere.get("diploma_behaald"))


def _no_opleiding(jongere: Json) -> bool:
    none = jongere.get("opleiding") == "geen"
    return none and bool(jongere.get("ingeschreven") or jongere.get("diploma_behaald") or "uitstroomdatum" in jongere)


def _leaving(case: Case, jongere: Json) -> bool:
    left = case.uitstroomdatum
    if left is None:
        return False
    before_birth = case.geboortedatum is not None and left < case.geboortedatum
    return before_birth or (jongere.get("ingeschreven") is False and left > case.peildatum)


def _birth(case: Case, jongere: Json) -> bool:
    born, age = day_of(jongere.get("geboortedatum")), jongere.get("leeftijd")
    over = jongere.get("schooljaar_van_16_voorbij")
    if born is not None:
        if born > case.peildatum or age not in (None, (case.peildatum - born) // YEAR):
            return True
        return over is not None and leerplichtig(case) is (YES if over else NO)
    if age is None or over is None:
        return False
    return bool(over) if age < 16 else age >= 17 and not over
