"""A third reading of domein.md, by hand: what may be shared, on which norms, and with which duties and rights.

Goes in: the JSON of POST /v1/advies, checked. Comes out: one `Answer` per deling and item.
Must not know: the rules in policies/, or anything that decides by them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tests.reading.situation import Flow, Json, flows_of
from tests.reading.stappen import TOESTEMMING, Permit, permits
from tests.reading.words import JONGERE, OUDERS

LATER = {"VIT-1", "VTH-1"}
"""Norms on which the young person is told as soon as that can."""


CONSENT = {"TST-1", "JZF-2"}
"""Norms that rest on what the jongere, or who represents, agreed to: withdrawing is possible."""
FIRST_FIRST = (
    "wettelijke_verplichting", "algemeen_belang", "jongere_zelf", "overeenkomst", "gerechtvaardigd_belang",
    "vitale_belangen", TOESTEMMING,
)  # fmt: skip
"""The grounds in the order of `wegen` (domein.md §1)."""


class Answer(NamedTuple):
    """What the reading says of one flow: oordeel, (norm, ground) pairs that permit, duties, rights (None: no text)."""

    oordeel: str
    grondslagen: frozenset[tuple[str, str]]
    verplichtingen: frozenset[str]
    rechten: tuple[str, ...] | None = None


class Read(NamedTuple):
    """The answer about one flow, with every norm that permits it or still may."""

    answer: Answer
    norms: frozenset[str]


def read(question: Json, peildatum: int) -> list[Read]:
    """Answer a question, flow by flow in the order asked."""
    found = [(flow, list(permits(flow))) for flow in flows_of(question, peildatum)]
    return [Read(answer(flow, norms), frozenset(one.norm for one in norms)) for flow, norms in found]


def answer(flow: Flow, found: Sequence[Permit]) -> Answer:
    """Answer one flow, about which some norms are certain or possible."""
    sure = frozenset((one.norm, one.grondslag) for one in found if one.permits.certain)
    if sure:
        return Answer("toegestaan", sure, duties(flow, {norm for norm, _ in sure}), rights(flow, sure))
    grounds = {one.grondslag for one in found}
    if grounds - {TOESTEMMING}:
        return Answer("onder_voorwaarden", sure, frozenset())
    return Answer("alleen_met_toestemming" if grounds else "niet_toegestaan", sure, frozenset())


def duties(flow: Flow, norms: Collection[str]) -> frozenset[str]:
    """What must be done when sharing on these norms; nothing is asked of the jongere and ouders."""
    if flow.verstrekker in (JONGERE, OUDERS):
        return frozenset()
    told = "jongere_informeren_zodra_dat_kan" if set(norms) <= LATER else "jongere_informeren"
    proof = {"toestemming_aantonen"} if CONSENT & set(norms) else set()
    return frozenset({told, "motiveren", "vastleggen", *proof})


def rights(flow: Flow, sure: Collection[tuple[str, str]]) -> tuple[str, ...] | None:
    """Name the rights on these (norm, ground) pairs, by the first ground; None where the jongere is told nothing."""
    if JONGERE in (flow.verstrekker, flow.ontvanger) or "ANO-1" in {norm for norm, _ in sure}:
        return None
    grounds = {TOESTEMMING if norm in CONSENT else ground for norm, ground in sure}
    match next(one for one in FIRST_FIRST if one in grounds):
        case "algemeen_belang" | "gerechtvaardigd_belang":
            return "inzage", "rectificatie", "bezwaar", "klacht"
        case "toestemming":
            return "inzage", "rectificatie", "intrekken", "klacht"
        case _:
            return "inzage", "rectificatie", "klacht"
