"""The statuses of the rows of one predicate."""

from __future__ import annotations

from app.advice.reasons.statuses import Statuses
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import Pattern
from app.engine.unknown import Unknown
from app.kern.values import CERTAIN, IMPOSSIBLE, POSSIBLE
from tests.unit.engine.small_law import small_program

LAW = small_program(
    "ouder(J, C) <= leeftijd(C, J)\nuit(C, J) <= ouder(J, C)",
    ("ouder", "getal casus", "afgeleid", ""),
    ("uit", "casus getal", "uitkomst", ""),
)
FACTS = FactSet(
    {"leeftijd": (("a", 9), ("b", 9), ("d", 8)), "verf": (("a", "rood"), ("a", "wit"), ("b", "wit"))},
    {"leeftijd": ("c",), "verf": ("c",)},
)


def said(predicate: str) -> Statuses:
    model = CompiledEngine().prepare(LAW).decide(FACTS)
    return Statuses(model, LAW.vocabulary.predicates[predicate], predicate not in ("ouder", "uit"))


def rows(said: Statuses, pattern: Pattern) -> list[Pattern]:
    return [row for row, _, _ in said.fillings(pattern)]


def test_rows_are_listed_by_their_key_in_the_order_they_were_said() -> None:
    verf = said("verf")
    assert list(verf.fillings(("a", None))) == [
        (("a", "rood"), CERTAIN, ("a", "rood")),
        (("a", "wit"), CERTAIN, ("a", "wit")),
    ]
    assert rows(verf, (None, "wit")) == [("a", "wit"), ("b", "wit")]


def test_a_pattern_without_rows_stands_for_itself() -> None:
    assert list(said("verf").fillings(("d", None))) == [(("d", None), IMPOSSIBLE, ("d", None))]


def test_of_a_key_about_which_nothing_was_said_no_row_is_listed_and_every_row_is_open() -> None:
    verf = said("verf")
    assert list(verf.fillings(("c", None))) == [(("c", None), POSSIBLE, ("c", None))]
    assert verf.status(("c", "rood")) == verf.status(("c", None)) == POSSIBLE
    assert (verf.status(("a", "wit")), verf.status(("b", "rood"))) == (CERTAIN, IMPOSSIBLE)
    assert (verf.holds(("c", "rood")), verf.holds(("a", "wit")), verf.holds(("b", "rood"))) == (True, True, False)


def test_a_row_that_may_have_any_key_is_found_under_every_key() -> None:
    ouder = said("ouder")
    unknown = Unknown("leeftijd", "c")
    assert rows(ouder, (9, None)) == [(9, "a"), (9, "b"), (unknown, "c")]
    assert list(ouder.fillings((5, None))) == [((unknown, "c"), POSSIBLE, (5, "c"))]
    assert list(ouder.fillings((None, "c"))) == [((unknown, "c"), POSSIBLE, (None, "c"))]
    assert ouder.status((5, None)) == POSSIBLE
