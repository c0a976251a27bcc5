"""Telling: an advice in one plain paragraph.

Goes in: the parts of an advice. Comes out: Dutch text. Must not know: how any of the parts was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.advice import contract, dates
from app.advice.advies import Alternatief, Ontbrekend, Stap
from app.advice.law.texts import sentence
from app.advice.until.last_days import End
from app.lang.calendar import after
from app.record import record

NOT_FOUND = (
    "Met wat u nu weet is het niet uitgesloten. Maar wij vinden geen antwoorden waarmee het zeker mag. "
    "Leg deze deling voor aan de privacy officer."
)
OWN_WISH = "Vraag daar niet zelf om. Wil de jongere uit zichzelf dat u dit deelt? Dan is dit nog nodig."
"""Consent where the purpose lapsed: never a way around a refusal."""
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@record
class Told:
    """What a paragraph is made of. `verdict`: the oordeel in a sentence. `end`: when it ends, and why.

    `duties`: what comes with sharing, in words. `closed`: why no ground but consent can carry the flow.
    `lapsed`: why the purpose no longer exists, "" where it does. `unclear`: it is open by the rules, but no answers are
    known that permit it on another ground than consent.
    """

    oordeel: str
    verdict: str
    stappen: Sequence[Stap]
    asked: Sequence[Ontbrekend]
    duties: Sequence[str]
    closed: Sequence[str]
    alternatieven: Sequence[Alternatief]
    end: End | None
    unclear: bool = False
    lapsed: str = ""


def paragraph(told: Told) -> str:
    """Tell an advice."""
    parts = [told.lapsed, told.verdict]
    if told.oordeel == contract.TOEGESTAAN:
        parts.append(told.stappen[0].toelichting)
        if told.duties:
            parts += ["Doe wel dit.", *map(sentence, told.duties)]
        if told.end is not None:
            parts += [_until(told.end), "Weeg bij elke deling opnieuw."]
    elif told.oordeel == contract.NIET_TOEGESTAAN:
        parts += _failed(told.stappen, told.lapsed)
    elif told.lapsed and told.asked:
        parts += [OWN_WISH, *(line.vraag for line in told.asked)]
    else:
        if told.closed:
            parts += ["Zonder toestemming mag het niet. Dat komt hierdoor.", *told.closed]
        parts += (
            (*_failed(told.stappen, told.lapsed), NOT_FOUND) if told.unclear or not told.asked else _to_do(told.asked)
        )
    parts += [other.toelichting for other in told.alternatieven]
    return " ".join(dict.fromkeys(part for part in parts if part))


def _until(end: End) -> str:
    """Say when the oordeel ends: an age limit on its own day, as nobody may take it for leave to share until then."""
    last, next_day = dates.words(end.day), dates.words(after(end.day))
    match end.reason:
        case "leeftijd":
            return f"De leeftijdsgrens valt op {next_day}."
        case "verjaardag_onbekend":
            return f"U noemde alleen een leeftijd. De leeftijdsgrens valt op zijn vroegst op {next_day}."
        case "schooljaar":
            return f"Het schooljaar loopt tot en met {last}."
        case "termijn":
            return f"De termijn loopt tot en met {last}."
        case "wetswijziging":
            return f"Dit recht geldt tot en met {last}; daarna verandert de wet."


def _failed(stappen: Iterable[Stap], told: str) -> list[str]:
    """The reasons of the failed steps, without the sentences that were told before."""
    reasons = " ".join(step.toelichting for step in stappen if step.status == "niet_voldaan")
    before = SENTENCE_END.split(told)
    return [one for one in SENTENCE_END.split(reasons) if one not in before]


def _to_do(asked: Iterable[Ontbrekend]) -> list[str]:
    """The questions: what to look up first, then what takes an act."""
    facts = [line.vraag for line in asked if line.soort == "feit"]
    acts = [line.vraag for line in asked if line.soort == "handeling"]
    parts = ["Zoek eerst dit uit.", *facts] if facts else []
    if acts:
        parts += ["Regel of vraag daarna dit." if facts else "Regel of vraag eerst dit.", *acts]
    return parts
