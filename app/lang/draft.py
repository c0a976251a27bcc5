"""A program that has not been checked yet, with what the checks ask of it.

Goes in: parsed clauses and a vocabulary. Comes out: answers that several checks share.
Must not know: which checks exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from app.lang.ast import Atom, Comparison, Constant, Fact, Positive, Rule, Span, Variable
from app.lang.ordering import assignments, expression_variables
from app.lang.sides import split_side
from app.lang.source_text import SourceText
from app.lang.strata import Graph, graph_of, open_dependent, stated
from app.lang.vocabulary import Domain, Predicate, Vocabulary

PREDICATES_FILE: Final = "predicaten.toml"
NUMERIC: Final = ("getal", "datum")


@dataclass(frozen=True, slots=True)
class Draft:
    """Parsed clauses beside the vocabulary they should keep to.

    `whole`: these are all rules there are, not those in force on one day; only then does a
    predicate without rules, or without readers, mean a fault.
    `readable`: every clause could be read; one that could not may be the very one that seems to be missing.
    `stated`: the two-valued predicates that three-valued rules may read.
    `unknowns`: the places (predicate, position) where a number or date may be unknown.
    """

    vocabulary: Vocabulary
    sources: Mapping[str, SourceText]
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    whole: bool
    readable: bool
    graph: Graph
    open_dependent: frozenset[str]
    stated: frozenset[str]
    unknowns: frozenset[tuple[str, int]]

    def declared(self, atom: Atom) -> Predicate | None:
        """Return the declaration of an atom's predicate (its side aside) when the arity fits too."""
        predicate = self.vocabulary.predicates.get(split_side(atom.predicate)[1])
        fits = predicate is not None and len(predicate.arguments) == len(atom.arguments)
        return predicate if fits else None

    def is_two_valued(self, rule: Rule) -> bool:
        """Whether a rule may speak about both sides."""
        predicate = self.vocabulary.predicates.get(rule.head.predicate)
        return predicate is not None and predicate.two_valued

    def places(self, atom: Atom) -> Iterator[tuple[int, Variable | Constant, Domain]]:
        """Yield position, argument and domain of an atom; nothing when it is not declared so."""
        predicate = self.declared(atom)
        for position, argument in enumerate(atom.arguments if predicate is not None else ()):
            assert predicate is not None
            domain = self.vocabulary.domains.get(predicate.arguments[position].domain)
            if domain is not None:
                yield position, argument, domain

    def may_be_unknown(self, rule: Rule, atom: Atom, position: int) -> bool:
        """Whether a number at this place of a body may be unknown on some side."""
        return _may_be_unknown(self.unknowns, self.is_two_valued(rule), atom, position)

    def unknown_variables(self, rule: Rule) -> frozenset[str]:
        """Return the variables of a rule that may stand for an unknown number."""
        return _unknown_variables(rule, self.unknowns, self.is_two_valued(rule))


def make_draft(
    vocabulary: Vocabulary,
    sources: Mapping[str, SourceText],
    rules: tuple[Rule, ...],
    facts: tuple[Fact, ...],
    whole: bool,
    readable: bool = True,
) -> Draft:
    """Analyse clauses once, for all checks."""
    return Draft(
        vocabulary,
        sources,
        rules,
        facts,
        whole,
        readable,
        graph_of(rules),
        open_dependent(rules, vocabulary),
        stated(rules, vocabulary),
        unknown_places(rules, vocabulary),
    )


def name_span(atom: Atom) -> Span:
    """Return where the name of an atom's predicate stands."""
    span = atom.span
    return Span(span.file, span.line, span.column, span.line, span.column + len(atom.predicate))


def unknown_places(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> frozenset[tuple[str, int]]:
    """Return the places where a number or date may be unknown: in open input and what passes it on."""
    found = {
        (predicate.name, position)
        for predicate in vocabulary.predicates.values()
        for position, argument in enumerate(predicate.arguments)
        if predicate.open and position > 0 and _is_number(vocabulary, argument.domain)
    }
    progress = True
    while progress:
        progress = False
        for rule in rules:
            declared = vocabulary.predicates.get(rule.head.predicate)
            unknown = _unknown_variables(rule, found, declared is not None and declared.two_valued)
            for position, argument in enumerate(rule.head.arguments):
                place = (rule.head.predicate, position)
                if isinstance(argument, Variable) and argument.name in unknown and place not in found:
                    found.add(place)
                    progress = True
    return frozenset(found)


def _is_number(vocabulary: Vocabulary, domain: str) -> bool:
    return domain in vocabulary.domains and vocabulary.domains[domain].kind in NUMERIC


def _may_be_unknown(places: Set[tuple[str, int]], two_valued: bool, atom: Atom, position: int) -> bool:
    side, name = split_side(atom.predicate)
    # What a two-valued rule knows for certain is known, numbers too.
    return (name, position) in places and not (two_valued and side == "zeker")


def _unknown_variables(rule: Rule, places: Set[tuple[str, int]], two_valued: bool) -> frozenset[str]:
    found = {
        argument.name
        for literal in rule.body
        if isinstance(literal, Positive)
        for position, argument in enumerate(literal.atom.arguments)
        if isinstance(argument, Variable) and _may_be_unknown(places, two_valued, literal.atom, position)
    }
    # `assignments` lists them in the order in which they become possible, so one pass suffices.
    for index, name in assignments(rule.body).items():
        literal = rule.body[index]
        if isinstance(literal, Comparison) and any(one.name in found for one in expression_variables(literal.right)):
            found.add(name)
    return frozenset(found)
