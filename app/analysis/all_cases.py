"""All cases of one law: its rules ground for every flow, as sets of cases.

Goes in: a program and the days on which it is law. Comes out: per node the cases in which it holds, inside what the
service decides at all. Must not know: what is asked of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.advice import contract
from app.kern.cudd import Bdd
from app.kern.diagram import Diagram, Pair
from app.kern.every_flow import every_flow
from app.kern.example import Example, Interval, example
from app.kern.ground import Ground, ground
from app.kern.refusals import Refused
from app.kern.space import Space
from app.kern.terms import Row
from app.lang.diagnostics import Diagnostics
from app.lang.program import Program


class AllCases:
    """Every full and partial case of one law, for every flow.

    `refused`: the cases that contradict themselves; they get no advice. `inside`: all others.
    """

    def __init__(self, made: Ground, days: Interval) -> None:
        self.ground = made
        self.days = days
        self.every = every_flow(made)
        self.space = Space([made])
        self._diagram = Diagram(made, self.space)
        contradictions = made.relations.get(contract.STRIJDIG)
        nodes = contradictions.rows.values() if contradictions else ()
        self.refused: Bdd = self.space.any(self.pair(node).certain for node in nodes)
        self.inside: Bdd = self.space.valid & ~self.refused

    def pair(self, node: int) -> Pair:
        """Return the cases in which a node is certain, and possible."""
        return self._diagram.pair(node)

    def rows(self, predicate: str) -> Mapping[Row, int]:
        """Return what a predicate can say of a flow, each row with its node."""
        relation = self.every.relations.get(predicate)
        return relation.rows if relation is not None else {}

    def count(self) -> int:
        """Count the cases, of every flow, that are told apart."""
        return self.space.count(self.refused)

    def signatures(self) -> int:
        """Count the flows: who gives, who gets, the item, the purpose."""
        return self.space.signatures()

    def example(self, cases: Bdd) -> Example | None:
        """Return one of some cases that the service decides; None when there is none, or no numbers fit."""
        return example(self.space, cases & self.inside, self.days)


def all_cases(program: Program, outputs: tuple[str, ...], days: Interval) -> AllCases | Diagnostics:
    """Ground a law for all cases, or say which of its rules the kern does not understand."""
    made = ground(program, (*outputs, contract.STRIJDIG))
    if isinstance(made, Diagnostics):
        return made
    try:
        return AllCases(made, days)
    except Refused as refused:
        return Diagnostics((refused.diagnostic,))
