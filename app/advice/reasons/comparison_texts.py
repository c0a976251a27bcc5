"""Comparisons in words: what is compared, from the fact that states it, and with what.

Goes in: a comparison of a rule, with values for its variables. Comes out: a clause.
Must not know: what any rule means.

What is not known is told by the fact that would state it: "hoe oud de jongere is (minstens 16)".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.advice import dates
from app.advice.law.law import Law
from app.advice.law.texts import UNSAID, listing
from app.advice.reasons.comparisons import OPPOSITE, reader, substituted, variable_names
from app.advice.reasons.plans import Plan
from app.engine.model import ModelValue
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE, Status
from app.lang.ast import Comparison, ComparisonOperator, Expression, Value, Variable
from app.lang.sides import base

Values = Sequence[ModelValue | None]

_DATE_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "eerder dan", "<=": "niet later dan", "==": "precies", "!=": "iets anders dan",
    ">=": "niet eerder dan", ">": "later dan",
}  # fmt: skip
_NUMBER_WORDS: Mapping[ComparisonOperator, str] = {
    "<": "minder dan", "<=": "hoogstens", "==": "precies", "!=": "iets anders dan",
    ">=": "minstens", ">": "meer dan",
}  # fmt: skip


def comparison(law: Law, plan: Plan, comparison: Comparison, values: Values, status: Status) -> str:
    """Write a comparison; None among the values is what is not known."""
    return _Wording(law, plan, values).told(comparison, status)


class _Wording:
    """The words of one rule's comparisons, with values for its variables."""

    def __init__(self, law: Law, plan: Plan, values: Values) -> None:
        self.law = law
        self.plan = plan
        self.values = values
        self.known = {
            name: value
            for name, value in zip(plan.variables, values, strict=True)
            if value is not None and not isinstance(value, Unknown)
        }
        self._place = {name: at for at, name in enumerate(plan.variables)}
        self._values = [self.known.get(name) for name in plan.variables]

    def told(self, comparison: Comparison, status: Status) -> str:
        left, right = comparison.left, comparison.right
        dated = any(self._is_date(name) for side in (left, right) for name in variable_names(side))
        operator = OPPOSITE[comparison.operator] if status == IMPOSSIBLE else comparison.operator
        stated = next(iter(self._facts(variable_names(left))), "") if isinstance(left, Variable) else ""
        if status == POSSIBLE and self._is_open(right):
            return self._depends(stated, left, right)
        other = self._side(right, dated, left)
        words = (_DATE_WORDS if dated else _NUMBER_WORDS)[operator]
        if not stated:
            is_value = isinstance(left, Variable) and comparison.operator == "==" and status == CERTAIN
            return self._follows(right, other) if is_value else f"{self._side(left, dated, left)} is {words} {other}"
        if status == POSSIBLE:
            return f"{stated} ({words} {other})"
        if isinstance(self._value(right), str):
            return stated if operator == "==" else f"{stated}, en niet {other}"
        return f"{stated}, en dat is {words} {other}"

    def _depends(self, stated: str, left: Expression, right: Expression) -> str:
        """A comparison that cannot be made yet, with the facts that must be known first."""
        names = [name for name in self._sources(right) if name not in self.known]
        facts = listing(self._facts(names))
        if not facts:
            return f"{stated or 'een berekening'} (nog niet te maken)"
        if not stated:
            return f"{facts} (daarmee wordt gerekend)"
        return f"{stated} (dat hangt af van {facts})" if self._is_open(left) else f"{facts} ({stated})"

    def _follows(self, right: Expression, value: str) -> str:
        """A value that was worked out, from the facts it follows from."""
        facts = listing(self._facts(self._sources(right)))
        return f"{facts}; daaruit volgt: {value}" if facts else f"uitgerekend is: {value}"

    def _sources(self, side: Expression) -> Sequence[str]:
        """The variables that premises give a value, and that a side is worked out from."""
        return variable_names(substituted(side, self.plan.given))

    def _facts(self, names: Iterable[str]) -> Sequence[str]:
        """The facts that give variables their values, in words."""
        places = [self.plan.variables.index(name) for name in names]
        found = [
            self.law.texts.fact(base(premise.predicate), premise.row(self.values))
            for place in places
            for premise in self.plan.premises
            if premise.positive
            and any(slot[0] == place for slot in premise.slots[1:])
            and (self.plan.variables[place] in self.known or self.law.vocabulary.predicates[premise.predicate].unsaid)
        ]
        return list(dict.fromkeys(found))

    def _side(self, side: Expression, dated: bool, left: Expression) -> str:
        """One side of a comparison in words; its words are of the domain of what is compared."""
        value = self._value(side)
        if isinstance(value, str):
            domains = self.plan.domains
            words_in = next((domains[name] for name in variable_names(left) if name in domains), "")
            return self.law.vocabulary.label(words_in, value) if words_in in self.law.vocabulary.domains else value
        if value is None:
            return UNSAID
        return dates.words(value) if dated and value > 9999 else str(value)

    def _value(self, side: Expression) -> Value | None:
        """The value of a side; None while it is not known."""
        return reader(side, self._place)(self._values)

    def _is_open(self, side: Expression) -> bool:
        return any(name not in self.known for name in variable_names(side))

    def _is_date(self, name: str) -> bool:
        found = self.law.vocabulary.domains.get(self.plan.domains.get(name, ""))
        return found is not None and found.kind == "datum"
