"""Support: the input facts that the value of a node rests on.

Goes in: the evaluation of one flow, and a node. Comes out: the cells that make the node what it is.
Must not know: what a node stands for.

Of a conjunction that is impossible only what is impossible counts, of one that is open only what is open; of a
disjunction that is certain the first part that is certain is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.kern.evaluate import Evaluation
from app.kern.formula import And, Certain, Not, Or, Possible
from app.kern.ground import cells_of_leaf
from app.kern.terms import Cell
from app.kern.values import CERTAIN, IMPOSSIBLE


def support(evaluation: Evaluation, number: int) -> frozenset[Cell]:
    """Return the cells that the value of a node rests on, also through values that rules give."""
    found: set[Cell] = set()
    seen: set[int] = set()
    todo = [number]
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            cells = cells_of_leaf(evaluation.ground.formulas[one])
            if cells:
                for cell in cells:
                    given = [other.node for other in evaluation.ground.derived.get(cell, ())]
                    giving = [node for node in given if evaluation.value(node) == CERTAIN]
                    if giving and not evaluation.is_stated(cell):
                        todo += giving
                    else:
                        found.add(cell)
            else:
                todo += _resting(evaluation, one)
    return frozenset(found)


def _resting(evaluation: Evaluation, number: int) -> Iterator[int]:
    """The parts of a node that make its value what it is."""
    value = evaluation.value(number)
    match evaluation.ground.formulas[number]:
        case And(children):
            yield from (child for child in children if value == CERTAIN or evaluation.value(child) == value)
        case Or(children) if value == CERTAIN:
            yield next(child for child in children if evaluation.value(child) == CERTAIN)
        case Or(children):
            yield from (child for child in children if value == IMPOSSIBLE or evaluation.value(child) == value)
        case Not(child) | Certain(child) | Possible(child):
            yield child
