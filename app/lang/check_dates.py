"""Checks on sums with dates: a date moves by whole years, and is compared with dates.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.

A date is the number yyyymmdd, so `Datum + 14` is no date two weeks later, and nothing else would tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from app.lang.ast import Arithmetic, Comparison, Constant, Expression, Rule, Variable
from app.lang.calendar import SCHOOL_YEAR, YEAR
from app.lang.date_sums import amount_of_years, date_in_school_year
from app.lang.diagnostics import Diagnostic
from app.lang.draft import Draft
from app.lang.ordering import assignments
from app.lang.strata import body_atoms

Kind = Literal["date", "number", "years", "between"]
"""What a sum is; `between`: one date minus another, which only a number of years divides or compares."""
_EARLIEST = 1000_00_00
_MOVE = "add or subtract whole years: `Datum + 1 jaar`"


def date_sums(draft: Draft) -> Iterator[Diagnostic]:
    """Dates are moved by years and compared with dates; years are added to nothing else."""
    for rule in draft.rules:
        kinds = _declared(draft, rule)
        gives = assignments(rule.body)
        for index in gives:
            literal = rule.body[index]
            if isinstance(literal, Comparison) and (kind := _Sums(kinds).kind(literal.right)) is not None:
                kinds.setdefault(gives[index], kind)
        for literal in rule.body:
            if isinstance(literal, Comparison):
                sums = _Sums(kinds)
                sums.compare(literal)
                yield from sums.faults


def _declared(draft: Draft, rule: Rule) -> dict[str, Kind]:
    """The kinds of the variables that stand in conditions or in the head."""
    found: dict[str, Kind] = {}
    for atom in (rule.head, *body_atoms(rule)):
        for _, argument, domain in draft.places(atom):
            if isinstance(argument, Variable) and domain.kind in ("datum", "getal"):
                found.setdefault(argument.name, "date" if domain.kind == "datum" else "number")
    return found


class _Sums:
    """The kinds of the sums of one comparison, and what is wrong with them."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.faults: list[Diagnostic] = []
        self._kinds = kinds

    def compare(self, comparison: Comparison) -> None:
        """Hold both sides of a comparison against each other."""
        left, right = self.kind(comparison.left), self.kind(comparison.right)
        if {left, right} in ({"date", "number"}, {"date", "years"}, {"date", "between"}, {"between", "number"}):
            message = f"{_NAMES[left or 'date']} is compared with {_NAMES[right or 'date']}"
            self.faults.append(Diagnostic("date", message, comparison.span, "compare dates with dates"))

    def kind(self, expression: Expression) -> Kind | None:
        """Return what an expression is; None where that is not known, or something in it is wrong."""
        match expression:
            case Variable(name):
                return self._kinds.get(name)
            case Constant(int() as value) if value < _EARLIEST:
                return "years" if value and value % YEAR == 0 else "number"
            case Constant():
                return None  # a word, or as long as a date is: the domain of what it is compared with tells
            case Arithmetic():
                return self._sum(expression)

    def _sum(self, total: Arithmetic) -> Kind | None:
        if (date := date_in_school_year(total)) is not None:
            if self.kind(date) in ("number", "years", "between"):
                self._fault(total, "only a date lies in a school year")
            return "date"
        if _counts_school_years(total):
            return "date"
        if (amount := amount_of_years(total)) is not None:
            if self.kind(amount) == "date":
                self._fault(total, "years are counted by a number")
            return "years"
        return self._computed(total, self.kind(total.left), self.kind(total.right))

    def _computed(self, total: Arithmetic, left: Kind | None, right: Kind | None) -> Kind | None:
        if left is None or right is None:
            return None
        match left, total.operator, right:
            case ("date", "+" | "-", "years") | ("years", "+", "date"):
                return "date"
            case "date", "-", "date":
                return "between"
            case "between", "//", "years":
                return "number"
            case ("years", "+" | "-", "years") | ("number", _, "number"):
                return left
        if total.operator in ("+", "-"):  # what is multiplied or divided is left to the engines
            self._fault(total, f"{_NAMES[left]} {total.operator} {_NAMES[right]} is neither a date nor a number")
        return None

    def _fault(self, total: Arithmetic, message: str) -> None:
        self.faults.append(Diagnostic("date", message, total.span, _MOVE))


def _counts_school_years(total: Arithmetic) -> bool:
    """Whether a sum goes by the year in which a school year began, as `einde_schooljaar` does."""
    match total:
        case Arithmetic(
            "+",
            Arithmetic("*", Arithmetic("//", Arithmetic("-", _, Constant(begin)), Constant(per)), Constant(times)),
            _,
        ):
            return (begin, per, times) == (SCHOOL_YEAR, YEAR, YEAR)
    return False


_NAMES: Mapping[Kind, str] = {
    "date": "a date",
    "number": "a number",
    "years": "a number of years",
    "between": "the time between two dates",
}
