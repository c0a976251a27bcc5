"""Priority: which of the rules for one fact goes first, by what the rules say and never by where they stand.

Goes in: checked rules and facts, and the vocabulary. Comes out: the same in canonical order, each rule with its
conditions in canonical order; who reads a program may take the first. Must not know: how a fact is explained.

Of the rules for one predicate the lowest `voorrang` goes first, and a rule without one last. At the same voorrang a
rule that is more specific goes before the other: it has all conditions of the other, and more (theta-subsumption).
Ties are broken by the text of the rules; `is_settled` tells which pairs are no ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.lang.ast import Comparison, Fact, Literal, Negated, Positive, Rule, Variable
from app.lang.printer import print_atom, print_literal, print_rule
from app.lang.sameness import Token, tokens
from app.lang.sides import base
from app.lang.vocabulary import Vocabulary

LAST: Final = 100
"""The voorrang of a rule that says none: after every voorrang that can be said."""
_OPERATORS: Final = ("==", ">=", ">", "<", "<=", "!=")
Binding = Mapping[str, Token]


def in_priority(rules: Iterable[Rule], vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """Order rules by predicate, in vocabulary order, and those of one predicate by priority."""
    place = {name: at for at, name in enumerate(vocabulary.predicates)}
    groups: dict[tuple[int, int], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((place[rule.head.predicate], voorrang(rule)), []).append(_with_sorted_body(rule, place))
    return tuple(rule for key in sorted(groups) for rule in _specific_first(groups[key]))


def in_vocabulary_order(facts: Iterable[Fact], vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Order facts by predicate, and those of one predicate by their words, both in vocabulary order."""
    place = {name: at for at, name in enumerate(vocabulary.predicates)}
    words = {name: {word: at for at, word in enumerate(domain.values)} for name, domain in vocabulary.domains.items()}

    def key(fact: Fact) -> tuple[int, list[int], str]:
        arguments = vocabulary.predicates[fact.atom.predicate].arguments
        values = [term.value for term in fact.atom.arguments if not isinstance(term, Variable)]
        places = [
            value if isinstance(value, int) else words.get(argument.domain, {}).get(value, 0)
            for value, argument in zip(values, arguments, strict=True)
        ]
        return place[fact.atom.predicate], places, print_atom(fact.atom)

    return tuple(sorted(facts, key=key))


def as_written(rule: Rule) -> Rule:
    """Return a rule with its conditions in the order of the text."""
    return replace(rule, body=tuple(sorted(rule.body, key=lambda one: (one.span.line, one.span.column))))


def is_settled(one: Rule, other: Rule) -> bool:
    """Whether the rules themselves say which of two goes first, so that their text need not break a tie."""
    return voorrang(one) != voorrang(other) or more_specific(one, other) or more_specific(other, one)


def voorrang(rule: Rule) -> int:
    """Return the voorrang a rule says it has; `LAST` where it says none."""
    said = None if rule.metadata is None else rule.metadata.voorrang
    return LAST if said is None else said


def more_specific(one: Rule, other: Rule) -> bool:
    """Whether the other rule gives all that this one gives, and not the other way round."""
    return subsumes(other, one) and not subsumes(one, other)


def subsumes(general: Rule, special: Rule) -> bool:
    """Whether terms for the variables of `general` make its head that of `special`, and its body a part of it.

    >>> from app.lang.parser import parse
    >>> one, other = parse("x", "a(X) <= b(X)\\n\\na(Y) <= b(Y) & c(Y, 'w')").clauses
    >>> subsumes(one, other), subsumes(other, one)
    (True, False)
    """
    binding = _bound(tokens(Positive(general.head)), tokens(Positive(special.head)), {})
    return binding is not None and _covers(list(map(tokens, general.body)), list(map(tokens, special.body)), binding)


def _covers(general: Sequence[tuple[Token, ...]], special: Sequence[tuple[Token, ...]], binding: Binding) -> bool:
    """Whether every condition becomes one of the special ones."""
    if not general:
        return True
    wider = (_bound(general[0], target, binding) for target in special)
    return any(found is not None and _covers(general[1:], special, found) for found in wider)


def _bound(general: tuple[Token, ...], special: tuple[Token, ...], binding: Binding) -> Binding | None:
    """The terms so far and those that make one condition the other; None where none do."""
    if len(general) != len(special):
        return None
    found = dict(binding)
    for one, other in zip(general, special, strict=True):
        if isinstance(one, Variable):
            if found.setdefault(one.name, other) != other:
                return None
        elif one != other:
            return None
    return found


def _specific_first(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Order rules of one voorrang: each after those that are more specific, else by text."""
    waiting = sorted(rules, key=_content)
    asked = {id(one): frozenset(map(_asked, one.body)) for one in waiting}
    before = {
        id(one): {id(other) for other in waiting if asked[id(other)] >= asked[id(one)] and more_specific(other, one)}
        for one in waiting
    }
    while waiting:
        left = {id(one) for one in waiting}
        chosen = next(one for one in waiting if before[id(one)].isdisjoint(left))
        waiting.remove(chosen)
        yield chosen


def _asked(literal: Literal) -> str:
    """What a condition asks, its terms apart: conditions that differ in it cannot become the same."""
    match literal:
        case Positive(atom):
            return atom.predicate
        case Negated(atom):
            return f"~{atom.predicate}"
        case Comparison(operator):
            return operator


def _content(rule: Rule) -> tuple[str, str]:
    """The text of a rule, and of what stands above it."""
    return print_rule(rule), repr(rule.metadata)


def _with_sorted_body(rule: Rule, place: Mapping[str, int]) -> Rule:
    """Order conditions by predicate, in vocabulary order, then by text; comparisons last, lower limits first."""

    def key(literal: Literal) -> tuple[int, str]:
        if isinstance(literal, Comparison):
            return len(place) + _OPERATORS.index(literal.operator), print_literal(literal)
        return place[base(literal.atom.predicate)], print_literal(literal)

    return replace(rule, body=tuple(sorted(rule.body, key=key)))
