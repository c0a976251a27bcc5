"""Plans: rules made ready for walking, from the head down.

Goes in: a rule and the vocabulary. Comes out: its `Plan`: variables, premises and comparisons, with every argument
resolved to a place among the variables. Must not know: any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app.advice.texts import variable_domains
from app.engine.model import ModelRow, ModelValue
from app.lang.ast import Atom, Comparison, Constant, Negated, Positive, Rule, Value, Variable
from app.lang.program import evaluation_order, rule_variables
from app.lang.vocabulary import Vocabulary

Slot = tuple[int, Value]
"""An argument: the place of a variable among the rule's variables, or -1 and a constant."""


@dataclass(frozen=True, slots=True)
class Premise:
    """A literal of a body, its arguments resolved to places in a justification's values.

    `row` gives the row it speaks of, given the values of the rule's variables.
    """

    literal: Positive | Negated
    predicate: str
    slots: tuple[Slot, ...]
    positive: bool
    row: Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule made ready for walking: its variables, premises and comparisons, in evaluation order."""

    rule: Rule
    variables: tuple[str, ...]
    head: tuple[Slot, ...]
    premises: tuple[Premise, ...]
    comparisons: tuple[Comparison, ...]
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


def make_plan(rule: Rule, vocabulary: Vocabulary) -> Plan:
    """Resolve a rule's literals to places among its variables."""
    variables = rule_variables(rule)
    place = {name: index for index, name in enumerate(variables)}
    premises = tuple(premise_of(literal, place) for literal in reading_order(rule))
    comparisons = tuple(literal for literal in evaluation_order(rule) if isinstance(literal, Comparison))
    domains = variable_domains(rule, vocabulary)
    return Plan(rule, tuple(variables), slots_of(rule.head, place), premises, comparisons, domains)


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


def reading_order(rule: Rule) -> tuple[Positive | Negated, ...]:
    """Order a body for someone who starts at the head: as written, but nothing before its key is known.

    An engine fills a rule from its facts; here the head is given, and of an unsaid fact only a known
    key can tell that it is unsaid.
    """
    known = _names(rule.head)
    waiting = [literal for literal in rule.body if not isinstance(literal, Comparison)]
    ordered: list[Positive | Negated] = []
    while waiting:
        chosen = next((one for one in waiting if _ready(one, known)), None)
        chosen = chosen or next((one for one in waiting if _names(one.atom) & known), waiting[0])
        waiting.remove(chosen)
        ordered.append(chosen)
        if isinstance(chosen, Positive):
            known |= _names(chosen.atom)
    return tuple(ordered)


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
