"""Laws about AuthZEN: it says nothing but what the advice says, and a search finds what evaluations permit."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice import dates
from app.advice.question.casus import Casus, Flow, flatten
from app.lang.authzen_mapping import EntityName
from app.web.authzen.desk import AuthzenDesk
from app.web.desk import Desk
from tests.properties.real_law import fewer, real_law
from tests.properties.strategies_casussen import casussen

KEYS: dict[EntityName, str] = {"subject": "id", "resource": "id", "action": "name"}


@cache
def authzen() -> AuthzenDesk:
    """The real law's desk, without HTTP."""
    law = real_law()
    assert law.policies.authzen is not None
    return AuthzenDesk(law.policies.authzen, Desk(law.reader, law.advisor))


def asks(casus: Casus, flow: Flow) -> dict[str, Any]:
    """Ask about one flow of a casus as a caller of AuthZEN would."""
    rest = {name: value for name, value in casus.data.items() if name != "delingen"}
    rest["peildatum"] = dates.iso(casus.peildatum)
    if flow.data.get("afweging"):
        rest["delingen"] = [{"afweging": deepcopy(flow.data["afweging"])}]
    return {
        "subject": {"type": "ontvanger", "id": flow.ontvanger},
        "action": {"name": flow.doel},
        "resource": {"type": "gegeven", "id": flow.gegeven, "properties": {"verstrekker": flow.verstrekker}},
        "context": {"casus": rest},
    }


@settings(max_examples=fewer(25))
@given(casussen())
def test_a_decision_is_true_exactly_when_the_advice_says_toegestaan(casus: Casus) -> None:
    question = {**deepcopy(dict(casus.data)), "peildatum": dates.iso(casus.peildatum)}
    adviezen = authzen().desk.answer_value(question)["adviezen"]
    for flow, advies in zip(flatten(casus), adviezen, strict=True):
        answer = authzen().again(json.dumps(asks(casus, flow)))
        assert answer["decision"] is (advies["oordeel"] == "toegestaan")
        context = answer["context"]
        assert (context["oordeel"], context["reason"]) == (advies["oordeel"], advies["toelichting"])
        assert context.get("geldig_tot") == advies["geldig_tot"]
        assert len(context["ontbrekend"]) == len(advies["ontbrekend"])


@settings(max_examples=fewer(12))
@given(casussen(most_flows=1), st.sampled_from(sorted(KEYS)))
def test_a_search_finds_exactly_what_evaluations_permit(casus: Casus, what: EntityName) -> None:
    body = asks(casus, flatten(casus)[0])
    path = next(one.field for one in authzen().mapping.entities if one.name == what)
    field = next(one for one in real_law().vocabulary.fields if one.path == path)
    permitted = []
    for word in real_law().vocabulary.domains[field.domain].values:
        if what == "subject" and word == flatten(casus)[0].verstrekker:
            continue  # nobody gives something to themselves: that is a 400
        one = {**body, what: {**body[what], KEYS[what]: word}}
        if authzen().again(json.dumps(one))["decision"]:
            permitted.append(word)

    found = authzen().again(json.dumps({**body, "search": what}))["results"]
    assert [one[KEYS[what]] for one in found] == permitted


@settings(max_examples=fewer(25))
@given(casussen(most_flows=1), st.sampled_from([None, *sorted(KEYS)]))
def test_what_is_kept_is_read_as_what_was_asked(casus: Casus, what: EntityName | None) -> None:
    asked = authzen().read(asks(casus, flatten(casus)[0]), what)
    kept = authzen().read(json.loads(asked.text), what)

    assert (kept.casus.peildatum, kept.casus.kenmerk) == (asked.casus.peildatum, asked.casus.kenmerk)
    assert {**kept.casus.data, "peildatum": ""} == {**asked.casus.data, "peildatum": ""}
    assert kept.text == asked.text
