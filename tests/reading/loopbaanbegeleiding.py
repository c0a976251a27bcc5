"""Aanvullende loopbaanbegeleiding: ALB-A1 to ALB-A5, ALB-1 to ALB-3 (domein.md §2).

Goes in: a `Case` or a `Flow`. Comes out: whether a norm's first step holds.
"""

from __future__ import annotations

from tests.reading.consent import refused
from tests.reading.definitions import younger_than
from tests.reading.kleene import NO, Kleene, all_of, any_of, known, not_
from tests.reading.situation import YEAR, Case, Flow
from tests.reading.words import (
    AANBOD_MOGELIJK,
    AANBOD_VERPLICHT,
    ALB,
    BSN,
    DOCUMENT,
    DP,
    GEVOELIG,
    GEWOON,
    MBO,
    NAAR_WERK,
    SCHOOL,
    TWEE_JAAR,
    WI,
)

DOELEN = {ALB, NAAR_WERK}


def offered(case: Case) -> Kleene:
    """ALB-A1 and ALB-A2: the offer must be made, or may be made and is."""
    may = all_of(case.opleiding_in(AANBOD_MOGELIJK), case.says("aanbod_aanvullende_loopbaanbegeleiding"))
    return any_of(case.opleiding_in(AANBOD_VERPLICHT), may)


def within_term(case: Case) -> Kleene:
    """ALB-A4: while ingeschreven, a year after the diploma (mbo), two after leaving (pro, vso_arbeid)."""

    def not_past(years: int) -> Kleene:
        left = case.uitstroomdatum
        return known(None if left is None else case.peildatum <= left + years * YEAR)

    after_diploma = all_of(case.opleiding_in(MBO), case.diploma, not_past(1))
    after_leaving = all_of(case.opleiding_in(TWEE_JAAR), not_past(2))
    return any_of(case.ingeschreven, after_diploma, after_leaving)


def alb_actief(case: Case) -> Kleene:
    """ALB-A5: offered, used and within term; all of it from 2026."""
    used = case.says("gebruik_aanvullende_loopbaanbegeleiding")
    return all_of(known(case.nieuw), offered(case), used, within_term(case))


def instemming(case: Case) -> Kleene:
    """Agreement with the gemeente's guidance, by the jongere or (I-20) by who represents."""
    not_alone = any_of(younger_than(case, 18), case.asserts("vertegenwoordigd"))
    by_parents = all_of(case.opleiding_in(TWEE_JAAR), not_alone)
    return any_of(
        all_of(by_parents, case.says("instemming_ouders")),
        all_of(not_(by_parents), case.says("stemt_in_met_begeleiding_gemeente")),
    )


def _document_in_order(flow: Flow) -> Kleene:
    """What ALB-1 asks whichever item goes, and ALB-2 too."""
    case = flow.case
    return all_of(
        alb_actief(case),
        case.says("vastgesteld_in_regio", "overgangsdocument"),
        case.says("akkoord_jongere", "overgangsdocument"),
        instemming(case),
        not_(refused(flow)),
    )


def _item_of_document(flow: Flow) -> Kleene:
    """The overgangsdocument without such data, or a gewoon item that stands in it."""
    if flow.gegeven == DOCUMENT:
        return not_(flow.is_or_holds(GEVOELIG | {BSN}))
    return flow.case.inhoud_holds({flow.gegeven}) if flow.gegeven in GEWOON else NO


def alb_1(flow: Flow) -> Kleene:
    """ALB-1: the school gives W&I the overgangsdocument, or what stands in it."""
    if not flow.fits({SCHOOL}, {WI}, GEWOON, DOELEN):
        return NO
    return all_of(_item_of_document(flow), _document_in_order(flow))


def alb_2(flow: Flow) -> Kleene:
    """ALB-2: the school gives the Doorstroompunt the overgangsdocument, where the region agreed so."""
    if not flow.fits({SCHOOL}, {DP}, {DOCUMENT}, DOELEN):
        return NO
    task = flow.case.says("taak_doorstroompunt", "overgangsdocument")
    return all_of(_item_of_document(flow), _document_in_order(flow), task)


def alb_3(flow: Flow) -> Kleene:
    """ALB-3: W&I tells the school how the guidance goes."""
    if not flow.fits({WI}, {SCHOOL}, {"begeleidingsgegevens", "loopbaanbegeleiding_status"}, DOELEN):
        return NO
    return all_of(alb_actief(flow.case), instemming(flow.case))
