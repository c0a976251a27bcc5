"""The text for the young person, for every flow the words of the law can name, and for a law without rights."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from app.advice.advies import VoorDeJongere
from app.advice.law import for_young_person
from app.advice.law.for_young_person import ForYoungPerson
from app.advice.question.casus import Flow
from app.lang.vocabulary import Vocabulary
from app.settings import Settings
from app.store.policies import read_policies
from tests.unit.advice.small_law import small_vocabulary

LAW = read_policies(Settings().facts, Settings().policies).vocabulary
MOST_WORDS = 30
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def flow(verstrekker: str, ontvanger: str, gegeven: str, doel: str) -> Flow:
    return Flow("casus.d0", None, verstrekker, ontvanger, gegeven, doel, {})


def text(vocabulary: Vocabulary, asked: Flow) -> VoorDeJongere:
    found = ForYoungPerson(vocabulary).of(asked, [("klacht",), ("inzage",)], [("moet_van_de_wet",)])
    assert found is not None
    return found


def test_it_says_who_gives_what_to_whom_why_on_what_ground_and_the_rights_in_order() -> None:
    told = text(LAW, flow("ouders", "doorstroompunt", "behandelstatus", "vangnet_monitoring"))
    assert told.tekst == (
        "Je ouders geven dit over jou aan het Doorstroompunt: de behandelstatus (dát je in behandeling bent). "
        "Dat is voor de vraag of het goed met je gaat (monitoring). Dit moet van de wet. "
        "Je mag vragen welke gegevens er over je zijn en die zien (AVG artikel 15). "
        "Je mag een klacht indienen bij de Autoriteit Persoonsgegevens (AVG artikel 77)."
    )
    assert told.rechten == ("inzage", "klacht")


def test_every_flow_reads_as_whole_short_sentences_to_the_young_person() -> None:
    parties, items, purposes = (LAW.domains[name].values for name in ("partij", "gegeven", "doel"))
    texts = ForYoungPerson(LAW)
    others = [one for one in parties if one != "jongere"]
    for (giver, receiver), (item, purpose) in product(product(others, others), product(items, purposes)):
        told = texts.of(flow(giver, receiver, item, purpose), [("inzage",)], [("moet_van_de_wet",)])
        assert told is not None
        assert "de jongere" not in told.tekst
        assert not re.search(r"\b[Dd]e ouders\b", told.tekst)
        for sentence in SENTENCE.split(told.tekst):
            assert len(sentence.split()) <= MOST_WORDS
            assert sentence[0].isupper()
            assert sentence[-1] == "."


def test_every_sentence_and_right_of_the_law_is_whole_and_short() -> None:
    whole = [one for label in LAW.domains["mededeling"].labels.values() for one in SENTENCE.split(label)]
    whole += [f"Je mag {label}." for label in LAW.domains["recht"].labels.values()]
    for sentence in whole:
        assert len(sentence.split()) <= MOST_WORDS
        assert sentence[0].isupper()
        assert sentence[-1] in ".?"


def test_without_a_right_nothing_is_told() -> None:
    asked = flow("school", "duo", "verzuimgegevens", "studiefinanciering")
    assert ForYoungPerson(LAW).of(asked, [], [("moet_van_de_wet",)]) is None


def test_a_combination_is_joined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ForYoungPerson(LAW)
    asked = flow("school", "duo", "verzuimgegevens", "studiefinanciering")
    first = texts.of(asked, [("inzage",)], [])
    again = texts.of(replace(asked, key="casus.d1"), [("inzage",)], [])
    assert first == again
    assert first is not None
    assert again is not None
    assert first.rechten is again.rechten
    monkeypatch.setattr(for_young_person, "MOST_KEPT", 1)
    assert texts.of(asked, [("klacht",)], []) is not None, "too many are kept: it starts anew"
    assert texts.of(asked, [("inzage",)], []) == first


def test_an_earlier_law_that_says_nothing_of_rights_tells_nothing() -> None:
    assert ForYoungPerson(LAW).speaks
    assert not ForYoungPerson(small_vocabulary()).speaks
