"""Sums: the expressions of comparisons, worked out or taken apart, where every value in them is known.

Goes in: expressions of rules, and values by name. Comes out: numbers, and other expressions.
Must not know: facts. What to do with a number nobody gave is `solve`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.advice.plans import Plan
from app.lang.ast import Arithmetic, Constant, Expression, Value, Variable
from app.lang.ordering import expression_variables

Binding = Mapping[str, Value]


def names_in(expression: Expression) -> frozenset[str]:
    """The names of the variables in an expression."""
    return frozenset(variable.name for variable in expression_variables(expression))


def total(expression: Expression, binding: Binding) -> int | None:
    """Work out an expression with what is bound; what is not counts as 0. None for anything but numbers."""
    match expression:
        case Constant(value):
            return value if isinstance(value, int) else None
        case Variable(name):
            value = binding.get(name, 0)
            return value if isinstance(value, int) else None
        case Arithmetic(operator, left, right):
            first, second = total(left, binding), total(right, binding)
            if first is None or second is None:
                return None
            match operator:
                case "+":
                    return first + second
                case "-":
                    return first - second
                case "*":
                    return first * second
                case "//":
                    return first // second if second else None


def factor(expression: Expression, name: str) -> int:
    """How often a variable counts in a sum; 0 where it is not simply added or subtracted."""
    match expression:
        case Variable(found):
            return 1 if found == name else 0
        case Arithmetic("+", left, right):
            return factor(left, name) + factor(right, name)
        case Arithmetic("-", left, right):
            return factor(left, name) - factor(right, name)
        case Arithmetic("*", left, Constant(int(number))):
            return factor(left, name) * number
        case Arithmetic("*", Constant(int(number)), right):
            return factor(right, name) * number
        case _:
            return 0


def assigned(plan: Plan) -> Mapping[str, Expression]:
    """The variables that a comparison gives their value, with that value."""
    bound = {
        term.name
        for premise in plan.premises
        if premise.positive
        for term in premise.literal.atom.arguments
        if isinstance(term, Variable)
    }
    found: dict[str, Expression] = {}
    for comparison in plan.comparisons:
        if comparison.operator == "==" and isinstance(comparison.left, Variable) and comparison.left.name not in bound:
            found.setdefault(comparison.left.name, substituted(comparison.right, found))
    return found


def substituted(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """Put the value of each variable that has one in its place."""
    match expression:
        case Variable(name):
            return values.get(name, expression)
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, substituted(left, values), substituted(right, values))
        case _:
            return expression
