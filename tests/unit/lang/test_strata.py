"""What rests on what."""

from __future__ import annotations

from pathlib import Path

from app.lang.ast import Rule
from app.lang.parser import parse
from app.lang.program import Program, SourceText, check
from app.lang.strata import graph_of, open_dependent
from app.lang.vocabulary import Vocabulary

WHOLE = Path(__file__).parent / "good" / "whole.dl"


def rules(text: str) -> tuple[Rule, ...]:
    return tuple(clause for clause in parse("a.dl", text).clauses if isinstance(clause, Rule))


def program(words: Vocabulary) -> Program:
    found = check([SourceText("whole.dl", WHOLE.read_text(encoding="utf-8"))], words)
    assert isinstance(found, Program)
    return found


def test_every_layer_rests_on_earlier_ones_and_two_valued_predicates_come_last(words: Vocabulary) -> None:
    assert program(words).strata == (
        ("startkwalificatie", "jong", "oud_genoeg", "betrokken", "regelt"),
        ("mag", "betreft"),
        ("stap",),
        ("oordeel",),
    )


def test_a_two_valued_predicate_that_reads_only_input_still_comes_last(words: Vocabulary) -> None:
    metadata = "# norm: VSV-1\n# bron: SD 1\n# uitleg: Dit.\n"
    text = "\n".join(
        metadata + rule + "\n"
        for rule in (
            "oordeel(Casus, 'ja') <= bij(Casus, 'school')",
            "jong(Casus) <= bij(Casus, 'school')",
            "mag(Casus, 'school') <= jong(Casus)",
        )
    )
    found = check([SourceText("a.dl", text)], words, whole=False)
    assert isinstance(found, Program)
    assert found.strata == (("jong",), ("mag",), ("oordeel",))


def test_one_that_a_three_valued_rule_reads_comes_before_it(words: Vocabulary) -> None:
    metadata = "# norm: VSV-1\n# bron: SD 1\n# uitleg: Dit.\n"
    text = "\n".join(
        metadata + rule + "\n"
        for rule in (
            "mag(Casus, 'school') <= bij(Casus, 'school') & ~oordeel(Casus, 'ja')",
            "oordeel(Casus, 'ja') <= zeker_startkwalificatie(Casus, 'nee')",
        )
    )
    found = check([SourceText("a.dl", text)], words, whole=False)
    assert isinstance(found, Program)
    assert found.strata == (("oordeel",), ("mag",))


def test_open_dependence_passes_through_rules_and_negation_but_not_into_two_valued_ones(words: Vocabulary) -> None:
    found = open_dependent(program(words).rules, words)
    assert found == {
        "leeftijd", "uitstroomdatum", "startkwalificatie", "mandaat", "jong", "betrokken", "oud_genoeg", "mag", "stap"
    }  # fmt: skip


def test_each_knot_is_reported_once_by_a_shortest_path() -> None:
    graph = graph_of(rules("a(X) <= b(X)\nb(X) <= ~c(X) & d(X)\nc(X) <= a(X) & b(X)\ne(X) <= zeker_e(X)\nd(X) <= f(X)"))
    assert graph.cycles() == [("a", "b", "c", "a"), ("e", "e")]


def test_a_very_long_chain_of_rules_is_laid_out(words: Vocabulary) -> None:
    chain = rules("\n".join(f"p{index}(X) <= p{index + 1}(X)" for index in range(2_000)))
    assert graph_of(chain).cycles() == []
