"""Monitoring: MON-1 to MON-4 (domein.md §2).

Goes in: a `Flow`. Comes out: whether a norm's first step holds.
"""

from __future__ import annotations

from tests.reading.definitions import age_limit, startkwalificatie
from tests.reading.kleene import NO, Kleene, all_of, not_
from tests.reading.loopbaanbegeleiding import offered
from tests.reading.schoolverlaters import vsv_6_case
from tests.reading.situation import Case, Flow
from tests.reading.words import BIDN, DP, DUO, INKOMEN, MONITORING, ONDERSTEUNEN, SCHOOL, UWV, WI

DOELEN = {MONITORING, ONDERSTEUNEN}


def mon_1_case(case: Case) -> Kleene:
    """Someone young enough without startkwalificatie."""
    return all_of(not_(startkwalificatie(case)), age_limit(case))


def mon_1(flow: Flow) -> Kleene:
    """MON-1: DUO tells the Doorstroompunt who is enrolled, and from 2026 on request who has a diploma."""
    if flow.fits({DUO}, {DP}, {"inschrijfgegevens"}, {MONITORING}):
        return mon_1_case(flow.case)
    if flow.case.nieuw and flow.fits({DUO}, {DP}, {"diplomagegevens"}, {MONITORING}):
        return all_of(mon_1_case(flow.case), flow.case.asserts("verzoek_doorstroompunt", ""))
    return NO


def mon_2_case(case: Case) -> Kleene:
    """An early leaver who is no longer lkp, from 2026."""
    return vsv_6_case(case)


def mon_2(flow: Flow) -> Kleene:
    """MON-2: the Doorstroompunt hears of income."""
    return mon_2_case(flow.case) if flow.fits({UWV, BIDN}, {DP}, {INKOMEN}, DOELEN) else NO


def mon_3(flow: Flow) -> Kleene:
    """MON-3: the Doorstroompunt tells the BIDN whom it asks about."""
    return mon_2_case(flow.case) if flow.fits({DP}, {BIDN}, {"contactgegevens"}, DOELEN) else NO


def mon_4(flow: Flow) -> Kleene:
    """MON-4: whether ALB runs or is over, of who was ever offered it."""
    case = flow.case
    if not case.nieuw or not flow.fits({SCHOOL, WI}, {DP}, {"loopbaanbegeleiding_status"}, {MONITORING}):
        return NO
    return all_of(offered(case), not_(startkwalificatie(case)), age_limit(case))
