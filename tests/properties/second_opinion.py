"""A second opinion on all cases of one flow: the formulas of its class, put to z3 with real integers.

Goes in: a `Ground`, the signature of a flow and how many entries are recorded about it. Comes out: whether some case
makes a node certain, or possible. Must not know: decision diagrams or intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from app.kern.classes import Classes
from app.kern.formula import And, AtMostZero, Certain, Constant, Given, Leaf, Listed, Not, OneOf, Or, Possible, Same
from app.kern.ground import Flow
from app.kern.signature import Signature, word_of
from app.kern.space import FIRST_DAY, LAST_DAY
from app.kern.terms import Cell, Quotient, Sum
from app.lang.ast import Value

Formula = Any
"""A formula of z3, which has no types."""


class Opinion:
    """All cases of one flow."""

    def __init__(self, classes: Classes, signature: Signature, entries: Mapping[str, int]) -> None:
        self._ground = classes.ground
        self._vocabulary = classes.ground.program.vocabulary
        self._signature = signature
        self.flow: Flow = classes.flow(signature, entries)
        self._pairs: dict[int, tuple[Formula, Formula]] = {}
        self._bounds: dict[str, Formula] = {}

    def some_case(self, *formulas: Formula) -> bool:
        """Whether a case that does not contradict itself satisfies all of some formulas."""
        strijdig = self._ground.relations["strijdig"].rows.values()
        refused = [self.pair(node)[0] for node in strijdig]
        solver = z3.Solver()
        solver.add(*formulas, *(z3.Not(one) for one in refused), *self._bounds.values())
        found = solver.check()
        assert found in (z3.sat, z3.unsat)
        return bool(found == z3.sat)

    def node(self, predicate: str, *rest: Value) -> tuple[Formula, Formula]:
        """When a row about the flow is certain, and possible."""
        found = self.flow.about(predicate).get(rest)
        return (z3.BoolVal(False), z3.BoolVal(False)) if found is None else self.pair(found)

    def pair(self, number: int) -> tuple[Formula, Formula]:
        """When a node is certain, and possible."""
        if number not in self._pairs:
            self._pairs[number] = self._made(number)
        return self._pairs[number]

    def _made(self, number: int) -> tuple[Formula, Formula]:
        match self._ground.formulas[number]:
            case And(children):
                pairs = [self.pair(child) for child in children]
                return z3.And([one for one, _ in pairs]), z3.And([one for _, one in pairs])
            case Or(children):
                pairs = [self.pair(child) for child in children]
                return z3.Or([one for one, _ in pairs]), z3.Or([one for _, one in pairs])
            case Not(child):
                certain, possible = self.pair(child)
                return z3.Not(possible), z3.Not(certain)
            case Certain(child):
                return _crisp(self.pair(child)[0])
            case Possible(child):
                return _crisp(self.pair(child)[1])
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> tuple[Formula, Formula]:
        match leaf:
            case Constant(holds):
                return _crisp(z3.BoolVal(holds))
            case Same(place, other):
                same = word_of(place, self._signature) == word_of(other, self._signature)
                return _crisp(z3.BoolVal(same))
            case Listed(cell, is_open):
                return self._listed(cell, is_open)
            case OneOf(cell, values):
                return self._one_of(cell, values)
            case Given(cell):
                known, _ = self._number(cell)
                return known, z3.Or(known, self._is_unknown(cell))
            case AtMostZero(total):
                known, amount = self._amount(total)
                return z3.And(known, amount <= 0), z3.Or(z3.Not(known), amount <= 0)

    def _listed(self, cell: Cell, is_open: bool) -> tuple[Formula, Formula]:
        row = (cell.predicate, cell.key, tuple(word_of(one, self._signature) for one in cell.rest))
        there = z3.Bool(f"row {row}")
        if not is_open:
            return _crisp(there)
        known = z3.Bool(f"list {cell.predicate} {cell.key}")
        return z3.And(known, there), z3.Or(z3.Not(known), there)

    def _is_unknown(self, cell: Cell) -> Formula:
        is_open = self._vocabulary.predicates[cell.predicate].open
        return z3.And(z3.BoolVal(is_open), z3.Not(self._stated(cell)))

    def _stated(self, cell: Cell) -> Formula:
        if self._vocabulary.predicates[cell.predicate].clock == "peildatum":
            return z3.BoolVal(True)
        if cell.predicate == "nieuwe_toestemming":  # answered by an entry, and so never known by itself
            return z3.BoolVal(False)
        return z3.Bool(f"known {cell.predicate} {cell.key}")

    def _value(self, cell: Cell) -> Formula:
        name = f"value {cell.predicate} {cell.key}"
        found = z3.Int(name)
        domain = self._vocabulary.domain_of(cell.predicate, 1)
        low, high = FIRST_DAY, LAST_DAY
        if domain.kind == "keuze":
            low, high = 0, len(domain.values) - 1
        elif domain.kind == "getal":
            low, high = domain.minimum or 0, domain.maximum or 0
        self._bounds[name] = z3.And(found >= low, found <= high)
        return found

    def _one_of(self, cell: Cell, values: frozenset[Value]) -> tuple[Formula, Formula]:
        words = self._vocabulary.domain_of(cell.predicate, 1).values
        value, stated = self._value(cell), self._stated(cell)
        given = [(one.value, *self.pair(one.node)) for one in self._ground.derived.get(cell, ())]
        is_one = z3.Or([value == words.index(str(one)) for one in values])
        certain = z3.Or(z3.And(stated, is_one), *(sure for word, sure, _ in given if word in values))
        has_word = z3.Or(stated, *(sure for _, sure, _ in given))
        may = z3.Or(self._is_unknown(cell), *(maybe for word, _, maybe in given if word in values))
        return certain, z3.Or(certain, z3.And(z3.Not(has_word), may))

    def _number(self, cell: Cell) -> tuple[Formula, Formula]:
        """Whether a number has a value, and which."""
        known, amount = self._stated(cell), self._value(cell)
        for one in reversed(self._ground.derived.get(cell, ())):
            sure = self.pair(one.node)[0]
            assert isinstance(one.value, Sum)
            _, derived = self._amount(one.value)
            amount = z3.If(self._stated(cell), self._value(cell), z3.If(sure, derived, amount))
            known = z3.Or(known, sure)
        return known, amount

    def _amount(self, total: Sum) -> tuple[Formula, Formula]:
        known: list[Formula] = []
        amount: Formula = z3.IntVal(total.constant)
        for one, factor in total.terms:
            if isinstance(one, Quotient):
                is_known, dividend = self._amount(one.dividend)
                value = dividend / one.divisor  # of integers z3 rounds down, as the rules do
            else:
                is_known, value = self._number(one)
            known.append(is_known)
            amount = amount + factor * value
        return z3.And(known), amount


def _crisp(holds: Formula) -> tuple[Formula, Formula]:
    return holds, holds
