"""When two rules say the same: whatever their variables are called and in whatever order they ask.

Goes in: rules. Comes out: a shape that same rules share, and whether two rules are the same.
Must not know: what a predicate means, or why anyone asks.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from app.lang.ast import Arithmetic, Atom, Comparison, Constant, Expression, Literal, Negated, Positive, Rule, Variable

Token = Variable | tuple[str, Hashable]
"""A variable, or anything else that must be equal as it stands."""
Names = dict[str, str]


def shape(rule: Rule) -> Hashable:
    """Return what a rule is apart from its variables and order; rules that say the same have the same shape."""
    return _blank(_atom(rule.head)), tuple(sorted(repr(_blank(tokens(one))) for one in rule.body))


def says_the_same(one: Rule, other: Rule) -> bool:
    """Whether some one-to-one renaming of variables makes one rule the other, order of conditions apart."""
    if shape(one) != shape(other):
        return False
    names = _matched(_atom(one.head), _atom(other.head), {})
    return names is not None and _pairs(
        [tokens(literal) for literal in one.body], [tokens(literal) for literal in other.body], names
    )


def _pairs(left: Sequence[tuple[Token, ...]], right: Sequence[tuple[Token, ...]], names: Names) -> bool:
    """Whether every literal on the left has one of its own on the right."""
    if not left:
        return True
    for place, literal in enumerate(right):
        found = _matched(left[0], literal, names)
        if found is not None and _pairs(left[1:], [*right[:place], *right[place + 1 :]], found):
            return True
    return False


def _matched(left: tuple[Token, ...], right: tuple[Token, ...], names: Names) -> Names | None:
    """The renaming so far and what these two add to it; None where they cannot be the same."""
    if len(left) != len(right):
        return None
    found = dict(names)
    for one, other in zip(left, right, strict=True):
        if isinstance(one, Variable) and isinstance(other, Variable):
            if found.setdefault(one.name, other.name) != other.name:
                return None
        elif one != other:
            return None
    return found if len(set(found.values())) == len(found) else None


def _blank(tokens: tuple[Token, ...]) -> tuple[Hashable, ...]:
    return tuple("?" if isinstance(one, Variable) else one for one in tokens)


def tokens(literal: Literal) -> tuple[Token, ...]:
    """Take a literal apart: its variables, and everything else that must be equal as it stands."""
    match literal:
        case Positive(atom):
            return _atom(atom)
        case Negated(atom):
            return (("sign", "~"), *_atom(atom))
        case Comparison(operator, left, right):
            return (("compared", operator), *_expression(left), *_expression(right))


def _atom(atom: Atom) -> tuple[Token, ...]:
    return (("predicate", atom.predicate), *(token for term in atom.arguments for token in _expression(term)))


def _expression(expression: Expression) -> Iterator[Token]:
    match expression:
        case Variable():
            yield expression
        case Constant(value):
            yield ("value", value)
        case Arithmetic(operator, left, right):
            yield ("sum", operator)
            yield from _expression(left)
            yield from _expression(right)
