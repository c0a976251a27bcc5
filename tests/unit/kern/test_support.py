"""The input facts that a value rests on."""

from __future__ import annotations

import pytest

from app.advice import contract
from app.advice.decided import Decided
from app.advice.question.facts import to_facts
from app.kern.support import support
from tests.unit.advice.small_law import casus, small_law, small_vocabulary

ALL = {
    "leeftijd": 18, "startkwalificatie": False, "akkoord": True, "ingeschreven": True, "opleiding": "kort",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"akkoord": False}, {"akkoord"}),
        ({"startkwalificatie": True}, {"startkwalificatie"}),
        ({"startkwalificatie": True, "akkoord": False}, {"startkwalificatie", "akkoord"}),
        ({"leeftijd": 30}, {"leeftijd"}),
        ({"akkoord": None}, {"akkoord"}),
    ],
)
def test_only_what_makes_the_step_what_it_is_counts(changed: dict[str, object], names: set[str]) -> None:
    jongere = {name: value for name, value in {**ALL, **changed}.items() if value is not None}
    decided = Decided(small_law(), to_facts(casus(jongere=jongere, document={"inhoud": []}), small_vocabulary()))
    flow = decided.kern.flows()["c.d0"]
    node = flow.nodes(contract.STAP)["N-1", 1]
    assert {cell.predicate for cell in support(flow.evaluation, node)} == names
