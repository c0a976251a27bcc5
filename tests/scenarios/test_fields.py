"""The places in the question that a step and a proof rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.advice.question.extras import Extras
from app.composition import Composition
from app.settings import Settings
from app.store.scenarios import Scenario, read_scenarios

CASES = [one for one in read_scenarios(Settings().policies) if one.verwacht and one.fout is None]


def nodes(found: Any) -> Iterator[dict[str, Any]]:
    """Every node of an explanation that tells a fact."""
    if isinstance(found, dict):
        if "feit" in found:
            yield found
        for inner in found.values():
            yield from nodes(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from nodes(inner)


@pytest.mark.parametrize("scenario", CASES, ids=lambda one: one.id)
def test_what_is_missing_is_among_the_fields_of_the_steps(scenario: Scenario, composed: Composition) -> None:
    for advies in composed.desk.answer_value(dict(scenario.vraag))["adviezen"]:
        fields = {place for step in advies["stappen"] for place in step["velden"]}
        assert {one["feit"] for one in advies["ontbrekend"]} <= fields


def test_a_proof_names_what_it_rests_on_down_to_the_fields(composed: Composition) -> None:
    case = next(one for one in CASES if one.id == "nieuw-3-1-1-overgangsdocument")
    (advies,) = composed.desk.answer_value(dict(case.vraag), Extras(uitleg=True))["adviezen"]
    (proof,) = advies["afleiding"]["bewijs"]
    assert {"jongere.opleiding", "jongere.gebruik_aanvullende_loopbaanbegeleiding"} <= set(proof["velden"])
    assert "overgangsdocument.akkoord_jongere" in advies["stappen"][0]["velden"]
    for node in nodes(advies["afleiding"]):
        inner = [place for below in node.get("premissen", ()) for place in below["velden"]]
        assert set(inner) <= set(node["velden"])
