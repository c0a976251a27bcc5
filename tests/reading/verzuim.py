"""Verzuim, leerplicht, removal, the step to mbo and studiefinanciering (domein.md §2).

Goes in: a `Flow`. Comes out: whether a norm's first step holds. The `…_case` functions leave the item out: BSN-1
asks the same of them.
"""

from __future__ import annotations

from tests.reading.definitions import (
    absent_weeks,
    age_limit,
    from_own_term,
    lkp,
    long_absence,
    no_valid_reason,
    startkwalificatie,
    younger_than,
)
from tests.reading.kleene import NO, Kleene, all_of, any_of, known, not_
from tests.reading.situation import Case, Flow
from tests.reading.words import (
    CONTACT_EN_INSCHRIJVING,
    DP,
    DUO,
    LEERPLICHT,
    LP,
    MBO,
    MBO_2,
    MONITORING,
    ONDERSTEUNEN,
    OVERSTAP,
    SCHOOL,
    STUDIEFINANCIERING,
    VERZUIM,
    VSO,
)

REPORTS = {(SCHOOL, DUO), (DUO, DP), (SCHOOL, DP)}
REPORTS_LEERPLICHT = {(SCHOOL, LP), (SCHOOL, DUO), (DUO, LP)}
ASKED_BY_LEERPLICHT = CONTACT_EN_INSCHRIJVING | {"verzuimgegevens", "begeleidingsgegevens", "ondersteuningsbehoefte"}


def vzm_1_case(case: Case) -> Kleene:
    """Someone at an mbo or vavo, absent for long."""
    return all_of(
        case.opleiding_in(MBO | {"vavo"}),
        case.ingeschreven,
        not_(startkwalificatie(case)),
        age_limit(case),
        long_absence(case),
    )


def vzm_2_case(case: Case) -> Kleene:
    """Someone at vo, pro or vso who is no longer lkp, absent for long."""

    def absent_for(weken: int) -> Kleene:
        return any_of(absent_weeks(case, weken), from_own_term(case))

    at_vo = all_of(case.opleiding_in({"vo", "pro"}), age_limit(case), absent_for(4))
    at_vso = all_of(case.opleiding_in(VSO), younger_than(case, 23), absent_for(5))
    return all_of(
        case.ingeschreven,
        not_(startkwalificatie(case)),
        no_valid_reason(case),
        not_(lkp(case)),
        any_of(at_vo, at_vso),
    )


def vzm_3_case(case: Case) -> Kleene:
    """Someone who is lkp and missed sixteen hours in four weeks."""
    uren = case.number("uren_in_vier_weken", "verzuim")
    return all_of(case.ingeschreven, lkp(case), known(None if uren is None else uren >= 16), no_valid_reason(case))


def lpw_1_case(case: Case) -> Kleene:
    """Someone lkp whom the school removes."""
    return all_of(lkp(case), case.says("verwijderd"))


def lpw_2_case(case: Case) -> Kleene:
    """Someone lkp about whom leerplicht asks."""
    return all_of(lkp(case), case.asserts("verzoek_leerplicht", ""))


def lpw_3_case(case: Case) -> Kleene:
    """Someone lkp without startkwalificatie."""
    return all_of(lkp(case), not_(startkwalificatie(case)))


def vwd_1_case(case: Case) -> Kleene:
    """Someone of vo, pro or vso, no longer lkp, whom the school removes."""
    at_vo = all_of(case.opleiding_in({"vo", "pro"}), age_limit(case))
    at_vso = all_of(case.opleiding_in(VSO), younger_than(case, 23))
    return all_of(case.says("verwijderd"), not_(startkwalificatie(case)), not_(lkp(case)), any_of(at_vo, at_vso))


def ovs_1_case(case: Case, opleidingen: frozenset[str]) -> Kleene:
    """Someone of these opleidingen who goes on to an mbo."""
    return all_of(case.opleiding_in(opleidingen), case.says("gaat_naar_mbo"))


def stf_1_case(case: Case, opleidingen: frozenset[str]) -> Kleene:
    """Someone of these opleidingen with studiefinanciering, absent for five weeks."""
    return all_of(
        case.opleiding_in(opleidingen),
        case.says("studiefinanciering"),
        absent_weeks(case, 5),
        no_valid_reason(case),
    )


OVS_1 = frozenset({"vo", "pro", "vso_arbeid", "vso_vervolgonderwijs"})
STF_1 = frozenset({"mbo_entree", *MBO_2, "vavo", "vo", "pro"})


def _absence(flow: Flow, parties: set[tuple[str, str]]) -> bool:
    pair = (flow.verstrekker, flow.ontvanger)
    return pair in parties and flow.gegeven == "verzuimgegevens" and flow.doel == VERZUIM


def vzm_1(flow: Flow) -> Kleene:
    """VZM-1: absence from mbo and vavo."""
    return vzm_1_case(flow.case) if _absence(flow, REPORTS) else NO


def vzm_2(flow: Flow) -> Kleene:
    """VZM-2: absence from vo, pro and vso of who is not lkp."""
    return vzm_2_case(flow.case) if _absence(flow, REPORTS) else NO


def vzm_3(flow: Flow) -> Kleene:
    """VZM-3: absence of who is lkp."""
    return vzm_3_case(flow.case) if _absence(flow, REPORTS_LEERPLICHT) else NO


def lpw_1(flow: Flow) -> Kleene:
    """LPW-1: the school reports a removal to leerplicht."""
    fits = flow.fits({SCHOOL}, {LP}, CONTACT_EN_INSCHRIJVING, {LEERPLICHT})
    return lpw_1_case(flow.case) if fits else NO


def lpw_2(flow: Flow) -> Kleene:
    """LPW-2: the school answers leerplicht."""
    fits = flow.fits({SCHOOL}, {LP}, ASKED_BY_LEERPLICHT, {LEERPLICHT, VERZUIM})
    return lpw_2_case(flow.case) if fits else NO


def lpw_3(flow: Flow) -> Kleene:
    """LPW-3: DUO tells leerplicht who is enrolled."""
    fits = flow.fits({DUO}, {LP}, CONTACT_EN_INSCHRIJVING, {LEERPLICHT})
    return lpw_3_case(flow.case) if fits else NO


def vwd_1(flow: Flow) -> Kleene:
    """VWD-1: the school reports a removal to the Doorstroompunt."""
    fits = flow.fits({SCHOOL}, {DP}, CONTACT_EN_INSCHRIJVING, {ONDERSTEUNEN, MONITORING})
    return vwd_1_case(flow.case) if fits else NO


def ovs_1(flow: Flow) -> Kleene:
    """OVS-1: the yearly list of who goes on to mbo."""
    fits = flow.fits({SCHOOL}, {DP, LP}, CONTACT_EN_INSCHRIJVING, {OVERSTAP})
    return ovs_1_case(flow.case, OVS_1) if fits else NO


def stf_1(flow: Flow) -> Kleene:
    """STF-1: absence of five weeks, to DUO for the studiefinanciering."""
    fits = flow.fits({SCHOOL}, {DUO}, {"verzuimgegevens"}, {STUDIEFINANCIERING})
    return stf_1_case(flow.case, STF_1) if fits else NO
