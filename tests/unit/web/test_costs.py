"""What a call costs: estimated, then settled by what it took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.caller import Caller
from app.advice.question.extras import NO_EXTRAS, Extras
from app.web.call import Gate
from app.web.costs import UNIT_BYTES, UNIT_SECONDS, Bill, units_for
from app.web.sizes import flows_in

CALLER = Caller("sleutel:a", frozenset())
FLOW = {"gegevens": ["a"]}
PLAIN = st.recursive(st.integers() | st.text(max_size=2), lambda inner: st.lists(inner, max_size=3), max_leaves=9)
DELINGEN = st.lists(st.fixed_dictionaries({"gegevens": PLAIN}) | PLAIN, max_size=9)


class Counting:
    """A gate that counts."""

    def __init__(self) -> None:
        self.units = 1

    def count(self, caller: Caller, flows: int, units: int) -> int:
        self.units += units - 1
        return units

    def settle(self, caller: Caller, units: int) -> None:
        self.units += units


def billed(expected: Sequence[int] = (), seconds: float = 0.0, size: int = 0) -> int:
    gate = Counting()
    with Bill(cast(Gate, gate), CALLER) as bill:
        if expected:
            bill.expect(*expected)
        bill.took(seconds)
        bill.size = size
    return gate.units


EXTRAS = st.builds(Extras, st.booleans(), st.booleans(), st.booleans())


@given(st.fixed_dictionaries({"delingen": DELINGEN | PLAIN}, optional={"toestemmingen": PLAIN}), EXTRAS)
def test_every_question_costs_a_unit_and_one_per_flow_at_least(question: dict[str, Any], extras: Extras) -> None:
    units = units_for(question, extras, 5)

    assert units >= max(1, flows_in(question))
    assert units <= max(flows_in(question), 5 / UNIT_SECONDS), "no more than it may take"


@pytest.mark.parametrize(
    ("cheap", "dear"),
    [
        ({"delingen": [FLOW]}, {}),
        ({"delingen": [FLOW]}, {"delingen": [FLOW] * 30}),
        ({"delingen": [FLOW] * 30}, {"delingen": [FLOW] * 30, "toestemmingen": [{}] * 30}),
    ],
)
def test_what_takes_long_is_expected_to(cheap: Any, dear: Any) -> None:
    assert units_for(cheap, NO_EXTRAS, 5) < units_for(dear, NO_EXTRAS, 5)
    for extras in (Extras(uitleg=True), Extras(kantelpunten=True), Extras(stromen=True)):
        assert units_for(dear, NO_EXTRAS, 5) <= units_for(dear, extras, 5)


@pytest.mark.parametrize(
    ("expected", "seconds", "size", "units"),
    [
        ((), 0.0, 0, 1),
        ((1, 1), UNIT_SECONDS / 4, UNIT_BYTES, 1),
        ((1, 90), 18 * UNIT_SECONDS, 0, 18),
        ((40, 40), UNIT_SECONDS, 0, 40),
        ((1, 1), 700 * UNIT_SECONDS, 0, 700),
        ((1, 1), UNIT_SECONDS, 300 * UNIT_BYTES, 300),
        ((), 50 * UNIT_SECONDS, 0, 50),
    ],
)
def test_a_call_is_settled_by_the_most_it_took_of_anything(
    expected: Sequence[int], seconds: float, size: int, units: int
) -> None:
    assert billed(expected, seconds, size) == units


def test_a_call_that_fails_is_settled_too() -> None:
    gate = Counting()

    def fail() -> None:
        with Bill(cast(Gate, gate), CALLER) as bill:
            bill.working(busy)

    def busy() -> None:
        end = time.thread_time() + 5 * UNIT_SECONDS
        while time.thread_time() < end:
            pass
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()

    assert gate.units >= 5
