"""Where the compiled engine starts reading a rule."""

from __future__ import annotations

import pytest

from app.engine.codegen import write
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.unknown import Unknown
from tests.unit.engine.small_law import small_program

TABLE = "\n".join(f"+ grens('{kleur}', {number})" for kleur in ("rood", "wit", "True") for number in range(1, 4))


@pytest.mark.parametrize(("table", "first"), [(TABLE, "r"), ("+ grens('rood', 1)", "c")])
def test_a_long_table_is_looked_up_and_a_short_one_walked(table: str, first: str) -> None:
    rule = "p(D) <= grens(K, G) & deling(C, D, K)"
    decider = CompiledEngine().prepare(small_program(f"{table}\n{rule}", ("p", "deling", "uitkomst", "")))
    text, _ = write(decider.layout.doubled, ["p"], decider.layout.fixed)
    assert [line.split(" in ")[1][0] for line in text.splitlines() if line.startswith("    for (")] == [first]
    facts = FactSet({"deling": (("c", "d", "rood"), ("c", "e", "blauw"))}, {})
    assert set(decider.decide(facts).rows("zeker", "p")) == {("d",)}


def test_keys_about_which_nothing_was_said_stand_beside_those_with_a_value() -> None:
    rules = "p(C, J) <= leeftijd(C, J)\nq(C, K) <= verf(C, K) & ~warm(K)"
    program = small_program(rules, ("p", "casus getal", "uitkomst", ""), ("q", "casus kleur", "uitkomst", ""))
    model = (
        CompiledEngine()
        .prepare(program)
        .decide(
            FactSet(
                {"leeftijd": (("c", 18),), "verf": (("c", "wit"),)},
                {"leeftijd": ("d",), "verf": ("d",)},
            )
        )
    )
    assert set(model.rows("mogelijk", "p")) == {("c", 18), ("d", Unknown("leeftijd", "d"))}
    assert set(model.rows("mogelijk", "q")) == {("c", "wit"), ("d", "rood"), ("d", "wit"), ("d", "True")}
    assert set(model.rows("zeker", "q")) == {("c", "wit")}
