"""Checks on variables: that each has a value when it is needed, and a known one where it must.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.

Why unknown numbers need care: on the possible side an open number is a value about which every
`<`, `<=`, `>`, `>=` holds. It can be added to. Looking it up, testing it for equality or
multiplying it would silently find nothing, and so make something possible look impossible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.lang.ast import Arithmetic, Comparison, Constant, Expression, Literal, Negated, Positive, Rule
from app.lang.date_sums import date_in_school_year
from app.lang.diagnostics import Diagnostic
from app.lang.draft import Draft
from app.lang.ordering import (
    assignments,
    atom_variables,
    bound_variables,
    expression_variables,
    literal_variables,
    tested_whole,
)
from app.lang.printer import print_literal


def unsafe_variables(draft: Draft) -> Iterator[Diagnostic]:
    """Every variable of a head, negation or comparison gets its value from a positive condition."""
    for rule in draft.rules:
        bound = bound_variables(rule.body)
        reported: set[str] = set()
        tested = [literal for literal in rule.body if not isinstance(literal, Positive)]
        places = [("the head", variable) for variable in atom_variables(rule.head)]
        places += [(_kind(literal), variable) for literal in tested for variable in literal_variables(literal)]
        for where, variable in places:
            if variable.name not in bound and variable.name not in reported:
                reported.add(variable.name)
                message = f"`{variable.name}` in {where} gets no value"
                help_line = f"add a condition that says what `{variable.name}` is"
                yield Diagnostic("unsafe", message, variable.span, help_line)


def unbound_open_predicates(draft: Draft) -> Iterator[Diagnostic]:
    """Open input of more than two arguments is tested, never listed: all its arguments are bound by others."""
    for rule in draft.rules:
        others = tuple(literal for literal in rule.body if not _is_tested_whole(draft, literal))
        bound = bound_variables(others)
        for literal in rule.body:
            if not isinstance(literal, Positive) or not _is_tested_whole(draft, literal):
                continue
            for variable in atom_variables(literal.atom):
                if variable.name not in bound:
                    message = f"`{variable.name}` of open `{literal.atom.predicate}` gets no value elsewhere"
                    help_line = "an open predicate of more than two arguments is never listed: bind each argument"
                    yield Diagnostic("open", message, variable.span, help_line)


def unknown_numbers_looked_up(draft: Draft) -> Iterator[Diagnostic]:
    """A number that may be unknown is no argument to look up by: not fixed, joined or negated."""
    for rule in draft.rules:
        unknown = draft.unknown_variables(rule)
        positive = (literal for literal in rule.body if isinstance(literal, Positive))
        uses = Counter(variable.name for literal in positive for variable in atom_variables(literal.atom))
        seen: set[str] = set()
        for literal in rule.body:
            if isinstance(literal, Positive | Negated):
                yield from _looked_up(draft, rule, literal, unknown, uses, seen)


def _looked_up(
    draft: Draft, rule: Rule, literal: Positive | Negated, unknown: frozenset[str], uses: Counter[str], seen: set[str]
) -> Iterator[Diagnostic]:
    negated = isinstance(literal, Negated)
    for position, argument in enumerate(literal.atom.arguments):
        open_place = draft.may_be_unknown(rule, literal.atom, position)
        if isinstance(argument, Constant):
            if open_place:
                message = f"the number of `{literal.atom.predicate}` may be unknown, so it cannot be `{argument.value}`"
                help_line = f"use a variable and compare: `(X >= {argument.value}) & (X <= {argument.value})`"
                yield Diagnostic("unknown", message, argument.span, help_line)
        elif negated and (open_place or argument.name in unknown):
            message = f"`{argument.name}` may be unknown, so it cannot be looked up in a negation"
            yield Diagnostic(
                "unknown", message, argument.span, "give the negated predicate no number, and compare there"
            )
        elif argument.name in unknown and uses[argument.name] > 1:
            if argument.name in seen:
                message = f"`{argument.name}` may be unknown, so two conditions cannot share it"
                help_line = "use two variables and compare them with `>=` and `<=`"
                yield Diagnostic("unknown", message, argument.span, help_line)
            seen.add(argument.name)


def unknown_numbers_computed(draft: Draft) -> Iterator[Diagnostic]:
    """A number that may be unknown is compared by order, added to, and never multiplied or equated."""
    for rule in draft.rules:
        unknown = draft.unknown_variables(rule)
        gives = assignments(rule.body)
        for index, literal in enumerate(rule.body):
            if not isinstance(literal, Comparison):
                continue
            for side in (literal.left, literal.right):
                yield from _computed(side, unknown)
            names = [one.name for one in literal_variables(literal) if one.name in unknown]
            if literal.operator in ("==", "!=") and names and index not in gives:
                message = f"`{names[0]}` may be unknown, so `{literal.operator}` cannot tell"
                yield Diagnostic("unknown", message, literal.span, "compare with `>=` and `<=`, `<` or `>`")


def _computed(expression: Expression, unknown: frozenset[str]) -> Iterator[Diagnostic]:
    if not isinstance(expression, Arithmetic):
        return
    if (date := date_in_school_year(expression)) is not None:
        for variable in expression_variables(date):
            if variable.name in unknown:
                message = f"`{variable.name}` may be unknown, so its school year has no end yet"
                yield Diagnostic("unknown", message, variable.span, "take a date that is never unknown")
        return
    yield from _computed(expression.left, unknown)
    yield from _computed(expression.right, unknown)
    operands = {"+": (), "-": (expression.right,)}.get(expression.operator, (expression.left, expression.right))
    for operand in operands:
        for variable in expression_variables(operand):
            if variable.name in unknown:
                message = f"`{variable.name}` may be unknown, so it cannot stand here beside `{expression.operator}`"
                help_line = "add to or subtract from it only: bring the rest to the other side of the comparison"
                yield Diagnostic("unknown", message, variable.span, help_line)


def _is_tested_whole(draft: Draft, literal: Literal) -> bool:
    return isinstance(literal, Positive) and tested_whole(draft.vocabulary, literal.atom.predicate)


def _kind(literal: Literal) -> str:
    return f"{'negated ' if isinstance(literal, Negated) else ''}`{print_literal(literal)}`".replace("negated `~", "`~")
