"""Which sources of a rule are shown, for the words of a case."""

from __future__ import annotations

import pytest

from app.advice.advies import Bron
from app.advice.law.citation import Citation
from app.engine.unknown import Unknown
from app.lang.ast import Atom, Constant, Fact, Rule
from app.lang.parser import parse

ALWAYS, WEB, WVO, WEC = (Bron(title, "1") for title in ("SD", "WEB", "WVO", "WEC"))
CLAUSES = parse(
    "a.dl",
    """
+ valt_onder('mbo', 'WEB')
+ valt_onder('pro', 'WVO')
+ valt_onder('vso', 'WEC')
+ anders('mbo', 'WVO')
mag(Casus) <= opleiding(Casus, Opleiding) & leeftijd(Casus, Jaren)
""",
).clauses
FACTS = [one for one in CLAUSES if isinstance(one, Fact)]
(RULE,) = (one for one in CLAUSES if isinstance(one, Rule))


def under(law: str) -> Atom:
    return Atom("valt_onder", (RULE.body[0].atom.arguments[1], Constant(law)))  # type: ignore[union-attr]


CITATION = Citation(RULE, [(WEB, under("WEB")), (WVO, under("WVO")), (WEC, under("WEC")), (ALWAYS, None)], FACTS)


@pytest.mark.parametrize(
    ("opleiding", "cited"),
    [
        ("mbo", (WEB, ALWAYS)),
        ("pro", (WVO, ALWAYS)),
        ("vso", (WEC, ALWAYS)),
        ("geen", (ALWAYS,)),
        (None, (WEB, WVO, WEC, ALWAYS)),
        (Unknown("opleiding", "c"), (WEB, WVO, WEC, ALWAYS)),
    ],
)
def test_the_law_that_a_school_is_under_is_cited(opleiding: object, cited: tuple[Bron, ...]) -> None:
    assert CITATION.of(("c", opleiding, 18)) == cited
    assert CITATION.of(("c", opleiding, None)) == cited


def test_sources_without_a_table_are_cited_always() -> None:
    citation = Citation(RULE, [(ALWAYS, None), (WEB, None), (ALWAYS, None)], FACTS)

    assert citation.of(("c", "mbo", 18)) == (ALWAYS, WEB)
    assert citation.of(("c", None, None)) == (ALWAYS, WEB)
