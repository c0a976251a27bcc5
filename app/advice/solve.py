"""Solving a comparison for the numbers and dates in it that nobody gave.

Goes in: a comparison, values for its variables (some `Unknown`), and the domains of the unknowns.
Comes out: the boxes of answers for which it holds. Must not know: rules or facts.

Only sums in which an unknown is added, subtracted or multiplied by a known number are solved; with
anything else the comparison counts as one that no answer settles, which errs on the safe side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.advice import dates
from app.advice.advies import Status
from app.advice.allowed import Interval, Item
from app.advice.boxes import NEVER, SETTLED, Box, Boxes, either
from app.engine.model import ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Arithmetic, Comparison, ComparisonOperator, Constant, Expression, Value, Variable
from app.lang.ordering import expression_variables
from app.lang.vocabulary import Domain
from app.record import record

Domains = Callable[[Item], Domain]
OPPOSITE: Mapping[ComparisonOperator, ComparisonOperator] = {
    "<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<=",
}  # fmt: skip
MIRRORED: Mapping[ComparisonOperator, ComparisonOperator] = {
    "<": ">", "<=": ">=", "==": "==", "!=": "!=", ">=": "<=", ">": "<",
}  # fmt: skip


@record
class Sum:
    """`constant` plus each unknown times its factor."""

    constant: int
    factors: Mapping[Item, int]


def solve(
    comparison: Comparison, values: Mapping[str, ModelValue], negated: bool, domains: Domains, today: int
) -> Boxes:
    """List the answers for which a comparison holds (or, `negated`, does not)."""
    operator = OPPOSITE[comparison.operator] if negated else comparison.operator
    left, right = evaluate(comparison.left, values), evaluate(comparison.right, values)
    if left is None or right is None:
        return NEVER
    if isinstance(left, str) or isinstance(right, str):
        return SETTLED if (operator == "==") == (left == right) else NEVER
    factors = dict(left.factors)
    for item, factor in right.factors.items():
        factors[item] = factors.get(item, 0) - factor
    factors = {item: factor for item, factor in factors.items() if factor}
    constant = left.constant - right.constant
    match list(factors.items()):
        case []:
            return SETTLED if holds(operator, constant, 0) else NEVER
        case [(item, factor)]:
            return _one(item, factor, constant, operator, domains(item))
        case [(item, factor), (other, other_factor)]:
            return _two((item, factor), (other, other_factor), constant, operator, domains, today)
    return NEVER


def holds(operator: ComparisonOperator, left: int, right: int) -> bool:
    """Compare two known numbers."""
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case "==":
            return left == right
        case "!=":
            return left != right
        case ">=":
            return left >= right
        case ">":
            return left > right


def compare(comparison: Comparison, named: Mapping[str, ModelValue]) -> Status:
    """Say whether a comparison holds; open when a value in it is not known."""
    if any(name not in named for side in (comparison.left, comparison.right) for name in variable_names(side)):
        return _assigns(comparison, named)
    left, right = evaluate(comparison.left, named), evaluate(comparison.right, named)
    if isinstance(left, str) or isinstance(right, str):
        same = left == right
        return "voldaan" if same == (comparison.operator == "==") else "niet_voldaan"
    if left is None or right is None or left.factors or right.factors:
        return "open"
    return "voldaan" if holds(comparison.operator, left.constant, right.constant) else "niet_voldaan"


def _assigns(comparison: Comparison, named: Mapping[str, ModelValue]) -> Status:
    """An assignment to a variable without a value holds once its other side is known."""
    assigned = isinstance(comparison.left, Variable) and comparison.left.name not in named
    known = all(name in named for name in variable_names(comparison.right))
    return "voldaan" if comparison.operator == "==" and assigned and known else "open"


def variable_names(expression: Expression) -> tuple[str, ...]:
    """The names of the variables in an expression, from left to right."""
    return tuple([variable.name for variable in expression_variables(expression)])


def evaluate(expression: Expression, values: Mapping[str, ModelValue]) -> Sum | str | None:
    """Work out an expression; None where an unknown is used in a way that cannot be solved."""
    match expression:
        case Constant(value):
            return _value(value)
        case Variable(name):
            return _value(values[name])
        case Arithmetic(operator, left, right):
            first, second = evaluate(left, values), evaluate(right, values)
            if not isinstance(first, Sum) or not isinstance(second, Sum):
                return None
            return _arithmetic(operator, first, second)


def _value(value: Value | Unknown) -> Sum | str | None:
    if isinstance(value, Unknown):
        return Sum(value.offset, {(value.predicate, value.key): 1}) if value.exact else None
    return value if isinstance(value, str) else Sum(value, {})


def _arithmetic(operator: str, left: Sum, right: Sum) -> Sum | None:
    if operator in "+-":
        sign = 1 if operator == "+" else -1
        factors = dict(left.factors)
        for item, factor in right.factors.items():
            factors[item] = factors.get(item, 0) + sign * factor
        return Sum(left.constant + sign * right.constant, factors)
    if operator == "*" and not (left.factors and right.factors):
        number, total = (left.constant, right) if not left.factors else (right.constant, left)
        return Sum(total.constant * number, {item: factor * number for item, factor in total.factors.items()})
    if operator == "//" and not left.factors and not right.factors and right.constant:
        return Sum(left.constant // right.constant, {})
    return None


def _one(item: Item, factor: int, constant: int, operator: ComparisonOperator, domain: Domain) -> Boxes:
    """Solve factor × unknown + constant (operator) 0."""
    if factor < 0:
        factor, constant, operator = -factor, -constant, MIRRORED[operator]
    edge, rest = divmod(-constant, factor)
    match operator:
        case "<=":
            intervals = [Interval(None, edge)]
        case "<":
            intervals = [Interval(None, edge if rest else edge - 1)]
        case ">=":
            intervals = [Interval(edge + 1 if rest else edge, None)]
        case ">":
            intervals = [Interval(edge + 1, None)]
        case "==":
            intervals = [] if rest else [Interval(edge, edge)]
        case "!=":
            intervals = [Interval(None, edge if rest else edge - 1), Interval(edge + 1, None)]
    fitted = [fit(interval, domain) for interval in intervals]
    return either({item: interval} for interval in fitted if interval is not None)


def fit(interval: Interval, domain: Domain) -> Interval | None:
    """Keep what a domain allows, dates rounded inwards to real ones; None when nothing is left.

    A limit that the domain sets itself is no limit.
    """
    low, high = interval.low, interval.high
    if domain.kind == "datum":
        low = None if low is None or low <= dates.FIRST else dates.ceiling(low)
        high = None if high is None or high >= dates.LAST else dates.floor(high)
    else:
        lowest, highest = domain.minimum, domain.maximum
        if (low is not None and highest is not None and low > highest) or (
            high is not None and lowest is not None and high < lowest
        ):
            return None
        low = None if low is None or (lowest is not None and low <= lowest) else low
        high = None if high is None or (highest is not None and high >= highest) else high
    return None if low is not None and high is not None and low > high else Interval(low, high)


def _two(
    first: tuple[Item, int],
    second: tuple[Item, int],
    constant: int,
    operator: ComparisonOperator,
    domains: Domains,
    today: int,
) -> Boxes:
    """Solve for two unknowns: pin one at the end of its domain that helps most, and solve for the other.

    That is not every solution, but where an end exists it leaves the other one the most room.
    """
    found: list[Box] = []
    for (pinned, factor), (free, free_factor) in ((first, second), (second, first)):
        domain = domains(pinned)
        limits = (today,) if domain.kind == "datum" else (domain.minimum, domain.maximum)
        ends = [end for end in limits if end is not None]
        for end in ends:
            for box in _one(free, free_factor, constant + factor * end, operator, domains(free)):
                found.append({pinned: Interval(end, end), **box})
    return either(found)
