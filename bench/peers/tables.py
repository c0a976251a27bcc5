"""The tables of a law, as every peer reads them: the facts that stand beside the rules.

Goes in: a checked program. Comes out: rows. Must not know: what a table means.
"""

from __future__ import annotations

from app.lang.ast import Constant, Value
from app.lang.program import Program


def rows_of(program: Program) -> list[tuple[str, tuple[Value, ...]]]:
    """Return the name and the words of every fact that a program states."""
    return [
        (one.atom.predicate, tuple(term.value for term in one.atom.arguments if isinstance(term, Constant)))
        for one in program.facts
    ]
