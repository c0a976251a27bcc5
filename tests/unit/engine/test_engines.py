"""What an engine answers, on cases small enough to work out by hand."""

from __future__ import annotations

from itertools import product

import pytest

from app.engine.facts import FactSet
from app.engine.model import Decider, Engine, Justification, ModelValue
from app.engine.unknown import Unknown
from app.lang.program import rule_variables
from app.lang.sides import SIDES
from tests.unit.engine.small_law import small_program

AGE = small_program(
    """
    leeftijd(C, L) <= geboortejaar(C, G) & jaar(C, J) & (L == J + G)
    jong(C, K) <= leeftijd(C, L) & grens(K, G) & (L < G)
    + grens('rood', 27)
    + grens('wit', 18)
    """,
    ("jong", "casus kleur", "uitkomst", ""),
)
"""The sum stands for a difference: an unknown number cannot be subtracted from another."""


def rows(decider: Decider, facts: FactSet, name: str) -> tuple[set[object], set[object]]:
    """The certain and the possible rows."""
    model = decider.decide(facts)
    return set(model.rows("zeker", name)), set(model.rows("mogelijk", name))


def test_a_known_number_decides(engine: Engine) -> None:
    facts = FactSet({"leeftijd": (("c", 20),)}, {"geboortejaar": ("c",)})
    assert rows(engine.prepare(AGE), facts, "jong") == ({("c", "rood")}, {("c", "rood")})


def test_an_unknown_number_leaves_every_comparison_possible(engine: Engine) -> None:
    decider = engine.prepare(AGE)
    facts = FactSet({}, {"leeftijd": ("c",)})
    assert rows(decider, facts, "jong") == (set(), {("c", "rood"), ("c", "wit")})
    reasons = decider.decide(facts).why("mogelijk", "jong", ("c", "wit"))
    assert [reason.values for reason in reasons] == [("c", "wit", Unknown("leeftijd", "c"), 18)]


def named(reason: Justification) -> dict[str, ModelValue]:
    """The values of a reason, by the names of its rule's variables."""
    return dict(zip(rule_variables(reason.rule), reason.values, strict=True))


def test_a_derived_certain_value_excludes_all_others(engine: Engine) -> None:
    facts = FactSet({"geboortejaar": (("c", 5),), "jaar": (("c", 15),)}, {"leeftijd": ("c",)})
    model = engine.prepare(AGE).decide(facts)
    assert set(model.rows("mogelijk", "jong")) == {("c", "rood")}
    assert set(model.rows("mogelijk", "leeftijd")) == {("c", 20)}
    assert not model.holds("mogelijk", "leeftijd", ("c", 30))
    assert list(model.unsaid("leeftijd")) == ["c"]
    reasons = model.why("mogelijk", "leeftijd", ("c", 20))
    assert reasons == model.why("zeker", "leeftijd", ("c", 20))
    assert [sorted(map(str, named(reason).values())) for reason in reasons] == [["15", "20", "5", "c"]]


def test_an_asserted_value_excludes_what_may_be_derived(engine: Engine) -> None:
    facts = FactSet({"leeftijd": (("c", 30),), "jaar": (("c", 15),)}, {"geboortejaar": ("c",)})
    model = engine.prepare(AGE).decide(facts)
    assert set(model.rows("mogelijk", "leeftijd")) == {("c", 30)}
    assert model.why("mogelijk", "leeftijd", ("c", 30)) == ()
    assert not model.rows("mogelijk", "jong")


def test_a_sum_with_an_unknown_number_remembers_what_was_added(engine: Engine) -> None:
    facts = FactSet({"jaar": (("c", 15),)}, {"geboortejaar": ("c",)})
    model = engine.prepare(AGE).decide(facts)
    assert set(model.rows("mogelijk", "leeftijd")) == {("c", Unknown("geboortejaar", "c", 15))}
    assert not model.rows("zeker", "leeftijd")


ASKED = (("asked", "casus", "uitkomst", ""),)


@pytest.mark.parametrize(
    ("text", "facts", "certain", "possible"),
    [
        ("asked(C) <= wil(C, 'ja')", FactSet({}, {"wil": ("c",)}), False, True),
        ("asked(C) <= wil(C, 'ja')", FactSet({"wil": (("c", "ja"),)}, {}), True, True),
        ("asked(C) <= wil(C, 'ja')", FactSet({"wil": (("c", "nee"),)}, {}), False, False),
        ("asked(C) <= wil(C, 'ja')", FactSet({}, {}), False, False),
        ("asked(C) <= jaar(C, J) & ~wil(C, 'ja')", FactSet({}, {"wil": ("c",)}), False, True),
        ("asked(C) <= jaar(C, J) & ~wil(C, 'ja')", FactSet({"wil": (("c", "nee"),)}, {}), True, True),
        ("asked(C) <= jaar(C, J) & ~wil(C, 'ja')", FactSet({"wil": (("c", "ja"),)}, {}), False, False),
        ("asked(C) <= wil(C, W) & (W != 'nee')", FactSet({}, {"wil": ("c",)}), False, True),
        ("asked(C) <= verf(C, K) & warm(K)", FactSet({}, {"verf": ("c",)}), False, True),
        ("asked(C) <= warm(K) & verf(C, K)", FactSet({"verf": (("c", "wit"),)}, {}), False, False),
        ("asked(C) <= gezien(C)", FactSet({}, {"gezien": ("c",)}), False, True),
        ("asked(C) <= jaar(C, J) & ~gezien(C)", FactSet({"gezien": (("c",),)}, {}), False, False),
        ("asked(C) <= jaar(C, J) & mandaat(C, 'rood', 'wit')", FactSet({}, {"mandaat": ("c",)}), False, True),
        ("asked(C) <= jaar(C, J) & ~mandaat(C, 'rood', 'wit')", FactSet({}, {"mandaat": ("c",)}), False, True),
        ("asked(C) <= jaar(C, J) & mandaat(C, 'rood', 'wit')", FactSet({}, {}), False, False),
        ("asked(C) <= jaar(C, J) & (J >= 2 * 8) & (J // 3 == 5)", FactSet({}, {}), False, False),
        ("asked(C) <= jaar(C, J) & (J - 5 <= 2 * 5) & (J // 3 == 5)", FactSet({}, {}), True, True),
        ("asked(C) <= deling(C, D, K) & nodig(D, 'ja')", FactSet({"deling": (("c", "d", "wit"),)}, {}), False, False),
        (
            "asked(C) <= deling(C, D, K) & nodig(D, 'ja')",
            FactSet({"deling": (("c", "d", "wit"),)}, {"nodig": ("d",)}),
            False,
            True,
        ),
        (
            "asked(C) <= deling(C, D, K) & verf(C, K) & mandaat(C, K, K)",
            FactSet({"deling": (("c", "d", "wit"),), "mandaat": (("c", "wit", "wit"),)}, {"verf": ("c",)}),
            False,
            True,
        ),
    ],
)
def test_three_values(engine: Engine, text: str, facts: FactSet, certain: bool, possible: bool) -> None:
    facts = FactSet({"jaar": (("c", 15),), **facts.known}, facts.unknown)
    decider = engine.prepare(small_program(f"{text}\n+ warm('rood')", *ASKED))
    expected = ({("c",)} if certain else set(), {("c",)} if possible else set())
    assert rows(decider, facts, "asked") == expected
    assert (set(decider.rows_only(facts, "zeker", "asked")), set(decider.rows_only(facts, "mogelijk", "asked"))) == (
        expected
    )


MANY = small_program(
    """
    p(C, K) <= verf(C, K) & warm(K)
    p(C, 'wit') <= deling(C, D, K) & wil(C, W)
    + warm('rood')
    + warm('True')
    """,
    ("p", "casus kleur", "uitkomst", ""),
)


def test_every_ground_rule_is_a_reason(engine: Engine) -> None:
    facts = FactSet({"deling": (("c", "d", "rood"), ("c", "e", "rood"), ("c", "e", "rood")), "wil": (("c", "ja"),)}, {})
    reasons = engine.prepare(MANY).decide(facts).why("zeker", "p", ("c", "wit"))
    assert all(named(reason)["W"] == "ja" for reason in reasons)
    assert sorted(str(named(reason)["D"]) for reason in reasons) == ["d", "e"]


def test_the_word_true_is_a_word(engine: Engine) -> None:
    facts = FactSet({"verf": (("c", "True"),)}, {})
    assert rows(engine.prepare(MANY), facts, "p")[0] == {("c", "True")}
    constant = small_program("q(C, 'True') <= verf(C, 'True')", ("q", "casus kleur", "uitkomst", ""))
    assert rows(engine.prepare(constant), facts, "q")[0] == {("c", "True")}


def test_a_key_may_be_any_text(engine: Engine) -> None:
    for key in ("True", "??", "1", "__import__('os')", "X0", "w:w:", "", "é\u2028\n'\""):
        assert rows(engine.prepare(MANY), FactSet({"verf": ((key, "rood"),)}, {}), "p")[0] == {(key, "rood")}


def test_a_word_and_a_number_differ(engine: Engine) -> None:
    program = small_program("q(C, C2) <= gezien(C) & jaar(C2, J)", ("q", "casus casus", "uitkomst", ""))
    facts = FactSet({"gezien": (("1",),), "jaar": ((1, 15),)}, {})
    assert rows(engine.prepare(program), facts, "q")[0] == {("1", 1)}


def test_a_variable_twice_in_one_condition(engine: Engine) -> None:
    program = small_program(
        """
        q(C, K) <= jaar(C, J) & paar(K, K)
        paar(K, L) <= warm(K) & grens(L, G)
        + warm('rood')
        + warm('wit')
        + grens('wit', 1)
        """,
        ("q", "casus kleur", "uitkomst", ""),
        ("paar", "kleur kleur", "afgeleid", ""),
    )
    assert rows(engine.prepare(program), FactSet({"jaar": (("c", 1),)}, {}), "q")[0] == {("c", "wit")}


TWO_VALUED = small_program(
    """
    p(C) <= wil(C, 'ja')
    oordeel(C, 'rood') <= jaar(C, J) & zeker_p(C)
    oordeel(C, 'wit') <= jaar(C, J) & mogelijk_p(C) & ~zeker_p(C)
    laatste(C) <= jaar(C, J) & ~oordeel(C, 'rood') & ~mogelijk_wil(C, 'nee')
    """,
    ("p", "casus", "afgeleid", ""),
    ("oordeel", "casus kleur", "uitkomst", "two"),
    ("laatste", "casus", "uitkomst", "two"),
)


def test_two_valued_rules_speak_of_both_sides(engine: Engine) -> None:
    decider = engine.prepare(TWO_VALUED)
    known = {"jaar": (("c", 15),)}
    assert rows(decider, FactSet(known, {"wil": ("c",)}), "oordeel") == ({("c", "wit")}, {("c", "wit")})
    assert rows(decider, FactSet({**known, "wil": (("c", "ja"),)}, {}), "oordeel")[1] == {("c", "rood")}
    assert rows(decider, FactSet(known, {}), "laatste") == ({("c",)}, {("c",)})
    assert rows(decider, FactSet(known, {"wil": ("c",)}), "laatste") == (set(), set())


STATED = small_program(
    """
    bezwaar(C) <= zeker_wil(C, 'nee')
    mag(C) <= jaar(C, J) & ~bezwaar(C)
    """,
    ("bezwaar", "casus", "afgeleid", "two"),
    ("mag", "casus", "uitkomst", ""),
)


def test_a_three_valued_rule_reads_what_was_stated_as_a_closed_field(engine: Engine) -> None:
    decider = engine.prepare(STATED)
    known = {"jaar": (("c", 15),)}
    assert rows(decider, FactSet(known, {"wil": ("c",)}), "mag") == ({("c",)}, {("c",)})
    assert rows(decider, FactSet({**known, "wil": (("c", "ja"),)}, {}), "mag") == ({("c",)}, {("c",)})
    assert rows(decider, FactSet({**known, "wil": (("c", "nee"),)}, {}), "mag") == (set(), set())


STATIC = small_program(
    """
    paar(K, L) <= warm(K) & warm(L) & (K != L)
    bekend('rood') <= warm('rood')
    asked(C) <= jaar(C, J) & paar(K, 'wit') & bekend('rood') & ~paar('wit', 'wit')
    + warm('rood')
    + warm('wit')
    """,
    ("paar", "kleur kleur", "uitkomst", ""),
    ("bekend", "kleur", "uitkomst", ""),
    *ASKED,
)


def test_what_rests_on_tables_alone_is_the_same_for_every_case(engine: Engine) -> None:
    decider = engine.prepare(STATIC)
    model = decider.decide(FactSet({}, {}))
    assert set(model.rows("mogelijk", "paar")) == {("rood", "wit"), ("wit", "rood")}
    assert [reason.values for reason in model.why("zeker", "paar", ("rood", "wit"))] == [("rood", "wit")]
    assert [reason.values for reason in model.why("zeker", "bekend", ("rood",))] == [()]
    assert model.why("zeker", "warm", ("rood",)) == ()
    assert set(decider.rows_only(FactSet({}, {}), "zeker", "warm")) == {("rood",), ("wit",)}
    assert rows(decider, FactSet({"jaar": (("c", 1),)}, {}), "asked")[0] == {("c",)}


def test_input_can_be_read_back(engine: Engine) -> None:
    facts = FactSet({"wil": (("c", "ja"),), "leeftijd": (("c", 9), ("c", 9))}, {"verf": ("c",), "geboortejaar": ("c",)})
    decider = engine.prepare(AGE)
    model = decider.decide(facts)
    assert set(model.rows("zeker", "wil")) == set(model.rows("mogelijk", "wil")) == {("c", "ja")}
    assert set(decider.rows_only(facts, "mogelijk", "wil")) == {("c", "ja")}
    assert set(decider.rows_only(facts, "mogelijk", "leeftijd")) == {("c", 9)}
    assert not model.rows("mogelijk", "verf")
    assert model.holds("mogelijk", "verf", ("c", "rood"))
    assert not model.holds("zeker", "verf", ("c", "rood"))
    assert not model.holds("mogelijk", "verf", ("iemand anders", "rood"))
    assert list(model.unsaid("verf")) == ["c"]
    assert list(model.unsaid("wil")) == []
    assert model.why("zeker", "wil", ("c", "ja")) == ()


def test_a_side_nobody_reads_is_not_there(engine: Engine) -> None:
    model = engine.prepare(small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", "certain"))).decide(
        FactSet({"wil": (("c", "ja"),)}, {})
    )
    assert set(model.rows("zeker", "p")) == {("c",)}
    with pytest.raises(KeyError):
        model.rows("mogelijk", "p")


def test_an_output_without_rules_is_empty(engine: Engine) -> None:
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""), ("q", "casus", "uitkomst", ""))
    assert rows(engine.prepare(program), FactSet({}, {}), "q") == (set(), set())


def test_many_cases_are_decided_as_one_by_one(engine: Engine) -> None:
    decider = engine.prepare(AGE)
    cases = [
        FactSet({"leeftijd": (("a", 20),)}, {}),
        FactSet({}, {"leeftijd": ("b",)}),
        FactSet({}, {}),
        FactSet({"leeftijd": (("c", 10),)}, {}),
    ]
    together = decider.decide_many(cases)
    for facts, model in zip(cases, together, strict=True):
        for side in ("zeker", "mogelijk"):
            assert set(model.rows(side, "jong")) == set(decider.decide(facts).rows(side, "jong"))


def test_a_case_decided_before_may_help_with_another(engine: Engine) -> None:
    """Whatever the two say otherwise: nothing of the first may stay that the second does not say."""
    text = "asked(C) <= oud(C) & ~wil(C, 'ja')\noud(C) <= leeftijd(C, J) & (J >= 18)\noud(C) <= jaar(C, 4)"
    decider = engine.prepare(small_program(text, *ASKED, ("oud", "casus", "afgeleid", "")))
    cases = [
        FactSet({"leeftijd": (("c", 20),), "wil": (("c", "nee"),)}, {}),
        FactSet({"leeftijd": (("c", 20),)}, {"wil": ("c",)}),
        FactSet({"wil": (("c", "nee"),)}, {"leeftijd": ("c",)}),
        FactSet({"jaar": (("c", 4),), "wil": (("c", "nee"),)}, {"leeftijd": ("c",)}),
        FactSet({"wil": (("c", "ja"),), "leeftijd": (("c", 9),)}, {}),
        FactSet({}, {}),
    ]
    for before, after in product(cases, cases):
        model = decider.decide(before)
        for side in SIDES:
            expected = set(decider.rows_only(after, side, "asked"))
            assert set(decider.rows_after(model, after, side, "asked")) == expected
        assert set(model.rows("zeker", "asked")) == set(decider.rows_only(before, "zeker", "asked"))
    other = engine.prepare(small_program("asked(C) <= wil(C, 'ja')", *ASKED))
    assert set(other.rows_after(model, cases[4], "zeker", "asked")) == {("c",)}


def test_cases_decided_together_do_not_meet(engine: Engine) -> None:
    """Not even in a rule that joins two people, nor with the same key twice."""
    program = small_program(
        "q(C, D) <= gezien(C) & jaar(D, J)\nr('rood') <= gezien(C)",
        ("q", "casus casus", "uitkomst", ""),
        ("r", "kleur", "uitkomst", ""),
    )
    first, second = FactSet({"gezien": (("a",),)}, {}), FactSet({"jaar": (("a", 1),)}, {})
    for model, seen in zip(engine.prepare(program).decide_many([first, second]), ({("rood",)}, set()), strict=True):
        assert not model.rows("mogelijk", "q")
        assert set(model.rows("zeker", "r")) == seen


def test_a_fact_of_the_law_may_stand_beside_rules(engine: Engine) -> None:
    program = small_program(
        "asked(C) <= jaar(C, J) & warm(K) & grens(K, G) & (J < G)\n+ warm('rood')\n+ grens('rood', 9)", *ASKED
    )
    assert rows(engine.prepare(program), FactSet({"jaar": (("c", 8),)}, {}), "asked")[0] == {("c",)}


def test_a_boolean_is_refused() -> None:
    with pytest.raises(TypeError, match="boolean"):
        FactSet({"jaar": (("c", True),)}, {})
