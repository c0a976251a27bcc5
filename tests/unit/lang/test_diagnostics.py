"""Diagnostics as people read them."""

from __future__ import annotations

from app.lang.ast import Span
from app.lang.diagnostics import LONGEST_QUOTE, Diagnostic, in_order, nearest, render, whole_file
from app.lang.source_text import SourceText


def test_a_fault_is_shown_with_its_place_its_underlined_text_and_help() -> None:
    source = SourceText("a.dl", "eerste\np(X) <= q(Y)\n")
    fault = Diagnostic("unsafe", "`X` gets no value", Span("a.dl", 2, 3, 2, 4), "bind it")
    assert render([fault], [source]) == (
        "a.dl:2:3: `X` gets no value [unsafe]\n  2 | p(X) <= q(Y)\n    |   ^\n  help: bind it"
    )


def test_a_fault_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    source = SourceText("a.dl", "p(X,\n  Y)")
    text = render([Diagnostic("c", "m", Span("a.dl", 1, 2, 2, 4))], [source])
    assert text.splitlines()[2] == "    |  ^^^"


def test_a_fault_of_a_whole_file_shows_no_line() -> None:
    assert render([Diagnostic("c", "m", whole_file("a.dl"))], [SourceText("a.dl", "p(X)")]) == "a.dl: m [c]"


def test_a_fault_in_a_text_that_is_not_given_shows_its_place_only() -> None:
    assert render([Diagnostic("c", "m", Span("b.dl", 3, 4, 3, 5))], []) == "b.dl:3:4: m [c]"


def test_hostile_lines_are_cut_and_made_visible() -> None:
    source = SourceText("a.dl", "\x1b[31m" + "x" * 10_000)
    text = render([Diagnostic("c", "m", Span("a.dl", 1, 5_000, 1, 5_001))], [source])
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) < LONGEST_QUOTE + 10


def test_faults_stand_in_order_of_file_and_place_and_once() -> None:
    late, early = Diagnostic("c", "m", Span("b", 1, 1, 1, 2)), Diagnostic("c", "m", Span("a", 9, 1, 9, 2))
    assert in_order([early, late, late], ["b", "a"]).items == (late, early)


def test_no_help_when_no_word_is_near() -> None:
    assert nearest("xyz", ["leeftijd"]) == ""
