"""Early leavers: VSV-1 to VSV-6, INL-1, MND-1 (domein.md §2). All of it from 2026.

Goes in: a `Flow`. Comes out: whether a norm's first step holds.
"""

from __future__ import annotations

from tests.reading.definitions import age_limit, from_age, lkp, not_at_school, startkwalificatie, uitwisselbaar, vsv
from tests.reading.kleene import NO, YES, Kleene, all_of, any_of, known, not_
from tests.reading.loopbaanbegeleiding import alb_actief
from tests.reading.situation import YEAR, Case, Flow
from tests.reading.words import (
    DP,
    INKOMEN,
    LEERBAARHEID,
    LP,
    MBO,
    MONITORING,
    NAAR_WERK,
    ONDERSTEUNEN,
    SCHOOL,
    TWEE_JAAR,
    UITWISSELBAAR,
    VOORKOMEN,
    VSO,
    WI,
)

PARTIES = {SCHOOL, DP, WI}
OPENS_TALK = {"contactgegevens", "loopbaanbegeleiding_status"}
WATCHED = {"contactgegevens", "inschrijfgegevens", "loopbaanbegeleiding_status"}
RESEARCH = {"contactgegevens", "testuitslag", "leerbaarheidsadvies", "gespreksverslag"}


def agrees_where_to_wi(flow: Flow) -> Kleene:
    """VSV-3: every flow to W&I needs the jongere's own agreement."""
    return flow.case.says("stemt_in_met_begeleiding_gemeente") if flow.ontvanger == WI else YES


def left_shorter_ago(case: Case, years: int) -> Kleene:
    """Whether someone left less than so many years ago: on the anniversary no more."""
    left = case.uitstroomdatum
    return known(None if left is None else case.peildatum < left + years * YEAR)


def talked_where_needed(flow: Flow) -> Kleene:
    """VSV-4: of who is, or was until recently, at some schools, the Doorstroompunt talks with the school first."""
    if flow.gegeven in OPENS_TALK and {flow.verstrekker, flow.ontvanger} == {SCHOOL, DP}:
        return YES
    case = flow.case
    mbo = all_of(case.opleiding_in({"mbo_entree", "mbo_2_bol"}), any_of(case.ingeschreven, left_shorter_ago(case, 1)))
    other = all_of(case.opleiding_in(TWEE_JAAR), any_of(case.ingeschreven, left_shorter_ago(case, 2)))
    return any_of(not_(any_of(mbo, other)), case.says("overleg_met_school", ""))


def vsv_1_case(flow: Flow) -> Kleene:
    """VSV-1 without its items: parties, purpose and person."""
    pair = {flow.verstrekker, flow.ontvanger}
    doelen = {ONDERSTEUNEN}
    if DP in pair:
        doelen.add(NAAR_WERK)
    if pair == {DP, WI}:
        doelen.add(LEERBAARHEID)
    if not flow.case.nieuw or not flow.between(PARTIES, PARTIES) or flow.doel not in doelen:
        return NO
    guided = flow.case.says("begeleid_door_doorstroompunt") if pair == {SCHOOL, WI} else YES
    return all_of(
        vsv(flow.case),
        not_(alb_actief(flow.case)),
        guided,
        agrees_where_to_wi(flow),
        talked_where_needed(flow),
    )


def vsv_1(flow: Flow) -> Kleene:
    """VSV-1: school, Doorstroompunt and W&I support an early leaver."""
    if flow.gegeven == INKOMEN and {flow.verstrekker, flow.ontvanger} == {DP, WI}:
        return all_of(vsv_1_case(flow), not_(lkp(flow.case)))
    return vsv_1_case(flow) if uitwisselbaar(flow) else NO


def vsv_2(flow: Flow) -> Kleene:
    """VSV-2: the same parties keep someone from leaving."""
    case = flow.case
    speaks = flow.between(PARTIES, PARTIES) and uitwisselbaar(flow) and flow.doel == VOORKOMEN
    if not case.nieuw or not speaks:
        return NO
    asked = YES
    if flow.party(WI):
        asked = all_of(case.opleiding_in(MBO | VSO | {"pro"}), case.says("verzoek_school_aan_gemeente", ""))
    return all_of(
        case.ingeschreven,
        from_age(case, 12),
        age_limit(case),
        not_(startkwalificatie(case)),
        case.says("risico_op_uitval"),
        asked,
        agrees_where_to_wi(flow),
    )


def vsv_5(flow: Flow) -> Kleene:
    """VSV-5: health and criminal data to the Doorstroompunt, for who wants its support."""
    case = flow.case
    items = {"gezondheidsgegevens", "strafrechtelijke_gegevens"}
    if not case.nieuw or not flow.fits({SCHOOL}, {DP}, items, {ONDERSTEUNEN}):
        return NO
    return all_of(
        vsv(case),
        not_(alb_actief(case)),
        talked_where_needed(flow),
        not_(lkp(case)),
        case.says("wil_ondersteuning_doorstroompunt"),
    )


def vsv_6_case(case: Case) -> Kleene:
    """An early leaver who is no longer lkp."""
    return all_of(known(case.nieuw), vsv(case), not_(lkp(case)))


def vsv_6(flow: Flow) -> Kleene:
    """VSV-6: leerplicht hands over to the Doorstroompunt."""
    fits = flow.fits({LP}, {DP}, {"verzuimgegevens", "begeleidingsgegevens"}, {ONDERSTEUNEN})
    return vsv_6_case(flow.case) if fits else NO


def inl_1(flow: Flow) -> Kleene:
    """INL-1: the school answers the Doorstroompunt."""
    case = flow.case
    if not case.nieuw or not flow.fits({SCHOOL}, {DP}, UITWISSELBAAR, {ONDERSTEUNEN, MONITORING}):
        return NO
    if flow.doel == MONITORING and flow.gegeven not in WATCHED:
        return NO
    return all_of(
        case.asserts("verzoek_doorstroompunt", ""),
        age_limit(case),
        not_(startkwalificatie(case)),
        not_(lkp(case)),
        not_at_school(case),
        YES if flow.doel == MONITORING else not_(alb_actief(case)),
    )


def mnd_1_case(case: Case) -> Kleene:
    """W&I gave the Doorstroompunt a mandaat for the leerbaarheidsonderzoek."""
    return all_of(known(case.nieuw), case.mandaat(WI, DP, LEERBAARHEID))


def mnd_1(flow: Flow) -> Kleene:
    """MND-1: W&I and the Doorstroompunt, for the leerbaarheidsonderzoek."""
    fits = flow.between({DP, WI}, {DP, WI}) and flow.gegeven in RESEARCH and flow.doel == LEERBAARHEID
    return mnd_1_case(flow.case) if fits else NO
