"""Laws about the answer itself: its steps, its words, its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice.advies import Voorwaarde, as_json
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.advice.reasons.leaf_texts import SHOWN
from app.engine.model import Side
from app.web.writing import text_of
from tests.properties.proof_checker import proves
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

SIDES: tuple[Side, ...] = ("zeker", "mogelijk")
WORDS = ("toelichting", "vraag", "uitleg", "titel", "artikel", "feit")
# Template holes, code words, keys of a case, dates as numbers, and what Python prints of objects.
CODE = re.compile(
    r"[{}_<>]|\bc\.[a-z]\d|(?<!onder )\bc\b|\b(19|20)\d{6}\b|\bNone\b|\bTrue\b|\bFalse\b|Unknown|\s\s|\s[.,?]|\.\."
)


def texts(value: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text for people in an answer, with its name; `feit` is one only inside an afleiding."""
    match value:
        case dict():
            for name, item in value.items():
                if isinstance(item, str):
                    # In a proof `feit` says it all where no rule with an uitleg was used.
                    unexplained = name == "uitleg" and not item and "feit" in value
                    if name in WORDS and not unexplained and not (name == "feit" and inside == "ontbrekend"):
                        yield name, item
                else:
                    yield from texts(item, name)
        case list():
            for item in value:
                yield from texts(item, inside)


@given(casussen())
def test_the_steps_tell_what_the_oordeel_says(casus: Casus) -> None:
    for advies in real_law().advise(casus).adviezen:
        assert [step.stap for step in advies.stappen] == [1, 2, 3, 4]
        assert [step.naam for step in advies.stappen] == ["grondslag", "doel", "proportionaliteit", "subsidiariteit"]
        statuses = {step.status for step in advies.stappen}
        if advies.oordeel == "toegestaan":
            assert statuses == {"voldaan"}
        elif advies.oordeel == "niet_toegestaan":
            assert "niet_voldaan" in statuses
        else:
            assert "niet_voldaan" not in statuses
            assert "open" in statuses


@settings(max_examples=fewer(100))  # writes a whole proof for every flow
@given(casussen(most_flows=2), st.booleans())
def test_every_text_is_dutch_for_people(casus: Casus, listing: bool) -> None:
    if listing:
        casus = replace(casus, data={name: value for name, value in casus.data.items() if name != "delingen"})
    answer = as_json(real_law().advise(casus, Extras(uitleg=True)))
    for name, text in texts(answer):
        assert text.strip() == text != "", name
        assert not CODE.search(text), (name, text)
        if name in ("toelichting", "uitleg"):
            assert text[0] == text[0].upper(), text
            assert text[-1] in ".?!", text
        if name == "vraag":
            assert text[-1] in ".?", text


def placeless(plain: Any) -> str:
    """Write an advice without the places of entries in the lists of the question."""
    return re.sub(r"\[\d+\]", "[]", repr(plain))


def told(casus: Casus) -> dict[tuple[Any, ...], set[str]]:
    """What is answered of each flow, but for what names a place in the question."""
    found: dict[tuple[Any, ...], set[str]] = {}
    for advies in real_law().advise(casus).adviezen:
        plain = as_json(replace(advies, toelichting="", ontbrekend=()))
        plain["ontbrekend"] = len(advies.ontbrekend)
        deling = advies.deling
        about = (deling.verstrekker, deling.ontvanger, deling.gegeven, deling.doel)
        found.setdefault(about, set()).add(placeless(plain))
    return found


def in_order(conditions: Iterable[Voorwaarde]) -> Iterator[Voorwaarde]:
    """Every condition as a reader meets them."""
    for condition in conditions:
        yield condition
        for way in condition.wegen:
            yield from in_order(way.voorwaarden)


@settings(max_examples=fewer(100))
@given(casussen(most_flows=2))
def test_what_a_why_not_explains_it_explains_once_and_first(casus: Casus) -> None:
    for advies in real_law().advise(casus, Extras(uitleg=True)).adviezen:
        assert advies.afleiding is not None
        for norm in advies.afleiding.waarom_niet:
            explained: set[tuple[str, str]] = set()
            for condition in in_order(norm.stappen):
                told = condition.feit, condition.status
                if condition.uitleg == SHOWN:
                    assert told in explained
                    assert not condition.wegen
                elif condition.wegen:
                    explained.add(told)
        assert len(text_of(advies)) < 400_000


@given(casussen(), st.randoms(use_true_random=False))
def test_the_order_of_lists_is_irrelevant(casus: Casus, chance: Any) -> None:
    data = dict(casus.data)
    for name in ("delingen", "toestemmingen", "mandaten", "overeenkomsten", "herkomst"):
        if name in data:
            data[name] = chance.sample(data[name], len(data[name]))
    assert told(replace(casus, data=data)) == told(casus)


@given(casussen(most_flows=2))
def test_what_is_asked_twice_is_answered_twice(casus: Casus) -> None:
    law = real_law()
    once = law.advise(casus).adviezen
    twice = law.advise(replace(casus, data={**casus.data, "delingen": [*casus.data["delingen"]] * 2})).adviezen
    assert twice[: len(once)] == once
    assert [placeless(as_json(one)) for one in twice[len(once) :]] == [placeless(as_json(one)) for one in once]


@settings(max_examples=fewer(100))  # checks every reason of every derived fact, some hundreds a casus
@given(casussen(most_flows=2))
def test_every_reason_proves_its_fact(casus: Casus) -> None:
    law = real_law()
    model = law.decide(casus)
    for predicate in law.vocabulary.predicates.values():
        if predicate.kind != "uitkomst":
            continue
        for side in SIDES if not predicate.two_valued else SIDES[:1]:
            if side not in predicate.sides:
                continue
            for row in model.rows(side, predicate.name):
                reasons = model.why(side, predicate.name, row)
                assert all(proves(model, side, row, reason) for reason in reasons), (predicate.name, row)
