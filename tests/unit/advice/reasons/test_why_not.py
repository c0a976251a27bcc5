"""Why not, in the real law: the reason is about these parties, and words of a table are named once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from app.advice.advies import Advies, DelingAdvies, Voorwaarde, as_json
from app.advice.question.extras import Extras
from app.advice.reasons import ways
from app.advice.reasons.one_of import AGAIN
from tests.properties.real_law import real_law


def advised(deling: dict[str, Any], **said: Any) -> Advies:
    law = real_law()
    found = law.advisor.advise(
        law.reader.check({"peildatum": "2026-03-01", "delingen": [deling], **said}), Extras(uitleg=True)
    )
    assert isinstance(found, Advies)
    return found


def conditions(found: Iterable[Voorwaarde]) -> Iterator[Voorwaarde]:
    for condition in found:
        yield condition
        for way in condition.wegen:
            yield from conditions(way.voorwaarden)


OVER = {
    "verstrekker": "school",
    "ontvanger": "gemeente_participatie",
    "gegevens": ["overgangsdocument"],
    "doel": "aanvullende_loopbaanbegeleiding",
}


def test_words_that_an_unknown_fact_could_have_are_one_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    (advies,) = advised(OVER, jongere={"leeftijd": 18}).adviezen
    assert advies.afleiding is not None
    told = [one for norm in advies.afleiding.waarom_niet for one in conditions(norm.stappen)]
    listed = [one for one in told if one.feit.startswith("De opleiding is een van: ")]
    assert listed
    assert all(one.status == "open" for one in listed)
    assert any(AGAIN in one.feit for one in told)
    monkeypatch.setattr(ways, "merged", lambda found, row, vocabulary: found)
    (apart,) = advised(OVER, jongere={"leeftijd": 18}).adviezen  # a way per word
    assert size(advies) < size(apart) / 2


def size(advies: DelingAdvies) -> int:
    return len(json.dumps(as_json(advies.afleiding), ensure_ascii=False))


def test_a_rule_for_other_parties_is_not_the_reason() -> None:
    school_to_doorstroompunt = {
        "verstrekker": "school",
        "ontvanger": "doorstroompunt",
        "gegevens": ["stagegegevens"],
        "doel": "ondersteunen_voortijdig_schoolverlater",
    }
    (advies,) = advised(
        school_to_doorstroompunt, jongere={"leeftijd": 30, "startkwalificatie": False, "ingeschreven": False}
    ).adviezen
    closed = (
        "Zonder toestemming mag het niet. Dat komt hierdoor. De leeftijd van de jongere is 30, en dat is minstens 27."
    )
    assert closed in advies.toelichting


def test_reasons_come_in_the_order_in_which_the_question_asks() -> None:
    deling = {**OVER, "doel": "voorkomen_voortijdig_schoolverlaten", "gegevens": ["stagegegevens"]}
    (advies,) = advised({**deling, "ontvanger": "doorstroompunt"}).adviezen
    text = advies.stappen[0].toelichting
    places = [text.index(word) for word in ("minstens 12", "minder dan 27", "startkwalificatie")]
    assert places == sorted(places)
