"""What the advice layer works out once per program: texts, plans of rules, what is static.

Goes in: a `Decider`. Comes out: a `Law` that every part of the advice reads.
Must not know: any case, or any predicate that is not declared as output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app.advice import contract, sources
from app.advice.advies import Bron
from app.advice.casus import Form, form_of
from app.advice.clocks import Clocks, clocks_of
from app.advice.texts import Texts, variable_domains
from app.engine.facts import FactSet, Row
from app.engine.model import Decider, ModelRow, ModelValue
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


class Law:
    """One program as the advice layer sees it."""

    def __init__(self, decider: Decider) -> None:
        program = decider.program
        self.decider = decider
        self.program = program
        self.vocabulary = program.vocabulary
        self.form: Form = form_of(program.vocabulary)
        self.texts = Texts(program)
        self.clocks: Clocks = clocks_of(program.vocabulary)
        self.norm_order = {code: place for place, code in enumerate(self.vocabulary.norms)}
        self.rules_of: Mapping[str, tuple[Rule, ...]] = _by_head(program.rules)
        self._rests_on: dict[int, frozenset[str]] = {}
        self._tables: dict[str, tuple[Row, ...]] = {}
        self._plans = {id(rule): make_plan(rule, self.vocabulary) for rule in program.rules}
        self._plans_of = {name: tuple(self._plans[id(rule)] for rule in rules) for name, rules in self.rules_of.items()}
        self._step_plans: dict[tuple[ModelValue | None, ...], tuple[Plan, ...]] = {
            (norm, number): tuple(plan for plan in self._plans_of.get(contract.STAP, ()) if plan.may_give(norm, number))
            for norm in self.vocabulary.norms
            for number in range(1, 5)
        }
        self._bronnen = {id(rule): self._cite(rule) for rule in program.rules}
        nothing = FactSet({}, {})
        self.grondslag = {str(row[0]): str(row[1]) for row in decider.rows_only(nothing, "zeker", contract.GRONDSLAG)}
        self.avg = self._avg_places(nothing)
        self.regelt = self._static(nothing, contract.REGELT)
        self.omwegen: dict[Row, list[str]] = defaultdict(list)
        for row in self._static(nothing, contract.OMWEG):
            self.omwegen[row[:-1]].append(str(row[-1]))

    def plan(self, rule: Rule) -> Plan:
        """The plan of one of the program's rules."""
        return self._plans[id(rule)]

    def plans_of(self, predicate: str, row: Sequence[ModelValue | None]) -> tuple[Plan, ...]:
        """The plans of the rules that may give a fact, in program order."""
        if predicate == contract.STAP:
            return self._step_plans.get(tuple(row[1:]), self._plans_of.get(predicate, ()))
        return self._plans_of.get(predicate, ())

    def bronnen(self, rule: Rule) -> tuple[Bron, ...]:
        """The sources of one of the program's rules, with links to the text of its own time."""
        return self._bronnen[id(rule)]

    def table(self, predicate: str) -> tuple[Row, ...]:
        """The rows of a predicate that does not depend on the case."""
        found = self._tables.get(predicate)
        if found is None:
            found = self._tables[predicate] = self._static(FactSet({}, {}), predicate)
        return found

    def rests_on(self, rule: Rule) -> frozenset[str]:
        """The predicates a rule is built on, directly or through other rules."""
        found = self._rests_on.get(id(rule))
        if found is None:
            reached: set[str] = set()
            todo = [premise.predicate for premise in self.plan(rule).premises]
            while todo:
                if (name := todo.pop()) not in reached:
                    reached.add(name)
                    todo += [p.predicate for other in self.rules_of.get(name, ()) for p in self.plan(other).premises]
            found = self._rests_on[id(rule)] = frozenset(reached)
        return found

    def norm_place(self, norm: str) -> int:
        """The place of a norm in vocabulary order."""
        return self.norm_order.get(norm, len(self.norm_order))

    def _cite(self, rule: Rule) -> tuple[Bron, ...]:
        if rule.metadata is None:
            return ()
        validity = self.program.validity_of(rule)
        declared = self.vocabulary.sources
        return tuple(sources.bron(reference, declared, validity) for reference in rule.metadata.references)

    def _static(self, nothing: FactSet, predicate: str) -> tuple[Row, ...]:
        if predicate not in self.vocabulary.predicates:
            return ()
        rows = self.decider.rows_only(nothing, "zeker", predicate)
        return tuple(tuple(value for value in row if isinstance(value, str | int)) for row in rows)

    def _avg_places(self, nothing: FactSet) -> Mapping[str, str]:
        if contract.AVG not in self.vocabulary.predicates:
            return {}
        domain = self.vocabulary.predicates[contract.AVG].arguments[1].domain
        return {str(row[0]): self.texts.label(domain, str(row[1])) for row in self._static(nothing, contract.AVG)}


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


def _by_head(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[rule.head.predicate].append(rule)
    return {name: tuple(same) for name, same in found.items()}
