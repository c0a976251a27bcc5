"""Comparisons of rules with the values of one case, as far as these are known.

Goes in: a comparison, and the places of its variables. Comes out: a `Test` that reads values by place, made once per
rule. Must not know: facts, or how a comparison is worded.

A value that is not known is None, and so is everything worked out from it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE, Status
from app.lang.ast import Arithmetic, Comparison, ComparisonOperator, Constant, Expression, Value, Variable
from app.lang.ordering import expression_variables
from app.record import record

Values = Sequence[Any]
"""Per variable of a rule its value: a word, a number, None while it is not known."""
Read = Callable[[Values], Value | None]
OPPOSITE: Final[Mapping[ComparisonOperator, ComparisonOperator]] = {
    "<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<=",
}  # fmt: skip
_HOLDS: Final[Mapping[ComparisonOperator, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_AMOUNT: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv,
}  # fmt: skip


@record
class Test:
    """A comparison made ready to read values by place.

    `gives`: the place of the variable that the comparison gives its value, -1 for none. `places`: those of all its
    variables.
    """

    comparison: Comparison
    left: Read
    right: Read
    gives: int
    places: tuple[int, ...]

    def status(self, values: list[Any]) -> Status:
        """Return whether the comparison holds; one that gives a variable its value fills that in."""
        left, right = self.left(values), self.right(values)
        if left is None or right is None:
            if right is None or self.gives < 0:
                return POSSIBLE
            values[self.gives] = right
            return CERTAIN
        return CERTAIN if _HOLDS[self.comparison.operator](left, right) else IMPOSSIBLE


def test_of(comparison: Comparison, place: Mapping[str, int], given: Mapping[str, Expression]) -> Test:
    """Make a comparison ready; `given`: the variables that comparisons give their value."""
    left, right = comparison.left, comparison.right
    gives = place[left.name] if isinstance(left, Variable) and left.name in given else -1
    places = tuple(place[name] for side in (left, right) for name in variable_names(side))
    return Test(comparison, reader(left, place), reader(right, place), gives, places)


def reader(expression: Expression, place: Mapping[str, int]) -> Read:
    """Return a function from values to what an expression comes to."""
    match expression:
        case Constant(value):
            return lambda _: value
        case Variable(name):
            return operator.itemgetter(place[name])
        case Arithmetic(sign, left, right):
            first, second, amount = reader(left, place), reader(right, place), _AMOUNT[sign]

            def read(values: Values) -> Value | None:
                one, other = first(values), second(values)
                if not isinstance(one, int) or not isinstance(other, int) or (sign == "//" and not other):
                    return None
                return amount(one, other)

            return read


def variable_names(expression: Expression) -> tuple[str, ...]:
    """Return the names of the variables in an expression, from left to right."""
    return tuple([variable.name for variable in expression_variables(expression)])


def given_values(bound: set[str], comparisons: Sequence[Comparison]) -> Mapping[str, Expression]:
    """Return the variables that no premise binds and a comparison gives a value, with that value."""
    found: dict[str, Expression] = {}
    for comparison in comparisons:
        left = comparison.left
        if comparison.operator == "==" and isinstance(left, Variable) and left.name not in bound:
            found.setdefault(left.name, substituted(comparison.right, found))
    return found


def substituted(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """Put the value of each variable that has one in its place."""
    match expression:
        case Variable(name):
            return values.get(name, expression)
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, substituted(left, values), substituted(right, values))
        case _:
            return expression
