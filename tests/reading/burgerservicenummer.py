"""The burgerservicenummer: BSN-1 (domein.md §2), which goes with other norms.

Goes in: a `Flow`. Comes out: the norms it may go with, each with whether its first step holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.reading.kleene import Kleene
from tests.reading.monitoring import mon_1_case, mon_2_case
from tests.reading.schoolverlaters import mnd_1_case, vsv_1_case, vsv_6_case
from tests.reading.situation import Flow
from tests.reading.verzuim import (
    REPORTS,
    REPORTS_LEERPLICHT,
    lpw_1_case,
    lpw_2_case,
    lpw_3_case,
    ovs_1_case,
    stf_1_case,
    vwd_1_case,
    vzm_1_case,
    vzm_2_case,
    vzm_3_case,
)
from tests.reading.words import (
    ANDERE_SCHOOL,
    BIDN,
    BSN,
    DP,
    DUO,
    LEERBAARHEID,
    LEERPLICHT,
    LP,
    MONITORING,
    ONDERSTEUNEN,
    OVERSTAP,
    SCHOOL,
    STUDIEFINANCIERING,
    UWV,
    VERZUIM,
    WI,
)

VSO_TO_MBO = frozenset({"vso_arbeid", "vso_vervolgonderwijs"})
VO = frozenset({"vo", "pro"})


class GoesWith(NamedTuple):
    """A norm whose step 1 carries the bsn, its ground, and whether it is weighed."""

    grondslag: str
    weighed: bool
    holds: Kleene


def bsn_1(flow: Flow) -> Iterator[GoesWith]:
    """BSN-1: the norms that the bsn goes with on this flow."""
    if flow.gegeven != BSN:
        return
    for holds in _of_duties(flow):
        yield GoesWith("wettelijke_verplichting", False, holds)
    if flow.between({SCHOOL}, {LP}) and flow.doel in (LEERPLICHT, VERZUIM):
        yield GoesWith("wettelijke_verplichting", True, lpw_2_case(flow.case))
    for holds in _of_tasks(flow):
        yield GoesWith("algemeen_belang", True, holds)


def _of_duties(flow: Flow) -> Iterator[Kleene]:
    case, pair, doel = flow.case, (flow.verstrekker, flow.ontvanger), flow.doel
    if doel == VERZUIM and pair in REPORTS - {(SCHOOL, DP)}:
        yield vzm_1_case(case)
        yield vzm_2_case(case)
    if doel == VERZUIM and pair in REPORTS_LEERPLICHT:
        yield vzm_3_case(case)
    if (pair, doel) == ((SCHOOL, LP), LEERPLICHT):
        yield lpw_1_case(case)
    if (pair, doel) == ((DUO, LP), LEERPLICHT):
        yield lpw_3_case(case)
    if pair == (SCHOOL, DP) and doel in (ONDERSTEUNEN, MONITORING):
        yield vwd_1_case(case)
    if pair in ((SCHOOL, DP), (SCHOOL, LP)) and doel == OVERSTAP:
        yield ovs_1_case(case, VSO_TO_MBO)
    if (pair, doel) == ((SCHOOL, DUO), STUDIEFINANCIERING):
        yield stf_1_case(case, VO)
    if (pair, doel) == ((DUO, DP), MONITORING):
        yield mon_1_case(case)
    if (pair, doel) == ((SCHOOL, ANDERE_SCHOOL), OVERSTAP):
        yield case.says("gaat_naar_mbo")


def _of_tasks(flow: Flow) -> Iterator[Kleene]:
    pair, doel = (flow.verstrekker, flow.ontvanger), flow.doel
    if pair in ((UWV, DP), (BIDN, DP), (DP, BIDN)) and doel in (MONITORING, ONDERSTEUNEN):
        yield mon_2_case(flow.case)
    if flow.between({DP, WI}, {DP, WI}):
        yield vsv_1_case(flow)
    if (pair, doel) == ((LP, DP), ONDERSTEUNEN):
        yield vsv_6_case(flow.case)
    if flow.between({DP, WI}, {DP, WI}) and doel == LEERBAARHEID:
        yield mnd_1_case(flow.case)
