"""The smallest set of answers, against every set that could be tried."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from app.advice.advies import Advies, Bereik, Contradiction, DelingAdvies
from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.advice.question.open_fields import fill
from app.engine.facts import FactSet, Row
from tests.unit.advice.small_law import TODAY, casus, deling, small_advisor, small_law, small_vocabulary

ANSWERS: dict[str, tuple[Any, ...]] = {
    "leeftijd": (11, 12, 15, 16, 26, 27),
    "startkwalificatie": ("ja", "nee"),
    "opleiding": ("kort", "lang", "hoog"),
    "ingeschreven": ("ja", "nee"),
    "diploma": ("ja", "nee"),
    "uitstroom": (20240228, 20240301, 20250301, 20260301, 20260302),
    "akkoord": ("ja", "nee"),
    "inhoud": ((), (("naam",),), (("ziekte",),)),
    "mandaat": ((), (("gemeente", "tussen"),)),
    "noodzaak": ("noodzakelijk", "handig"),
    "nieuwe": ("jongere", "ouder"),
    "gegeven_ja": ("ja", "nee"),
    "door": ("jongere", "ouder"),
}


def advies_of(asked: Casus) -> DelingAdvies:
    found = small_advisor().advise(asked)
    assert isinstance(found, Advies), found
    return found.adviezen[0]


def some_case(seed: int) -> Casus:
    """A partial case: every fact may be said or not."""
    chance = random.Random(seed)
    likely = chance.choice((0.4, 0.7, 0.95))
    said: dict[str, Any] = {
        "leeftijd": chance.choice((11, 15, 18, 26, 30)),
        "startkwalificatie": chance.random() < 0.2,
        "opleiding": chance.choice(("kort", "lang", "hoog")),
        "ingeschreven": chance.random() < 0.5,
        "diploma": chance.random() < 0.5,
        "uitstroom": chance.choice(("2024-06-01", "2025-07-11", "2022-01-01")),
        "akkoord": chance.random() < 0.8,
    }
    jongere = {name: value for name, value in said.items() if chance.random() < likely}
    more: dict[str, Any] = {}
    if chance.random() < 0.6:
        more["document"] = {"inhoud": chance.choice(([], ["naam"], ["ziekte"]))}
    if chance.random() < 0.3:
        consent = deling(weighed=False) | chance.choice(({}, {"gegeven": True}, {"door": "ouder"}, {"gegeven": False}))
        more["toestemmingen"] = [consent]
    ontvanger = chance.choice(("gemeente", "gemeente", "tussen"))
    return casus(TODAY, deling(weighed=chance.random() < 0.8, ontvanger=ontvanger), jongere=jongere, **more)


def answered(facts: FactSet, items: tuple[tuple[str, Any], ...], values: tuple[Any, ...]) -> FactSet:
    known = {name: list(rows) for name, rows in facts.known.items()}
    unknown = {name: list(keys) for name, keys in facts.unknown.items()}
    for (predicate, key), value in zip(items, values, strict=True):
        unknown[predicate].remove(key)
        rows: list[Row] = [(key, *row) for row in value] if isinstance(value, tuple) else [(key, value)]
        known.setdefault(predicate, []).extend(rows)
    return FactSet({n: tuple(rows) for n, rows in known.items()}, {n: tuple(keys) for n, keys in unknown.items()})


def sets_that_permit(asked: Casus, norm: str, size: int) -> Iterator[tuple[tuple[str, Any], ...]]:
    """Every set of so many open facts for which some answers permit the flow on a norm and contradict nothing."""
    facts = to_facts(asked, small_vocabulary())
    decider = small_law().decider
    items = [(name, key) for name, keys in facts.unknown.items() for key in keys]
    for chosen in itertools.combinations(items, size):
        for values in itertools.product(*(ANSWERS[name] for name, _ in chosen)):
            completed = answered(facts, chosen, values)
            permitted = {row[1] for row in decider.rows_only(completed, "zeker", "mag")}
            if norm in permitted and not decider.rows_only(completed, "zeker", "strijdig"):
                yield chosen
                break


@pytest.mark.parametrize("seed", range(80))
def test_filling_in_permits_and_nothing_smaller_does(seed: int) -> None:
    asked = some_case(seed)
    found = small_advisor().advise(asked)
    if isinstance(found, Contradiction):
        return
    advies = found.adviezen[0]
    if advies.oordeel in ("toegestaan", "niet_toegestaan"):
        assert advies.ontbrekend == ()
        return
    assert advies.ontbrekend == advies.wegen[0].ontbrekend
    for way in advies.wegen:
        for last in (False, True):
            filled = advies_of(fill(asked, way.ontbrekend, small_law().form, last))
            assert way.norm in [one.norm for one in filled.grondslagen]
        for size in range(min(len(way.ontbrekend), 3)):
            assert not list(sets_that_permit(asked, way.norm, size)), way


def test_the_cases_above_reach_every_oordeel_and_sizes_up_to_three() -> None:
    found = [small_advisor().advise(some_case(seed)) for seed in range(80)]
    adviezen = [one.adviezen[0] for one in found if isinstance(one, Advies)]
    assert {advies.oordeel for advies in adviezen} == {
        "toegestaan", "onder_voorwaarden", "alleen_met_toestemming", "niet_toegestaan",
    }  # fmt: skip
    assert {0, 1, 2, 3} <= {len(advies.ontbrekend) for advies in adviezen}
    assert any(isinstance(one, Contradiction) for one in found)


def test_consent_comes_last_however_little_it_asks() -> None:
    # Enrolment (a fact) or consent (an act) would each do.
    jongere = {"leeftijd": 18, "startkwalificatie": False, "akkoord": True}
    (line,) = advies_of(casus(jongere=jongere, document={"inhoud": []})).ontbrekend
    assert (line.feit, line.soort, line.gunstig) == ("jongere.ingeschreven", "feit", (True,))
    advies = advies_of(casus(jongere={"leeftijd": 18, "startkwalificatie": False}, document={"inhoud": []}))
    assert [(way.norm, len(way.ontbrekend), way.uitzonderlijk) for way in advies.wegen] == [
        ("N-1", 2, False),
        ("T-1", 1, False),
    ]
    assert advies.wacht_op == "handeling"


def test_all_favourable_values_are_named() -> None:
    jongere = {"startkwalificatie": False, "akkoord": True, "ingeschreven": True}
    (line,) = advies_of(casus(jongere=jongere, document={"inhoud": []})).ontbrekend
    assert (line.feit, line.gunstig) == ("jongere.leeftijd", Bereik(12, 26))
    left = {"leeftijd": 18, "startkwalificatie": False, "akkoord": True, "ingeschreven": False, "opleiding": "lang"}
    (line,) = advies_of(casus(jongere=left, document={"inhoud": []})).ontbrekend
    assert (line.feit, line.gunstig) == ("jongere.uitstroom", Bereik("2024-03-01", "2026-03-01"))


def test_a_negated_list_is_settled_by_what_may_stand_in_it() -> None:
    jongere = {"leeftijd": 18, "startkwalificatie": False, "akkoord": True, "ingeschreven": True}
    (line,) = advies_of(casus(jongere=jongere)).ontbrekend
    assert (line.feit, line.gunstig) == ("document.inhoud", ("naam", "cijfers"))


def test_another_value_that_follows_refutes_one_that_was_not_said() -> None:
    # Not qualified follows from nothing; it has to be said, and `false` is the only right answer.
    jongere = {"leeftijd": 18, "akkoord": True, "ingeschreven": True}
    (line,) = advies_of(casus(jongere=jongere, document={"inhoud": []})).ontbrekend
    assert (line.feit, line.gunstig) == ("jongere.startkwalificatie", (False,))


def test_answers_that_would_contradict_are_not_favourable() -> None:
    # A diploma of the high course is a qualification: with "not qualified" that course is no answer.
    jongere = {"leeftijd": 18, "akkoord": True, "diploma": True, "uitstroom": "2025-07-11", "ingeschreven": False}
    advies = advies_of(casus(jongere=jongere, document={"inhoud": []}, toestemmingen=[refusal()]))
    gunstig = {line.feit: line.gunstig for line in advies.ontbrekend}
    assert gunstig == {"jongere.startkwalificatie": (False,), "jongere.opleiding": ("kort", "lang")}


def refusal() -> dict[str, Any]:
    return deling(weighed=False) | {"gegeven": False, "door": "jongere"}


def test_a_recorded_consent_asks_for_its_own_gaps() -> None:
    consent = deling(weighed=False) | {"gegeven": True}
    advies = advies_of(casus(jongere={"leeftijd": 30}, toestemmingen=[consent]))
    assert advies.oordeel == "alleen_met_toestemming"
    (line,) = advies.ontbrekend
    assert (line.feit, line.gunstig) == ("toestemmingen[0].door", ("jongere",))


def test_a_mandate_is_an_entry_to_add() -> None:
    advies = advies_of(casus(TODAY, deling(ontvanger="tussen"), jongere={"leeftijd": 30}))
    assert advies.oordeel == "onder_voorwaarden"
    (line,) = advies.ontbrekend
    assert (line.feit, line.gunstig) == ("mandaten", ({"van": "gemeente", "aan": "tussen"},))
