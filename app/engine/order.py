"""The order in which an engine tries the literals of a rule.

Goes in: a program and one of its rules. Comes out: the body in an order both engines follow.
Must not know: how a literal is tried.

The language gives a safe order. What it cannot know is which input is open and has many arguments:
an unsaid key holds for every combination of values there, so such a literal waits until all its
arguments are bound and is then a test.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.lang.ast import Arithmetic, Comparison, Expression, Literal, Negated, Positive, Rule, Term, Variable
from app.lang.program import Program, evaluation_order
from app.lang.sides import base
from app.lang.vocabulary import Predicate


def body_order(program: Program, rule: Rule) -> tuple[Literal, ...]:
    """The body in evaluation order, open input with many arguments as late as needed.

    Raises ValueError for a literal that never gets its arguments bound.
    """
    waiting, bound, found = list(evaluation_order(rule)), set[str](), list[Literal]()
    while waiting:
        for literal in waiting:
            if _is_ready(program, literal, bound):
                break
        else:
            raise ValueError(f"{rule.head.predicate}: {waiting[0]} cannot be tried, its variables have no value")
        waiting.remove(literal)
        found.append(literal)
        bound.update(variables_of(literal))
    return tuple(found)


def cannot_be_listed(predicate: Predicate) -> bool:
    """Whether the open rows of a predicate are too many to list, so that it can only be tested."""
    return predicate.kind == "invoer" and predicate.open and len(predicate.arguments) > 2


def variables_of(literal: Literal) -> Iterator[str]:
    """The names of the variables in a literal."""
    match literal:
        case Comparison(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case Positive(atom) | Negated(atom):
            for term in atom.arguments:
                yield from _names(term)


def assigned(comparison: Comparison, bound: set[str]) -> tuple[Variable, Expression] | None:
    """The variable that an equation gives its value, and the value; None for a plain test."""
    for target, value in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
        if comparison.operator == "==" and isinstance(target, Variable) and target.name not in bound:
            return (target, value) if bound.issuperset(_names(value)) else None
    return None


def _is_ready(program: Program, literal: Literal, bound: set[str]) -> bool:
    match literal:
        case Positive(atom):
            if not cannot_be_listed(program.vocabulary.predicates[base(atom.predicate)]):
                return True
        case Comparison() if assigned(literal, bound):
            return True
    return bound.issuperset(variables_of(literal))


def _names(expression: Expression | Term) -> Iterator[str]:
    match expression:
        case Variable(name):
            yield name
        case Arithmetic(_, left, right):
            yield from _names(left)
            yield from _names(right)
