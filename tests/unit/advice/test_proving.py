"""The answers that make a fact certain, or impossible."""

from __future__ import annotations

import pytest

from app.advice import contract
from app.advice.allowed import Choice
from app.advice.boxes import Boxes
from app.advice.budget import UNLIMITED, Budget, Check, TimeUpError
from app.advice.casus import Casus
from app.advice.decided import Decided
from app.advice.proving import Proving
from app.advice.stating import to_facts
from tests.unit.advice.small_law import TODAY, casus, small_law, small_vocabulary
from tests.unit.advice.test_missing import some_case


def proving(asked: Casus, most: int | None = None, check: Check = UNLIMITED.check) -> Proving:
    return Proving(Decided(small_law(), to_facts(asked, small_vocabulary())), TODAY, most, check)


def test_a_value_is_refuted_by_another_that_is_said_or_follows() -> None:
    boxes = proving(casus(jongere={"opleiding": "hoog"})).refute("startkwalificatie", ("c", "nee"))
    assert {item[0] for box in boxes for item in box} == {"startkwalificatie", "diploma"}
    assert all(box == {next(iter(box)): Choice(frozenset({"ja"}))} for box in boxes)


def test_a_fact_is_refuted_only_when_every_way_to_it_is() -> None:
    left = {"uitstroom": "2022-01-01"}
    boxes = proving(casus(jongere=left)).refute("binnen", ("c",))
    assert boxes == ({("ingeschreven", "c"): Choice(frozenset({"nee"}))},)
    boxes = proving(casus(jongere={"opleiding": "kort"})).refute("binnen", ("c",))
    assert boxes
    assert all(set(box) == {("ingeschreven", "c"), ("uitstroom", "c")} for box in boxes)


def test_a_proof_stops_when_the_time_is_up() -> None:
    asked = casus()
    norm = next(norm for norm in small_law().vocabulary.norms if proving(asked).prove(contract.MAG, ("c.d0", norm)))
    with pytest.raises(TimeUpError):
        proving(asked, check=Budget.of(-1).check).prove(contract.MAG, ("c.d0", norm))


@pytest.mark.parametrize("seed", range(60))
def test_a_limit_leaves_out_what_asks_for_more_and_nothing_else(seed: int) -> None:
    asked = some_case(seed)
    for norm in small_law().vocabulary.norms:

        def boxes(most: int | None, norm: str = norm) -> Boxes:
            return proving(asked, most).prove(contract.MAG, ("c.d0", norm))

        every = boxes(None)
        for most in range(1, 6):
            few = boxes(most)
            assert all(box in every for box in few)
            assert len(few) == sum(1 for box in every if len(box) <= most)
