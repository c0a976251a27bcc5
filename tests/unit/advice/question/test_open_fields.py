"""How what is missing is asked: by who decides, and stricter where the flow needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.composition import Composition, compose
from app.settings import Settings

WORK = "begeleiding_naar_werk"
EXPLICIT = "ook uitdrukkelijk"


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings())


def consent_asked(composed: Composition, gegeven: str, jongere: Mapping[str, Any], **question: Any) -> Any:
    """The line that asks for consent to give an item to an employer."""
    weighed = {"gegevens": {gegeven: "noodzakelijk"}, "alternatief": "geen"}
    deling = {"verstrekker": "school", "ontvanger": "werkgever", "gegevens": [gegeven], "doel": WORK}
    asked = {"peildatum": "2026-03-01", "jongere": jongere, "delingen": [{**deling, "afweging": weighed}], **question}
    (advies,) = composed.desk.answer_value(asked)["adviezen"]
    return next(line for line in advies["ontbrekend"] if line["feit"] == "toestemmingen")


@pytest.mark.parametrize(
    ("age", "who", "others"),
    [(15, "wettelijk vertegenwoordiger", "Geeft de jongere"), (16, "Geeft de jongere", "vertegenwoordiger")],
)
def test_the_question_names_who_decides(composed: Composition, age: int, who: str, others: str) -> None:
    question = consent_asked(composed, "stagegegevens", {"leeftijd": age})["vraag"]
    assert who in question
    assert others not in question


def test_while_the_age_is_unknown_both_are_named(composed: Composition) -> None:
    question = consent_asked(composed, "stagegegevens", {})["vraag"]
    assert "Vanaf 16 jaar geeft de jongere die, jonger de wettelijk vertegenwoordiger" in question


@pytest.mark.parametrize(
    ("gegeven", "document", "explicit"),
    [
        ("stagegegevens", {}, False),
        ("gezondheidsgegevens", {}, True),
        ("strafrechtelijke_gegevens", {}, True),
        ("overgangsdocument", {"inhoud": ["stagegegevens"]}, False),
        ("overgangsdocument", {"inhoud": ["gezondheidsgegevens"]}, True),
        ("overgangsdocument", {}, True),
    ],
)
def test_explicit_consent_is_asked_where_it_can_be_needed_only(
    composed: Composition, gegeven: str, document: dict[str, Any], explicit: bool
) -> None:
    line = consent_asked(composed, gegeven, {"leeftijd": 18}, overgangsdocument=document)
    assert (EXPLICIT in line["vraag"]) is explicit
    assert line["gunstig"][0].get("uitdrukkelijk") is (True if explicit else None)
