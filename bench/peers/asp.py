"""The four norms in answer set programming, solved by clingo.

Goes in: a program of the law for its tables, then the facts of a question. Comes out: the norms that permit its flow.
Must not know: what a norm says; `norms.lp` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import clingo

from app.engine.facts import FactSet
from app.lang.ast import Value
from app.lang.program import Program
from bench.peers.tables import rows_of

RULES: Final = Path(__file__).with_name("norms.lp")


class AspNorms:
    """The norms and the tables of one program; each question is grounded and solved by a solver of its own."""

    def __init__(self, program: Program) -> None:
        tables = (_fact(name, row) for name, row in rows_of(program))
        self._text = "\n".join((RULES.read_text(encoding="utf-8"), *tables))

    def permitting(self, facts: FactSet) -> frozenset[str]:
        """Return the norms in the one answer set; what a question does not say is false."""
        said = [_fact(name, row) for name, rows in facts.known.items() for row in rows]
        control = clingo.Control(["--warn=none"])
        control.add("base", [], self._text + "\n".join(said))
        control.ground([("base", [])])
        found: list[frozenset[str]] = []
        control.solve(
            on_model=lambda model: found.append(
                frozenset(symbol.arguments[0].string for symbol in model.symbols(shown=True))
            )
        )
        (norms,) = found
        return norms


def _fact(name: str, row: Iterable[Value]) -> str:
    return f"{name}({','.join(str(value) if type(value) is int else str(clingo.String(str(value))) for value in row)})."
