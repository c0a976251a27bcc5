"""Generated code: for one rule, the ways in which it could give a fact, as a Python function.

Goes in: a plan. Comes out: a function that fills the rule's variables premise by premise.
Must not know: conditions in words, or what a predicate means.

A premise all of whose variables have a value is one row with one status. One with a variable that may still have
none becomes a loop over what it can stand for: where rows differ, every one is a way of its own. The text holds
nothing that a rule's author wrote but words and numbers, printed with `repr`; variables and rows are numbered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from app.advice.advies import Status
from app.advice.literals import Said
from app.advice.plans import Plan, Premise
from app.engine.model import ModelValue, Pattern

Filled = tuple[list[ModelValue | None], tuple[Pattern, ...], list[Status]]
"""The values of a rule's variables, the rows of its premises, and the statuses of these."""
Ways = Callable[[Mapping[str, Said], Sequence[ModelValue | None], int], list[Filled]]
"""The ways to fill a rule, at most so many, by what is said and the values that its head gives its variables."""
REVERSED: Mapping[Status, Status] = {"voldaan": "niet_voldaan", "niet_voldaan": "voldaan", "open": "open"}


def ways_of(plan: Plan, whole: bool) -> Ways:
    """Make the function of a rule; `whole`: its head gives every one of its variables a value."""
    namespace: dict[str, object] = {"REVERSED": REVERSED}
    exec(compile("\n".join(_Writer(plan, whole).text()), "<ways>", "exec"), namespace)  # noqa: S102 - our own text
    return cast(Ways, namespace["ways"])


class _Writer:
    """The text of one function, growing inwards."""

    def __init__(self, plan: Plan, whole: bool) -> None:
        self._plan = plan
        heads = {place for place, _ in plan.head if place >= 0}
        self._names = {place: f"v{place}" if place in heads else "None" for place in range(len(plan.variables))}
        self._sure = heads if whole else set[int]()
        """The variables that surely have a value."""
        self._indent = "    "
        self._lines = ["def ways(said, values, most):", "    found = []"]
        self._lines += [f"    v{place} = values[{place}]" for place in sorted(heads)]

    def text(self) -> list[str]:
        for number, premise in enumerate(self._plan.premises):
            self._write(f"s{number} = said[{premise.predicate!r}]")
            loose = any(place >= 0 and place not in self._sure for place, _ in premise.slots)
            if premise.positive and loose:
                self._loop(number, premise)
            else:
                self._test(number, premise)
        numbers = range(len(self._plan.premises))
        values, rows, statuses = (
            ", ".join(found) for found in (self._names.values(), (f"r{n}" for n in numbers), (f"t{n}" for n in numbers))
        )
        self._write(f"found.append(([{values}], ({rows}{',' if len(numbers) == 1 else ''}), [{statuses}]))")
        self._write("if len(found) == most: return found")
        return [*self._lines, "    return found"]

    def _test(self, number: int, premise: Premise) -> None:
        self._write(f"r{number} = {self._row(premise)}")
        status = f"'voldaan' if r{number} in s{number}.certain else s{number}.less(r{number})"
        self._write(f"t{number} = {status if premise.positive else f'REVERSED[{status}]'}")

    def _loop(self, number: int, premise: Premise) -> None:
        row = self._row(premise)
        targets = []
        for at, (place, _) in enumerate(premise.slots):
            fresh = place >= 0 and place not in self._sure
            targets.append(f"w{number}_{at}" if fresh else "_")
            if fresh:
                self._names[place] = targets[-1]
        given = f"({', '.join(targets)},)"
        self._write(f"for r{number}, t{number}, {given} in s{number}.fillings({row}):")
        self._indent += "    "

    def _row(self, premise: Premise) -> str:
        terms = [self._names[place] if place >= 0 else repr(constant) for place, constant in premise.slots]
        return f"({', '.join(terms)},)"

    def _write(self, line: str) -> None:
        self._lines.append(self._indent + line)
