"""Plans: rules made ready for walking, from the head down.

Goes in: a rule and the vocabulary. Comes out: its `Plan`: variables, premises and comparisons, with every argument
resolved to a place among the variables. Must not know: any case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app.advice.law.texts import variable_domains
from app.advice.reasons.comparisons import Test, given_values, test_of
from app.engine.model import ModelRow, ModelValue
from app.lang.ast import Atom, Comparison, Constant, Expression, Negated, Positive, Rule, Value, Variable
from app.lang.program import evaluation_order, rule_variables
from app.lang.sides import base
from app.lang.vocabulary import Vocabulary

Slot = tuple[int, Value]
"""An argument: the place of a variable among the rule's variables, or -1 and a constant."""


@dataclass(frozen=True, slots=True)
class Premise:
    """A literal of a body, its arguments resolved to places in a justification's values.

    `row` returns the row it speaks of, given the values of the rule's variables.
    """

    literal: Positive | Negated
    predicate: str
    slots: tuple[Slot, ...]
    positive: bool
    row: Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule made ready for walking: its variables, premises and comparisons, in evaluation order.

    `scope`: the places of the conditions, comparisons after premises, that say which flows and words the rule is about.
    `early`: the premises among them that the head alone gives every value.
    """

    rule: Rule
    variables: tuple[str, ...]
    head: tuple[Slot, ...]
    premises: tuple[Premise, ...]
    comparisons: tuple[Comparison, ...]
    tests: tuple[Test, ...]
    """The comparisons, made ready."""
    given: Mapping[str, Expression]
    """The variables that comparisons give their value."""
    scope: tuple[int, ...]
    early: tuple[Premise, ...]
    domains: Mapping[str, str]
    """Per variable the domain it takes its values from, where a literal tells."""

    def may_give(self, *rest: Value) -> bool:
        """Whether the head can hold these values after its first argument."""
        return all(
            place >= 0 or constant == value for (place, constant), value in zip(self.head[1:], rest, strict=True)
        )

    def named(self, values: ModelRow) -> Mapping[str, ModelValue]:
        """The values of a justification by variable."""
        return dict(zip(self.variables, values, strict=True))


def make_plan(rule: Rule, vocabulary: Vocabulary, of_scope: Collection[str] = ()) -> Plan:
    """Resolve a rule's literals to places among its variables; `of_scope`: the predicates that tell a rule's scope."""
    variables = rule_variables(rule)
    place = {name: index for index, name in enumerate(variables)}
    premises = tuple(premise_of(literal, place) for literal in reading_order(rule, vocabulary, of_scope))
    comparisons = tuple(literal for literal in evaluation_order(rule) if isinstance(literal, Comparison))
    bound = {name for premise in premises if premise.positive for name in _names(premise.literal.atom)}
    given = given_values(bound, comparisons)
    tests = tuple(test_of(comparison, place, given) for comparison in comparisons)
    scope = _scope(premises, tests, of_scope)
    domains = variable_domains(rule, vocabulary)
    head = slots_of(rule.head, place)
    of_head = {at for at, _ in head}
    early = tuple(
        premises[at]
        for at in scope
        if at < len(premises) and of_head.issuperset(slot for slot, _ in premises[at].slots if slot >= 0)
    )
    return Plan(rule, tuple(variables), head, premises, comparisons, tests, given, scope, early, domains)


def _scope(premises: Sequence[Premise], tests: Sequence[Test], of_scope: Collection[str]) -> tuple[int, ...]:
    """The places of the premises of scope, and of the comparisons of nothing but values from these."""
    found = [at for at, premise in enumerate(premises) if premise.predicate in of_scope]
    told = {place for at in found for place, _ in premises[at].slots}
    compared = [at for at, test in enumerate(tests, len(premises)) if told.issuperset(test.places)]
    return (*found, *compared)


def scope_predicates(rules: Iterable[Rule], vocabulary: Vocabulary, proposed: str) -> frozenset[str]:
    """Return the predicates that rest on nothing but tables and the words of a proposed flow.

    Such a condition says which flows and words a rule is about; any other asks for a fact of the case.
    """
    found = {name for name, declared in vocabulary.predicates.items() if declared.kind == "tabel"} | {proposed}
    of_case = {name for name, declared in vocabulary.predicates.items() if declared.kind == "invoer"} - {proposed}
    waiting = list(rules)
    progress = True
    while progress:
        asking = [rule for rule in waiting if not _reads(rule).isdisjoint(of_case)]
        progress = bool(asking)
        of_case |= {rule.head.predicate for rule in asking}
        waiting = [rule for rule in waiting if rule.head.predicate not in of_case]
    return frozenset(found | {rule.head.predicate for rule in waiting})


def _reads(rule: Rule) -> set[str]:
    return {base(one.atom.predicate) for one in rule.body if not isinstance(one, Comparison)}


def premise_of(literal: Positive | Negated, place: Mapping[str, int]) -> Premise:
    """Resolve a literal to places among the variables of what it stands in."""
    slots = slots_of(literal.atom, place)
    return Premise(literal, literal.atom.predicate, slots, isinstance(literal, Positive), _row_of(slots))


def _row_of(slots: Sequence[Slot]) -> Callable[[Sequence[Any]], Any]:
    """How to make a row of values; the shapes that most literals have in the quickest way there is."""
    match slots:
        case [(place, _)] if place >= 0:
            return lambda values: (values[place],)
        case [(place, _), (-1, constant)] if place >= 0:
            return lambda values: (values[place], constant)
        case [_, _, *_] if all(place >= 0 for place, _ in slots):
            return itemgetter(*(place for place, _ in slots))
    return lambda values: tuple([values[place] if place >= 0 else constant for place, constant in slots])


def reading_order(rule: Rule, vocabulary: Vocabulary, of_scope: Collection[str] = ()) -> tuple[Positive | Negated, ...]:
    """Order a body for someone who starts at the head: in its own order, but nothing before its key is known.

    An engine fills a rule from its facts; here the head is given, and of an unsaid fact only a known key can tell that
    it is unsaid. A fact of the case waits for another condition that tells which value it is asked for.
    """
    known = _names(rule.head)
    of_case = {name for name, one in vocabulary.predicates.items() if one.kind == "invoer" and name not in of_scope}
    waiting = [literal for literal in rule.body if not isinstance(literal, Comparison)]
    ordered: list[Positive | Negated] = []
    while waiting:
        ready = [one for one in waiting if _ready(one, known)]
        sure = [one for one in ready if one.atom.predicate not in of_case or not _waits(one, waiting, known)]
        linked = [one for one in waiting if _names(one.atom) & known]
        chosen = (sure or ready or linked or waiting)[0]
        waiting.remove(chosen)
        ordered.append(chosen)
        if isinstance(chosen, Positive):
            known |= _names(chosen.atom)
    return tuple(ordered)


def _waits(literal: Positive | Negated, waiting: Iterable[Positive | Negated], known: set[str]) -> bool:
    """Whether another condition tells which value a condition asks for."""
    asked = _names(literal.atom) - known
    telling = [one.atom for one in waiting if one is not literal and isinstance(one, Positive)]
    return any(isinstance(term, Variable) and term.name in asked for atom in telling for term in atom.arguments[1:])


def _ready(literal: Positive | Negated, known: set[str]) -> bool:
    """Whether the key of a literal is known, and of a negated one every argument."""
    arguments = literal.atom.arguments
    asked = arguments[:1] if isinstance(literal, Positive) else arguments
    return all(isinstance(term, Constant) or term.name in known for term in asked)


def _names(atom: Atom) -> set[str]:
    return {term.name for term in atom.arguments if isinstance(term, Variable)}


def slots_of(atom: Atom, place: Mapping[str, int]) -> tuple[Slot, ...]:
    """Resolve an atom's arguments to places among a rule's variables."""
    return tuple((-1, term.value) if isinstance(term, Constant) else (place[term.name], 0) for term in atom.arguments)
