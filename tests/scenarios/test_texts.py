"""How every answer to every scenario reads: short whole sentences, nothing twice, nothing that its oordeel denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.composition import Composition

MOST_WORDS = 30
"""The longest sentence; names of parties, purposes and norms are long."""
Answers = list[tuple[str, Mapping[str, Any], Any]]
END = re.compile(r"(?<=[.?!])\s+(?=[A-Z‘U])")
FORBIDDEN = (
    "Nodig antwoord", "iet opgegeven is dat", "opgegeven dat", "nog onbekend", "Toestemming is niet de enige weg",
    "true", "false", "null", "niet waar is",
)  # fmt: skip
"""Words of the machine, a double denial, and what coaches the favourable answer."""
PERMITS, REFUSES = "Daarom mag", "mag niet"


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one for one in END.split(text) if one]


@pytest.fixture(scope="module")
def answers(composed: Composition) -> Answers:
    """The name, the question and each advies of every scenario that is answered."""
    found = []
    for scenario in composed.scenarios:
        if scenario.fout is None:
            answer = composed.desk.answer_value(scenario.vraag)
            found += [(scenario.id, scenario.vraag, one) for one in answer["adviezen"]]
    assert len(found) > 500
    return found


def read_texts(advies: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text of an advies for people, with the place where it stands."""
    yield "toelichting", advies["toelichting"]
    yield from (("stap", step["toelichting"]) for step in advies["stappen"])
    yield from (("vraag", line["vraag"]) for line in advies["ontbrekend"])
    yield from (("kanttekening", one["toelichting"]) for one in advies["kanttekeningen"])
    yield from (("alternatief", one["toelichting"]) for one in advies["alternatieven"])


def faults(answers: Answers, is_wrong: Any) -> list[str]:
    """The texts that are wrong, each once, with the scenario that shows it."""
    found: dict[str, str] = {}
    for name, _, advies in answers:
        for place, text in read_texts(advies):
            for one in sentences(text):
                if is_wrong(one):
                    found.setdefault(one, f"{name}, {place}: {one}")
    return list(found.values())


def test_no_sentence_is_long(answers: Any) -> None:
    assert faults(answers, lambda one: len(one.split()) > MOST_WORDS) == []


def test_no_sentence_has_two_colons(answers: Any) -> None:
    assert faults(answers, lambda one: one.count(":") > 1) == []


def test_no_phrase_is_forbidden(answers: Any) -> None:
    assert faults(answers, lambda one: any(phrase in one for phrase in FORBIDDEN)) == []


def test_a_sentence_starts_with_a_capital_and_ends(answers: Any) -> None:
    assert faults(answers, lambda one: not re.match(r"[A-Z‘0-9]", one) or one[-1] not in ".?!") == []


def test_nothing_is_said_twice(answers: Any) -> None:
    for name, _, advies in answers:
        told = sentences(advies["toelichting"])
        assert len(told) == len(set(told)), name
