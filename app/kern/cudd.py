"""The library of decision diagrams: CUDD, through `dd`.

Goes in: names of variables. Comes out: diagrams, which compare equal when they are true of the same assignments. Must
not know: what a variable stands for.

Variables keep the order in which they were declared. A diagram and its complement share their nodes, so `regular` and
`is_complement` tell the two apart without computing anything.
"""

from __future__ import annotations

from typing import Any

from dd import cudd

Bdd = Any
"""A diagram; the library has no types."""


def manager(*, small: bool = False) -> Any:
    """Return a new manager of diagrams; `small`: for a few thousand nodes, made eighty times as fast."""
    made = cudd.BDD(memory_estimate=1 << 24, initial_cache_size=1 << 8) if small else cudd.BDD()
    # The order decides in which case a difference is shown and which words come first: it must not depend on memory.
    made.configure(reordering=False)
    return made


def regular(cases: Bdd) -> Bdd:
    """Return one and the same diagram for a diagram and its complement."""
    return ~cases if cases.negated else cases


def is_complement(cases: Bdd) -> bool:
    """Whether a diagram is the complement of its regular one."""
    return bool(cases.negated)
