"""Two laws side by side: the flows grouped by what either law makes of them.

Goes in: two programs that read the same questions. Comes out: a `FlowClass` per group of flows that both laws treat
alike. Must not know: what an oordeel means, or how a difference is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from app.advice import contract
from app.kern.cudd import Bdd
from app.kern.diagram import Diagram
from app.kern.every_flow import every_flow
from app.kern.formula import And, Not, Or
from app.kern.ground import Flow, Ground, ground
from app.kern.signature import Signature, word_of
from app.kern.space import Space
from app.kern.terms import Place
from app.lang.diagnostics import Diagnostics
from app.lang.program import Program
from app.record import record

OUTPUTS = (contract.MAG, contract.OORDEEL, contract.STRIJDIG)


@record
class FlowClass:
    """Flows for which both laws have the same formulas.

    `flows`: the flows as a set of signatures. `valid`: the facts that go together in these flows. `parts`: per law, the
    cases in which each part of the oordeel formulas holds, by node.
    """

    flows: Bdd
    valid: Bdd
    parts: tuple[Mapping[int, Bdd], Mapping[int, Bdd]]


class Law:
    """One law, ground for every flow."""

    def __init__(self, made: Ground) -> None:
        self.ground = made
        self.every: Flow = every_flow(made)

    def oordelen(self) -> Mapping[str, int]:
        """Return the node of each oordeel."""
        relation = self.every.relations.get(contract.OORDEEL)
        return {str(row[1]): node for row, node in relation.rows.items()} if relation else {}

    def norms(self) -> Mapping[str, int]:
        """Return the node of "may be shared on this norm"."""
        relation = self.every.relations.get(contract.MAG)
        return {str(row[1]): node for row, node in relation.rows.items()} if relation else {}

    def contradictions(self) -> tuple[int, ...]:
        """Return the nodes of all contradictions."""
        relation = self.ground.relations.get(contract.STRIJDIG)
        return tuple(relation.rows.values()) if relation else ()

    def parts(self) -> tuple[int, ...]:
        """Return the nodes that oordeel formulas combine by and, or and not."""
        found: dict[int, None] = {}
        seen: set[int] = set()
        todo = list(self.oordelen().values())
        while todo:
            if (node := todo.pop()) in seen:
                continue
            seen.add(node)
            if isinstance(self.ground.formulas[node], And | Or | Not):
                todo += self.ground.formulas.children(node)
            else:
                found[node] = None
        return tuple(found)


class TwoLaws:
    """Two laws over one space of cases. `refused`: per law the cases that contradict themselves."""

    def __init__(self, first: Ground, second: Ground) -> None:
        self.laws = (Law(first), Law(second))
        self.space = Space([first, second])
        self.diagrams = (Diagram(first, self.space), Diagram(second, self.space))
        both = zip(self.laws, self.diagrams, strict=True)
        refused = [self.space.any(one.pair(node).certain for node in law.contradictions()) for law, one in both]
        self.refused: tuple[Bdd, Bdd] = (refused[0], refused[1])
        self.inside: Bdd = self.space.valid & ~refused[0] & ~refused[1]

    @cached_property
    def place_bits(self) -> tuple[str, ...]:
        """The variables of the signature, first in the order."""
        return tuple(bit for choice in self.space.places.values() for bit in choice.bits)

    def cases(self) -> int:
        """Count the cases, of every flow, that are told apart."""
        return self.space.count(*self.refused)

    def signatures_in(self, flows: Bdd) -> tuple[Signature, ...]:
        """List the signatures of a set of flows."""
        found: list[tuple[Signature, Bdd]] = [((), flows)]
        for choice in self.space.places.values():
            found = [
                ((*words, word), rest)
                for words, left in found
                for word, cube in choice.cubes.items()
                if (rest := left & cube) != self.space.bdd.false
            ]
        return tuple(words for words, _ in found)

    def signatures(self) -> int:
        """Count the flows: who gives, who gets, the item, the purpose."""
        return self.space.signatures()

    def classes(self) -> Iterator[FlowClass]:
        """Yield the classes of flows, each flow in one of them."""
        nodes = [law.parts() for law in self.laws]
        sets = [one.pair(node).certain for one, parts in zip(self.diagrams, nodes, strict=True) for node in parts]
        for flows, found in self._cofactors((*sets, self.inside)):
            if found[-1] != self.space.bdd.false:
                first = dict(zip(nodes[0], found, strict=False))
                second = dict(zip(nodes[1], found[len(nodes[0]) : -1], strict=True))
                yield FlowClass(flows, found[-1], (first, second))

    def merged(self, flows: FlowClass) -> FlowClass:
        """Read rows of lists that are the same row in some flows as one: `herkomst(@2, @3)` for each purpose's own.

        Purposes that the laws treat alike then have the same cases, though facts may name the purpose.
        """
        (signature,) = self.signatures_in(self.space.bdd.cube(self._one_of(flows.flows)))
        same = self._same_rows(signature)
        if not same:
            return flows
        first, second = ({node: self._as_one(same, one) for node, one in of.items()} for of in flows.parts)
        return FlowClass(flows.flows, self._as_one(same, flows.valid), (first, second))

    def _one_of(self, flows: Bdd) -> Mapping[str, bool]:
        words = self.space.all(one.valid for one in self.space.places.values())
        found: dict[str, bool] = self.space.bdd.pick(flows & words, care_vars=set(self.place_bits))
        return found

    def _same_rows(self, signature: Signature) -> Mapping[str, str]:
        """Map the variables of rows that are the same row in a flow to one of them: the row named by its words."""
        found: dict[str, str] = {}
        first: dict[object, str] = {}
        by_place = sorted(self.space.listed.items(), key=lambda one: -sum(isinstance(r, Place) for r in one[0].rest))
        for cell, name in by_place:
            row = (cell.predicate, cell.key, tuple(word_of(word, signature) for word in cell.rest))
            kept = first.setdefault(row, name)
            if kept != name:
                found[name] = kept
        return found

    def _as_one(self, same: Mapping[str, str], cases: Bdd) -> Bdd:
        bdd = self.space.bdd
        names = bdd.support(cases)
        for name, kept in same.items():
            if name in names:
                high, low = bdd.let({name: True}, cases), bdd.let({name: False}, cases)
                cases = (bdd.var(kept) & high) | (~bdd.var(kept) & low)
        return cases

    def _cofactors(self, sets: Sequence[Bdd]) -> Iterator[tuple[Bdd, tuple[Bdd, ...]]]:
        """Yield the different ways in which the words of a flow fill in some sets, each with its flows."""
        bdd = self.space.bdd
        states: dict[tuple[Bdd, ...], Bdd] = {tuple(sets): bdd.true}
        for level, bit in enumerate(self.place_bits):
            assert bdd.level_of_var(bit) == level  # the words of the flow come first in the order
            following: dict[tuple[Bdd, ...], Bdd] = {}
            for found, flows in states.items():
                halves = [_halves(one, level) for one in found]
                for at, literal in enumerate((~bdd.var(bit), bdd.var(bit))):
                    half = tuple(pair[at] for pair in halves)
                    following[half] = following.get(half, bdd.false) | (flows & literal)
            states = following
        yield from ((flows, found) for found, flows in states.items())


def _halves(cases: Bdd, level: int) -> tuple[Bdd, Bdd]:
    """The cases with the variable at a level false, and true."""
    if cases.var is None or cases.level != level:
        return cases, cases
    low, high = cases.low, cases.high
    return (~low, ~high) if cases.negated else (low, high)


def two_laws(first: Program, second: Program) -> TwoLaws | Diagnostics:
    """Ground two laws over the same cases, or say which rules the kern does not understand."""
    grounds = [ground(one, OUTPUTS) for one in (first, second)]
    for made in grounds:
        if isinstance(made, Diagnostics):
            return made
    one, other = (made for made in grounds if isinstance(made, Ground))
    return TwoLaws(one, other)
