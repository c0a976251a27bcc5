"""What the generated casussen reach: a law that is never tried proves nothing."""

from __future__ import annotations

from collections import Counter
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings

from app.advice.casus import Casus
from app.advice.contract import BETREFT, GRONDSLAG, MAG, OORDEEL
from tests.properties.real_law import real_law
from tests.properties.strategies_casussen import casussen

SAMPLE = 4000
# domein.md §2: the norms that permit flows. TST-2 forbids, DEF-*, ALB-A*, VSV-3 and VSV-4 are conditions of others.
ALWAYS = {"VZM-1", "VZM-2", "VZM-3", "MON-1", "TST-1", "JZF-1", "JZF-2", "VIT-1", "OVK-1", "GBL-1", "ANO-1"}
SINCE_2026 = (
    ALWAYS
    | {"ALB-1", "ALB-2", "ALB-3", "VSV-1", "VSV-2", "VSV-5", "VSV-6", "INL-1", "MON-2", "MON-3"}
    | {"MON-4", "MND-1"}
)


@cache
def sample() -> tuple[Casus, ...]:
    """Draw a fixed sample."""
    found: list[Casus] = []

    @settings(
        max_examples=SAMPLE,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(casussen())
    def collect(casus: Casus) -> None:
        found.append(casus)

    collect()
    return tuple(found)


def test_every_oordeel_and_every_norm_is_reached() -> None:
    law = real_law()
    oordelen: Counter[str] = Counter()
    speaks: Counter[tuple[str, str]] = Counter()
    permits: Counter[str] = Counter()
    for casus in sample():
        regime = "nieuw" if casus.peildatum >= 20260101 else "oud"
        model = law.decide(casus)
        oordelen.update(f"{regime} {row[1]}" for row in model.rows("zeker", OORDEEL))
        speaks.update({(regime, str(row[1])) for row in model.rows("zeker", BETREFT)})
        permits.update({str(row[1]) for row in model.rows("zeker", MAG)})
    words = law.vocabulary.domain_of(OORDEEL, 1).values
    assert {f"{regime} {word}" for regime in ("oud", "nieuw") for word in words} == set(oordelen), oordelen
    wanted = {("oud", norm) for norm in ALWAYS} | {("nieuw", norm) for norm in SINCE_2026}
    assert wanted == set(speaks), (sorted(wanted ^ set(speaks)), speaks)
    assert set(permits) == SINCE_2026, (sorted(SINCE_2026 - permits.keys()), permits)


def test_the_norms_that_permit_are_those_with_a_ground() -> None:
    law = real_law()
    for day, expected in ((20251231, ALWAYS), (20260101, SINCE_2026)):
        rows = law.book.on(day).decide(law.facts(sample()[0])).rows("zeker", GRONDSLAG)
        assert {str(row[0]) for row in rows} == expected
