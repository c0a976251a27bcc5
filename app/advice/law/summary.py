"""The summary: one short sentence that says what may be done with a flow, for a list or the head of a page.

Goes in: a flow, its oordeel, and what it waits for. Comes out: a Dutch sentence of at most `MOST_WORDS` words.
Must not know: how anything was found. The reasons stand in the paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.advice import contract
from app.advice.advies import WachtOp
from app.advice.law.texts import capital
from app.advice.question.casus import Flow
from app.lang.vocabulary import Vocabulary

MOST_WORDS: Final = 25
PLURAL: Final = ("de ouders",)
"""Labels of parties that are more than one person."""
FLOW: Final = "{wie} {mag} {gegeven}{hoe} delen met {ontvanger}"
FOR: Final = " voor {doel}"
HOW: Final = {
    contract.TOEGESTAAN: "",
    contract.ONDER_VOORWAARDEN: " nog niet",
    contract.ALLEEN_MET_TOESTEMMING: " alleen met toestemming",
    contract.NIET_TOEGESTAAN: " niet",
}
NEXT: Final[Mapping[WachtOp | None, str]] = {
    "feit": "; zoek eerst op wat ontbreekt",
    "handeling": "; regel eerst wat ontbreekt",
    "afweging": "; weeg het eerst af",
    "toestemming": "",
    None: "",
}
UNCLEAR: Final = "; vraag de privacy officer"


class Summary:
    """The summaries of one vocabulary; each shape of the sentence is made once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._labels = {
            name: vocabulary.domain_of(contract.DELING, at).labels
            for name, at in (("wie", 2), ("ontvanger", 3), ("gegeven", 4), ("doel", 5))
        }
        self._shapes: dict[tuple[str, WachtOp | None, bool, bool], tuple[str, ...]] = {}

    def of(self, flow: Flow, oordeel: str, waits_for: WachtOp | None, unclear: bool) -> str:
        """Say in one sentence what may be done with a flow; the purpose is left out where it would be too long."""
        labels = self._labels
        wie, ontvanger = labels["wie"][flow.verstrekker], labels["ontvanger"][flow.ontvanger]
        gegeven, doel = labels["gegeven"][flow.gegeven], labels["doel"][flow.doel]
        key = (oordeel, waits_for, unclear, wie in PLURAL)
        shapes = self._shapes.get(key)
        if shapes is None:
            shapes = self._shapes[key] = _shapes(*key)
        for shape in shapes:
            text = shape.format(wie=capital(wie), gegeven=gegeven, ontvanger=ontvanger, doel=doel)
            if len(text.split()) <= MOST_WORDS:
                break
        return text


def _shapes(oordeel: str, waits_for: WachtOp | None, unclear: bool, plural: bool) -> tuple[str, ...]:
    """The sentence with its purpose, without, and without what to do next."""
    flow = FLOW.replace("{mag}", "mogen" if plural else "mag").replace("{hoe}", HOW[oordeel])
    rest = UNCLEAR if unclear else NEXT[waits_for] if oordeel == contract.ONDER_VOORWAARDEN else ""
    return f"{flow}{FOR}{rest}.", f"{flow}{rest}.", f"{flow}."
