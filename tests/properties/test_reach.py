"""What the generated casussen reach: a law that is never tried proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from app.advice.contract import BETREFT, GRONDSLAG, MAG, OORDEEL
from app.advice.question.casus import Casus
from tests.properties.real_law import real_law, scenario_questions
from tests.properties.strategies_casussen import casussen

SAMPLE: Final = 250
MOST_SAMPLES: Final = 80
"""What is rare may be missing from one sample; what is missing from all of these is not drawn at all."""
DAYS: Final = {"oud": 20251231, "nieuw": 20260101}
"""A day of each law."""
Reached = set[tuple[str, str, str]]
"""Regime, predicate and word: an oordeel that was given, a norm that speaks of a flow, a norm that permits one."""


def sample(number: int) -> list[Casus]:
    """Draw a fixed sample."""
    found: list[Casus] = []

    @seed(number)
    @settings(
        max_examples=SAMPLE,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(casussen())
    def collect(casus: Casus) -> None:
        found.append(casus)

    collect()
    return found


def reached(casus: Casus) -> Iterator[tuple[str, str, str]]:
    """Yield what one casus reaches."""
    regime = "nieuw" if casus.peildatum >= DAYS["nieuw"] else "oud"
    law = real_law()
    decider, facts = law.book.on(casus.peildatum), law.facts(casus)
    for predicate in (OORDEEL, BETREFT, MAG):
        yield from ((regime, predicate, str(row[1])) for row in decider.rows_only(facts, "zeker", predicate))


def wanted() -> Reached:
    """List what the law can give: every oordeel, and of every norm with a ground that it speaks and that it permits."""
    law = real_law()
    found = {(regime, OORDEEL, word) for regime in DAYS for word in law.vocabulary.domain_of(OORDEEL, 1).values}
    for regime, day in DAYS.items():
        rows = law.book.on(day).decide(law.facts(scenario_questions()[0])).rows("zeker", GRONDSLAG)
        found |= {(regime, predicate, str(row[0])) for row in rows for predicate in (BETREFT, MAG)}
    return found


@pytest.mark.slow
def test_every_oordeel_and_every_norm_is_reached() -> None:
    missing = wanted()
    assert len(missing) > 60
    for number in range(MOST_SAMPLES):
        for casus in sample(number):
            missing.difference_update(reached(casus))
        if not missing:
            return
    raise AssertionError(
        f"no casus of {MOST_SAMPLES * SAMPLE} reaches these; strategies_casussen.py draws too few of the values that "
        f"their rules ask for: {sorted(missing)}"
    )
