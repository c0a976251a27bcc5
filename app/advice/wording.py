"""Comparisons in words: what is compared, from the fact that states it, and with what.

Goes in: a comparison of a rule, with values for its variables. Comes out: a clause.
Must not know: what any rule means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.advice import dates
from app.advice.advies import Status
from app.advice.law import Law, Plan
from app.advice.solve import OPPOSITE, Sum, evaluate, variable_names
from app.engine.model import ModelValue
from app.lang.ast import Comparison, ComparisonOperator, Expression, Variable

Values = Sequence[ModelValue | None]

_DATE_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "eerder dan", "<=": "niet later dan", "==": "gelijk aan", "!=": "iets anders dan",
    ">=": "niet eerder dan", ">": "later dan",
}  # fmt: skip
_NUMBER_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "minder dan", "<=": "hoogstens", "==": "gelijk aan", "!=": "iets anders dan",
    ">=": "minstens", ">": "meer dan",
}  # fmt: skip


def comparison(law: Law, plan: Plan, comparison: Comparison, values: Values, status: Status) -> str:
    """Write a comparison; None among the values is what is not known."""
    domains = plan.domains
    named = dict(zip(plan.variables, values, strict=True))
    dated = any(
        _is_date(law, domains.get(name, ""))
        for side in (comparison.left, comparison.right)
        for name in variable_names(side)
    )
    operator = OPPOSITE[comparison.operator] if status == "niet_voldaan" else comparison.operator
    words = (_DATE_WORDS if dated else _NUMBER_WORDS)[operator]
    words_in = next((domains[name] for name in variable_names(comparison.left) if name in domains), "")
    right = _side(law, comparison.right, named, dated, words_in)
    stated = _stated(law, plan, comparison.left, values)
    if stated:
        return f"{stated}, en dat is {words} {right}" if status != "open" else f"{stated} ({words} {right})"
    return f"{_side(law, comparison.left, named, dated, words_in)} is {words} {right}"


def _side(law: Law, side: Expression, named: Mapping[str, ModelValue | None], dated: bool, words_in: str) -> str:
    """One side of a comparison in words; `words_in` is the domain its words are from."""
    text = _side_text(side, named, dated)
    return law.vocabulary.label(words_in, text) if words_in in law.vocabulary.domains else text


def _side_text(side: Expression, named: Mapping[str, ModelValue | None], dated: bool) -> str:
    known = {name: value for name, value in named.items() if value is not None}
    if any(name not in known for name in variable_names(side)):
        return "nog onbekend"
    value = evaluate(side, known)
    if isinstance(value, str):
        return value
    if not isinstance(value, Sum) or value.factors:
        return "nog onbekend"
    return dates.words(value.constant) if dated and value.constant > 9999 else str(value.constant)


def _stated(law: Law, plan: Plan, left: Expression, values: Values) -> str:
    """The fact that gives a compared variable its value, in words."""
    if not isinstance(left, Variable):
        return ""
    place = plan.variables.index(left.name)
    for premise in plan.premises:
        if premise.positive and any(slot[0] == place for slot in premise.slots):
            return law.texts.fact(premise.predicate, premise.row(values))
    return ""


def _is_date(law: Law, domain: str) -> bool:
    found = law.vocabulary.domains.get(domain)
    return found is not None and found.kind == "datum"
