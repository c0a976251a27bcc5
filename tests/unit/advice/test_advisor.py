"""The whole advice on the small law: verdict, grounds, steps, words, streams and explanation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.advice.advies import Advies, Afleiding, Bewijs, Contradiction, NormUitleg, Voorwaarde, as_json
from app.advice.decided import Decided
from app.advice.judge import Judge, UndecidedError
from app.advice.question.casus import Casus
from app.advice.question.extras import NO_EXTRAS, Extras
from app.advice.question.facts import to_facts
from app.advice.question.open_fields import OpenFields
from app.advice.reasons.why_not import WhyNot
from app.kern.ground import Flow
from app.kern.terms import Key
from tests.unit.advice.small_law import TODAY, casus, deling, small_advisor, small_law, small_vocabulary

ENROLLED: dict[str, Any] = {"leeftijd": 18, "startkwalificatie": False, "akkoord": True, "ingeschreven": True}
EMPTY: dict[str, Any] = {"document": {"inhoud": []}}


def advise(asked: Casus, extras: Extras = NO_EXTRAS) -> Advies:
    found = small_advisor().advise(asked, extras)
    assert isinstance(found, Advies), found
    return found


def test_a_permitted_flow_has_grounds_steps_duties_and_words() -> None:
    advies = advise(casus(jongere=ENROLLED, **EMPTY)).adviezen[0]
    assert advies.oordeel == "toegestaan"
    (ground,) = advies.grondslagen
    assert (ground.grondslag, ground.avg, ground.norm) == (
        "algemeen_belang", "artikel 6, eerste lid, onder e", "N-1",
    )  # fmt: skip
    assert ground.bronnen[0].artikel == "artikel 9.2.12, lid 3"
    assert [step.status for step in advies.stappen] == ["voldaan"] * 4
    assert advies.stappen[0].toelichting == (
        "De school en de gemeente hebben een taak voor een jongere van 18 jaar. De naam hoort daarbij."
    )
    assert advies.verplichtingen == ("vastleggen",)
    assert advies.voor_de_jongere is None, "this law has no rights, as laws of earlier versions"
    (note,) = advies.kanttekeningen
    assert note.toelichting == "De grens is een keuze. Twijfelt u? Vraag het aan de privacy officer."
    assert advies.toelichting.startswith("De school mag de naam delen met de gemeente. ")
    assert "Leg het vast" in advies.toelichting
    assert "2 maart 2034" in advies.toelichting
    assert advies.afleiding is None


def test_a_flow_that_waits_says_what_for() -> None:
    jongere = {name: value for name, value in ENROLLED.items() if name != "akkoord"}
    advies = advise(casus(jongere=jongere, toestemmingen=[{**deling(weighed=False), "gegeven": False}], **EMPTY))
    first = advies.adviezen[0]
    assert first.oordeel == "onder_voorwaarden"
    assert first.grondslagen == ()
    assert (first.stappen[0].status, first.stappen[1].status) == ("open", "voldaan")
    assert "er is akkoord" in first.stappen[0].toelichting
    assert first.ontbrekend[0].vraag in first.toelichting


def test_a_flow_that_only_consent_can_carry_says_why_the_law_does_not() -> None:
    advies = advise(casus(jongere={**ENROLLED, "akkoord": False}, **EMPTY)).adviezen[0]
    assert advies.oordeel == "alleen_met_toestemming"
    assert "Zonder toestemming mag het niet. Dat komt hierdoor. Er is geen akkoord." in advies.toelichting
    assert "Nodig antwoord:" not in advies.toelichting, "consent is asked for in one question, which says it all"


def test_a_refused_flow_says_why_and_what_else() -> None:
    refused = {**deling("ziekte", weighed=False), "gegeven": False, "door": "jongere"}
    advies = advise(casus(TODAY, deling("ziekte"), jongere=ENROLLED, toestemmingen=[refused], **EMPTY)).adviezen[0]
    assert advies.oordeel == "niet_toegestaan"
    assert advies.stappen[0].status == "niet_voldaan"
    assert advies.ontbrekend == ()
    assert [(other.gegeven, other.toelichting) for other in advies.alternatieven] == [
        ("cijfers", "Deel liever de cijfers.")
    ]
    assert "Deel liever de cijfers." in advies.toelichting


def test_the_norm_shown_is_the_one_that_came_nearest() -> None:
    # On N-1 only agreement is missing; on T-1 nobody may consent, because it was refused.
    refused = {**deling(weighed=False), "gegeven": False, "door": "jongere"}
    jongere = {**ENROLLED, "akkoord": False}
    advies = advise(casus(TODAY, deling(weighed=False), jongere=jongere, toestemmingen=[refused], **EMPTY)).adviezen[0]
    assert "geen akkoord" in advies.stappen[0].toelichting, "equal on both: the first norm is shown"


def test_a_detour_is_offered_when_both_legs_are_permitted() -> None:
    mandate = [{"van": "gemeente", "aan": "tussen"}]
    adult = {"leeftijd": 30, "ingeschreven": True}
    advies = advise(casus(jongere=adult, mandaten=mandate, **EMPTY)).adviezen[0]
    assert advies.oordeel == "alleen_met_toestemming"
    assert [(other.route, other.toelichting) for other in advies.alternatieven] == [
        ("tussen", "Deel de naam via het tussenpunt.")
    ]
    assert advise(casus(jongere=adult, mandaten=[], **EMPTY)).adviezen[0].alternatieven == ()
    halfway = {"leeftijd": 30, "ingeschreven": False}
    assert advise(casus(jongere=halfway, mandaten=mandate, **EMPTY)).adviezen[0].alternatieven == ()


def test_what_follows_about_the_person_and_the_tasks() -> None:
    jongere = {"geboortedatum": "2007-09-30", "ingeschreven": False, "uitstroom": "2025-07-11", "opleiding": "kort"}
    advies = advise(casus(jongere=jongere))
    assert advies.jongere.leeftijd == 18
    assert advies.jongere.voortijdig_schoolverlater == "ja"
    assert advies.jongere.loopbaanbegeleiding.aanbod == "verplicht"
    assert advies.jongere.loopbaanbegeleiding.tot == "2026-07-11"
    assert advies.jongere.rol_doorstroompunt == "actief"
    (task,) = advies.taken
    assert (task.partij, task.taak, task.aard, task.tot) == ("school", "melden", "verplicht", "2026-07-11")
    assert task.bronnen[0].titel == "Een wet"
    nothing = advise(casus()).jongere
    assert (nothing.leeftijd, nothing.voortijdig_schoolverlater, nothing.rol_doorstroompunt) == (
        None, "onbekend", "onbekend",
    )  # fmt: skip


def test_a_contradiction_is_named_and_gets_no_advice() -> None:
    jongere = {"startkwalificatie": False, "diploma": True, "opleiding": "hoog"}
    found = small_advisor().advise(casus(jongere=jongere))
    assert isinstance(found, Contradiction)
    (one,) = found.strijdigheden
    assert one.velden == ("jongere.startkwalificatie", "jongere.diploma")
    assert one.uitleg == "Het diploma van de hoge opleiding is een startkwalificatie, maar er staat dat die er niet is."


def test_an_error_is_never_an_answer() -> None:
    with pytest.raises(TypeError):
        small_advisor().advise(casus(jongere={**ENROLLED, "leeftijd": "achttien"}))


def test_a_flow_without_exactly_one_oordeel_gets_no_advice() -> None:
    decided = Decided(small_law(), to_facts(casus(), small_vocabulary()))
    judge = Judge(decided, "c.d0", WhyNot(decided), OpenFields(decided.law.form, ()))
    assert judge.oordeel() == "onder_voorwaarden"
    judge.flow.flow = Flow(Key("deling"), {}, {}, {})  # a class of which no rule gives a verdict
    with pytest.raises(UndecidedError):
        judge.oordeel()


def test_flows_are_answered_in_order_and_duplicates_twice() -> None:
    asked = casus(TODAY, deling(gegevens=["cijfers", "naam"]), deling(gegevens=["naam"]), jongere=ENROLLED, **EMPTY)
    assert [advies.deling.gegeven for advies in advise(asked).adviezen] == ["cijfers", "naam", "naam"]


def test_without_delingen_every_stream_on_a_statutory_ground_is_listed() -> None:
    advies = advise(Casus(None, TODAY, {"jongere": ENROLLED, **EMPTY, "mandaten": []}))
    assert advies.adviezen == ()
    assert advies.stromen is not None
    (stream,) = advies.stromen
    assert (stream.norm, stream.verstrekker, stream.ontvanger, stream.doel) == ("N-1", "school", "gemeente", "hulp")
    assert stream.gegevens == ("naam", "cijfers")
    assert stream.oordeel == "onder_voorwaarden"
    assert [line.feit for line in stream.ontbrekend] == ["delingen[].afweging.gegevens"]
    assert stream.geldig_tot == "2034-03-01"
    mandate = [{"van": "gemeente", "aan": "tussen"}]
    permitted = advise(Casus(None, TODAY, {"jongere": {"leeftijd": 30}, "mandaten": mandate})).stromen
    assert permitted is not None
    assert [(stream.ontvanger, stream.oordeel, len(stream.ontbrekend)) for stream in permitted] == [
        ("tussen", "toegestaan", 0), ("gemeente", "onder_voorwaarden", 1),
    ]  # fmt: skip
    waiting = advise(Casus(None, TODAY, {"jongere": {"leeftijd": 30}})).stromen
    assert waiting is not None
    assert {stream.norm for stream in waiting} == {"N-2"}, "only the mandate is open at 30"


def leaves(proof: Bewijs) -> Iterator[Bewijs]:
    if not proof.premissen:
        yield proof
    for premise in proof.premissen:
        yield from leaves(premise)


def test_a_proof_goes_down_to_what_the_caller_said() -> None:
    explained = advise(casus(jongere=ENROLLED, **EMPTY), extras=Extras(uitleg=True)).adviezen[0].afleiding
    assert isinstance(explained, Afleiding)
    (proof,) = explained.bewijs
    assert (proof.norm, proof.uitleg) == ("N-1", "Alles klopt voor Norm N-1.")
    assert proof.geldigheid is not None
    assert proof.geldigheid.vanaf == "2026-01-01"
    said = {leaf.feit: leaf.uitleg for leaf in leaves(proof)}
    assert said["De jongere is 18 jaar."] == "Dit hebt u gezegd."
    assert said["Er is akkoord."] == "Dit hebt u gezegd."
    assert "De jongere is 18 jaar, en dat is minder dan 27." in said
    denied = {node.feit for node in nodes(proof)}
    assert "De jongere is niet klaar." in denied, "a negation is proved too"


def nodes(proof: Bewijs) -> Iterator[Bewijs]:
    yield proof
    for premise in proof.premissen:
        yield from nodes(premise)


def conditions(found: NormUitleg) -> Iterator[Voorwaarde]:
    todo = list(found.stappen)
    while todo:
        condition = todo.pop()
        yield condition
        todo.extend(inner for way in condition.wegen for inner in way.voorwaarden)


def test_the_why_not_shows_what_is_met_contradicted_and_open() -> None:
    jongere = {"leeftijd": 27, "startkwalificatie": False, "ingeschreven": True}
    explained = advise(casus(jongere=jongere, **EMPTY), extras=Extras(uitleg=True)).adviezen[0].afleiding
    assert explained is not None
    assert explained.bewijs == ()
    by_norm = {found.norm: found for found in explained.waarom_niet}
    assert list(by_norm) == ["N-1", "T-1"]
    found = {(condition.feit, condition.status) for condition in conditions(by_norm["N-1"])}
    assert ("De jongere is 27 jaar.", "voldaan") in found
    assert ("De jongere is 27 jaar, en dat is minstens 27.", "niet_voldaan") in found
    assert ("Er is akkoord.", "open") in found
    assert ("De jongere is niet klaar.", "voldaan") in found
    assert by_norm["N-1"].status == "niet_voldaan"
    assert by_norm["T-1"].status == "open"


def test_the_answer_becomes_plain_json() -> None:
    plain = as_json(advise(casus(jongere=ENROLLED, **EMPTY), extras=Extras(uitleg=True)))
    again = json.loads(json.dumps(plain))
    assert again == plain
    assert set(plain) == {"id", "kenmerk", "peildatum", "beleid", "jongere", "taken", "adviezen"}
    assert "afleiding" in plain["adviezen"][0]
    bare = as_json(advise(casus(jongere=ENROLLED, **EMPTY)))
    assert "afleiding" not in bare["adviezen"][0]
    assert bare["id"] != plain["id"]
    assert plain["beleid"]["hash"].startswith("sha256:")
