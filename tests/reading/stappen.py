"""The four steps (domein.md §3), and the norms that go through them.

Goes in: a `Flow`. Comes out: per norm how far it permits the flow. One line per norm: its ground, who weighs, step 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.reading import gronden, loopbaanbegeleiding, monitoring, schoolverlaters, verzuim
from tests.reading.burgerservicenummer import bsn_1
from tests.reading.kleene import NO, YES, Kleene, all_of, any_of, known
from tests.reading.situation import Flow
from tests.reading.words import BIJSTAND, DP, INKOMEN, KETEN, OUDERS, WEEGT_INZAGE_OUDERS

TOESTEMMING, OVEREENKOMST, PLICHT = "toestemming", "overeenkomst", "wettelijke_verplichting"
VITAAL, BELANG, GERECHTVAARDIGD = "vitale_belangen", "algemeen_belang", "gerechtvaardigd_belang"
JONGERE_ZELF, ANONIEM = "jongere_zelf", "geen_persoonsgegevens"
ANY_PURPOSE = {TOESTEMMING, PLICHT, VITAAL, JONGERE_ZELF, ANONIEM}
"""Grounds for which it does not matter for what an item was collected."""


class Permit(NamedTuple):
    """How far one norm permits a flow."""

    norm: str
    grondslag: str
    permits: Kleene


def purpose_fits(flow: Flow, grondslag: str) -> Kleene:
    """Step 2: the item was collected for this purpose, for all that was said, or the ground allows another."""
    from_ = flow.herkomst
    fits = not from_ or flow.doel in from_ or grondslag in ANY_PURPOSE
    if grondslag == BELANG:
        fits |= flow.doel in KETEN and bool(from_ & KETEN)
        fits |= flow.gegeven == INKOMEN and flow.ontvanger == DP and BIJSTAND in from_
    return known(fits)


def by_law(flow: Flow) -> Kleene:
    """Steps 3 and 4 where the law weighed: an afweging does not count."""
    return YES


def unless_objected(flow: Flow) -> Kleene:
    """Steps 3 and 4 where law or region weighed as long as nothing is said against it."""
    return known(flow.noodzakelijk.possible and flow.geen_alternatief.possible)


def weighed(flow: Flow) -> Kleene:
    """Steps 3 and 4 where the professional weighs."""
    return all_of(flow.noodzakelijk, flow.geen_alternatief)


def access_weighed(flow: Flow) -> Kleene:
    """Steps 3 and 4 of INZ-1: weighed from who cares to the parents."""
    to_parents = flow.ontvanger == OUDERS and flow.verstrekker in WEEGT_INZAGE_OUDERS
    return weighed(flow) if to_parents else YES


class Norm(NamedTuple):
    """A norm of domein.md."""

    code: str
    grondslag: str
    weighing: Callable[[Flow], Kleene]
    applies: Callable[[Flow], Kleene]


NORMS = (
    Norm("ALB-1", BELANG, unless_objected, loopbaanbegeleiding.alb_1),
    Norm("ALB-2", BELANG, unless_objected, loopbaanbegeleiding.alb_2),
    Norm("ALB-3", BELANG, weighed, loopbaanbegeleiding.alb_3),
    Norm("VZM-1", PLICHT, by_law, verzuim.vzm_1),
    Norm("VZM-2", PLICHT, by_law, verzuim.vzm_2),
    Norm("VZM-3", PLICHT, by_law, verzuim.vzm_3),
    Norm("LPW-1", PLICHT, by_law, verzuim.lpw_1),
    Norm("LPW-2", PLICHT, weighed, verzuim.lpw_2),
    Norm("LPW-3", PLICHT, by_law, verzuim.lpw_3),
    Norm("VWD-1", PLICHT, by_law, verzuim.vwd_1),
    Norm("OVS-1", PLICHT, by_law, verzuim.ovs_1),
    Norm("STF-1", PLICHT, by_law, verzuim.stf_1),
    Norm("VSV-1", BELANG, weighed, schoolverlaters.vsv_1),
    Norm("VSV-2", BELANG, weighed, schoolverlaters.vsv_2),
    Norm("VSV-5", BELANG, weighed, schoolverlaters.vsv_5),
    Norm("VSV-6", BELANG, weighed, schoolverlaters.vsv_6),
    Norm("INL-1", PLICHT, weighed, schoolverlaters.inl_1),
    Norm("MON-1", PLICHT, by_law, monitoring.mon_1),
    Norm("MON-2", BELANG, weighed, monitoring.mon_2),
    Norm("MON-3", BELANG, weighed, monitoring.mon_3),
    Norm("MON-4", BELANG, unless_objected, monitoring.mon_4),
    Norm("MND-1", BELANG, weighed, schoolverlaters.mnd_1),
    Norm("INZ-1", PLICHT, access_weighed, gronden.inz_1),
    Norm("TST-1", TOESTEMMING, weighed, gronden.tst_1),
    Norm("JZF-1", JONGERE_ZELF, by_law, gronden.jzf_1),
    Norm("JZF-2", JONGERE_ZELF, by_law, gronden.jzf_2),
    Norm("VIT-1", VITAAL, weighed, gronden.vit_1),
    Norm("OVK-1", OVEREENKOMST, weighed, gronden.ovk_1),
    Norm("GBL-1", GERECHTVAARDIGD, weighed, gronden.gbl_1),
    Norm("ANO-1", ANONIEM, by_law, gronden.ano_1),
)

CODES = frozenset({norm.code for norm in NORMS} | {"VTH-1", "BSN-1"})
"""Every norm that permits."""


def permits(flow: Flow) -> Iterator[Permit]:
    """List how far each norm permits a flow, norms that surely do not left out."""
    for norm in NORMS:
        found = all_of(norm.applies(flow), purpose_fits(flow, norm.grondslag), norm.weighing(flow))
        if found.possible:
            yield Permit(norm.code, norm.grondslag, found)
    yield from _without_step_2(flow)


def _without_step_2(flow: Flow) -> Iterator[Permit]:
    """VTH-1 and BSN-1, for which it does not matter for what an item was collected."""
    found = all_of(gronden.vth_1(flow), weighed(flow))
    if found.possible:
        yield Permit("VTH-1", BELANG, found)
    goes_with: dict[str, Kleene] = {}
    for one in bsn_1(flow):
        holds = all_of(one.holds, weighed(flow)) if one.weighed else one.holds
        goes_with[one.grondslag] = any_of(holds, goes_with.get(one.grondslag, NO))
    for grondslag, holds in goes_with.items():
        if holds.possible:
            yield Permit("BSN-1", grondslag, holds)
