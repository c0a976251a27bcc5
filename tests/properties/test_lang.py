"""Laws of the rule language, on random texts and programs."""

from __future__ import annotations

import warnings
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.lang import ordering
from app.lang.ast import (
    Arithmetic,
    Atom,
    Clause,
    Comparison,
    Constant,
    Expression,
    Fact,
    Literal,
    Metadata,
    Negated,
    Positive,
    Reference,
    Rule,
    Variable,
)
from app.lang.diagnostics import Diagnostics, render
from app.lang.parser import parse, parse_query
from app.lang.printer import print_clause, print_clauses
from app.lang.program import Program, SourceText, check, evaluation_order, rule_variables
from app.lang.vocabulary import Vocabulary
from tests.properties.strategies_programs import program_parts, programs, vocabulary_of

variables = st.from_regex(r"[A-EG-MO-SU-Z][A-Za-z0-9_]{0,4}", fullmatch=True).map(Variable)
constants = st.from_regex(r"[a-z0-9][A-Za-z0-9_-]{0,6}", fullmatch=True).map(Constant) | st.integers(0, 10**12 - 1).map(
    Constant
)
names = st.from_regex(r"p_[a-z0-9_]{0,6}", fullmatch=True)
terms = variables | constants
atoms = st.builds(Atom, names, st.lists(terms, min_size=1, max_size=4).map(tuple))
expressions: st.SearchStrategy[Expression] = st.recursive(
    variables | constants,
    lambda inner: st.builds(Arithmetic, st.sampled_from(("+", "-", "*", "//")), inner, inner),
    max_leaves=5,
)
comparisons = st.builds(Comparison, st.sampled_from(("<", "<=", "==", "!=", ">=", ">")), expressions, expressions)
literals: st.SearchStrategy[Literal] = st.builds(Positive, atoms) | st.builds(Negated, atoms) | comparisons
words = st.from_regex(r"[^\W_][\w§{}:#'.,-]{0,12}", fullmatch=True).filter(str.isprintable)
sentences = st.lists(words, max_size=40).map(" ".join)
codes = st.from_regex(r"[A-Z]{1,3}-[0-9]{1,2}", fullmatch=True)
references = st.builds(Reference, st.sampled_from(("SD", "WEB")), st.sampled_from(("", "§1.1, §2", "9.2.12 lid 2")))
metadata = st.builds(
    Metadata,
    codes | st.just(""),
    st.lists(references, max_size=3).map(tuple),
    sentences,
    st.lists(codes, max_size=3).map(tuple),
).filter(lambda one: one != Metadata("", (), ""))
rules = st.builds(Rule, atoms, st.lists(literals, min_size=1, max_size=5).map(tuple), st.none() | metadata)
clauses: st.SearchStrategy[Clause] = rules | st.builds(Fact, atoms)

FRAGMENTS = (
    *"() ,&~<>=+-*/'\n#\t\x00\\\"é",
    "p(X)", "leeftijd", "'rood'", "<=", "==", "//", " & ", "+ ", "\n", "\n    ", "# norm: ", "# uitleg: {X", "Casus",
    "open_aantal(Casus, A)", "bestaat(Casus)", "not ", "lambda", "0x1", "((((((((", "\r\n", "1e9", "zeker_",
)  # fmt: skip
texts = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)


@given(st.lists(clauses, max_size=4))
def test_print_and_parse_are_each_others_inverse(some: list[Clause]) -> None:
    parsed = parse("a.dl", print_clauses(some))
    assert parsed.diagnostics == ()
    assert parsed.clauses == tuple(some)


@given(texts)
def test_any_text_gives_a_program_or_diagnostics_in_range(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check([SourceText("a.dl", text)], vocabulary_of(()), whole=False)
        query = parse_query(text)
    if isinstance(found, Diagnostics):
        assert_in_range(found, text)
        assert render(found, [SourceText("a.dl", text)])
    if isinstance(query, Diagnostics):
        assert_in_range(query, text)


@given(st.lists(clauses, max_size=4))
def test_any_clauses_give_a_program_or_diagnostics_in_range(some: list[Clause]) -> None:
    text = print_clauses(some)
    found = check([SourceText("a.dl", text)], vocabulary_of(()))
    if isinstance(found, Diagnostics):
        assert_in_range(found, text)


def assert_in_range(found: Diagnostics, text: str) -> None:
    lines = text.split("\n")
    for one in found:
        span = one.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)


@given(program_parts(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_decide_whether_they_pass(
    parts: tuple[Vocabulary, tuple[Clause, ...]], random: Random
) -> None:
    vocabulary, some = parts
    turned = list(some)
    random.shuffle(turned)
    first, second = (check([SourceText("a.dl", print_clauses(one))], vocabulary) for one in (some, turned))
    assert type(first) is type(second)
    if isinstance(first, Program) and isinstance(second, Program):
        # INVARIANT: the hash follows the order of clauses, because explanations list rules in that order.
        assert (first.hash == second.hash) == (tuple(turned) == some)
        assert [set(layer) for layer in first.strata] == [set(layer) for layer in second.strata]


@given(program_parts())
def test_consistent_renaming_of_variables_is_accepted_alike(parts: tuple[Vocabulary, tuple[Clause, ...]]) -> None:
    vocabulary, some = parts
    renamed = tuple(rename(one) if isinstance(one, Rule) else one for one in some)
    both = tuple(check([SourceText("a.dl", print_clauses(one))], vocabulary) for one in (some, renamed))
    assert type(both[0]) is type(both[1])
    # Both texts in one program: every rule is a duplicate of its renamed self.
    found = check([SourceText("a.dl", "\n\n".join(map(print_clause, (*some, *renamed))))], vocabulary)
    assert isinstance(found, Diagnostics)
    assert sum(one.code == "duplicate" for one in found) >= len(some)


def rename(rule: Rule) -> Rule:
    new = {name: Variable(f"Z{name}") for name in rule_variables(rule)}

    def expression(one: Expression) -> Expression:
        match one:
            case Variable(name):
                return new[name]
            case Arithmetic(_, left, right):
                return replace(one, left=expression(left), right=expression(right))
        return one

    def atom(one: Atom) -> Atom:
        return replace(one, arguments=tuple(new[t.name] if isinstance(t, Variable) else t for t in one.arguments))

    def literal(one: Literal) -> Literal:
        match one:
            case Comparison(operator, left, right):
                return Comparison(operator, expression(left), expression(right))
            case Positive(inner):
                return Positive(atom(inner))
            case Negated(inner):
                return Negated(atom(inner))

    return replace(rule, head=atom(rule.head), body=tuple(literal(one) for one in rule.body))


@given(programs())
def test_every_literal_finds_its_variables_bound_in_evaluation_order(program: Program) -> None:
    for rule in program.rules:
        ordered = evaluation_order(rule, program.vocabulary)
        assert sorted(map(repr, ordered)) == sorted(map(repr, rule.body))
        bound: set[str] = set()
        for literal in ordered:
            mine = {variable.name for variable in ordering.literal_variables(literal)}
            match literal:
                case Comparison("==", Variable(name), _):
                    assert mine - bound <= {name}
                case Positive(atom) if not ordering.tested_whole(program.vocabulary, atom.predicate):
                    pass
                case _:
                    assert mine <= bound
            bound |= mine
        assert {one.name for one in rule.head.arguments if isinstance(one, Variable)} <= bound
    assert_layered(program)


def assert_layered(program: Program) -> None:
    """Every layer rests on earlier layers only."""
    level = {name: index for index, layer in enumerate(program.strata) for name in layer}
    assert set(level) == {rule.head.predicate for rule in program.rules}
    for rule in program.rules:
        for literal in rule.body:
            if isinstance(literal, Positive | Negated):
                name = literal.atom.predicate.removeprefix("zeker_").removeprefix("mogelijk_")
                assert level.get(name, -1) < level[rule.head.predicate]
