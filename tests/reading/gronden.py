"""Consent and the other grounds that are not tied to one task (domein.md §2): TST, JZF, VIT, OVK, GBL, ANO, VTH, INZ.

Goes in: a `Flow`. Comes out: whether a norm's first step holds, and what no ground at all permits.
"""

from __future__ import annotations

from tests.reading.consent import consent, refused, represented
from tests.reading.definitions import from_age, younger_than
from tests.reading.kleene import NO, YES, Kleene, all_of, any_of, known, not_
from tests.reading.situation import Flow
from tests.reading.words import (
    ALB,
    ANONIEM,
    BIJSTAND,
    BIJZONDER,
    BSN,
    DP,
    GEVOELIG,
    GEWOON,
    INKOMEN,
    INZAGE,
    JEUGDZORG,
    JONGERE,
    NAAR_WERK,
    NOOD,
    ONDERSTEUNEN,
    OUDERS,
    OVEREENKOMST,
    UWV,
    VEILIG_THUIS,
    VEILIGHEID,
    VOORKOMEN,
    WERKGEVER,
    WI,
    ZORG,
)

SAID_FREELY = {"medische_verklaring", "behandelstatus"}
"""I-10: TST-2 does not forbid them."""
KEPT_BY_DP = {"gezondheidsgegevens", *SAID_FREELY, "strafrechtelijke_gegevens"}
TOLD_TOGETHER = {WI, UWV, WERKGEVER, "werkcentrum", "leerwerkloket"}
SIGNED = {"praktijkovereenkomst", "stageovereenkomst"}


def bsn_goes(flow: Flow) -> Kleene:
    """The bsn, or an overgangsdocument that holds it, which most grounds never carry (BSN-2, I-14)."""
    return YES if flow.gegeven == BSN else flow.document_with_bsn()


def tst_2(flow: Flow) -> Kleene:
    """TST-2: no such data for the bijstand, but from the jongere."""
    if flow.verstrekker == JONGERE or flow.ontvanger not in (WI, UWV) or flow.doel != BIJSTAND:
        return NO
    return flow.is_or_holds(BIJZONDER - SAID_FREELY)


def tst_3(flow: Flow) -> Kleene:
    """TST-3: the Doorstroompunt passes no health or criminal data on, but in an emergency."""
    if not flow.case.nieuw or flow.verstrekker != DP or flow.ontvanger == JONGERE or flow.doel == NOOD:
        return NO
    under_inz_1 = known(flow.ontvanger == OUDERS and flow.doel == INZAGE)
    return all_of(flow.is_or_holds(KEPT_BY_DP), not_(all_of(under_inz_1, younger_than(flow.case, 16))))


def tst_1(flow: Flow) -> Kleene:
    """TST-1: consent, for what the law does not forbid whatever someone wants."""
    if flow.gegeven == ANONIEM:
        return NO
    return all_of(not_(bsn_goes(flow)), not_(tst_3(flow)), not_(tst_2(flow)), consent(flow))


def jzf_1(flow: Flow) -> Kleene:
    """JZF-1: the young person tells it, or the parents of who is under 18."""
    if flow.verstrekker == JONGERE:
        return YES
    if flow.verstrekker != OUDERS or flow.gegeven == BSN:
        return NO
    told = YES if flow.ontvanger == VEILIG_THUIS else younger_than(flow.case, 18)
    return all_of(told, not_(tst_2(flow)))


def jzf_2(flow: Flow) -> Kleene:
    """JZF-2: the Doorstroompunt tells it together with the young person."""
    if not flow.fits({DP}, TOLD_TOGETHER, GEWOON, {NAAR_WERK, ALB, ONDERSTEUNEN, VOORKOMEN}):
        return NO
    return all_of(
        not_(flow.is_or_holds(GEVOELIG | {INKOMEN, BSN})),
        flow.weighs("jongere_aanwezig"),
        not_(represented(flow.case)),
        not_(refused(flow)),
    )


def vit_1(flow: Flow) -> Kleene:
    """VIT-1: life or health is in danger."""
    if flow.doel != NOOD or flow.gegeven == ANONIEM:
        return NO
    unable = any_of(not_(flow.is_or_holds(GEVOELIG)), flow.weighs("kan_geen_toestemming_geven"))
    return all_of(flow.weighs("leven_of_gezondheid_in_gevaar"), unable, not_(bsn_goes(flow)))


def vth_1(flow: Flow) -> Kleene:
    """VTH-1: a professional tells Veilig Thuis of a suspicion."""
    if flow.verstrekker in (JONGERE, OUDERS) or flow.ontvanger != VEILIG_THUIS or flow.gegeven == ANONIEM:
        return NO
    return all_of(flow.weighs("vermoeden_huiselijk_geweld"), not_(bsn_goes(flow)))


def inz_1(flow: Flow) -> Kleene:
    """INZ-1: the own data, to the young person or under 16 to the parents."""
    if flow.verstrekker in (JONGERE, OUDERS) or flow.gegeven == ANONIEM:
        return NO
    if flow.ontvanger == JONGERE:
        age = 12 if flow.verstrekker in ZORG else 16
        return all_of(from_age(flow.case, age), not_(flow.case.asserts("vertegenwoordigd")))
    if flow.ontvanger == OUDERS and flow.doel == INZAGE:
        return younger_than(flow.case, 16)
    return NO


def ovk_1(flow: Flow) -> Kleene:
    """OVK-1: both parties signed one praktijk- or stageovereenkomst."""
    if flow.gegeven not in ("contactgegevens", "inschrijfgegevens", "verzuimgegevens") or flow.doel != OVEREENKOMST:
        return NO
    signed: dict[str, set[str]] = {}
    for one in flow.case.question.get("overeenkomsten", ()):
        signed.setdefault(one["soort"], set()).add(one["partij"])
    return known(any({flow.verstrekker, flow.ontvanger} <= signed.get(soort, set()) for soort in SIGNED))


def gbl_1(flow: Flow) -> Kleene:
    """GBL-1: the safety of others weighs more."""
    parties = flow.verstrekker == WERKGEVER or flow.between({JEUGDZORG}, {WERKGEVER})
    if not parties or flow.gegeven not in GEWOON or flow.doel != VEILIGHEID:
        return NO
    weighs = flow.weighs("gerechtvaardigd_belang_weegt_zwaarder")
    return all_of(not_(flow.is_or_holds(GEVOELIG | {BSN})), weighs)


def ano_1(flow: Flow) -> Kleene:
    """ANO-1: what tells of nobody."""
    return known(flow.gegeven == ANONIEM)
