"""Formulas as one Python function: the values of many nodes in one call.

Goes in: formulas, and the nodes that are wanted. Comes out: a function of a case, its keys and a signature.
Must not know: what a node stands for.

The text of the function is straight-line code, one assignment per node, children first. It holds only numbers, and
words printed with `repr`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from app.kern.case import Case
from app.kern.formula import (
    And,
    AtMostZero,
    Certain,
    Constant,
    Derived,
    Formulas,
    Given,
    Leaf,
    Listed,
    Not,
    OneOf,
    Or,
    Possible,
    Same,
)
from app.kern.signature import Signature
from app.kern.terms import Cell, Number, Place, Quotient, Sum, cells_of
from app.kern.values import NEGATED, Keys
from app.lang.ast import Value
from app.record import record

Evaluate = Callable[[Case, Keys, Signature], tuple[int, ...]]


@record
class Compiled:
    """A function that evaluates nodes, and the place of each node in its answer."""

    evaluate: Evaluate
    place: Mapping[int, int]


def compile_nodes(formulas: Formulas, derived: Mapping[Cell, tuple[Derived, ...]], wanted: Iterable[int]) -> Compiled:
    """Compile the function that evaluates some nodes and all that is under them."""
    writer = _Writer(formulas, derived)
    ordered = writer.write(wanted)
    namespace: dict[str, object] = {"NOT": NEGATED, **writer.constants}
    exec(compile(writer.text(ordered), "<kern>", "exec"), namespace)  # noqa: S102 - our own text
    return Compiled(cast(Evaluate, namespace["evaluate"]), {node: at for at, node in enumerate(ordered)})


class _Writer:
    """The text of one function."""

    def __init__(self, formulas: Formulas, derived: Mapping[Cell, tuple[Derived, ...]]) -> None:
        self._formulas = formulas
        self._derived = derived
        self._lines: list[str] = []
        self._done: dict[int, None] = {}
        self._cells: dict[Cell, str] = {}
        self._keys: dict[str, str] = {}
        self.constants: dict[str, object] = {}
        self._named: dict[object, str] = {}

    def write(self, wanted: Iterable[int]) -> Sequence[int]:
        """Write the assignments of some nodes, children first; returns all nodes written."""
        todo = list(wanted)
        while todo:
            number = todo[-1]
            waiting = [one for one in self._under(number) if one not in self._done]
            if waiting and number not in self._done:
                todo += waiting
                continue
            todo.pop()
            if number not in self._done:
                self._lines.append(f"n{number} = {self._expression(number)}")
                self._done[number] = None
        return tuple(self._done)

    def text(self, ordered: Sequence[int]) -> str:
        """The text of the function."""
        keys = [f"{name} = keys[{constant}]" for constant, name in self._keys.items()]
        answer = f"return ({', '.join(f'n{number}' for number in ordered)},)" if ordered else "return ()"
        body = ["values, lists, unknown = case.values, case.lists, case.is_unknown", *keys, *self._lines, answer]
        return "\n    ".join(["def evaluate(case, keys, signature):", *body])

    def _under(self, number: int) -> list[int]:
        found = list(self._formulas.children(number))
        match self._formulas[number]:
            case OneOf(cell) | Given(cell):
                found += [one.node for one in self._derived.get(cell, ())]
            case AtMostZero(total):
                found += [one.node for cell in cells_of(total) for one in self._derived.get(cell, ())]
        return found

    def _expression(self, number: int) -> str:
        match self._formulas[number]:
            case And(children):
                return " & ".join(f"n{child}" for child in children)
            case Or(children):
                return " | ".join(f"n{child}" for child in children)
            case Not(child):
                return f"NOT[n{child}]"
            case Certain(child):
                return f"3 if n{child} == 3 else 0"
            case Possible(child):
                return f"3 if n{child} else 0"
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Constant(holds):
                return "3" if holds else "0"
            case OneOf(cell, values):
                return self._one_of(cell, values)
            case Given(cell):
                name = self._number(cell)
                return f"3 if {name} is not None else u{name}"
            case AtMostZero(total):
                return self._at_most_zero(total)
            case Listed(cell, is_open):
                return self._listed(cell, is_open)
            case Same(place, other):
                return f"3 if {self._word(place)} == {self._word(other)} else 0"

    def _one_of(self, cell: Cell, values: frozenset[Value]) -> str:
        name = self._words(cell)
        words = self._constant(values)
        derived = self._derived.get(cell, ())
        possible = " | ".join((f"u{name}", *(f"n{one.node}" for one in derived if one.value in values)))
        if derived:
            return f"(0 if {words}.isdisjoint({name}) else 3) if {name} else {possible}"
        return f"(3 if {name}[0] in {words} else 0) if {name} else {possible}"

    def _words(self, cell: Cell) -> str:
        """Read the words of a fact once: `w` and, where it has none, `u` for whether nobody said."""
        found = self._cells.get(cell)
        if found is None:
            found = self._cells[cell] = f"w{len(self._cells)}"
            key = self._key(cell)
            self._lines.append(f"{found} = values({cell.predicate!r}, {key})")
            for one in self._derived.get(cell, ()):
                self._lines.append(f"if n{one.node} == 3: {found} = (*{found}, {one.value!r})")
            self._lines.append(f"u{found} = 0 if {found} else 1 if unknown({cell.predicate!r}, {key}) else 0")
        return found

    def _number(self, cell: Cell) -> str:
        """Read a number once: None where it is not known, and then `u` for whether nobody said."""
        found = self._cells.get(cell)
        if found is None:
            found = self._cells[cell] = f"x{len(self._cells)}"
            key = self._key(cell)
            self._lines.append(f"{found} = (values({cell.predicate!r}, {key}) or (None,))[0]")
            for one in self._derived.get(cell, ()):
                given = self._amount(one.value) if isinstance(one.value, Sum) else repr(one.value)
                self._lines.append(f"if {found} is None and n{one.node} == 3: {found} = {given}")
            self._lines.append(
                f"u{found} = 0 if {found} is not None else 1 if unknown({cell.predicate!r}, {key}) else 0"
            )
        return found

    def _at_most_zero(self, total: Sum) -> str:
        amount = self._amount(total)
        unknown = " or ".join(f"{self._number(cell)} is None" for cell in cells_of(total))
        return f"1 if {unknown} else 3 if {amount} <= 0 else 0"

    def _amount(self, total: Sum) -> str:
        terms = [f"{factor} * {self._term(one)}" if factor != 1 else self._term(one) for one, factor in total.terms]
        return " + ".join((*terms, str(total.constant)))

    def _term(self, one: Number) -> str:
        if isinstance(one, Quotient):
            return f"(({self._amount(one.dividend)}) // {one.divisor})"
        return self._number(one)

    def _listed(self, cell: Cell, is_open: bool) -> str:
        key = self._key(cell)
        row = "".join(f", {self._word(term)}" for term in cell.rest)
        otherwise = f"1 if unknown({cell.predicate!r}, {key}) else 0" if is_open else "0"
        return f"3 if lists({cell.predicate!r}, ({key}{row},)) else {otherwise}"

    def _word(self, term: Value | Place) -> str:
        return f"signature[{term.position}]" if isinstance(term, Place) else repr(term)

    def _key(self, cell: Cell) -> str:
        return self._keys.setdefault(self._constant(cell.key), f"k{len(self._keys)}")

    def _constant(self, value: object) -> str:
        found = self._named.get(value)
        if found is None:
            found = self._named[value] = f"C{len(self._named)}"
            self.constants[found] = value
        return found
