"""Figures: what was measured in a few rounds, and how they are written.

Goes in: numbers per round. Comes out: `Figure`s, and lines of a table. Must not know: what was measured.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeVar

Case = TypeVar("Case")
MILLISECONDS = 1000.0


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should reach: at most, or at least, a number."""

    kind: Literal["<=", ">="]
    number: float

    def reached(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value <= self.number if self.kind == "<=" else value >= self.number


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: a value per round, its unit, its goal where there is one, and what should be known beside it."""

    name: str
    unit: str
    rounds: tuple[float, ...]
    goal: Goal | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The round in the middle."""
        return median(self.rounds)

    @property
    def verdict(self) -> str:
        """Whether the goal is reached: by the median round, or only by the best one."""
        if self.goal is None:
            return ""
        if self.goal.reached(self.median):
            return "reached"
        best = min(self.rounds) if self.goal.kind == "<=" else max(self.rounds)
        return "best round only" if self.goal.reached(best) else "NOT reached"


def per_case(
    name: str, job: Callable[[Case], object], rounds: Sequence[Sequence[Case]], goal: Goal | None = None
) -> Figure:
    """Time a job on the cases of every round, in ms per case; the note tells the middle and the slowest case.

    The note also has the processor time per case, which other work on the machine hardly changes.
    """
    means: list[float] = []
    worked: list[float] = []
    each: list[float] = []
    clock = time.perf_counter
    for cases in rounds:
        gc.collect()
        taken = []
        before = time.process_time()
        for case in cases:
            started = clock()
            job(case)
            taken.append((clock() - started) * MILLISECONDS)
        worked.append((time.process_time() - before) * MILLISECONDS / len(taken))
        means.append(sum(taken) / len(taken))
        each += taken
    spread = f"p50 {percentile(each, 50):.3f} p99 {percentile(each, 99):.3f} quickest {min(each):.3f}"
    note = f"casus {spread}; processor {median(worked):.3f}"
    return Figure(name, "ms", tuple(means), goal, note)


def percentile(values: Iterable[float], part: int) -> float:
    """Return the value that this part (in hundredths) of the values does not exceed.

    >>> percentile(range(1, 101), 99)
    99
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * part // 100) - 1)]


def table(figures: Iterable[Figure]) -> list[str]:
    """Write figures as lines of one table."""
    head = ("", "median", "min", "max", "", "goal", "", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if 1 <= place <= 3 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(figure: Figure) -> tuple[str, ...]:
    numbers = (figure.median, min(figure.rounds), max(figure.rounds))
    goal = f"{figure.goal.kind} {figure.goal.number:g}" if figure.goal else ""
    return (figure.name, *(_number(one) for one in numbers), figure.unit, goal, figure.verdict, figure.note)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"
