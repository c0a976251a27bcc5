"""Which variables a rule has, how they get values, and in what order to read its body.

Goes in: a rule. Comes out: its variables, and its body in an order in which every comparison and
negation finds its variables bound. Must not know: what a predicate means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from app.lang.ast import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Literal,
    Negated,
    Positive,
    Rule,
    Variable,
)
from app.lang.sides import base
from app.lang.vocabulary import Vocabulary

Walk = Callable[[Atom], int]
"""How unwise it is to start with an atom of which no variable has a value: higher comes later."""


def expression_variables(expression: Expression) -> Iterator[Variable]:
    """Yield the variables of an expression from left to right, repeats included."""
    match expression:
        case Variable():
            yield expression
        case Arithmetic(_, left, right):
            yield from expression_variables(left)
            yield from expression_variables(right)
        case Constant():
            return


def literal_variables(literal: Literal) -> Iterator[Variable]:
    """Yield the variables of a literal from left to right, repeats included."""
    match literal:
        case Positive(atom) | Negated(atom):
            yield from atom_variables(atom)
        case Comparison(_, left, right):
            yield from expression_variables(left)
            yield from expression_variables(right)


def atom_variables(atom: Atom) -> Iterator[Variable]:
    """Yield the variables of an atom from left to right, repeats included."""
    yield from (argument for argument in atom.arguments if isinstance(argument, Variable))


def rule_variables(rule: Rule) -> tuple[str, ...]:
    """Return the names of a rule's variables in order of first appearance, head first."""
    names = [variable.name for variable in atom_variables(rule.head)]
    names.extend(variable.name for literal in rule.body for variable in literal_variables(literal))
    return tuple(dict.fromkeys(names))


def assignments(body: Sequence[Literal]) -> dict[int, str]:
    """Return which literals (by index) give a variable its value: `(X == …)` with X bound nowhere else."""
    bound = _positive_variables(body)
    found: dict[int, str] = {}
    progress = True
    while progress:
        progress = False
        for index, literal in enumerate(body):
            name = None if index in found else _given(literal, bound)
            if name is not None:
                found[index] = name
                bound.add(name)
                progress = True
    return found


def bound_variables(body: Sequence[Literal]) -> set[str]:
    """Return the names that positive literals and assignments give a value."""
    return _positive_variables(body) | set(assignments(body).values())


def tested_whole(vocabulary: Vocabulary, predicate: str) -> bool:
    """Whether a predicate is only ever tested, never listed: open, with more than two arguments."""
    declared = vocabulary.predicates.get(base(predicate))
    return declared is not None and declared.open and len(declared.arguments) > 2


def evaluation_order(rule: Rule, vocabulary: Vocabulary | None = None) -> tuple[Literal, ...]:
    """Return the body in a safe order: tests as soon as they can, positives as bound as possible.

    With a vocabulary, open predicates of more than two arguments wait until all their variables
    are bound. A rule that is unsafe (never one of a `Program`) keeps its unbound literals last.
    """
    return order_literals(rule.body, (), vocabulary)


def order_literals(
    body: Sequence[Literal], bound: Iterable[str], vocabulary: Vocabulary | None = None, walk: Walk | None = None
) -> tuple[Literal, ...]:
    """Order literals as `evaluation_order` does, with some variables bound beforehand.

    `walk` tells of an atom none of whose variables is bound how unwise it is to start there.
    """
    gives, known = assignments(body), set(bound)
    waiting = list(range(len(body)))
    ordered: list[Literal] = []
    while waiting:
        chosen = _next(body, waiting, gives, known, vocabulary, walk)
        waiting.remove(chosen)
        ordered.append(body[chosen])
        if chosen in gives or isinstance(body[chosen], Positive):
            known.update(variable.name for variable in literal_variables(body[chosen]))
    return tuple(ordered)


def _next(
    body: Sequence[Literal],
    waiting: list[int],
    gives: dict[int, str],
    known: set[str],
    vocabulary: Vocabulary | None,
    walk: Walk | None,
) -> int:
    for index in waiting:
        missing = {variable.name for variable in literal_variables(body[index])} - known
        if missing <= {gives.get(index, "")}:
            return index
    positives = [(index, literal.atom) for index in waiting if isinstance(literal := body[index], Positive)]

    def cost(candidate: tuple[int, Atom]) -> tuple[bool, int, int, int, int]:
        index, atom = candidate
        free = {variable.name for variable in atom_variables(atom)} - known
        late = vocabulary is not None and tested_whole(vocabulary, atom.predicate)
        unbound = not any(isinstance(one, Variable) and one.name in known for one in atom.arguments)
        walked = walk(atom) if walk is not None and unbound else 0
        return late, walked, len(free) - len(atom.arguments), len(free), index

    return min(positives, key=cost)[0] if positives else waiting[0]


def _positive_variables(body: Sequence[Literal]) -> set[str]:
    return {variable.name for one in body if isinstance(one, Positive) for variable in atom_variables(one.atom)}


def _given(literal: Literal, bound: Collection[str]) -> str | None:
    match literal:
        case Comparison("==", Variable(name), right) if name not in bound:
            return name if all(one.name in bound for one in expression_variables(right)) else None
    return None
