"""Dates in the law's words: `Jaren jaar` and `einde_schooljaar(Datum)`, as the sums they stand for.

Goes in: expressions. Comes out: the same with yyyymmdd worked out, and the way back for the printer.
Must not know: how text is parsed or printed, or which variables are dates.

A year is 10000. A school year runs from 1 August to 31 July: take month and day of 1 August off a date, and its year
is the one in which the school year began.
"""

from __future__ import annotations

from typing import Final

from app.lang.ast import NOWHERE, Arithmetic, ArithmeticOperator, Constant, Expression, Span
from app.lang.calendar import SCHOOL_YEAR, SCHOOL_YEAR_END, YEAR

END_OF_SCHOOL_YEAR: Final = "einde_schooljaar"
YEARS: Final = "jaar"
_LAST_DAY: Final[tuple[tuple[ArithmeticOperator, int], ...]] = (
    ("-", SCHOOL_YEAR), ("//", YEAR), ("*", YEAR), ("+", YEAR + SCHOOL_YEAR_END),
)  # fmt: skip
"""What makes a date into the last day of the school year in which it lies."""


def years(amount: Expression, span: Span = NOWHERE) -> Arithmetic:
    """Return a number of years, to add to a date or subtract from one."""
    return Arithmetic("*", amount, Constant(YEAR, span), span)


def amount_of_years(expression: Expression) -> Expression | None:
    """Return how many years an expression is; None where it is no number of years."""
    match expression:
        case Arithmetic("*", amount, Constant(value)) if value == YEAR:
            return amount
    return None


def end_of_school_year(date: Expression, span: Span = NOWHERE) -> Expression:
    """Return the last day of the school year in which a date lies."""
    for operator, value in _LAST_DAY:
        date = Arithmetic(operator, date, Constant(value, span), span)
    return date


def date_in_school_year(expression: Expression) -> Expression | None:
    """Return the date of which an expression is the end of the school year; None where it is none."""
    for operator, value in reversed(_LAST_DAY):
        match expression:
            case Arithmetic(found, inner, Constant(constant)) if (found, constant) == (operator, value):
                expression = inner
            case _:
                return None
    return expression
