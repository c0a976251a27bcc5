"""Syntax trees as canonical text: the one way to write a clause.

Goes in: clauses. Comes out: text that parses back to equal clauses.
Must not know: where the clauses came from; spans and free comments are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Final

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
from app.lang.date_sums import END_OF_SCHOOL_YEAR, YEARS, amount_of_years, date_in_school_year

LINE_LENGTH: Final = 110
_BINDING: Final = {"+": 1, "-": 1, "*": 2, "//": 2}


def print_clauses(clauses: Iterable[Clause]) -> str:
    """Write clauses as the text of a file: facts in a row, an empty line around rules."""
    parts: list[str] = []
    previous: Clause | None = None
    for clause in clauses:
        if previous is not None:
            parts.append("\n" if isinstance(clause, Fact) and isinstance(previous, Fact) else "\n\n")
        parts.append(print_clause(clause))
        previous = clause
    return "".join([*parts, "\n"]) if parts else ""


def print_clause(clause: Clause) -> str:
    """Write one clause, with its metadata, without a newline at the end."""
    if isinstance(clause, Fact):
        return f"+ {print_atom(clause.atom)}"
    return "\n".join([*_metadata(clause.metadata), print_rule(clause)])


def print_rule(rule: Rule) -> str:
    """Write a rule without its metadata; on one line where it fits.

    >>> from app.lang.ast import Atom, Positive, Variable
    >>> print_rule(Rule(Atom("a", (Variable("X"),)), (Positive(Atom("b", (Variable("X"),))),)))
    'a(X) <= b(X)'
    """
    head, body = print_atom(rule.head), [print_literal(literal) for literal in rule.body]
    line = f"{head} <= {' & '.join(body)}"
    if len(line) <= LINE_LENGTH and len(body) <= 2:
        return line
    return f"{head} <= (\n    " + "\n    & ".join(body) + "\n)"


def print_literal(literal: Literal) -> str:
    """Write one condition of a body."""
    match literal:
        case Positive(atom):
            return print_atom(atom)
        case Negated(atom):
            return f"~{print_atom(atom)}"
        case Comparison(operator, left, right):
            return f"({print_expression(left)} {operator} {print_expression(right)})"


def print_atom(atom: Atom) -> str:
    """Write a predicate with its arguments."""
    return f"{atom.predicate}({', '.join(print_expression(argument) for argument in atom.arguments)})"


def print_reference(reference: Reference) -> str:
    """Write a place in a source, and when it is cited."""
    text = f"{reference.source} {reference.place}".rstrip()
    return text if reference.condition is None else f"{text} bij {print_atom(reference.condition)}"


def print_expression(expression: Expression) -> str:
    """Write a variable, a value or a sum, with as few parentheses as keep its shape."""
    match expression:
        case Variable(name):
            return name
        case Constant(value):
            return f"'{value}'" if isinstance(value, str) else str(value)
        case Arithmetic(operator, left, right):
            if (date := date_in_school_year(expression)) is not None:
                return f"{END_OF_SCHOOL_YEAR}({print_expression(date)})"
            if (amount := amount_of_years(expression)) is not None:
                text = print_expression(amount)
                return f"({text}) {YEARS}" if isinstance(amount, Arithmetic) else f"{text} {YEARS}"
            return f"{_operand(left, operator, 0)} {operator} {_operand(right, operator, 1)}"


def _operand(expression: Expression, operator: str, right: int) -> str:
    text = print_expression(expression)
    # Operators of one strength group from the left, so the right operand needs to bind stronger.
    if not isinstance(expression, Arithmetic) or _is_word(expression):
        return text
    return f"({text})" if _BINDING[expression.operator] < _BINDING[operator] + right else text


def _is_word(total: Arithmetic) -> bool:
    """Whether a sum is written as one word of the law, which no operator takes apart."""
    return amount_of_years(total) is not None or date_in_school_year(total) is not None


def _metadata(metadata: Metadata | None) -> list[str]:
    if metadata is None:
        return []
    values = {
        "norm": metadata.norm,
        "bron": "; ".join(map(print_reference, metadata.references)),
        "uitleg": metadata.uitleg,
        "interpretatie": ", ".join(metadata.interpretaties),
        "voorrang": "" if metadata.voorrang is None else str(metadata.voorrang),
    }
    return [line for key, value in values.items() if value for line in _entry(key, value)]


def _entry(key: str, value: str) -> list[str]:
    lines = wrap(f"{key}: {value}", LINE_LENGTH - 4, break_long_words=False, break_on_hyphens=False)
    return [f"# {lines[0]}", *(f"#   {line}" for line in lines[1:])]
