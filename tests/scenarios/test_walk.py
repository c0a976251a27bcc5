"""From a blank question on, always answering the first open way: the oordeel of the full question at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from app.composition import Composition
from app.settings import Settings
from app.store.scenarios import Expected, Scenario, read_scenarios

LAW = ("wettelijke_verplichting", "algemeen_belang")
CASES = [one for one in read_scenarios(Settings().policies) if one.file.endswith("/casussen.toml")]
OPEN_IN_WEIGHING = ("gegevens", "alternatief")
NOT_KNOWN = object()


def flows(scenario: Scenario) -> Iterator[tuple[dict[str, Any], Expected]]:
    """The truth about each single item of a case, with what is expected of it."""
    expected = iter(scenario.verwacht)
    for deling in scenario.vraag["delingen"]:
        for gegeven in deling["gegevens"]:
            truth = {**deepcopy(dict(scenario.vraag)), "delingen": [{**deepcopy(deling), "gegevens": [gegeven]}]}
            yield with_what_is_about_it(truth), next(expected)


def with_what_is_about_it(truth: dict[str, Any]) -> dict[str, Any]:
    """Leave out weighings and consents of the other items of the case: they would contradict the question."""
    (deling,) = truth["delingen"]
    (gegeven,) = deling["gegevens"]
    weighed = deling.get("afweging", {}).get("gegevens", {})
    for other in [one for one in weighed if one != gegeven]:
        del weighed[other]
    road = ("verstrekker", "ontvanger", "doel")
    if "toestemmingen" in truth:
        truth["toestemmingen"] = [
            {**one, "gegevens": [gegeven]}
            for one in truth["toestemmingen"]
            if gegeven in one["gegevens"] and all(one[part] == deling[part] for part in road)
        ]
    return truth


WALKS = [
    (f"{scenario.id}-{number}", truth, expected)
    for scenario in CASES
    for number, (truth, expected) in enumerate(flows(scenario))
]


def blank(truth: Mapping[str, Any]) -> dict[str, Any]:
    """The flow and its day, with what must be asserted: absent, that is not so, and nobody asks for it first."""
    (deling,) = truth["delingen"]
    asserted = {name: said for name, said in deling.get("afweging", {}).items() if name not in OPEN_IN_WEIGHING}
    asked = {name: said for name, said in deling.items() if name != "afweging"}
    closed = {name: truth[name] for name in ("overeenkomsten", "herkomst", "verzoek_doorstroompunt") if name in truth}
    return {"peildatum": truth["peildatum"], **closed, "delingen": [{**asked, "afweging": asserted}]}


def known(truth: Mapping[str, Any], path: str) -> Any:
    """What the truth says at a place of the question."""
    found: Any = truth
    for part in path.replace("[0]", ".0").split("."):
        found = found[int(part)] if isinstance(found, list) else found.get(part, NOT_KNOWN)
        if found is NOT_KNOWN:
            return NOT_KNOWN
    return found


def fill(question: dict[str, Any], path: str, value: Any) -> None:
    *parents, leaf = path.replace("[0]", ".0").split(".")
    target: Any = question
    for part in parents:
        target = target[int(part)] if isinstance(target, list) else target.setdefault(part, {})
    target[leaf] = deepcopy(value)


def answerable(truth: Mapping[str, Any], question: Mapping[str, Any], advies: Mapping[str, Any]) -> list[str]:
    """What the truth can answer of the first open way of which it knows anything."""
    for way in advies["wegen"]:
        if way["uitzonderlijk"] or way["status"] == "voldaan":
            continue
        places = [one["feit"] for one in way["ontbrekend"]]
        told = [one for one in places if known(truth, one) is not NOT_KNOWN and known(question, one) is NOT_KNOWN]
        if told:
            return told
    return []


@pytest.mark.parametrize(("name", "truth", "expected"), WALKS, ids=[name for name, _, _ in WALKS])
def test_answering_the_first_open_way_ends_with_the_same_oordeel(
    composed: Composition, name: str, truth: dict[str, Any], expected: Expected
) -> None:
    question, asked = blank(truth), list[str]()
    advies = composed.desk.answer_value(question)["adviezen"][0]
    while told := answerable(truth, question, advies):
        asked += [one["feit"] for one in advies["ontbrekend"]]
        for place in told:
            fill(question, place, known(truth, place))
        advies = composed.desk.answer_value(question)["adviezen"][0]

    assert advies["oordeel"] == expected.oordeel, (name, asked, advies["toelichting"])
    if expected.grondslag in LAW:
        assert not [place for place in asked if place.startswith("toestemmingen")]


def test_there_are_cases_on_the_law_and_on_consent() -> None:
    grounds = [expected.grondslag for _, _, expected in WALKS]
    assert sum(ground in LAW for ground in grounds) >= 10
    assert "toestemming" in grounds
