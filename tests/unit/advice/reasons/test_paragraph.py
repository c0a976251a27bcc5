"""The paragraph of an advice."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from app.advice import contract
from app.advice.advies import Alternatief, Bereik, Ontbrekend, Soort, Stap, Status
from app.advice.question.casus import flatten
from app.advice.question.form import form_of
from app.advice.question.open_fields import Asked, OpenFields
from app.advice.reasons.paragraph import NOT_FOUND, Told, paragraph
from app.kern.accepted import Allowed, Choice, Entries, Interval
from tests.unit.advice.small_law import casus, small_vocabulary

FACT = Asked(Ontbrekend("jongere.leeftijd", "feit", Bereik(16), "Hoe oud?"), "16 of meer")
ACT = Asked(Ontbrekend("toestemmingen", "handeling", ({},), "Is er toestemming?"), "")


def steps(*statuses: Status) -> tuple[Stap, ...]:
    return tuple(Stap(number, "stap", status, f"Reden {number}.") for number, status in enumerate(statuses, 1))


def told(oordeel: str, **parts: Any) -> str:
    met: Status = get_args(Status)[0]
    common: dict[str, Any] = {
        "verdict": "Zo is het.", "stappen": steps(met, met, met, met), "asked": (), "duties": (), "closed": (),
        "alternatieven": (), "until": None,
    }  # fmt: skip
    return paragraph(Told(oordeel=oordeel, **{**common, **parts}))


def test_what_is_permitted_comes_with_its_duties_and_how_long_it_holds_if_nothing_changes() -> None:
    assert told(contract.TOEGESTAAN, duties=("leg het vast", "zeg het"), until=20260711) == (
        "Zo is het. Reden 1. Doe wel dit: leg het vast; zeg het. "
        "Als er verder niets verandert, geldt dit tot en met 11 juli 2026."
    )


def test_what_is_missing_is_asked_facts_first_each_with_the_answer_that_helps() -> None:
    assert told(contract.ONDER_VOORWAARDEN, asked=(FACT, ACT)) == (
        "Zo is het. Zoek eerst uit: Hoe oud? Nodig antwoord: 16 of meer. Regel of vraag daarna: Is er toestemming?"
    )
    assert told(contract.ONDER_VOORWAARDEN, asked=(ACT,)).endswith("Regel of vraag eerst: Is er toestemming?")


def test_where_only_consent_is_left_the_paragraph_says_why_no_other_ground_is() -> None:
    text = told(contract.ALLEEN_MET_TOESTEMMING, asked=(ACT,), closed=("De ouders stemmen niet in.",))
    assert "Zonder toestemming mag het niet. De ouders stemmen niet in. Regel of vraag eerst:" in text


def test_what_no_answer_settles_says_so() -> None:
    stappen = steps("open", "voldaan", "niet_voldaan", "voldaan")
    assert told(contract.ONDER_VOORWAARDEN, stappen=stappen) == f"Zo is het. Reden 3. {NOT_FOUND}"


def test_a_refusal_names_the_steps_that_fail_and_the_other_ways_each_once() -> None:
    stappen = steps("niet_voldaan", "voldaan", "niet_voldaan", "open")
    other = Alternatief(route="ouders", toelichting="Vraag het de ouders.")
    text = told(contract.NIET_TOEGESTAAN, stappen=stappen, alternatieven=(other, other))
    assert text == "Zo is het. Reden 1. Reden 3. Vraag het de ouders."


@pytest.mark.parametrize(
    ("item", "allowed", "needed"),
    [
        (("leeftijd", "c"), Interval(16, None), "16 of meer"),
        (("leeftijd", "c"), Interval(None, 22), "22 of minder"),
        (("leeftijd", "c"), Interval(16, 22), "16 tot en met 22"),
        (("leeftijd", "c"), Interval(18, 18), "18"),
        (("leeftijd", "c"), Interval(None, None), ""),
        (("uitstroom", "c"), Interval(20260301, None), "op of na 1 maart 2026"),
        (("uitstroom", "c"), Interval(None, 20260301), "op of voor 1 maart 2026"),
        (("uitstroom", "c"), Interval(20250301, 20260301), "1 maart 2025 tot en met 1 maart 2026"),
        (("startkwalificatie", "c"), Choice(frozenset({"nee"})), "nee"),
        (("nieuwe", "c.d0"), Choice(frozenset({"jongere"})), ""),
        (("mandaat", "c"), Entries(frozenset({("gemeente", "tussen")}), frozenset()), ""),
    ],
)
def test_the_answer_that_helps_is_written_as_people_say_it(
    item: tuple[str, str], allowed: Allowed, needed: str
) -> None:
    sheet = OpenFields(form_of(small_vocabulary()), flatten(casus()))
    ((line, found),) = sheet.asked({item: allowed})
    assert found == needed
    assert line.soort in get_args(Soort)
    assert line == sheet.ontbrekend({item: allowed})[0]


def test_words_that_help_are_listed_by_their_labels() -> None:
    vocabulary = small_vocabulary()
    labels = vocabulary.domain_of("opleiding", 1).labels
    sheet = OpenFields(form_of(vocabulary), ())
    ((_, needed),) = sheet.asked({("opleiding", "c"): Choice(frozenset({"kort", "lang"}))})
    assert needed == f"{labels['kort']} of {labels['lang']}"
    ((_, needed),) = sheet.asked({("inhoud", "c"): Entries(frozenset({("naam",)}), frozenset())})
    assert needed == vocabulary.domain_of("inhoud", 1).labels["naam"]
