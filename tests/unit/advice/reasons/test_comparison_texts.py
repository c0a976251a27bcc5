"""Comparisons in words, as an explanation shows them, in the small law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from app.advice.advies import Advies, Bewijs, Voorwaarde
from app.advice.question.extras import Extras
from app.advice.reasons.leaf_texts import COMPUTED
from tests.unit.advice.small_law import casus, deling, small_advisor

LEFT = {"ingeschreven": False, "uitstroom": "2024-01-01", "opleiding": "kort"}
CLEAR = {"startkwalificatie": False, "akkoord": True}


def explained(jongere: dict[str, Any]) -> Advies:
    found = small_advisor().advise(
        casus(20260301, deling(), jongere=jongere, document={"inhoud": []}), Extras(uitleg=True)
    )
    assert isinstance(found, Advies)
    return found


def computed(conditions: Iterable[Voorwaarde]) -> Iterator[str]:
    """What conditions say of comparisons, however deep."""
    for condition in conditions:
        if condition.uitleg == COMPUTED:
            yield condition.feit
        for way in condition.wegen:
            yield from computed(way.voorwaarden)


def why_not(jongere: dict[str, Any], norm: str = "N-1") -> list[str]:
    """What is said of the comparisons of a norm's first step."""
    (advies,) = explained(jongere).adviezen
    assert advies.afleiding is not None
    (found,) = (one for one in advies.afleiding.waarom_niet if one.norm == norm)
    return list(computed(found.stappen[:1]))


def proven(jongere: dict[str, Any]) -> list[str]:
    """What is said of the comparisons in the proof that a flow is permitted."""
    (advies,) = explained(jongere).adviezen
    assert advies.afleiding is not None
    found: list[str] = []
    nodes: list[Bewijs] = [*advies.afleiding.bewijs]
    while nodes:
        node = nodes.pop(0)
        found += [node.feit] if node.uitleg == COMPUTED else []
        nodes += node.premissen
    return found


@pytest.mark.parametrize(
    ("jongere", "told"),
    [
        ({}, "Hoe oud de jongere is (minder dan 27)."),
        ({"leeftijd": 30}, "De jongere is 30 jaar, en dat is minstens 27."),
        ({"leeftijd": 18}, "De jongere is 18 jaar, en dat is minder dan 27."),
        (LEFT, "De jongere vertrok op 1 januari 2024, en dat is niet later dan 1 maart 2026."),
        (LEFT | {"uitstroom": "2027-01-01"}, "De jongere vertrok op 1 januari 2027, en dat is later dan 1 maart 2026."),
        ({"ingeschreven": False}, "Wanneer de jongere vertrok (niet later dan 1 maart 2026)."),
        ({"ingeschreven": False}, "Wanneer de jongere vertrok (de vraag gaat over 1 maart 2026)."),
        (LEFT | {"startkwalificatie": None}, "De opleiding is de korte opleiding, en niet de hoge opleiding."),
    ],
)
def test_a_comparison_is_told_by_the_fact_that_states_what_is_compared(jongere: dict[str, Any], told: str) -> None:
    given = {name: value for name, value in jongere.items() if value is not None}
    assert told in why_not(given)


def test_a_value_that_was_worked_out_is_told_by_what_it_follows_from() -> None:
    said = proven({"geboortedatum": "2008-01-01", "ingeschreven": True, **CLEAR})
    assert [text for text in said if "daaruit volgt" in text] == [
        "De vraag gaat over 1 maart 2026 en de jongere is geboren op 1 januari 2008; daaruit volgt: 18."
    ]


def test_a_step_asks_for_what_is_compared_and_not_for_the_unknown_itself() -> None:
    (advies,) = explained({"ingeschreven": True, **CLEAR}).adviezen
    assert advies.stappen[0].toelichting == (
        "Dit moet nog blijken. Hoe oud de jongere is (minstens 12). Hoe oud de jongere is (minder dan 27)."
    )
