"""Bindings: the values that variables of a rule can take, as far as facts and the law's tables tell without deciding.

Goes in: a law, premises of its rules, and the facts of a case. Comes out: values by name.
Must not know: what the values are for.

What rules give is not looked into, but for the one thing that is certain of it: the values their heads can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.advice.law import Law
from app.advice.plans import Plan, Premise
from app.advice.sums import Binding, assigned, names_in, substituted, total
from app.engine.facts import FactSet, Row
from app.lang.ast import Constant, Expression, Value, Variable


@dataclass(frozen=True, slots=True)
class Source:
    """A premise as a source of values: which arguments are fixed, and which variable each of the others is.

    `table`: the rows of a table of the law; None for what a case says. `ruled`: rules add to it.
    """

    predicate: str
    table: tuple[Row, ...] | None
    ruled: bool
    constants: tuple[tuple[int, Value], ...]
    names: tuple[tuple[int, str], ...]

    def rows(self, facts: FactSet) -> Sequence[Row] | None:
        """The rows that narrow a variable; None for what rules give or nobody said, which narrows nothing."""
        if self.table is not None:
            return self.table
        if self.ruled or facts.unknown.get(self.predicate):
            return None
        return facts.known.get(self.predicate, ())

    def joined(self, row: Row, binding: Binding) -> Binding | None:
        """The binding with the values of a row; None when they do not agree."""
        for place, value in self.constants:
            if row[place] != value:
                return None
        result = dict(binding)
        for place, name in self.names:
            if result.setdefault(name, row[place]) != row[place]:
                return None
        return result


@dataclass(frozen=True, slots=True)
class _Hand:
    """What a rule's head can hold in one place: a value, worked out of what these sources give."""

    expression: Expression
    names: frozenset[str]
    sources: tuple[Source, ...]


class Bindings:
    """The bindings of one law's rules. Keeps what follows from its text alone."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._hands: dict[tuple[str, int], tuple[_Hand, ...]] = {}

    def sources(self, premises: Iterable[Premise]) -> tuple[Source, ...]:
        """Make premises ready; what one case says comes before tables, which have more rows."""
        return tuple(sorted((self._source(one) for one in premises), key=lambda source: source.table is not None))

    def giving(self, plan: Plan, names: frozenset[str]) -> tuple[Source, ...]:
        """The premises that give these variables their values, and what narrows tables among them."""
        wanted, taken = set(names), list[Premise]()
        growing = bool(names)
        while growing:
            growing = False
            for premise in plan.premises:
                arguments = {term.name for term in premise.literal.atom.arguments if isinstance(term, Variable)}
                if premise in taken or not premise.positive or not arguments & wanted:
                    continue
                taken.append(premise)
                growing = True
                if self._is_table(premise.predicate):
                    wanted |= arguments
        return self.sources(taken)

    def agree(self, sources: Sequence[Source], facts: FactSet) -> bool:
        """Whether there are values with which all sources agree."""
        return bool(_join(sources, facts))

    def of(self, wanted: frozenset[str], sources: Sequence[Source], facts: FactSet) -> Iterator[Binding]:
        """List the values that the sources give the wanted variables together."""
        for binding in _join(sources, facts):
            missing = wanted - binding.keys()
            if missing:
                yield from self._handed(missing, sources, binding, facts)
            else:
                yield binding

    def _handed(
        self, missing: frozenset[str], sources: Sequence[Source], binding: Binding, facts: FactSet
    ) -> Iterator[Binding]:
        """Values that other rules hand on: whatever those rules' heads can hold."""
        found = [binding]
        for name in sorted(missing):
            values = {
                value
                for source in sources
                for place, given in source.names
                if given == name
                for value in self._handed_on(source.predicate, place, facts)
            }
            found = [{**partial, name: value} for partial in found for value in values]
        yield from found

    def _handed_on(self, predicate: str, place: int, facts: FactSet) -> Iterator[Value]:
        for row in facts.known.get(predicate, ()):
            yield row[place]
        for hand in self._hands_of(predicate, place):
            if isinstance(hand.expression, Constant):
                yield hand.expression.value
                continue
            for binding in self.of(hand.names, hand.sources, facts):
                if isinstance(hand.expression, Variable):
                    yield binding[hand.expression.name]
                elif (value := total(hand.expression, binding)) is not None:
                    yield value

    def _hands_of(self, predicate: str, place: int) -> tuple[_Hand, ...]:
        """What rules can put in a place of a predicate; what they work out of a clock is not among it."""
        found = self._hands.get((predicate, place))
        if found is None:
            hands = []
            for rule in self.law.rules_of.get(predicate, ()):
                plan = self.law.plan(rule)
                expression = substituted(rule.head.arguments[place], assigned(plan))
                names = names_in(expression)
                if not names & self.clocks(plan).keys():
                    hands.append(_Hand(expression, names, self.giving(plan, names)))
            found = self._hands[predicate, place] = tuple(hands)
        return found

    def clocks(self, plan: Plan) -> dict[str, str]:
        """The variables of a rule that tell the time, each with the predicate that gives it."""
        found: dict[str, str] = {}
        for premise in plan.premises:
            if premise.positive and premise.predicate in (self.law.clocks.peildatum, self.law.clocks.leeftijd):
                term = premise.literal.atom.arguments[1]
                if isinstance(term, Variable):
                    found[term.name] = premise.predicate
        return found

    def _source(self, premise: Premise) -> Source:
        name = premise.predicate
        arguments = premise.literal.atom.arguments
        declared = self.law.vocabulary.predicates[name]
        return Source(
            name,
            self.law.table(name) if self._is_table(name) else None,
            bool(self.law.rules_of.get(name)) or declared.kind in ("afgeleid", "uitkomst"),
            tuple((place, term.value) for place, term in enumerate(arguments) if isinstance(term, Constant)),
            tuple((place, term.name) for place, term in enumerate(arguments) if isinstance(term, Variable)),
        )

    def _is_table(self, predicate: str) -> bool:
        return self.law.vocabulary.predicates[predicate].kind == "tabel" and predicate not in self.law.rules_of


def _join(sources: Sequence[Source], facts: FactSet) -> list[Binding]:
    bindings: list[Binding] = [{}]
    for source in sources:
        rows = source.rows(facts)
        if rows is None:
            continue
        joined = [source.joined(row, binding) for binding in bindings for row in rows]
        bindings = [binding for binding in joined if binding is not None]
        if not bindings:
            return []
    return bindings
