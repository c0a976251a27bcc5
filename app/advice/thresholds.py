"""Thresholds: when comparisons with the calendar or with an age can change their answer.

Goes in: a program and the facts of a case. Comes out: the days and ages at which a condition that a
norm depends on may turn. Must not know: what any rule means, or what the verdict is.

Between two of these moments nothing in the rules can change, so deciding again at each is enough.
What is followed: comparisons in which the clock stands by itself, beside known dates, constants and
tables. Every comparison that a norm depends on is found by walking its rules down to the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.advice import contract
from app.advice.law import Law, Plan, Premise
from app.engine.facts import FactSet, Row
from app.lang.ast import Arithmetic, Comparison, Constant, Expression, Rule, Value, Variable

Binding = dict[str, Value]
MOST_COMBINATIONS = 10_000
"""So many sets of norms are kept ready; a law that has more finds the others again each time."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When something may turn: days (yyyymmdd, perhaps no real date) and ages."""

    days: frozenset[int]
    ages: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A comparison with a clock: the clock's factor, and what else stands in it.

    `edges` are the values at which it turns, where these do not depend on the case.
    """

    comparison: Comparison
    clock: str
    factor: int
    difference: Expression
    others: frozenset[str]
    sources: tuple[Premise, ...]
    fixed: tuple[Premise, ...]
    edges: tuple[int, ...] | None


class Thresholds:
    """The thresholds of one program, found per norm and kept."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.clocks = law.clocks
        self._turns: dict[str, tuple[_Turn, ...]] = {}
        self._together: dict[tuple[str, ...], tuple[_Turn, ...]] = {}

    def moments(self, norms: Iterable[str], facts: FactSet, day: int, age: int) -> Moments:
        """List when, after a day and beyond an age, a condition that these norms depend on may turn."""
        days: set[int] = set()
        ages: set[int] = set()
        for turn in self._turns_of_all(tuple(norms)):
            found, now = (days, day) if turn.clock == self.clocks.peildatum else (ages, age)
            later = [edge for edge in self._edges(turn, facts) if edge > now]
            if later and self._alive(turn, facts):
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
        clocks = self._clock_variables(plan)
        assigned = _assignments(plan)
        for comparison in plan.comparisons:
            left = _substituted(comparison.left, assigned)
            right = _substituted(comparison.right, assigned)
            difference = Arithmetic("-", left, right)
            names = frozenset(variables_of(difference))
            timed = [name for name in names if name in clocks]
            if len(timed) != 1:
                continue
            factor = _factor(difference, timed[0])
            if factor:
                others = names - {timed[0]}
                total = None if others else _total(difference, {})
                yield _Turn(
                    comparison,
                    clocks[timed[0]],
                    factor,
                    difference,
                    others,
                    self._narrowing(self._sources(plan, others)),
                    self._narrowing(one for one in plan.premises if one.positive and self._is_fixed(one)),
                    None if total is None else tuple(_edges_of(comparison.operator, factor, total)),
                )

    def _clock_variables(self, plan: Plan) -> dict[str, str]:
        found: dict[str, str] = {}
        for premise in plan.premises:
            if premise.positive and premise.predicate in (self.clocks.peildatum, self.clocks.leeftijd):
                term = premise.literal.atom.arguments[1]
                if isinstance(term, Variable):
                    found[term.name] = premise.predicate
        return found

    def _sources(self, plan: Plan, names: frozenset[str]) -> Iterator[Premise]:
        """The premises that give these variables their values, and what narrows tables among them."""
        wanted, taken = set(names), set[int]()
        growing = bool(names)
        while growing:
            growing = False
            for premise in plan.premises:
                arguments = {term.name for term in premise.literal.atom.arguments[:] if isinstance(term, Variable)}
                if id(premise) in taken or not premise.positive or not arguments & wanted:
                    continue
                taken.add(id(premise))
                growing = True
                if self._is_static(premise.predicate):
                    wanted |= arguments
                yield premise

    def _narrowing(self, premises: Iterable[Premise]) -> tuple[Premise, ...]:
        """Order premises so that what one case says comes before tables, which have more rows."""
        return tuple(sorted(premises, key=lambda premise: self._is_static(premise.predicate)))

    def _is_fixed(self, premise: Premise) -> bool:
        """Whether time cannot change what a premise says: tables and input that no rule adds to."""
        declared = self.law.vocabulary.predicates[premise.predicate]
        given = declared.kind in ("tabel", "invoer") and declared.clock is None
        return given and not self.law.rules_of.get(declared.name)

    def _is_static(self, predicate: str) -> bool:
        return self.law.vocabulary.predicates[predicate].kind == "tabel"

    def _edges(self, turn: _Turn, facts: FactSet) -> Iterable[int]:
        """The values of the clock at which the comparison turns."""
        if turn.edges is not None:
            return turn.edges
        found: list[int] = []
        for binding in self._bindings(turn.others, turn.sources, facts):
            total = _total(turn.difference, binding)
            if total is not None:
                found.extend(_edges_of(turn.comparison.operator, turn.factor, total))
        return found

    def _alive(self, turn: _Turn, facts: FactSet) -> bool:
        """Whether the premises that time cannot change leave the rule a chance."""
        bindings: list[Binding] = [{}]
        for premise in turn.fixed:
            if facts.unknown.get(premise.predicate):
                continue
            rows = self._rows(premise.predicate, facts) or ()
            joined = (_bound(premise, row, binding) for binding in bindings for row in rows)
            bindings = [binding for binding in joined if binding is not None]
            if not bindings:
                return False
        return True

    def _bindings(self, wanted: frozenset[str], sources: Sequence[Premise], facts: FactSet) -> Iterator[Binding]:
        bindings: list[Binding] = [{}]
        for premise in sources:
            rows = self._rows(premise.predicate, facts)
            if rows is None:
                continue
            joined = (_bound(premise, row, binding) for binding in bindings for row in rows)
            bindings = [binding for binding in joined if binding is not None]
            if not bindings:
                return
        for binding in bindings:
            if wanted <= binding.keys():
                yield binding
            else:
                yield from self._derived(wanted, sources, binding, facts)

    def _derived(
        self, wanted: frozenset[str], sources: Sequence[Premise], binding: Binding, facts: FactSet
    ) -> Iterator[Binding]:
        """Values that other rules hand on: whatever those rules' heads can hold."""
        found = [binding]
        for name in sorted(wanted - binding.keys()):
            values = {
                value
                for premise in sources
                for at, term in enumerate(premise.literal.atom.arguments)
                if isinstance(term, Variable) and term.name == name
                for value in self._handed_on(premise.predicate, at, facts)
            }
            found = [{**partial, name: value} for partial in found for value in values]
        yield from found

    def _handed_on(self, predicate: str, place: int, facts: FactSet) -> Iterator[Value]:
        for row in facts.known.get(predicate, ()):
            yield row[place]
        for rule in self.law.rules_of.get(predicate, ()):
            term = rule.head.arguments[place]
            if isinstance(term, Constant):
                yield term.value
                continue
            plan = self.law.plan(rule)
            expression = _assignments(plan).get(term.name, term)
            names = frozenset(variables_of(expression))
            if names & self._clock_variables(plan).keys():
                continue
            for binding in self._bindings(names, self._narrowing(self._sources(plan, names)), facts):
                if isinstance(expression, Variable):
                    yield binding[expression.name]
                elif (total := _total(expression, binding)) is not None:
                    yield total

    def _rows(self, predicate: str, facts: FactSet) -> tuple[Row, ...] | None:
        """The rows that narrow a variable; None for what rules give or nobody said, which narrows nothing."""
        declared = self.law.vocabulary.predicates[predicate]
        if self.law.rules_of.get(predicate) or declared.kind in ("afgeleid", "uitkomst"):
            return None
        if facts.unknown.get(predicate):
            return None
        if declared.kind == "tabel":
            return self.law.table(predicate)
        return facts.known.get(predicate, ())


def _edges_of(operator: str, factor: int, total: int) -> tuple[int, ...]:
    """Where factor × clock + total (operator) 0 turns: the first values at which the answer is another."""
    edge, rest = divmod(-total, factor)
    if rest or operator in ("==", "!="):
        return edge, edge + 1
    return (edge + 1,) if (operator in ("<=", ">")) == (factor > 0) else (edge,)


def _bound(premise: Premise, row: Row, binding: Binding) -> Binding | None:
    result = dict(binding)
    for term, value in zip(premise.literal.atom.arguments, row, strict=True):
        if isinstance(term, Constant):
            if term.value != value:
                return None
        elif result.setdefault(term.name, value) != value:
            return None
    return result


def _assignments(plan: Plan) -> Mapping[str, Expression]:
    """The variables that a comparison gives their value, with that value."""
    bound = {
        term.name
        for premise in plan.premises
        if premise.positive
        for term in premise.literal.atom.arguments
        if isinstance(term, Variable)
    }
    found: dict[str, Expression] = {}
    for comparison in plan.comparisons:
        if comparison.operator == "==" and isinstance(comparison.left, Variable) and comparison.left.name not in bound:
            found.setdefault(comparison.left.name, _substituted(comparison.right, found))
    return found


def _substituted(expression: Expression, assigned: Mapping[str, Expression]) -> Expression:
    match expression:
        case Variable(name):
            return assigned.get(name, expression)
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, _substituted(left, assigned), _substituted(right, assigned))
        case _:
            return expression


def variables_of(expression: Expression) -> tuple[str, ...]:
    """The variables in an expression."""
    match expression:
        case Variable(name):
            return (name,)
        case Arithmetic(_, left, right):
            return variables_of(left) + variables_of(right)
        case _:
            return ()


def _factor(expression: Expression, name: str) -> int:
    """How often a variable counts in a sum; 0 where it is not simply added or subtracted."""
    match expression:
        case Variable(found):
            return 1 if found == name else 0
        case Arithmetic("+", left, right):
            return _factor(left, name) + _factor(right, name)
        case Arithmetic("-", left, right):
            return _factor(left, name) - _factor(right, name)
        case Arithmetic("*", left, Constant(int(number))):
            return _factor(left, name) * number
        case Arithmetic("*", Constant(int(number)), right):
            return _factor(right, name) * number
        case _:
            return 0


def _total(expression: Expression, binding: Binding) -> int | None:
    """Work out an expression with what is bound; the clock counts as 0. None for anything but numbers."""
    match expression:
        case Constant(value):
            return value if isinstance(value, int) else None
        case Variable(name):
            value = binding.get(name, 0)
            return value if isinstance(value, int) else None
        case Arithmetic(operator, left, right):
            first, second = _total(left, binding), _total(right, binding)
            if first is None or second is None:
                return None
            match operator:
                case "+":
                    return first + second
                case "-":
                    return first - second
                case "*":
                    return first * second
                case "//":
                    return first // second if second else None
