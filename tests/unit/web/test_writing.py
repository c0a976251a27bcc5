"""Records as JSON text: the same as `as_json` says, written in one go."""

from __future__ import annotations

import json

import pytest

from app.advice.advies import Alternatief, Bereik, Ontbrekend, as_json
from app.advice.question.casus import Casus
from app.advice.question.extras import NO_EXTRAS, Extras
from app.web.writing import text_of
from tests.properties.real_law import real_law, scenario_questions
from tests.unit.advice.small_law import TODAY, casus, deling, small_advisor


@pytest.mark.parametrize(
    "record",
    [
        Bereik(16, None),
        Alternatief(route="ouders", toelichting='Vraag „het" de ouders.'),
        Alternatief(gegeven="cijfers", toelichting="Deel de cijfers.\n"),
        Ontbrekend("x", "feit", Bereik("2026-01-01", None), "?"),
        Ontbrekend("x", "handeling", ({"a": [1, True, None]}, "b"), "?"),
    ],
)
def test_a_record_is_written_as_it_is_told(record: object) -> None:
    assert json.loads(text_of(record)) == as_json(record)
    assert list(json.loads(text_of(record))) == list(as_json(record))


@pytest.mark.parametrize("extras", [NO_EXTRAS, Extras(True, True)])
@pytest.mark.parametrize("asked", [casus(), casus(TODAY, deling("ziekte"), deling()), Casus(None, TODAY, {})])
def test_an_advice_is_written_as_it_is_told(asked: Casus, extras: Extras) -> None:
    advice = small_advisor().advise(asked, extras)
    assert json.loads(text_of(advice)) == as_json(advice)


def test_every_scenario_of_the_law_is_written_as_it_is_told() -> None:
    for asked in scenario_questions()[::9]:
        advice = real_law().advise(asked, Extras(True, True))
        assert json.loads(text_of(advice)) == as_json(advice)
