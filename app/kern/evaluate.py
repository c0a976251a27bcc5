"""Evaluating: the value of any node for one flow of one case.

Goes in: a `Ground`, a case, the keys of the case's things and the flow's signature. Comes out: certain,
possible or impossible per node. Must not know: what a node stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.kern.case import Case
from app.kern.compile import Compiled
from app.kern.formula import (
    And,
    AtMostZero,
    Certain,
    Constant,
    Given,
    Leaf,
    Listed,
    Not,
    OneOf,
    Or,
    Possible,
    Same,
)
from app.kern.ground import Ground
from app.kern.signature import Signature, word_of
from app.kern.terms import Cell, Place, Quotient, Sum
from app.kern.values import CERTAIN, IMPOSSIBLE, NEGATED, POSSIBLE, Keys
from app.lang.ast import Value

_NONE: Mapping[int, int] = {}


class Evaluation:
    """The values of nodes for one flow; each is worked out once, when first asked.

    `shared`: an evaluation that several flows share, for the nodes that `is_own` says no to: those of the case as a
    whole.
    """

    __slots__ = (
        "_case",
        "_is_own",
        "_keys",
        "_numbers",
        "_place",
        "_shared",
        "_signature",
        "_together",
        "_values",
        "ground",
    )

    def __init__(
        self,
        ground: Ground,
        case: Case,
        keys: Keys,
        signature: Signature = (),
        shared: Evaluation | None = None,
        is_own: Callable[[int], bool] | None = None,
    ) -> None:
        self._is_own = ground.is_of_flow if is_own is None else is_own
        self.ground = ground
        self._case = case
        self._keys = keys
        self._signature = signature
        self._shared = shared
        self._values: dict[int, int] = {0: CERTAIN, 1: IMPOSSIBLE}
        self._place: Mapping[int, int] = _NONE
        self._together: tuple[int, ...] = ()
        self._numbers: dict[Cell, tuple[int, int | None]] = {}

    def value(self, number: int) -> int:
        """Return the value of a node."""
        found = self._values.get(number)
        if found is None:
            if (at := self._place.get(number)) is not None:
                found = self._together[at]
            elif self._shared is None or self._is_own(number):
                found = self._evaluate(number)
            else:
                found = self._shared.value(number)
            self._values[number] = found
        return found

    def learn(self, compiled: Compiled) -> None:
        """Evaluate many nodes at once."""
        self._place, self._together = compiled.place, compiled.evaluate(self._case, self._keys, self._signature)

    def take_over(self, flow: Evaluation) -> None:
        """Take over what a flow's evaluation worked out of the case; nodes of its own are never asked for here."""
        self._place, self._together = flow._place, flow._together

    def is_own(self, number: int) -> bool:
        """Whether a node is this flow's own, and not one of the evaluation it shares."""
        return self._shared is None or self._is_own(number)

    def key(self, cell: Cell) -> Value:
        """Return the key in this case of the thing a fact is about."""
        return self._keys[cell.key]

    def word(self, term: Value | Place) -> Value:
        """Return the word a term stands for in this flow."""
        return word_of(term, self._signature)

    def is_unknown(self, cell: Cell) -> bool:
        """Whether nothing was said of an open fact."""
        return self._case.is_unknown(cell.predicate, self._keys[cell.key])

    def is_stated(self, cell: Cell) -> bool:
        """Whether a value of a single-valued fact was stated."""
        return bool(self._case.values(cell.predicate, self._keys[cell.key]))

    def _evaluate(self, number: int) -> int:
        match self.ground.formulas[number]:
            case And(children):
                return self._least(children)
            case Or(children):
                return self._most(children)
            case Not(child):
                return NEGATED[self.value(child)]
            case Certain(child):
                return CERTAIN if self.value(child) == CERTAIN else IMPOSSIBLE
            case Possible(child):
                return CERTAIN if self.value(child) else IMPOSSIBLE
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> int:
        match leaf:
            case OneOf(cell, values):
                return self._one_of(cell, values)
            case AtMostZero(total):
                amount = self.amount(total)
                return POSSIBLE if amount is None else CERTAIN if amount <= 0 else IMPOSSIBLE
            case Given(cell):
                return self._number(cell)[0]
            case Listed(cell):
                return self._listed(cell)
            case Same(place, other):
                same = word_of(place, self._signature) == word_of(other, self._signature)
                return CERTAIN if same else IMPOSSIBLE
            case Constant(holds):
                return CERTAIN if holds else IMPOSSIBLE

    def _least(self, children: tuple[int, ...]) -> int:
        least = CERTAIN
        for child in children:
            least &= self.value(child)
            if not least:
                break
        return least

    def _most(self, children: tuple[int, ...]) -> int:
        most = IMPOSSIBLE
        for child in children:
            most |= self.value(child)
            if most == CERTAIN:
                break
        return most

    def _one_of(self, cell: Cell, values: frozenset[Value]) -> int:
        certain = self.words(cell)
        if certain:
            return CERTAIN if not values.isdisjoint(certain) else IMPOSSIBLE
        if self._case.is_unknown(cell.predicate, self._keys[cell.key]):
            return POSSIBLE
        given = self.ground.derived.get(cell, ())
        return POSSIBLE if any(one.value in values and self.value(one.node) for one in given) else IMPOSSIBLE

    def words(self, cell: Cell) -> tuple[Value, ...]:
        """Return the words a fact certainly has: the one stated, else those that rules give it."""
        stated = self._case.values(cell.predicate, self._keys[cell.key])
        derived = self.ground.derived.get(cell)
        if not derived:
            return stated
        given = [one.value for one in derived if isinstance(one.value, str | int) and self.value(one.node) == CERTAIN]
        return tuple(dict.fromkeys((*stated, *given)))

    def _listed(self, cell: Cell) -> int:
        key = self._keys[cell.key]
        row = (key, *(word_of(one, self._signature) for one in cell.rest))
        if self._case.lists(cell.predicate, row):
            return CERTAIN
        return POSSIBLE if self._case.is_unknown(cell.predicate, key) else IMPOSSIBLE

    def amount(self, total: Sum) -> int | None:
        """Return what a sum comes to; None while one of its numbers is not known."""
        amount = total.constant
        for one, factor in total.terms:
            value = self._quotient(one) if isinstance(one, Quotient) else self._number(one)[1]
            if value is None:
                return None
            amount += factor * value
        return amount

    def _quotient(self, quotient: Quotient) -> int | None:
        amount = self.amount(quotient.dividend)
        return None if amount is None else amount // quotient.divisor

    def _number(self, cell: Cell) -> tuple[int, int | None]:
        """Whether a number has a value, and which."""
        found = self._numbers.get(cell)
        if found is None:
            found = self._numbers[cell] = self._read_number(cell)
        return found

    def _read_number(self, cell: Cell) -> tuple[int, int | None]:
        key = self._keys[cell.key]
        stated = self._case.values(cell.predicate, key)
        if stated:
            return CERTAIN, int(stated[0])
        for one in self.ground.derived.get(cell, ()):
            if self.value(one.node) == CERTAIN:
                return CERTAIN, self.amount(one.value) if isinstance(one.value, Sum) else int(str(one.value))
        return (POSSIBLE if self._case.is_unknown(cell.predicate, key) else IMPOSSIBLE), None
