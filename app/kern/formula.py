"""Formulas in three-valued (Kleene) logic: immutable nodes, shared, with the rewrites that keep every value.

Goes in: leaves over the facts of a case, and nodes combined. Comes out: node numbers in a `Formulas`.
Must not know: rules, or how a case is read.

A node is certain, possible or impossible; `And` is the least of its children, `Or` the most, `Not` turns certain and
impossible around. Rewrites: flattening, absorption, De Morgan, one set of words for alternatives of one fact, and
factoring a shared condition out of alternatives. Not `x or not x` to true, and no full set to true: while `x` is
unknown neither is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.kern.terms import Cell, Place, Sum, Term, combine
from app.lang.ast import Value
from app.record import record

TRUE: Final = 0
FALSE: Final = 1
"""The numbers of the two constant nodes, in every `Formulas`."""


@record
class Constant:
    """Certain or impossible, whatever the case."""

    holds: bool


@record
class OneOf:
    """The single value of a fact is one of these words. Alternatives of one fact are one leaf."""

    cell: Cell
    values: frozenset[Value]


@record
class Given:
    """A number or date has a value."""

    cell: Cell


@record
class AtMostZero:
    """A linear sum is at most 0: `leeftijd - 17 <= 0`. Possible while one of its numbers is unknown."""

    total: Sum


@record
class Listed:
    """A list holds this row: `inhoud(casus, 'stagegegevens')`. `is_open`: unknown while the list was not given."""

    cell: Cell
    is_open: bool


@record
class Same:
    """A word of the flow's signature is this word, or that of the other place."""

    place: Place
    other: Value | Place


@record
class And:
    """All children hold."""

    children: tuple[int, ...]


@record
class Or:
    """A child holds."""

    children: tuple[int, ...]


@record
class Not:
    """The child does not hold."""

    child: int


@record
class Certain:
    """Two-valued: the child is certain."""

    child: int


@record
class Possible:
    """Two-valued: the child is certain or possible."""

    child: int


@record
class Derived:
    """A value that rules give a single open fact when the caller did not: `node` is when they do."""

    value: Term
    node: int


Leaf = Constant | OneOf | Given | AtMostZero | Listed | Same
Node = Leaf | And | Or | Not | Certain | Possible


class Formulas:
    """A growing set of nodes; equal nodes have one number, and children have lower numbers than their parent."""

    def __init__(self) -> None:
        self.nodes: list[Node] = [Constant(True), Constant(False)]
        self._numbers: dict[Node, int] = {node: number for number, node in enumerate(self.nodes)}

    def __getitem__(self, number: int) -> Node:
        return self.nodes[number]

    def __len__(self) -> int:
        return len(self.nodes)

    def add(self, node: Node) -> int:
        """Return the number of a node that needs no rewriting: a leaf."""
        found = self._numbers.get(node)
        if found is None:
            found = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def at_most_zero(self, total: Sum | int) -> int:
        """Return the node of `total <= 0`."""
        if isinstance(total, int):
            return TRUE if total <= 0 else FALSE
        return self.add(AtMostZero(total))

    def negate(self, number: int) -> int:
        """Return the node of `not number`, the negation pushed down to the leaves."""
        match self.nodes[number]:
            case Constant(holds):
                return FALSE if holds else TRUE
            case Not(child):
                return child
            case AtMostZero(total):
                return self.at_most_zero(combine(1, total, -1))
            case And(children):
                return self.either(self.negate(child) for child in children)
            case Or(children):
                return self.both(self.negate(child) for child in children)
            case Certain(child):
                return self.possible(self.negate(child))
            case Possible(child):
                return self.certain(self.negate(child))
        return self.add(Not(number))

    def certain(self, number: int) -> int:
        """Return the two-valued node of "`number` is certain"."""
        return number if self.is_two_valued(number) else self.add(Certain(number))

    def possible(self, number: int) -> int:
        """Return the two-valued node of "`number` is not impossible"."""
        return number if self.is_two_valued(number) else self.add(Possible(number))

    def is_two_valued(self, number: int) -> bool:
        """Whether a node can never be merely possible, as far as its own kind tells."""
        node = self.nodes[number]
        if isinstance(node, Not):
            return self.is_two_valued(node.child)
        return isinstance(node, Constant | Certain | Possible | Same) or (isinstance(node, Listed) and not node.is_open)

    def both(self, numbers: Iterable[int]) -> int:
        """Return the node of a conjunction."""
        members = self._members(numbers, And)
        if FALSE in members:
            return FALSE
        members.pop(TRUE, None)
        kept = [one for one in members if not self._absorbed(one, members, Or)]
        return self._made(kept, TRUE, And)

    def either(self, numbers: Iterable[int]) -> int:
        """Return the node of a disjunction."""
        members = self._members(numbers, Or)
        if TRUE in members:
            return TRUE
        members.pop(FALSE, None)
        merged = self._factored(self._united(members))
        kept = [one for one in merged if not self._absorbed(one, merged, And)]
        return self._made(_without_supersets(kept, self._conjuncts), FALSE, Or)

    def _made(self, members: Sequence[int], empty: int, kind: type[And] | type[Or]) -> int:
        if len(members) < 2:
            return members[0] if members else empty
        return self.add(kind(tuple(sorted(members))))

    def _members(self, numbers: Iterable[int], kind: type[And] | type[Or]) -> dict[int, None]:
        """Flatten children of the same kind into one ordered set."""
        found: dict[int, None] = {}
        for number in numbers:
            node = self.nodes[number]
            if isinstance(node, And | Or) and isinstance(node, kind):
                found.update(dict.fromkeys(node.children))
            else:
                found[number] = None
        return found

    def _absorbed(self, number: int, members: Iterable[int], kind: type[And] | type[Or]) -> bool:
        """Whether a child of the other kind says no more than a member that it contains."""
        node = self.nodes[number]
        if not isinstance(node, And | Or) or not isinstance(node, kind):
            return False
        return any(child in members for child in node.children)

    def _conjuncts(self, number: int) -> frozenset[int]:
        node = self.nodes[number]
        return frozenset(node.children) if isinstance(node, And) else frozenset((number,))

    def _united(self, members: Iterable[int]) -> dict[int, None]:
        """Unite the sets of words of alternatives about one fact."""
        words: dict[Cell, frozenset[Value]] = {}
        found: dict[int, None] = {}
        for number in members:
            node = self.nodes[number]
            if isinstance(node, OneOf):
                words[node.cell] = words.get(node.cell, frozenset()) | node.values
            else:
                found[number] = None
        found.update((self.add(OneOf(cell, values)), None) for cell, values in words.items())
        return found

    def _factored(self, members: dict[int, None]) -> dict[int, None]:
        """Unite conjunctions that differ only in the words of one fact, until none do."""
        while (pair := self._alike(members)) is not None:
            (first, one), (second, other), rest = pair
            left, right = self.nodes[one], self.nodes[other]
            assert isinstance(left, OneOf)
            assert isinstance(right, OneOf)
            joined = self.both((*rest, self.add(OneOf(left.cell, left.values | right.values))))
            members = {number: None for number in members if number not in (first, second)}
            members = self._united((*members, joined))
        return members

    def _alike(self, members: Iterable[int]) -> tuple[tuple[int, int], tuple[int, int], frozenset[int]] | None:
        seen: dict[tuple[Cell, frozenset[int]], tuple[int, int]] = {}
        for number in members:
            node = self.nodes[number]
            if not isinstance(node, And):
                continue
            for child in node.children:
                leaf = self.nodes[child]
                if isinstance(leaf, OneOf):
                    rest = frozenset(node.children) - {child}
                    other = seen.setdefault((leaf.cell, rest), (number, child))
                    if other[0] != number:
                        return other, (number, child), rest
        return None

    def children(self, number: int) -> tuple[int, ...]:
        """Return the nodes directly under a node."""
        match self.nodes[number]:
            case And(children) | Or(children):
                return children
            case Not(child) | Certain(child) | Possible(child):
                return (child,)
        return ()

    def under(self, roots: Iterable[int], deeper: Callable[[int], Iterable[int]] | None = None) -> frozenset[int]:
        """Return every node under some nodes, themselves included; `deeper` adds nodes that a leaf rests on."""
        found: set[int] = set()
        todo = list(roots)
        while todo:
            if (number := todo.pop()) not in found:
                found.add(number)
                todo += self.children(number)
                if deeper is not None:
                    todo += deeper(number)
        return frozenset(found)


def _without_supersets(numbers: Sequence[int], conjuncts: Callable[[int], frozenset[int]]) -> list[int]:
    """Drop alternatives that ask all that another asks, and more."""
    sets = {number: conjuncts(number) for number in numbers}
    return [one for one in numbers if not any(sets[other] < sets[one] for other in numbers if other != one)]
