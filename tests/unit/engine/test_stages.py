"""Stages: what is settled before what, and that nothing is left out on the way."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.engine.compiled import CompiledEngine
from app.engine.doubled import double
from app.engine.facts import FactSet
from app.engine.pydatalog import PyDatalogEngine
from app.engine.stages import stages_of
from app.engine.table_model import Layout
from tests.unit.engine.small_law import small_program

RULES = """
    + warm('rood')
    zaak_kleur(C, K) <= deling(C, D, K) & warm(K)
    oud(C) <= leeftijd(C, J) & (J >= 18)
    leeftijd(C, J) <= jaar(C, J) & wil(C, 'ja')
    mag(C) <= oud(C) & zaak_kleur(C, K) & ~verf(C, K)
    kan(C) <= mogelijk_mag(C)
    vonnis(C, 'ja') <= zeker_mag(C)
    vonnis(C, 'nee') <= jaar(C, J) & ~kan(C)
"""
DERIVED = (
    ("zaak_kleur", "casus kleur", "afgeleid", ""),
    ("oud", "casus", "afgeleid", ""),
    ("mag", "casus", "afgeleid", ""),
    ("kan", "casus", "afgeleid", "two certain"),
    ("vonnis", "casus ja_nee", "uitkomst", "two certain"),
)
RED = (("c", "d", "rood"),)
CASES = (
    FactSet({"jaar": (("c", 40),), "wil": (("c", "ja"),), "deling": RED}, {}),
    FactSet({"jaar": (("c", 10),), "wil": (("c", "ja"),), "deling": RED}, {}),
    FactSet({"jaar": (("c", 40),), "deling": RED}, {"leeftijd": ("c",)}),
    FactSet({"jaar": (("c", 40),), "leeftijd": (("c", 20),), "deling": RED}, {"verf": ("c",)}),
    FactSet({"jaar": (("c", 40),), "leeftijd": (("c", 20),), "verf": (("c", "rood"),), "deling": RED}, {}),
)


def test_one_sided_first_then_both_sides_then_verdicts() -> None:
    doubled = double(small_program(RULES, *DERIVED))
    stages = stages_of(doubled, Layout.computed(doubled), "vonnis")
    assert [stage.asked for stage in stages] == [
        ("zaak_kleur",),
        ("mogelijk_oud", "zeker_oud"),
        ("mogelijk_mag", "zeker_mag"),
        ("vonnis",),
    ]
    ruled = [{name for name, rules in stage.part.rules.items() if rules} for stage in stages]
    assert all(not earlier & later for earlier, later in pairwise(ruled))
    assert set().union(*ruled) == {name for name in doubled.needed(["vonnis"]) if doubled.rules[name]}


@pytest.mark.parametrize("facts", CASES)
def test_a_verdict_by_stages_is_the_verdict_of_the_whole(facts: FactSet) -> None:
    program = small_program(RULES, *DERIVED)
    staged = PyDatalogEngine().prepare(program)
    expected = set(CompiledEngine().prepare(program).decide(facts).rows("zeker", "vonnis"))
    assert set(staged.rows_only(facts, "zeker", "vonnis")) == expected
    assert set(staged.decide(facts).rows("zeker", "vonnis")) == expected


def test_the_cases_reach_every_verdict() -> None:
    decider = CompiledEngine().prepare(small_program(RULES, *DERIVED))
    found = [sorted(str(row[1]) for row in decider.rows_only(facts, "zeker", "vonnis")) for facts in CASES]
    assert found == [["ja"], ["nee"], [], [], ["nee"]]
