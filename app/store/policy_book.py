"""The law by date: for each day the program in force, made ready once.

Goes in: a `PolicySet` and an engine. Comes out: a `PolicyBook`, the advice layer's view of the law.
Must not know: files, or what any rule says.
"""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock

from app.engine.model import Decider, Engine
from app.kern.decider import NotUnderstoodError
from app.lang.diagnostics import Diagnostics, render
from app.lang.program import Program, check, in_force
from app.lang.source_text import SourceText
from app.store.policies import PolicyFault, PolicySet, Regime


class PolicyBook:
    """Programs and deciders by date. Safe to share between threads and coroutines."""

    def __init__(self, policies: PolicySet, engine: Engine, checked: PolicyBook | None = None) -> None:
        """`checked` is another engine's book of the same law: its programs need not be checked again."""
        self.policies = policies
        self._programs: dict[tuple[SourceText, ...], Program] = {} if checked is None else checked._programs
        self.version = policies.version
        self.hash = policies.hash
        self._engine = engine
        self._by_law: dict[tuple[SourceText, ...], Decider] = {}
        self._by_interval: dict[int, Decider] = {}
        self._lock = Lock()

    def on(self, date: int) -> Decider:
        """Return the decider of the law on a day (yyyymmdd); PolicyFault when that law is faulty."""
        interval = bisect_right(self.policies.boundaries, date)
        decider = self._by_interval.get(interval)
        if decider is None:
            with self._lock:
                decider = self._prepare(interval, date)
        return decider

    def next_change(self, date: int) -> int | None:
        """Return the first day after `date` on which the law changes; None when it never does."""
        place = bisect_right(self.policies.boundaries, date)
        return self.policies.boundaries[place] if place < len(self.policies.boundaries) else None

    def regimes_on(self, date: int) -> tuple[Regime, ...]:
        """Return the regimes in force on a day."""
        return tuple(regime for regime in self.policies.regimes if regime.in_force(date))

    def days(self) -> tuple[int, ...]:
        """Return one day of every interval between changes of the law."""
        boundaries = self.policies.boundaries
        return (min((*boundaries, 19000102)) - 1, *boundaries)

    def prepare_all(self) -> tuple[Decider, ...]:
        """Check all law as one whole, then make every interval ready, so that no caller waits for it.

        PolicyFault with every fault there is.
        """
        _checked(self.policies.sources, self.policies, whole=True)
        return tuple(self.on(day) for day in self.days())

    def _prepare(self, interval: int, date: int) -> Decider:
        """Make the decider of an interval ready; intervals with the same law share one."""
        sources = in_force(self.policies.sources, date)
        decider = self._by_law.get(sources)
        if decider is None:
            program = self._programs.get(sources)
            if program is None:
                program = self._programs[sources] = _checked(sources, self.policies, whole=False)
            decider = self._by_law[sources] = self._made(program, sources)
        self._by_interval[interval] = decider
        return decider

    def _made(self, program: Program, sources: tuple[SourceText, ...]) -> Decider:
        try:
            return self._engine.prepare(program)
        except NotUnderstoodError as fault:
            raise PolicyFault(render(fault.diagnostics, sources)) from None


def _checked(sources: tuple[SourceText, ...], policies: PolicySet, *, whole: bool) -> Program:
    program = check(sources, policies.vocabulary, whole=whole, words=policies.vocabulary_texts)
    if isinstance(program, Diagnostics):
        raise PolicyFault(render(program, sources))
    return program
