"""z3 on the same formulas, with integers instead of intervals: what is proved holds there too, and nothing more.

Goes in: a sample of flows of both regimes. Comes out: no red line, one oordeel each, and per norm the same
answer as the diagrams to "can this be certain, can it be impossible".
"""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
import z3

from app.analysis.all_cases import AllCases, all_cases
from app.kern.classes import Classes
from app.kern.cudd import Bdd
from app.kern.signature import Signature
from tests.properties.real_law import fewer, real_law
from tests.properties.second_opinion import Opinion

LAWS = ((2025_01_01, 2025_12_31), (2026_01_01, 2026_12_31))
OUTPUTS = ("mag", "oordeel", "rode_lijn")
ODDS = 20
"""Of so many sampled flows one is any flow; the others are flows that a norm of the law speaks of."""


@pytest.fixture(scope="module", params=LAWS, ids=lambda days: str(days[0]))
def cases(request: pytest.FixtureRequest) -> AllCases:
    found = all_cases(real_law().book.on(request.param[0]).program, OUTPUTS, request.param)
    assert isinstance(found, AllCases)
    return found


def sample(cases: AllCases, count: int) -> list[Signature]:
    """Draw flows, most of them such that some norm of the law regulates them."""
    random = Random(11)
    regulated = sorted(row[1:] for row in cases.ground.relations["regelt"].rows)
    signatures: list[Signature] = []
    for number in range(count):
        if number % ODDS:
            signatures.append(tuple(str(word) for word in random.choice(regulated)))
        else:
            signatures.append(tuple(random.choice(list(one.cubes)) for one in cases.space.places.values()))
    return signatures


def of_signature(cases: AllCases, signature: Signature, entries: int) -> Bdd:
    """The cases of one flow with so many recorded entries about it."""
    space = cases.space
    found = space.all(one.cubes[word] for one, word in zip(space.places.values(), signature, strict=True))
    for key, name in space.entries.items():
        found &= space.bdd.var(name) if key.number < entries else ~space.bdd.var(name)
    return found


def test_no_flow_crosses_a_line_and_each_has_one_oordeel(cases: AllCases) -> None:
    classes = Classes(cases.ground)
    lines = real_law().vocabulary.domains["rode_lijn"].values
    oordelen = real_law().vocabulary.domains["oordeel"].values
    for number, signature in enumerate(sample(cases, fewer(24))):
        opinion = Opinion(classes, signature, {"toestemming": number % 3})
        assert not opinion.some_case(z3.Or([opinion.node("rode_lijn", line)[0] for line in lines])), signature
        given = [opinion.node("oordeel", one)[0] for one in oordelen]
        assert not opinion.some_case(z3.Not(z3.Or(given))), signature
        assert not opinion.some_case(z3.Or([z3.And(*pair) for pair in combinations(given, 2)])), signature


def test_the_diagrams_know_as_many_cases(cases: AllCases) -> None:
    classes = Classes(cases.ground)
    for number, signature in enumerate(sample(cases, fewer(16))):
        entries = number % 3
        opinion = Opinion(classes, signature, {"toestemming": entries})
        these = of_signature(cases, signature, entries) & cases.inside
        for row, node in cases.rows("mag").items():
            pair, (certain, possible) = cases.pair(node), opinion.node("mag", str(row[1]))
            for ours, theirs in ((pair.certain, certain), (~pair.possible, z3.Not(possible))):
                assert ((these & ours) != cases.space.bdd.false) == opinion.some_case(theirs), (signature, row[1])
