"""Laws about the ways of an advice: each permits, none asks more than its norm needs, and consent comes last."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.advice.advies import DelingAdvies, NormWeg
from app.advice.question.casus import Casus, flatten
from app.advice.question.form import form_of
from app.advice.question.open_fields import fill
from app.engine.facts import FactSet
from app.kern.accepted import Item
from tests.properties.real_law import answered, contradicts, fewer, real_law
from tests.properties.strategies_casussen import casussen
from tests.properties.test_unknown_facts import OPEN, open_items, rows_for, values_of, with_few_open

CONSENT = "toestemming"
GROUNDS = (
    "wettelijke_verplichting", "algemeen_belang", "geen_persoonsgegevens", "jongere_zelf", "overeenkomst",
    "gerechtvaardigd_belang", "vitale_belangen", CONSENT,
)  # fmt: skip
"""The grounds in the order in which domein.md has the ways."""


def permits(casus: Casus, place: int, norm: str, ontbrekend: NormWeg) -> bool:
    """Whether a flow is permitted on a norm once the first accepted answers are filled in."""
    law = real_law()
    filled = fill(casus, ontbrekend.ontbrekend, form_of(law.vocabulary))
    law.reader.check(dict(filled.data))
    advies = law.advise(filled).adviezen[place]
    return advies.oordeel == "toegestaan" and norm in [one.norm for one in advies.grondslagen]


@given(casussen(most_flows=1))
def test_filling_in_any_way_permits_on_its_norm(casus: Casus) -> None:
    for place, advies in enumerate(real_law().advise(casus).adviezen):
        for way in advies.wegen:
            assert permits(casus, place, way.norm, way), way


@given(casussen(most_flows=1))
def test_any_accepted_values_of_a_way_will_do(casus: Casus) -> None:
    law = real_law()
    form = form_of(law.vocabulary)
    for place, advies in enumerate(law.advise(casus).adviezen):
        for way in advies.wegen:
            first = [next(values_of(answer)) for answer in way.ontbrekend]
            for number, answer in enumerate(way.ontbrekend):
                for value in values_of(answer):
                    answers = [*first[:number], value, *first[number + 1 :]]
                    filled = law.advise(fill(casus, answers, form)).adviezen[place]
                    assert filled.oordeel == "toegestaan", (way, answers)


@given(casussen(most_flows=2))
def test_ways_come_in_the_order_of_the_grounds_and_the_rest_of_the_advice_follows_the_first(casus: Casus) -> None:
    for advies in real_law().advise(casus).adviezen:
        usual = [way for way in advies.wegen if not way.uitzonderlijk]
        assert list(advies.wegen[: len(usual)]) == usual
        assert [GROUNDS.index(way.grondslag) for way in usual] == sorted(GROUNDS.index(way.grondslag) for way in usual)
        assert len({way.norm for way in advies.wegen}) == len(advies.wegen)
        _matches_its_oordeel(advies, usual)


def _matches_its_oordeel(advies: DelingAdvies, usual: list[NormWeg]) -> None:
    permitted = advies.oordeel == "toegestaan"
    assert [way.norm for way in usual if way.status == "voldaan"] == [
        one.norm for one in sorted(advies.grondslagen, key=lambda one: GROUNDS.index(one.grondslag))
    ]
    assert all((way.status == "voldaan") == permitted == (not way.ontbrekend) for way in usual)
    assert not (permitted and len(usual) < len(advies.wegen))
    if advies.oordeel == "niet_toegestaan":
        assert usual == []
    assert advies.ontbrekend == (usual[0].ontbrekend if usual else ())
    assert (advies.wacht_op is None) == (not advies.ontbrekend)
    asks_consent = any(one.feit.startswith("toestemmingen") for one in advies.ontbrekend)
    assert (advies.wacht_op == CONSENT) == asks_consent
    if any(way.grondslag != CONSENT for way in usual):
        assert not asks_consent


@given(casussen(most_flows=1))
def test_an_exceptional_way_asserts_what_was_not_said_and_touches_nothing_else(casus: Casus) -> None:
    law = real_law()
    closed = set(_exceptions())
    for advies in law.advise(casus).adviezen:
        for way in advies.wegen:
            asserted = [one for one in way.ontbrekend if _bare(one.feit) in closed]
            assert bool(asserted) == way.uitzonderlijk
            assert list(way.ontbrekend[: len(asserted)]) == asserted


def _exceptions() -> list[str]:
    return [field.path.removesuffix("[]") for field in real_law().vocabulary.fields if field.exception]


def _bare(place: str) -> str:
    return place.replace("delingen[0]", "delingen[]")


@settings(max_examples=fewer(60))  # every set of up to two open facts is decided, with every value
@given(casussen(most_flows=1), st.integers(0, 2**32))
def test_no_smaller_set_of_answers_permits_on_that_norm(casus: Casus, seed: int) -> None:
    law = real_law()
    casus = with_few_open(casus, seed)
    advies = law.advise(casus).adviezen[0]
    assume(advies.oordeel in OPEN)
    facts = law.facts(casus)
    items = _asked(casus, facts)
    for way in advies.wegen:
        if not way.uitzonderlijk:
            for size in range(min(3, len(way.ontbrekend))):
                for chosen in itertools.combinations(items, size):
                    assert not _permits_on(casus, facts, chosen, way.norm), (way, chosen)


def _asked(casus: Casus, facts: FactSet) -> list[Item]:
    """List the open facts that are really open: those that rules do not settle, and of the first flow."""
    decider = real_law().book.on(casus.peildatum)
    flow = flatten(casus)[0].key
    found = []
    for name, key in open_items(facts):
        derived = decider.rows_only(facts, "zeker", name) if real_law().vocabulary.predicates[name].single else ()
        if not any(row[0] == key for row in derived) and (".d" not in str(key) or key == flow):
            found.append((name, key))
    return found


def _permits_on(casus: Casus, facts: FactSet, items: tuple[Item, ...], norm: str) -> bool:
    """Whether some values of exactly these open facts permit the first flow on a norm."""
    decider = real_law().book.on(casus.peildatum)
    flow = flatten(casus)[0].key
    for answers in itertools.product(*(rows_for(casus, facts, item) for item in items)):
        tried = facts
        for item, rows in zip(items, answers, strict=True):
            tried = answered(tried, *item, rows)
        if (flow, norm) in decider.rows_only(tried, "zeker", "mag") and not contradicts(decider, tried):
            return True
    return False
