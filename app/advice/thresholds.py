"""Thresholds: when comparisons with the calendar or with an age can change their answer.

Goes in: a program and the facts of a case. Comes out: the days and ages at which a condition that a
norm depends on may turn. Must not know: what any rule means, or what the verdict is.

Between two of these moments nothing in the rules can change, so deciding again at each is enough.
What is followed: comparisons in which the clock stands by itself, beside known dates, constants and
tables. Every comparison that a norm depends on is found by walking its rules down to the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.advice import contract
from app.advice.bindings import Bindings, Source
from app.advice.law import Law
from app.advice.plans import Premise
from app.advice.sums import assigned, factor, names_in, substituted, total
from app.engine.facts import FactSet
from app.lang.ast import Arithmetic, Comparison, Constant, Expression, Rule, Value, Variable
from app.record import record

MOST_COMBINATIONS = 10_000
"""So many sets of norms are kept ready; a law that has more finds the others again each time."""


@record
class Moments:
    """When something may turn: days (yyyymmdd, perhaps no real date) and ages."""

    days: frozenset[int]
    ages: frozenset[int]


@record
class _Turn:
    """A comparison with a clock: the clock's factor, and what else stands in it.

    `edges` are the values at which it turns, where these do not depend on the case.
    """

    comparison: Comparison
    clock: str
    factor: int
    difference: Expression
    others: frozenset[str]
    sources: tuple[Source, ...]
    fixed: tuple[Source, ...]
    edges: tuple[int, ...] | None


class Thresholds:
    """The thresholds of one program, found per norm and kept."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.clocks = law.clocks
        self._bindings = Bindings(law)
        self._turns: dict[str, tuple[_Turn, ...]] = {}
        self._together: dict[tuple[str, ...], tuple[_Turn, ...]] = {}

    def moments(self, norms: Iterable[str], facts: FactSet, day: int, age: int) -> Moments:
        """List when, after a day and beyond an age, a condition that these norms depend on may turn."""
        days: set[int] = set()
        ages: set[int] = set()
        for turn in self._turns_of_all(tuple(norms)):
            found, now = (days, day) if turn.clock == self.clocks.peildatum else (ages, age)
            later = [edge for edge in self._edges(turn, facts) if edge > now]
            if later and self._bindings.agree(turn.fixed, facts):
                found.update(later)
        return Moments(frozenset(days), frozenset(ages))

    def _turns_of_all(self, norms: tuple[str, ...]) -> tuple[_Turn, ...]:
        found = self._together.get(norms)
        if found is None:
            # Asked for all norms of a flow at once; the flows of the law have few such combinations.
            turns = {id(turn.comparison): turn for norm in norms for turn in self._turns_of(norm)}
            found = tuple(turns.values())
            if len(self._together) < MOST_COMBINATIONS:
                self._together[norms] = found
        return found

    def _turns_of(self, norm: str) -> tuple[_Turn, ...]:
        found = self._turns.get(norm)
        if found is None:
            reached: dict[int, Rule] = {}
            self._reach(contract.MAG, norm, reached, set())
            found = self._turns[norm] = tuple(turn for rule in reached.values() for turn in self._read(rule))
        return found

    def _reach(
        self, predicate: str, norm: str | None, reached: dict[int, Rule], seen: set[tuple[str, str | None]]
    ) -> None:
        """Gather the rules a predicate depends on; where an argument is a norm, only that norm's."""
        if (predicate, norm) in seen:
            return
        seen.add((predicate, norm))
        place = self._norm_place(predicate)
        for rule in self.law.rules_of.get(predicate, ()):
            own: Value | Variable | None = None
            if place is not None:
                term = rule.head.arguments[place]
                if isinstance(term, Constant) and norm is not None and term.value != norm:
                    continue
                own = term if isinstance(term, Variable) else None
            reached[id(rule)] = rule
            for premise in self.law.plan(rule).premises:
                self._reach(premise.predicate, self._passed_on(premise, own, norm), reached, seen)

    def _passed_on(self, premise: Premise, own: Value | Variable | None, norm: str | None) -> str | None:
        place = self._norm_place(premise.predicate)
        if place is None:
            return None
        term = premise.literal.atom.arguments[place]
        if isinstance(term, Constant):
            return str(term.value)
        return norm if term == own else None

    def _norm_place(self, predicate: str) -> int | None:
        arguments = self.law.vocabulary.predicates[predicate].arguments
        return next((at for at, argument in enumerate(arguments) if argument.domain == contract.NORM_DOMAIN), None)

    def _read(self, rule: Rule) -> Iterator[_Turn]:
        """The comparisons of a rule in which one clock stands by itself."""
        if rule.head.predicate == self.clocks.leeftijd:
            return
        plan = self.law.plan(rule)
        clocks, values = self._bindings.clocks(plan), assigned(plan)
        fixed = self._bindings.sources(one for one in plan.premises if one.positive and self._is_fixed(one))
        for comparison in plan.comparisons:
            difference = Arithmetic("-", substituted(comparison.left, values), substituted(comparison.right, values))
            names = names_in(difference)
            timed = [name for name in names if name in clocks]
            if len(timed) != 1 or not (times := factor(difference, timed[0])):
                continue
            others = names - {timed[0]}
            known = None if others else total(difference, {})
            yield _Turn(
                comparison,
                clocks[timed[0]],
                times,
                difference,
                others,
                self._bindings.giving(plan, others),
                fixed,
                None if known is None else _edges_of(comparison.operator, times, known),
            )

    def _is_fixed(self, premise: Premise) -> bool:
        """Whether time cannot change what a premise says: tables and input that no rule adds to."""
        declared = self.law.vocabulary.predicates[premise.predicate]
        given = declared.kind in ("tabel", "invoer") and declared.clock is None
        return given and not self.law.rules_of.get(declared.name)

    def _edges(self, turn: _Turn, facts: FactSet) -> Iterable[int]:
        """The values of the clock at which the comparison turns."""
        if turn.edges is not None:
            return turn.edges
        found: list[int] = []
        for binding in self._bindings.of(turn.others, turn.sources, facts):
            known = total(turn.difference, binding)
            if known is not None:
                found.extend(_edges_of(turn.comparison.operator, turn.factor, known))
        return found


def _edges_of(operator: str, factor: int, total: int) -> tuple[int, ...]:
    """Where factor × clock + total (operator) 0 turns: the first values at which the answer is another."""
    edge, rest = divmod(-total, factor)
    if rest or operator in ("==", "!="):
        return edge, edge + 1
    return (edge + 1,) if (operator in ("<=", ">")) == (factor > 0) else (edge,)
