"""Sources above a rule, and when they are cited."""

from __future__ import annotations

from app.lang.ast import Atom, Constant, Reference, Rule, Variable
from app.lang.parser import parse


def references(text: str) -> tuple[Reference, ...]:
    (rule,) = parse("a.dl", f"# bron: {text}\np(X) <= q(X)").clauses
    assert isinstance(rule, Rule)
    assert rule.metadata is not None
    return rule.metadata.references


def test_a_source_may_depend_on_a_table() -> None:
    table = Atom("valt_onder", (Variable("X"), Constant("WEB")))

    assert references("WEB 9.2.12 lid 3 bij valt_onder(X, 'WEB'); SD §1") == (
        Reference("WEB", "9.2.12 lid 3", condition=table),
        Reference("SD", "§1"),
    )


def test_a_table_may_hold_numbers() -> None:
    assert references("WEB 1 bij  termijn( X,12 )") == (
        Reference("WEB", "1", condition=Atom("termijn", (Variable("X"), Constant(12)))),
    )
