"""What a decided case says of one predicate."""

from __future__ import annotations

from app.advice.literals import Said
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.unknown import Unknown
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


def said(predicate: str) -> Said:
    model = CompiledEngine().prepare(LAW).decide(FACTS)
    return Said(model, LAW.vocabulary.predicates[predicate], predicate not in ("ouder", "uit"))


def test_rows_are_listed_by_their_key_in_the_order_they_were_said() -> None:
    verf = said("verf")
    assert list(verf.listed(("a", None))) == [("a", "rood"), ("a", "wit")]
    assert list(verf.listed((None, "wit"))) == [("a", "wit"), ("b", "wit")]
    assert list(verf.listed(("d", None))) == []


def test_of_a_key_about_which_nothing_was_said_no_row_is_listed_and_every_row_is_open() -> None:
    verf = said("verf")
    assert list(verf.listed(("c", None))) == []
    assert verf.status(("c", "rood")) == verf.status(("c", None)) == "open"
    assert (verf.status(("a", "wit")), verf.status(("b", "rood"))) == ("voldaan", "niet_voldaan")
    assert verf.condition(("b", "rood"), False).status == "voldaan"


def test_a_row_that_may_have_any_key_is_found_under_every_key() -> None:
    ouder = said("ouder")
    assert list(ouder.listed((9, None))) == [(9, "a"), (9, "b"), (Unknown("leeftijd", "c"), "c")]
    assert list(ouder.listed((5, None))) == [(Unknown("leeftijd", "c"), "c")]
    assert ouder.status((5, None)) == "open"
