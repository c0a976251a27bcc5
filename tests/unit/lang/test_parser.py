"""Text into syntax trees: shapes, places, and texts that want to do harm."""

from __future__ import annotations

import builtins
import warnings

import pytest

from app.lang.ast import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Fact,
    Negated,
    Positive,
    Reference,
    Rule,
    Span,
    Variable,
)
from app.lang.diagnostics import Diagnostics
from app.lang.parser import LONGEST_QUERY, LONGEST_TEXT, MOST_LITERALS, parse, parse_query

C, X = Variable("C"), Variable("X")


def test_a_rule_is_read_with_its_metadata() -> None:
    text = (
        "# norm: ALB-1\n# bron: SD §1.1, §3; WEB 9.2.12 lid 2\n# uitleg: Een lange\n#   uitleg.\n"
        "# interpretatie: I-1, I-2\np(C) <= q(C, 'a') & ~r(C)\n  & (X == 1 + 2 * 3)\n"
    )
    parsed = parse("a.dl", text)
    assert parsed.diagnostics == ()
    (rule,) = parsed.clauses
    assert isinstance(rule, Rule)
    product = Arithmetic("*", Constant(2), Constant(3))
    assert rule.body == (
        Positive(Atom("q", (C, Constant("a")))),
        Negated(Atom("r", (C,))),
        Comparison("==", X, Arithmetic("+", Constant(1), product)),
    )
    assert rule.metadata is not None
    assert rule.metadata.norm == "ALB-1"
    assert rule.metadata.references == (Reference("SD", "§1.1, §3"), Reference("WEB", "9.2.12 lid 2"))
    assert rule.metadata.uitleg == "Een lange uitleg."
    assert rule.metadata.interpretaties == ("I-1", "I-2")


def test_nodes_know_where_they_stood() -> None:
    (rule,) = parse("a.dl", "\np(C) <= (\n    ~q(C, 'abc')\n)").clauses
    assert isinstance(rule, Rule)
    (literal,) = rule.body
    assert isinstance(literal, Negated)
    assert literal.span == Span("a.dl", 3, 5, 3, 17)
    assert literal.atom.arguments[1].span == Span("a.dl", 3, 11, 3, 16)


def test_one_broken_clause_does_not_hide_the_next() -> None:
    parsed = parse("a.dl", "+ p('a'\n+ q('b')\np(X <= q(X)\n+ r('c')\n")
    assert [clause.atom.predicate for clause in parsed.clauses if isinstance(clause, Fact)] == ["q", "r"]
    assert [fault.span.line for fault in parsed.diagnostics] == [1, 3]


def test_a_free_comment_apart_from_the_rule_is_no_metadata() -> None:
    (rule,) = parse("a.dl", "# Vrije tekst.\n\n## En dit.\np(C) <= q(C)").clauses
    assert isinstance(rule, Rule)
    assert rule.metadata is None


def test_windows_line_ends_change_nothing() -> None:
    text = "# norm: N-1\np(C) <= (\n  q(C)\n)\n+ r('a')\n"
    assert parse("a.dl", text.replace("\n", "\r\n")) == parse("a.dl", text)


@pytest.mark.parametrize(
    "text",
    [
        "+ __import__('os')",
        "p(X) <= __import__('os').system('true')",
        "p(X) <= (lambda: 0)()",
        "p(X) <= [q(X) for X in X]",
        "p(X) <= q(*X)",
        "p(X) <= q(X=1)",
        "p(X) <= q(X)[0]",
        "p(X) <= f'{q}'",
        "p(X) <= q(X) if X else r(X)",
        "p(X) <= q(X) or r(X)",
        "p(X) <= (X := 1)",
        "p(X) <= q(b'a')",
        "p(X) <= q(X)) & (r(X)",
        "p(X) <= q('''a''')",
        "p(X) <= q('a'\\\n'b')",
        "p(X) <= q(1e3)",
        "p(X) <= q(0x1F)",
        "p(X) <= q(1_000)",
        "p(X) <= (X is 1)",
        "p(X) <= (1if X)",
        "p(X) <= q(None)",
        "p(X) <= q(...)",
        "p(X) <= q(\ud800)",
        "p(Х) <= q(Х)",
        "p(X) <= q('a\u202eb')",
        "p(X) <= (X % 2 == 0)",
        "p(X) <= (X ** 2 == 0)",
        "p(X) <= q(X) | r(X)",
        "p(X) <= (1)",
        "()",
        "+ ()",
        "+ p(())",
        "+ p((1,))",
        "p(X) <= q(X),",
        "p(X) <= q(X)(X)",
        "p(X) <= 'a'(X)",
    ],
)
def test_what_is_not_in_the_language_is_a_fault_in_range(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("text was executed")

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(builtins, "exec", forbidden)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = parse("a.dl", text)
    assert parsed.clauses == ()
    assert parsed.diagnostics
    lines = text.split("\n")
    for fault in parsed.diagnostics:
        assert 1 <= fault.span.line <= len(lines)
        assert 1 <= fault.span.column <= len(lines[fault.span.line - 1]) + 1


@pytest.mark.parametrize("char", ["\x00", "\t", "\r", "\x1b", "\u2028", "\u202e", "\ud800"])
def test_an_invisible_character_is_a_fault_wherever_it_stands(char: str) -> None:
    for text in (f"p(X){char} <= q(X)", f"## vrije{char}tekst"):
        (fault,) = parse("a.dl", text).diagnostics
        assert fault.code == "character"
        assert text[fault.span.column - 1] == char


@pytest.mark.parametrize(
    "body",
    [
        "(" * 5_000,
        "(" * 5_000 + "q(X)" + ")" * 5_000,
        "~" * 9_000 + "q(X)",
        " & ".join(["q(X)"] * 1_000),
        "(X < " + " + ".join(["1"] * 1_000) + ")",
        "(X < " + "(1 + " * 1_000 + "1" + ")" * 1_000 + ")",
        "q(" + ", ".join(["X"] * 2_000) + ")" * 500,
        "not " * 2_000 + "q(X)",
        "q(" + "9" * 5_000 + ")",
        "q('" + "a" * 50_000 + "')",
    ],
    ids=range(10),
)
def test_deep_and_long_texts_become_faults(body: str) -> None:
    parsed = parse("a.dl", f"p(X) <= {body}")
    assert parsed.clauses == ()
    assert parsed.diagnostics


def test_nesting_is_refused_before_python_reads_it() -> None:
    (fault,) = parse("a.dl", "p(X) <= " + "(" * 30 + "q(X)" + ")" * 30).diagnostics
    assert (fault.code, fault.span.column) == ("too-deep", 29)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ValueError])
def test_a_clause_that_python_cannot_read_becomes_a_fault(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("ast.parse", overflow)
    assert [fault.code for fault in parse("a.dl", "+ p('a')").diagnostics] == ["too-deep"]


def test_a_file_that_is_too_long_is_refused_unread() -> None:
    assert [fault.code for fault in parse("a.dl", "+ p('a')\n" * LONGEST_TEXT).diagnostics] == ["too-long"]


def test_as_many_conditions_as_allowed_are_read() -> None:
    parsed = parse("a.dl", "p(X) <= " + " & ".join(["q(X)"] * MOST_LITERALS))
    assert parsed.diagnostics == ()
    assert len(parse("a.dl", "p(X) <= " + " & ".join(["q(X)"] * (MOST_LITERALS + 1))).diagnostics) == 1


def test_a_query_is_literals_without_a_head() -> None:
    assert parse_query("stroom(C, 'school',\n  X)\n& ~q(X) & (X != 'a')") == (
        Positive(Atom("stroom", (C, Constant("school"), X))),
        Negated(Atom("q", (X,))),
        Comparison("!=", X, Constant("a")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "p(X) <= q(X)",
        "+ p('a')",
        "p(X",
        "p(X) # q",
        "p(\x00)",
        "p(X)\u2028& q(X)",
        "p(X)" + " " * LONGEST_QUERY + "& q(X)",
    ],
)
def test_what_is_no_query_is_diagnostics(text: str) -> None:
    found = parse_query(text)
    assert isinstance(found, Diagnostics)
    assert all(fault.message for fault in found)
