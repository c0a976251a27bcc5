"""Parts of one question that must agree: giver and receiver, the items weighed or consented to with those asked about.

Goes in: a question whose fields were checked one by one. Comes out: its faults.
Must not know: the law; contradictions between facts about the young person are rules (`strijdig`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final

from app.advice.question.casus import PROPOSED
from app.web.problems import Fout

TO_ITSELF: Final = "verstrekker_ontvanger"
WEIGHED_ELSE: Final = "afweging_ander_gegeven"
CONSENT_ELSE: Final = "toestemming_andere_deling"
CONSENTS: Final = "toestemmingen"


class Occasion(Enum):
    """How a question came: alone; beside others, so that a consent may be about theirs; or once before, and decided."""

    ALONE = "alone"
    BESIDE = "beside"
    BEFORE = "before"


def disagreements(question: Mapping[str, Any], occasion: Occasion) -> Iterator[Fout]:
    """Yield what disagrees in a question, by name."""
    flows = question.get(PROPOSED)
    if flows is None or occasion is Occasion.BEFORE:
        return
    for at, deling in enumerate(flows):
        yield from _of_flow(f"{PROPOSED}[{at}]", deling)
    if occasion is Occasion.BESIDE:
        return
    named = {(*_road(deling), gegeven) for deling in flows for gegeven in deling["gegevens"]}
    for at, consent in enumerate(question.get(CONSENTS, ())):
        for place, gegeven in enumerate(consent["gegevens"]):
            if (*_road(consent), gegeven) not in named:
                melding = "Over deze deling gaat de vraag niet, dus ook deze toestemming niet."
                expected = (
                    f"Alleen toestemming voor wat in '{PROPOSED}' staat: met dezelfde partijen en hetzelfde doel."
                )
                yield Fout(f"{CONSENTS}[{at}].gegevens[{place}]", melding, expected, CONSENT_ELSE)


def _of_flow(path: str, deling: Mapping[str, Any]) -> Iterator[Fout]:
    if deling["verstrekker"] == deling["ontvanger"]:
        melding = "Dit is dezelfde partij als de verstrekker."
        yield Fout(f"{path}.ontvanger", melding, "Een andere partij dan de verstrekker.", TO_ITSELF)
    for gegeven in deling.get("afweging", {}).get("gegevens", {}):
        if gegeven not in deling["gegevens"]:
            melding = "Dit gegeven staat niet in deze deling."
            yield Fout(
                f"{path}.afweging.gegevens.{gegeven}", melding, f"Een gegeven uit '{path}.gegevens'.", WEIGHED_ELSE
            )


def _road(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["verstrekker"], one["ontvanger"], one["doel"]
