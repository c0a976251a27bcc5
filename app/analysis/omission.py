"""A part of the law that is left out: a rule, a condition, a row of a table; and what it changes in a ground law.

Goes in: a program, ground row by row. Comes out: per part an `Omission`, and a `Lacking`: the rules that give other
rows without it. Must not know: any case, or what a predicate means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.kern.formula import Derived, Listed
from app.kern.ground import GroundRule
from app.kern.refusals import Refused
from app.kern.relation import Relation
from app.kern.row_graph import ROW, RowGround
from app.kern.terms import Cell, Key, Row
from app.lang.ast import Comparison, Constant, Fact, Literal, Rule, Variable
from app.lang.ordering import bound_variables, literal_variables
from app.lang.program import Program
from app.lang.sides import base
from app.record import record

FEW_ROWS: Final = 6
"""So many rows of one list stand for all rows that the whole law never reads."""
Rows = Mapping[Row, tuple[GroundRule, ...]]


@record
class Omission:
    """A rule or a row of a table that is left out, or of a rule only the conditions at these places."""

    clause: Rule | Fact
    lost: tuple[int, ...] = ()

    def remains(self) -> Rule | None:
        """Return the rule that remains; None where nothing does."""
        if not self.lost or isinstance(self.clause, Fact):
            return None
        body = tuple(literal for at, literal in enumerate(self.clause.body) if at not in self.lost)
        return replace(self.clause, body=body)


@record
class Lacking:
    """What an omission makes another: per rule the rows it gives instead, and of input facts the values given."""

    omission: Omission
    rules: Mapping[int, Rows]
    unstated: int | None
    derived: Mapping[Cell, tuple[Derived, ...]]


def omissions_of(rule: Rule) -> Iterator[tuple[int, Omission | None]]:
    """Yield each condition's place with what is left out without it; None where the rule cannot do without.

    A condition that gives a variable its value takes along those that read the value.
    """
    for at in range(len(rule.body)):
        lost = _with_readers(rule, at)
        yield at, None if lost is None or len(lost) == len(rule.body) else Omission(rule, lost)


def _with_readers(rule: Rule, at: int) -> tuple[int, ...] | None:
    lost = {at}
    while True:
        kept = [literal for place, literal in enumerate(rule.body) if place not in lost]
        bound = bound_variables(kept)
        if any(isinstance(term, Variable) and term.name not in bound for term in rule.head.arguments):
            return None
        loose = {place for place, literal in enumerate(rule.body) if place not in lost and _names(literal) - bound}
        if not loose:
            return tuple(sorted(lost))
        lost |= loose


def _names(literal: Literal) -> set[str]:
    return {variable.name for variable in literal_variables(literal)}


def lacking(ground: RowGround, omission: Omission) -> Lacking | None:
    """Ground a law again where it lacks something; None where the kern does not understand what remains."""
    clause = omission.clause
    if isinstance(clause, Fact):
        row = tuple(term.value for term in clause.atom.arguments if isinstance(term, Constant))
        return Lacking(omission, {}, ground.ids[clause.atom.predicate].get(row), ground.derived)
    try:
        return _Again(ground, omission, clause).made()
    except Refused:
        return None


class _Again:
    """Grounds the rules again that read rows which only the changed law has."""

    def __init__(self, ground: RowGround, omission: Omission, clause: Rule) -> None:
        self._ground = ground
        self._omission = omission
        self._clause = clause
        self._rules: dict[int, Rows] = {}
        self._more: dict[str, Relation] = {}
        self._derived = dict(ground.derived)

    def made(self) -> Lacking:
        name = self._clause.head.predicate
        index = next(at for at in self._ground.rules_of(name) if self._ground.program.rules[at] is self._clause)
        remains = self._omission.remains()
        join = self._ground.join_of(name, {})
        self._rules[index] = {} if remains is None else self._ground.solved(index, remains, join)
        self._add_rows(name)
        if self._more:
            for other in self._ground.order:
                self._again(other)
        return Lacking(self._omission, self._rules, None, self._derived)

    def _again(self, name: str) -> None:
        rules = self._ground.program.rules
        touched = [at for at in self._ground.rules_of(name) if at not in self._rules and self._reads(rules[at])]
        if touched:
            join = self._ground.join_of(name, self._more)
            self._rules |= {at: self._ground.solved(at, rules[at], join) for at in touched}
            self._add_rows(name)

    def _reads(self, rule: Rule) -> bool:
        atoms = (literal.atom for literal in rule.body if not isinstance(literal, Comparison))
        return any(base(atom.predicate) in self._more for atom in atoms)

    def _add_rows(self, name: str) -> None:
        """Give rows that the whole law does not have a number, and a place in the relation."""
        known = self._ground.rows(name)
        new = {row for at in self._ground.rules_of(name) for row in self._rules.get(at, ()) if row not in known}
        if not new:
            return
        if self._ground.program.vocabulary.predicates[name].kind == "invoer":
            for row in new:
                key = row[0]
                assert isinstance(key, Key)
                leaf = self._ground.row_leaf(name, self._ground.number(name, row))
                cell = Cell(name, key)
                self._derived[cell] = (*self._derived.get(cell, ()), Derived(row[1], leaf))
        else:
            self._more[name] = self._ground.relation(name, (*known, *sorted(new, key=repr)))


def with_few_rows(ground: RowGround, many: Iterable[Lacking]) -> tuple[Lacking, ...]:
    """Drop the ground rules that read rows of a list which the whole law never reads, but for a few.

    A rule without the condition that says which row may read any row. To the rest of the law all rows that it never
    reads are alike, so a few of them show what the rule does.
    """
    read = ground.read_by(ground.given.values())
    kept: dict[str, set[int]] = {}

    def is_kept(reason: GroundRule) -> bool:
        for node in ground.formulas.under((reason.node,)):
            leaf = ground.formulas[node]
            if isinstance(leaf, Listed) and leaf.cell.key.domain != ROW and node not in read:
                few = kept.setdefault(leaf.cell.predicate, set())
                if len(few) < FEW_ROWS:
                    few.add(node)
                if node not in few:
                    return False
        return True

    def trimmed(rows: Rows) -> Rows:
        few = {row: tuple(one for one in reasons if is_kept(one)) for row, reasons in rows.items()}
        return {row: reasons for row, reasons in few.items() if reasons}

    return tuple(replace(one, rules={at: trimmed(rows) for at, rows in one.rules.items()}) for one in many)


def of_program(program: Program) -> Iterator[Omission]:
    """Yield every part of a program that can be left out, in the order of its text."""
    for rule in program.rules:
        yield Omission(rule)
        yield from dict.fromkeys(one for _, one in omissions_of(rule) if one is not None)
    for fact in program.facts:
        yield Omission(fact)


def readers(ground: RowGround, given: Iterable[tuple[int, Rows]]) -> dict[int, set[tuple[str, Row]]]:
    """Return per row number the rows whose ground rules read it."""
    found: dict[int, set[tuple[str, Row]]] = {}
    for index, rows in given:
        name = ground.program.rules[index].head.predicate
        for row, reasons in rows.items():
            for reason in reasons:
                for number in ground.rows_under(reason.node):
                    found.setdefault(number, set()).add((name, row))
    return found
