"""The small parts: unknown numbers, doubling, comparing, names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.engine.codegen import Cells, generate
from app.engine.compare import Difference, compare
from app.engine.compiled import CompiledEngine
from app.engine.doubled import Doubled, double
from app.engine.facts import FactSet
from app.engine.knowledge_text import KnowledgeText, encode
from app.engine.registry import NAMES, engine_named
from app.engine.unknown import Unknown
from app.lang.ast import Atom, Constant, Fact, Positive, Variable
from tests.unit.engine.small_law import small_program

age = Unknown("leeftijd", "c")


def test_an_unknown_number_remembers_what_was_added() -> None:
    assert age + 5 == 5 + age == Unknown("leeftijd", "c", 5)
    assert age + 5 - 2 == Unknown("leeftijd", "c", 3)
    assert age + 5 == age + 5
    assert age != age + 1
    assert len({(age,), (Unknown("leeftijd", "c"),), (Unknown("leeftijd", "d"),)}) == 2


def test_every_comparison_with_an_unknown_number_holds() -> None:
    assert all((age < 0, age <= 0, age > 99, age >= 99, age < age, age > age))


def test_other_sums_cannot_be_solved_for() -> None:
    for one in (age * 2, 2 * age, age // 2, 9 // age, 9 - age, age + age, age - age, age * 2 + 1):
        assert not one.exact
        assert one >= 1


def doubled(text: str, flags: str = "certain") -> Doubled:
    """Double a program that derives p."""
    return double(small_program(text, ("p", "casus", "uitkomst", flags), ("q", "casus", "afgeleid", "")))


def test_only_sides_that_are_needed_exist() -> None:
    found = doubled("p(C) <= jaar(C, J) & ~q(C)\nq(C) <= wil(C, 'ja')")
    assert {"zeker_p", "mogelijk_q"} <= found.relations.keys()
    assert not {"mogelijk_p", "zeker_q"} & found.relations.keys()
    assert found.needed(["zeker_p"]) == {"zeker_p", "mogelijk_q", "jaar", "mogelijk_wil"}
    everything = double(found.program, everything=True)
    assert {"mogelijk_p", "zeker_q"} <= everything.relations.keys()


def test_what_does_not_rest_on_open_input_is_not_doubled() -> None:
    found = doubled("p(C) <= q(C)\nq(C) <= jaar(C, J) & warm('rood')", "")
    assert found.name("zeker", "q") == found.name("mogelijk", "q") == "q"
    assert found.relations["warm"].static
    assert not found.relations["q"].static


def test_a_fact_about_a_case_is_not_law() -> None:
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""))
    fact = Fact(Atom("wil", (Constant("c"), Constant("ja"))))
    with pytest.raises(ValueError, match="wil"):
        double(replace(program, facts=(fact,)))


def test_only_a_single_open_input_may_be_derived_too() -> None:
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""))
    rule = replace(program.rules[0], head=Atom("gezien", (Variable("C"),)))
    with pytest.raises(ValueError, match="gezien"):
        double(replace(program, rules=(rule,)))


def test_a_rule_that_reads_neither_side_is_refused() -> None:
    program = small_program("p(C) <= zeker_wil(C, 'ja')", ("p", "casus", "uitkomst", "two"))
    rule = replace(program.rules[0], body=(Positive(Atom("wil", (Variable("C"), Constant("ja")))),))
    with pytest.raises(ValueError, match="which side"):
        double(replace(program, rules=(rule,)))


@pytest.mark.parametrize("body", [Atom("mandaat", (Variable("C"), Variable("K"), Constant("wit")))])
def test_open_input_with_many_arguments_is_never_listed(body: Atom) -> None:
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""))
    rule = replace(program.rules[0], body=(Positive(body),))
    with pytest.raises(ValueError, match="mandaat"):
        CompiledEngine().prepare(replace(program, rules=(rule,)))


def test_a_variable_without_a_value_is_refused() -> None:
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""))
    rule = replace(program.rules[0], head=Atom("p", (Variable("Anders"),)))
    with pytest.raises(ValueError, match="Anders"):
        CompiledEngine().prepare(replace(program, rules=(rule,)))


def test_a_relation_is_filled_with_what_it_reads_and_nothing_else() -> None:
    found = doubled("p(C) <= wil(C, 'ja') & q(C)\nq(C) <= gezien(C)")
    made = generate(found, ["zeker_q", "zeker_p"], {})
    for said, filled in (((("c", "ja"),), True), ((), False)):
        cells: Cells = [{"wil": said, "gezien": (("c",),)}, {}, *[None] * made.size]
        made.fillers["zeker_p"].fill(cells)
        assert cells[made.fillers["zeker_p"].place] == ({("c",): [(0, "c")]} if filled else {})
        assert (cells[made.fillers["zeker_q"].place] is not None) == filled


def test_pydatalog_is_handed_marked_words_and_checked_names() -> None:
    found = doubled("p(C) <= wil(C, 'ja') & leeftijd(C, L) & (L >= 18)")
    text = "\n".join(KnowledgeText(found).clauses())
    ground = "regel_0_zeker_p(K, X0, X1)"
    body = "p_zeker_wil(K, X0, 'w:ja') & p_zeker_leeftijd(K, X0, X1) & (X1 >= (18))"
    assert {f"{ground} <= {body}", f"p_zeker_p(K, X0) <= {ground}"} <= set(text.splitlines())
    assert encode("True") == "w:True"
    with pytest.raises(TypeError):
        encode(True)
    program = small_program("p(C) <= wil(C, 'ja')", ("p", "casus", "uitkomst", ""))
    odd = program.vocabulary.predicates["p"]
    vocabulary = replace(
        program.vocabulary, predicates={**program.vocabulary.predicates, "p q": replace(odd, name="p q")}
    )
    with pytest.raises(ValueError, match="p q"):
        list(KnowledgeText(double(replace(program, vocabulary=vocabulary))).declarations())


def test_models_that_differ_are_told_apart() -> None:
    one = small_program("p(C) <= gezien(C)", ("p", "casus", "uitkomst", "certain"))
    other = small_program(
        "p(C) <= gezien(C)\np(C) <= gezien(C) & wil(C, 'ja')\np(C) <= wil(C, 'ja')",
        ("p", "casus", "uitkomst", "certain"),
    )
    facts = FactSet({"gezien": (("a",),), "wil": (("a", "ja"), ("b", "ja"))}, {})
    left, right = (CompiledEngine().prepare(program).decide(facts) for program in (one, other))
    found = compare(one.vocabulary, left, right)
    assert found.facts == 2
    assert found.differences == (
        Difference("zeker", "p", ("b",), left=False, reasons=False),
        Difference("zeker", "p", ("a",), left=False, reasons=True),
    )
    assert compare(one.vocabulary, left, left).differences == ()


def test_engines_have_names() -> None:
    assert [engine_named(name).name for name in NAMES] == list(NAMES)
    with pytest.raises(ValueError, match="compiled, pydatalog"):
        engine_named("clingo")
