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
NOT_TO_YOU = re.compile(r"\b(de jongere|de ouders|de leerling|[Uu]w?|hij|zij|hem|haar)\b|‘")
"""How one speaks about the young person, or to the professional."""
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
    if advies["voor_de_jongere"] is not None:
        yield "voor_de_jongere", advies["voor_de_jongere"]["tekst"]
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
        for text in (advies["toelichting"], (advies["voor_de_jongere"] or {"tekst": ""})["tekst"]):
            told = sentences(text)
            assert len(told) == len(set(told)), name


def test_the_young_person_is_spoken_to(answers: Any) -> None:
    texts = [advies["voor_de_jongere"]["tekst"] for _, _, advies in answers if advies["voor_de_jongere"] is not None]
    assert len(texts) > 200
    assert [one for one in texts if NOT_TO_YOU.search(one)] == []
    assert [one for one in texts if " over jou " not in one] == []
