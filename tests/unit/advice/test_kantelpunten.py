"""Kantelpunten on the small law: which fields count, in which order, and how many are told."""

from __future__ import annotations

from typing import Any

import pytest

from app.advice import kantelpunten, red_lines
from app.advice.advies import Advies, DelingAdvies, as_json
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from tests.unit.advice.small_law import casus, deling, small_advisor

TOLD = Extras(kantelpunten=True)
PERMITTED: dict[str, Any] = {"leeftijd": 18, "startkwalificatie": False, "ingeschreven": True, "akkoord": True}
EMPTY: dict[str, Any] = {"document": {"inhoud": []}}
Line = tuple[str, bool | str, str]


def advise(asked: Casus, extras: Extras = TOLD) -> DelingAdvies:
    found = small_advisor().advise(asked, extras)
    assert isinstance(found, Advies), found
    return found.adviezen[0]


def lines(asked: Casus) -> list[Line]:
    told = advise(asked).kantelpunten
    assert told is not None
    return [(one.veld, one.waarde, one.oordeel) for one in told]


def consent(**more: Any) -> dict[str, Any]:
    return {**deling(weighed=False), "gegeven": True, "door": "jongere", **more}


def refused(**more: Any) -> dict[str, Any]:
    return consent(gegeven=False, **more)


def test_each_given_field_that_decides_is_told_with_its_other_value() -> None:
    assert lines(casus(jongere=PERMITTED, toestemmingen=[refused()], **EMPTY)) == [
        ("jongere.startkwalificatie", True, "niet_toegestaan"),
        ("jongere.ingeschreven", False, "onder_voorwaarden"),
        ("jongere.akkoord", False, "niet_toegestaan"),
        ("delingen[0].afweging.gegevens.naam", "handig", "niet_toegestaan"),
    ]


def test_every_other_word_of_a_choice_counts() -> None:
    jongere = {**PERMITTED, "ingeschreven": False, "uitstroom": "2024-06-01", "opleiding": "lang"}

    found = lines(casus(jongere=jongere, toestemmingen=[refused()], **EMPTY))

    assert [line for line in found if line[0] == "jongere.opleiding"] == [
        ("jongere.opleiding", "kort", "niet_toegestaan"),
        ("jongere.opleiding", "hoog", "niet_toegestaan"),
    ]


def test_what_is_unknown_is_no_kantelpunt() -> None:
    jongere = {name: value for name, value in PERMITTED.items() if name != "akkoord"}

    asked = casus(jongere=jongere, toestemmingen=[refused()], **EMPTY)

    assert advise(asked).oordeel == "onder_voorwaarden"
    assert "jongere.akkoord" not in {veld for veld, _, _ in lines(asked)}


def test_what_contradicts_the_rest_is_no_kantelpunt() -> None:
    known = {**PERMITTED, "diploma": False, "opleiding": "hoog"}
    less = {name: value for name, value in known.items() if name != "startkwalificatie"}

    contradicted = lines(casus(jongere=known, toestemmingen=[refused()], **EMPTY))
    free = lines(casus(jongere=less, toestemmingen=[refused()], **EMPTY))

    assert "jongere.diploma" not in {veld for veld, _, _ in contradicted}, "startkwalificatie says the opposite"
    assert ("jongere.diploma", True, "niet_toegestaan") in free


def test_an_oordeel_that_crosses_a_red_line_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def crossed(_: object) -> None:
        raise red_lines.RedLineCrossed(["een_lijn"])

    asked = casus(jongere=PERMITTED, toestemmingen=[refused()], **EMPTY)
    monkeypatch.setattr(red_lines, "refuse_flows", crossed)

    with pytest.raises(red_lines.RedLineCrossed):
        advise(asked)
    assert advise(asked, Extras()).oordeel == "toegestaan"


def test_a_field_counts_through_the_value_that_rules_give_another() -> None:
    jongere = {name: value for name, value in PERMITTED.items() if name != "startkwalificatie"}
    jongere |= {"diploma": True, "opleiding": "hoog"}

    found = lines(casus(jongere=jongere, toestemmingen=[refused()], **EMPTY))

    assert ("jongere.diploma", False, "onder_voorwaarden") in found


def test_the_fields_of_each_consent_stand_under_its_own_place() -> None:
    other = {**consent(), "ontvanger": "tussen"}

    found = lines(casus(jongere={**PERMITTED, "akkoord": False}, toestemmingen=[other, consent()], **EMPTY))

    assert [line for line in found if line[0].startswith("toestemmingen")] == [
        ("toestemmingen[1].gegeven", False, "niet_toegestaan"),
        ("toestemmingen[1].door", "ouder", "niet_toegestaan"),
    ]


def test_of_two_consents_that_say_the_same_one_alone_changes_nothing() -> None:
    found = lines(casus(jongere={**PERMITTED, "akkoord": False}, toestemmingen=[consent(), consent()], **EMPTY))

    assert not [line for line in found if line[0].startswith("toestemmingen")]


def test_of_two_refusals_that_say_the_same_each_can_become_consent() -> None:
    found = lines(casus(jongere={**PERMITTED, "akkoord": False}, toestemmingen=[refused(), refused()], **EMPTY))

    assert [line for line in found if line[0].startswith("toestemmingen")] == [
        ("toestemmingen[0].gegeven", True, "toegestaan"),
        ("toestemmingen[1].gegeven", True, "toegestaan"),
    ]


def test_every_flow_has_its_own() -> None:
    other = deling("ziekte")
    found = small_advisor().advise(casus(20260301, deling(), other, jongere=PERMITTED, **EMPTY), TOLD)

    assert isinstance(found, Advies)
    first, second = found.adviezen
    assert {one.veld for one in first.kantelpunten or ()} >= {"delingen[0].afweging.gegevens.naam"}
    assert {one.veld for one in second.kantelpunten or ()} == {"delingen[1].afweging.gegevens.ziekte"}
    alone = advise(casus(20260301, other, jongere=PERMITTED, **EMPTY)).kantelpunten
    assert [one.waarde for one in alone or ()] == [one.waarde for one in second.kantelpunten or ()]


def test_no_more_fields_are_told_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = casus(jongere=PERMITTED, toestemmingen=[refused()], **EMPTY)
    everything = lines(asked)

    monkeypatch.setattr(kantelpunten, "MOST_FIELDS", 2)

    assert lines(asked) == everything[:2]


def test_no_more_consents_are_tried_than_the_most() -> None:
    many = [refused() for _ in range(kantelpunten.MOST_ENTRIES + 3)]

    found = lines(casus(jongere={**PERMITTED, "akkoord": False}, toestemmingen=many, **EMPTY))

    assert {line[0] for line in found if line[0].startswith("toestemmingen")} <= {
        f"toestemmingen[{number}].gegeven" for number in range(kantelpunten.MOST_ENTRIES)
    }
    assert len({line[0] for line in found}) <= kantelpunten.MOST_FIELDS


def test_nothing_is_told_that_was_not_asked() -> None:
    asked = casus(jongere=PERMITTED, **EMPTY)

    assert advise(asked, Extras()).kantelpunten is None
    assert "kantelpunten" not in as_json(advise(asked, Extras(uitleg=True)))
    assert advise(casus(jongere={}), TOLD).kantelpunten is not None
