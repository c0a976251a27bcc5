"""Parts of one question that must agree: giver and receiver, the items weighed or consented to with those asked about.

Goes in: a question whose fields were checked one by one. Comes out: its faults.
Must not know: the law; contradictions between facts about the young person are rules (`strijdig`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from app.advice.question.casus import PROPOSED
from app.web.problems import Fout

TO_ITSELF: Final = "verstrekker_ontvanger"
WEIGHED_ELSE: Final = "afweging_ander_gegeven"
CONSENT_ELSE: Final = "toestemming_andere_deling"
CONSENTS: Final = "toestemmingen"


class Occasion(Enum):
    """How a question came, which says what must agree.

    `alone`: everything. `all_flows`: all but consents, which may be about flows that it does not name. `shared`: a part
    of a request whose facts serve several questions, so that only the parties are its own. `before`: decided once, by
    an edition of the law that accepted it.
    """

    ALONE = "alone"
    ALL_FLOWS = "all_flows"
    SHARED = "shared"
    BEFORE = "before"


def disagreements(question: Mapping[str, Any], occasion: Occasion) -> Iterator[Fout]:
    """Yield what disagrees in a question, by name."""
    flows = question.get(PROPOSED)
    if flows is None or occasion is Occasion.BEFORE:
        return
    for at, deling in enumerate(flows):
        if deling["verstrekker"] == deling["ontvanger"]:
            melding = "Dit is dezelfde partij als de verstrekker."
            yield Fout(f"{PROPOSED}[{at}].ontvanger", melding, "Een andere partij dan de verstrekker.", TO_ITSELF)
    if occasion is not Occasion.SHARED:
        for at, deling in enumerate(flows):
            yield from _weighed_else(f"{PROPOSED}[{at}]", deling)
    if occasion is Occasion.ALONE:
        yield from _consented_else(question.get(CONSENTS, ()), flows)


def _weighed_else(path: str, deling: Mapping[str, Any]) -> Iterator[Fout]:
    for gegeven in deling.get("afweging", {}).get("gegevens", {}):
        if gegeven not in deling["gegevens"]:
            melding, expected = "Dit gegeven staat niet in deze deling.", f"Een gegeven uit '{path}.gegevens'."
            yield Fout(f"{path}.afweging.gegevens.{gegeven}", melding, expected, WEIGHED_ELSE)


def _consented_else(consents: Sequence[Mapping[str, Any]], flows: Sequence[Mapping[str, Any]]) -> Iterator[Fout]:
    named = {(*_road(deling), gegeven) for deling in flows for gegeven in deling["gegevens"]}
    melding = "Over deze deling gaat de vraag niet, dus ook deze toestemming niet."
    expected = f"Alleen toestemming voor wat in '{PROPOSED}' staat: met dezelfde partijen en hetzelfde doel."
    for at, consent in enumerate(consents):
        for place, gegeven in enumerate(consent["gegevens"]):
            if (*_road(consent), gegeven) not in named:
                yield Fout(f"{CONSENTS}[{at}].gegevens[{place}]", melding, expected, CONSENT_ELSE)


def _road(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["verstrekker"], one["ontvanger"], one["doel"]
