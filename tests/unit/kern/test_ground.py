"""Grounding: how the kern is used, classes of flows, recorded consents, and what is refused."""

from __future__ import annotations

import pytest

from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet, Row
from app.kern.classes import MOST_ENTRIES, Classes
from app.kern.decider import KernDecider
from tests.unit.kern.small import RULES, refused, small_ground, small_program

Known = dict[str, tuple[Row, ...]]
FACTS = FactSet(
    known={
        "kleur": (("c", "rood"),),
        "jaren": (("c", 20),),
        "deling": (("c", "d0", "school", "gemeente"), ("c", "d1", "werkgever", "gemeente")),
        "toestemming": (("c", "t0", "werkgever", "gemeente"),),
        "gegeven": (("t0", "ja"),),
    },
    unknown={"nodig": ("d0", "d1"), "bevat": ("c",)},
)


def test_a_case_is_decided_flow_by_flow() -> None:
    model = KernDecider(small_program()).decide(FACTS)

    assert set(model.rows("zeker", "donker")) == {("c",)}
    assert set(model.rows("zeker", "mag")) == set()
    assert set(model.rows("mogelijk", "mag")) == {("d0",)}
    assert set(model.rows("zeker", "ook")) == {("d1",)}
    (reason,) = model.why("zeker", "ook", ("d1",))
    assert reason.values == ("d1", "c", "werkgever", "gemeente", "t0")


def test_signatures_that_no_rule_tells_apart_share_a_class() -> None:
    classes = Classes(small_ground())

    public = classes.flow(("school", "werkgever"), {})
    assert classes.flow(("gemeente", "school"), {}) is public
    assert classes.flow(("werkgever", "school"), {}) is not public
    assert classes.flow(("school", "werkgever"), {"toestemming": 1}) is not public


def test_a_flow_with_many_consents_is_judged_by_every_one_and_not_kept() -> None:
    count = MOST_ENTRIES + 20
    known = {
        "deling": (("c", "d0", "school", "gemeente"),),
        "toestemming": tuple(("c", f"t{at}", "school", "gemeente") for at in range(count)),
        "gegeven": tuple((f"t{at}", "ja" if at == count - 1 else "nee") for at in range(count)),
    }
    decider = KernDecider(small_program())
    assert set(decider.decide(FactSet(known, {})).rows("zeker", "ook")) == {("d0",)}
    assert not decider.classes._young.known or all(
        all(number <= MOST_ENTRIES for _, number in counts) for _, counts in decider.classes._young.known
    )


BOTH_WAYS = """
# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
genoemd('school') <= publiek('school')

# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
genoemd('school') <= kleur(Zaak, 'rood')
"""


@pytest.mark.parametrize(
    ("known", "reasons"), [({"kleur": (("c", "rood"),)}, 2), ({"kleur": (("c", "wit"),)}, 1), ({}, 1)]
)
def test_a_row_that_the_law_gives_anyway_has_the_reasons_of_the_case_too(known: Known, reasons: int) -> None:
    facts = FactSet(known, {})
    program = small_program(f"{RULES}{BOTH_WAYS}")
    for model in (KernDecider(program).decide(facts), CompiledEngine().prepare(program).decide(facts)):
        assert set(model.rows("zeker", "genoemd")) == {("school",)}
        assert len(model.why("zeker", "genoemd", ("school",))) == reasons


COMMENT = "# norm: N-1\n# bron: SD 1\n# uitleg: Dit volgt.\n"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "mag(Een) <= deling(Zaak, Een, Van, Aan) & deling(Zaak, Ander, Aan, Van) & nodig(Ander, 'ja')",
            "more than one flow",
        ),
        ("donker(Zaak) <= jaren(Zaak, Jaren) & (Jaren < Jaren + 1)", "falls away"),
    ],
)
def test_what_the_kern_does_not_understand_is_refused_with_its_place(rule: str, said: str) -> None:
    facts, _, _ = RULES.partition("# norm")
    (fault,) = refused(f"{facts}\n{COMMENT}{rule}\n")

    assert said in fault.message
    assert fault.span.line > 1
    assert fault.help
