"""Mutants of the law: what would go unnoticed if a condition were lost?

Goes in: the real law. Comes out: programs that lack one condition, one rule or one fact, and whether any
scenario notices. Must not know: what any rule says.

Mutants are made of checked programs, not of texts: a lost condition may take a value along that the
explanation names, and that is not what is tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.advice.advisor import Advisor
from app.engine.compiled import CompiledEngine
from app.engine.model import Decider
from app.lang.ast import Comparison, Fact, Literal, Metadata, Positive, Rule, Variable
from app.lang.ordering import literal_variables
from app.lang.printer import print_clauses
from app.lang.priority import as_written
from app.lang.program import Program
from app.store import selfcheck
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario
from app.store.selfcheck import Case
from app.web.desk import Desk
from app.web.problems import Problem
from tests.properties.real_law import RealLaw
from tests.scenarios.test_scenarios import as_expected

PARTS = 12
"""Cases are decided in so many parts, each of every file: what is noticed is mostly noticed by the first."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A clause and what becomes of it: None when it is lost as a whole."""

    clause: Rule | Fact
    lost: Literal | None
    instead: Rule | None

    @property
    def name(self) -> str:
        """Say where and what is lost, on one line."""
        file = self.clause.span.file
        if self.lost is None or not isinstance(self.clause, Rule):
            return f"{file}: {_on_one_line(self.clause)}"
        head = _on_one_line(Fact(self.clause.head)).removeprefix("+ ")
        return f"{file}: {head} without {_on_one_line(Rule(self.clause.head, (self.lost,))).partition('<= ')[2]}"


def mutants(book: PolicyBook) -> Iterator[Mutant]:
    """Yield every mutant of the law of all days, once; not those that could change a text only."""
    seen: set[tuple[str, int]] = set()
    for day in book.days():
        program = book.on(day).program
        views = _views(program)
        for rule in program.rules:
            if (place := (rule.span.file, rule.span.line)) not in seen:
                seen.add(place)
                yield Mutant(rule, None, None)
                for lost in rule.body:
                    shorter = replace(
                        rule, body=tuple(one for one in rule.body if one is not lost), metadata=_silent(rule)
                    )
                    if shorter.body and _is_safe(shorter) and not _names_only(lost, shorter, views):
                        yield Mutant(rule, lost, shorter)
        for fact in program.facts:
            if (place := (fact.span.file, fact.span.line)) not in seen:
                seen.add(place)
                yield Mutant(fact, None, None)


def _silent(rule: Rule) -> Metadata | None:
    return rule.metadata and replace(rule.metadata, uitleg="Zonder uitleg.")


def _on_one_line(clause: Rule | Fact) -> str:
    bare = as_written(replace(clause, metadata=None)) if isinstance(clause, Rule) else clause
    return " ".join(print_clauses([bare]).split())


def _is_safe(rule: Rule) -> bool:
    """Whether every variable still gets its value from a positive literal or a sum."""
    bound: set[str] = set()
    for literal in rule.body:
        if isinstance(literal, Positive):
            bound |= _names(literal)
    for literal in rule.body:
        if isinstance(literal, Comparison) and literal.operator == "==" and isinstance(literal.left, Variable):
            bound |= {literal.left.name}
    head = {term.name for term in rule.head.arguments if isinstance(term, Variable)}
    return all(head <= bound and _names(literal) <= bound for literal in rule.body)


def _views(program: Program) -> frozenset[str]:
    """Return the predicates that only show a part of a flow: one rule, one condition, any values."""
    of: dict[str, list[Rule]] = {}
    for rule in program.rules:
        of.setdefault(rule.head.predicate, []).append(rule)
    return frozenset(name for name, rules in of.items() if len(rules) == 1 and _shows(rules[0]))


def _shows(rule: Rule) -> bool:
    match rule.body:
        case (Positive(atom),):
            return all(isinstance(term, Variable) for term in (*atom.arguments, *rule.head.arguments))
    return False


def _names_only(lost: Literal, rest: Rule, views: frozenset[str]) -> bool:
    """Whether a lost literal only gave the explanation a value: it always holds, and nothing else reads it."""
    if not isinstance(lost, Positive) or lost.atom.predicate not in views:
        return False
    key, *shown = lost.atom.arguments
    read = {term.name for term in rest.head.arguments if isinstance(term, Variable)}
    read |= {name for literal in rest.body for name in _names(literal)}
    return isinstance(key, Variable) and all(isinstance(term, Variable) and term.name not in read for term in shown)


def _names(literal: Literal) -> set[str]:
    return {variable.name for variable in literal_variables(literal)}


class MutantBook:
    """The law by date with one clause changed; days whose law lacks the clause keep the real one."""

    def __init__(self, book: PolicyBook, mutant: Mutant) -> None:
        self.version = book.version
        self.hash = book.hash
        self._book = book
        self._mutant = mutant
        self._made: dict[int, Decider] = {}

    def on(self, date: int) -> Decider:
        """Return the decider of a day."""
        real = self._book.on(date)
        if self._mutant.clause not in (*real.program.rules, *real.program.facts):
            return real
        if id(real) not in self._made:
            self._made[id(real)] = CompiledEngine().prepare(self._changed(real.program))
        return self._made[id(real)]

    def next_change(self, date: int) -> int | None:
        """Return the first day after `date` on which the law changes."""
        return self._book.next_change(date)

    def _changed(self, program: Program) -> Program:
        clause, instead = self._mutant.clause, self._mutant.instead
        if isinstance(clause, Fact):
            return replace(
                program, facts=tuple(fact for fact in program.facts if fact is not clause and fact != clause)
            )
        rules = (rule if rule != clause else instead for rule in program.rules)
        return replace(program, rules=tuple(rule for rule in rules if rule is not None))


def is_noticed(law: RealLaw, cases: list[Case], mutant: Mutant) -> bool:
    """Whether any scenario's expectation fails under the mutant; an error is a failure too."""
    book = MutantBook(law.book, mutant)
    try:
        for part in (cases[start::PARTS] for start in range(PARTS)):
            if selfcheck.oordelen(part, [book]).faults:  # type: ignore[list-item]  # by date is all it asks
                return True
        desk = Desk(law.reader, Advisor(book))
        return any(not _holds(desk, scenario) for scenario in law.scenarios)
    except Exception:
        return True


def _holds(desk: Desk, scenario: Scenario) -> bool:
    try:
        answer: Mapping[str, object] = desk.answer_value(dict(scenario.vraag))
        as_expected(scenario, answer)
    except Problem as problem:
        return scenario.fout in [fout.veld for fout in problem.fouten]
    except AssertionError:
        return False
    return scenario.fout is None
