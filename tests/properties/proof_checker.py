"""An independent check of one reason: does this rule, with these values, derive this row here?

Goes in: a model and a justification. Comes out: whether it holds. Must not know: how engines evaluate.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from app.engine.model import Justification, Model, ModelRow, Side
from app.engine.unknown import Unknown
from app.lang.ast import Arithmetic, Comparison, Constant, Expression, Negated, Variable
from app.lang.program import rule_variables
from app.lang.sides import split_side

OTHER: Mapping[Side, Side] = {"zeker": "mogelijk", "mogelijk": "zeker"}
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
CALCULATE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
}


def proves(model: Model, side: Side, row: ModelRow, reason: Justification) -> bool:
    """Whether the reason's head is the row, and every condition of its rule holds in the model."""
    rule = reason.rule
    values = dict(zip(rule_variables(rule), reason.values, strict=True))
    if tuple(value_of(term, values) for term in rule.head.arguments) != row:
        return False
    for literal in rule.body:
        if isinstance(literal, Comparison):
            left, right = value_of(literal.left, values), value_of(literal.right, values)
            holds = isinstance(left, Unknown) or isinstance(right, Unknown) or COMPARE[literal.operator](left, right)
        else:
            named, predicate = split_side(literal.atom.predicate)
            read: Side = named or (OTHER[side] if isinstance(literal, Negated) else side)
            arguments = tuple(value_of(term, values) for term in literal.atom.arguments)
            holds = model.holds(read, predicate, arguments) is not isinstance(literal, Negated)
        if not holds:
            return False
    return True


def value_of(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The value of a term or sum."""
    match expression:
        case Variable(name):
            return values[name]
        case Constant(value):
            return value
        case Arithmetic(sign, left, right):
            return CALCULATE[sign](value_of(left, values), value_of(right, values))
