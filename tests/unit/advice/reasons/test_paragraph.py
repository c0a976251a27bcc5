"""The paragraph of an advice."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from app.advice import contract
from app.advice.advies import Alternatief, Bereik, GeldigTotReden, Ontbrekend, Stap, Status
from app.advice.reasons.paragraph import NOT_FOUND, Told, paragraph
from app.advice.until.last_days import End

FACT = Ontbrekend("jongere.leeftijd", "feit", Bereik(16), "Hoe oud?")
ACT = Ontbrekend("toestemmingen", "handeling", ({},), "Is er toestemming?")


def steps(*statuses: Status) -> tuple[Stap, ...]:
    return tuple(Stap(number, "stap", status, f"Reden {number}.") for number, status in enumerate(statuses, 1))


def told(oordeel: str, **parts: Any) -> str:
    met: Status = get_args(Status)[0]
    common: dict[str, Any] = {
        "verdict": "Zo is het.", "stappen": steps(met, met, met, met), "asked": (), "duties": (), "closed": (),
        "alternatieven": (), "end": None,
    }  # fmt: skip
    return paragraph(Told(oordeel=oordeel, **{**common, **parts}))


def test_what_is_permitted_comes_with_its_duties_and_how_long_it_holds_if_nothing_changes() -> None:
    assert told(contract.TOEGESTAAN, duties=("leg het vast", "zeg het"), end=End(20260711, "termijn")) == (
        "Zo is het. Reden 1. Doe wel dit. Leg het vast. Zeg het. "
        "De termijn loopt tot en met 11 juli 2026. Weeg bij elke deling opnieuw."
    )


@pytest.mark.parametrize("reason", get_args(GeldigTotReden))
def test_no_end_is_leave_to_share_until_then(reason: GeldigTotReden) -> None:
    text = told(contract.TOEGESTAAN, end=End(20391231, reason))
    assert text.endswith("Weeg bij elke deling opnieuw.")
    assert ("31 december 2039" in text) is (reason not in ("leeftijd", "verjaardag_onbekend"))


def test_an_age_limit_is_told_by_its_own_day() -> None:
    assert "De leeftijdsgrens valt op 1 januari 2040." in told(contract.TOEGESTAAN, end=End(20391231, "leeftijd"))
    unsaid = told(contract.TOEGESTAAN, end=End(20391231, "verjaardag_onbekend"))
    assert "De leeftijdsgrens valt op zijn vroegst op 1 januari 2040." in unsaid


def test_what_is_missing_is_asked_facts_first_and_without_the_answer_that_helps() -> None:
    assert told(contract.ONDER_VOORWAARDEN, asked=(FACT, ACT)) == (
        "Zo is het. Zoek eerst dit uit. Hoe oud? Regel of vraag daarna dit. Is er toestemming?"
    )
    assert told(contract.ONDER_VOORWAARDEN, asked=(ACT,)).endswith("Regel of vraag eerst dit. Is er toestemming?")


def test_where_only_consent_is_left_the_paragraph_says_why_no_other_ground_is() -> None:
    text = told(contract.ALLEEN_MET_TOESTEMMING, asked=(ACT,), closed=("De ouders stemmen niet in.",))
    assert (
        "Zonder toestemming mag het niet. Dat komt hierdoor. De ouders stemmen niet in. Regel of vraag eerst dit."
        in text
    )


def test_what_no_answer_settles_says_so() -> None:
    stappen = steps("open", "voldaan", "niet_voldaan", "voldaan")
    assert told(contract.ONDER_VOORWAARDEN, stappen=stappen) == f"Zo is het. Reden 3. {NOT_FOUND}"


def test_a_refusal_names_the_steps_that_fail_and_the_other_ways_each_once() -> None:
    stappen = steps("niet_voldaan", "voldaan", "niet_voldaan", "open")
    other = Alternatief(route="ouders", toelichting="Vraag het de ouders.")
    text = told(contract.NIET_TOEGESTAAN, stappen=stappen, alternatieven=(other, other))
    assert text == "Zo is het. Reden 1. Reden 3. Vraag het de ouders."
