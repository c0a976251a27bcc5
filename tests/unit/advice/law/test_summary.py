"""The summary of an advice: one short sentence."""

from __future__ import annotations

import itertools

import pytest

from app.advice import contract
from app.advice.advies import WachtOp
from app.advice.law.summary import MOST_WORDS, Summary
from app.advice.question.casus import Flow
from app.settings import Settings
from app.store.policies import read_policies

VOCABULARY = read_policies(Settings().facts, Settings().policies).vocabulary
SHAPES: list[tuple[str, WachtOp | None, bool]] = [
    (contract.TOEGESTAAN, None, False),
    *((contract.ONDER_VOORWAARDEN, waits, False) for waits in ("feit", "handeling", "afweging")),
    (contract.ONDER_VOORWAARDEN, None, True),
    (contract.ONDER_VOORWAARDEN, "toestemming", True),
    (contract.ALLEEN_MET_TOESTEMMING, "toestemming", False),
    (contract.NIET_TOEGESTAAN, None, False),
]  # fmt: skip


def flow(verstrekker: str, ontvanger: str, gegeven: str, doel: str) -> Flow:
    return Flow("c.d0", 0, verstrekker, ontvanger, gegeven, doel, {})


def longest(domain: str) -> list[str]:
    labels = VOCABULARY.domains[domain].labels
    return sorted(labels, key=lambda word: len(labels[word].split()))[-4:]


@pytest.mark.parametrize(("oordeel", "waits", "unclear"), SHAPES)
def test_it_is_one_sentence_and_never_too_long(oordeel: str, waits: WachtOp | None, unclear: bool) -> None:
    summary = Summary(VOCABULARY)
    # The longest labels of each kind: what is shorter fits too.
    partijen, gegevens, doelen = (longest(name) for name in ("partij", "gegeven", "doel"))
    for parties in itertools.permutations(partijen, 2):
        for gegeven, doel in itertools.product(gegevens, doelen):
            text = summary.of(flow(*parties, gegeven, doel), oordeel, waits, unclear)
            assert len(text.split()) <= MOST_WORDS, text
            assert text[0].isupper()
            assert text.endswith(".")


@pytest.mark.parametrize(
    ("oordeel", "waits", "unclear", "text"),
    [
        (
            contract.TOEGESTAAN, None, False,
            "De school mag stagegegevens delen met de werkgever voor begeleiding naar werk.",
        ),
        (
            contract.ONDER_VOORWAARDEN, "feit", False,
            "De school mag stagegegevens nog niet delen met de werkgever voor begeleiding naar werk;"
            " zoek eerst op wat ontbreekt.",
        ),
        (
            contract.ONDER_VOORWAARDEN, "toestemming", True,
            "De school mag stagegegevens nog niet delen met de werkgever voor begeleiding naar werk;"
            " vraag de privacy officer.",
        ),
        (
            contract.ALLEEN_MET_TOESTEMMING, "toestemming", False,
            "De school mag stagegegevens alleen met toestemming delen met de werkgever voor begeleiding naar werk.",
        ),
        (
            contract.NIET_TOEGESTAAN, None, False,
            "De school mag stagegegevens niet delen met de werkgever voor begeleiding naar werk.",
        ),
    ],
)  # fmt: skip
def test_it_says_who_may_do_what(oordeel: str, waits: WachtOp | None, unclear: bool, text: str) -> None:
    asked = flow("school", "werkgever", "stagegegevens", "begeleiding_naar_werk")
    assert Summary(VOCABULARY).of(asked, oordeel, waits, unclear) == text


def test_parents_are_more_than_one() -> None:
    asked = flow("ouders", "school", "stagegegevens", "begeleiding_naar_werk")
    assert Summary(VOCABULARY).of(asked, contract.TOEGESTAAN, None, False).startswith("De ouders mogen ")
