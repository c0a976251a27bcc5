"""The same four norms in Cedar and in answer set programming give the same yes and no."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.advice.question.casus import Casus
from app.advice.question.facts import to_facts
from app.composition import Composition, compose
from app.engine.facts import FactSet
from app.kern.decider import KernDecider
from app.lang.program import Program
from app.settings import Settings
from bench.peers import asp, cedar, comparison
from bench.peers.asp import AspNorms
from bench.peers.cedar import CedarNorms
from bench.peers.comparison import KernNorms
from bench.peers.questions import NORMS, SINCE, complete

COUNT = 400


@cache
def law() -> tuple[Composition, Program, list[tuple[Casus, FactSet]]]:
    composed = compose(Settings())
    return composed, composed.book.on(SINCE).program, complete(composed, COUNT)


def test_all_three_permit_the_same_and_each_norm_permits_something() -> None:
    _, program, questions = law()
    ours, policies, answer_sets = KernNorms(KernDecider(program)), CedarNorms(program), AspNorms(program)
    said: Counter[str] = Counter()
    for _, facts in questions:
        found = ours.permitting(facts)
        assert policies.permitting(facts) == found, facts.known
        assert answer_sets.permitting(facts) == found, facts.known
        said.update(found)
    assert min(said[norm] for norm in NORMS) >= 3
    assert sum(said.values()) < COUNT


def test_the_questions_say_all_that_the_norms_read_and_are_the_same_every_time() -> None:
    composed, program, questions = law()
    ours = KernDecider(program)
    for casus, facts in questions:
        assert len(casus.data["delingen"]) == 1
        model = ours.decide(facts)
        open_norms = {str(row[1]) for row in model.rows("mogelijk", "mag")} - {
            str(row[1]) for row in model.rows("zeker", "mag")
        }
        assert not open_norms & {"ALB-1", "VSV-1", "VZM-1"}
    assert [facts for _, facts in complete(composed, 20)] == [facts for _, facts in questions[:20]]


STAGE = "stagegegevens"
INCOME = "inkomensgegevens"
DOCUMENT = "overgangsdocument"
HEALTH = "gezondheidsgegevens"
STATEMENT = "medische_verklaring"
SUPPORT = "ondersteunen_voortijdig_schoolverlater"
GUIDE = "aanvullende_loopbaanbegeleiding"
WORK = "begeleiding_naar_werk"
ABSENCE = ("verzuimgegevens", "verzuimbestrijding")
CENTRE = "doorstroompunt"
TOWN = "gemeente_participatie"
NEEDED: dict[str, Any] = {"gegevens": "noodzakelijk", "alternatief": "geen"}
HANDY = NEEDED | {"gegevens": "handig"}
PUPIL = {"leeftijd": 18, "opleiding": "pro", "ingeschreven": True, "gebruik_aanvullende_loopbaanbegeleiding": True}
TRAINEE = {**PUPIL, "opleiding": "mbo_entree"}
STUDENT = {"opleiding": "vavo", "ingeschreven": True}
REPRESENTED = {"vertegenwoordigd": True}


def consent(who: str, **other: bool) -> dict[str, Any]:
    """Record a valid consent, of which some requirement may be otherwise."""
    valid = dict.fromkeys(("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk"), True)
    return {**valid, "ingetrokken": False, "door": who, **other}


YOUNG, PARENT = consent("jongere"), consent("wettelijk_vertegenwoordiger")


def corner(
    flow: tuple[str, str, str, str],
    young: dict[str, Any],
    *,
    weighed: dict[str, Any] | None = NEEDED,
    inside: tuple[str, ...] = (STAGE,),
    absent: tuple[int, int] = (0, 4),
    talked: bool = False,
    consents: tuple[dict[str, Any], ...] = (),
    earlier: str | None = None,
    document: dict[str, bool] | None = None,
) -> dict[str, Any]:
    """Ask one flow of a case in which all is well, but for what is said here."""
    giver, receiver, item, purpose = flow
    asked = {"verstrekker": giver, "ontvanger": receiver, "gegevens": [item], "doel": purpose}
    age = young.get("leeftijd", 18)
    yes = ("stemt_in_met_begeleiding_gemeente", "instemming_ouders", "begeleid_door_doorstroompunt")
    no = ["vertegenwoordigd", "startkwalificatie", "ingeschreven", "diploma_behaald"]
    no += ["aanbod_aanvullende_loopbaanbegeleiding", "gebruik_aanvullende_loopbaanbegeleiding"]
    person: dict[str, Any] = {
        **dict.fromkeys(yes, True),
        **dict.fromkeys(no, False),
        "schooljaar_van_16_voorbij": age > 15,
    }
    person |= {"leeftijd": age, "opleiding": "mbo_entree", "uitstroomdatum": "2024-06-01", **young}
    weeks, term = absent
    weighing = {} if weighed is None else weighed | {"gegevens": {item: weighed["gegevens"]}}
    return {
        "peildatum": "2026-03-15",
        "jongere": person,
        "verzuim": {"weken": weeks, "geldige_reden": False, "meldtermijn_weken": term},
        "overgangsdocument": {
            **dict.fromkeys(("vastgesteld_in_regio", "akkoord_jongere"), True),
            "inhoud": list(inside),
            **(document or {}),
        },
        "overleg_met_school": talked,
        "delingen": [{**asked, "afweging": weighing}],
        "toestemmingen": [{**asked, **one} for one in consents],
        "herkomst": [] if earlier is None else [{"gegeven": item, "doel": earlier}],
    }


TO_TOWN = (CENTRE, TOWN, INCOME, SUPPORT)
FROM_SCHOOL = ("school", TOWN, STAGE, SUPPORT)
TO_CENTRE = ("school", CENTRE, STAGE, SUPPORT)
NUMBER = (CENTRE, TOWN, "bsn", SUPPORT)
THE_DOCUMENT = ("school", TOWN, DOCUMENT, GUIDE)
CARE = ("jeugdzorg", "school", STAGE, WORK)
ONWARD = (CENTRE, "werkgever", HEALTH, WORK)
BENEFIT = ("jeugdzorg", "uwv", STATEMENT, "uitvoeren_bijstand")


CORNERS = [
    # income: only of who need not attend school (VSV-1, DEF-3)
    (corner(TO_TOWN, {"leeftijd": 18}), "VSV-1"),
    (corner(TO_TOWN, {"leeftijd": 17}), ""),
    (corner(TO_TOWN, {"leeftijd": 17, "opleiding": "vso_arbeid"}, talked=True), "VSV-1"),
    (corner(TO_TOWN, {"leeftijd": 17, "opleiding": "pro"}, talked=True), ""),
    (corner(TO_TOWN, {"leeftijd": 17, "opleiding": "pro", "diploma_behaald": True}, talked=True), "VSV-1"),
    (corner(TO_TOWN, {"leeftijd": 16, "opleiding": "vso_arbeid"}, talked=True), "VSV-1"),
    (
        corner(
            TO_TOWN,
            {"leeftijd": 16, "opleiding": "vso_arbeid", "schooljaar_van_16_voorbij": False},
            talked=True,
        ),
        "",
    ),
    (corner(TO_TOWN, {"leeftijd": 15, "opleiding": "vso_arbeid"}, talked=True), ""),
    (corner((CENTRE, "school", INCOME, SUPPORT), {}), ""),
    # VSV-3: to the gemeente, also for this purpose
    (corner((CENTRE, TOWN, "testuitslag", "leerbaarheidsonderzoek"), {}), "VSV-1"),
    (
        corner((CENTRE, TOWN, "testuitslag", "leerbaarheidsonderzoek"), {"stemt_in_met_begeleiding_gemeente": False}),
        "",
    ),
    (corner((TOWN, CENTRE, STAGE, SUPPORT), {"stemt_in_met_begeleiding_gemeente": False}), "VSV-1"),
    # VSV-1 and VSV-4 between school and gemeente
    (corner(FROM_SCHOOL, {}), "VSV-1"),
    (corner(FROM_SCHOOL, {"begeleid_door_doorstroompunt": False}), ""),
    (corner(FROM_SCHOOL, {"uitstroomdatum": "2025-03-16"}), ""),
    (corner(FROM_SCHOOL, {"uitstroomdatum": "2025-03-16"}, talked=True), "VSV-1"),
    (corner(FROM_SCHOOL, {"uitstroomdatum": "2025-03-15"}), "VSV-1"),
    (corner(TO_CENTRE, TRAINEE, absent=(4, 4), talked=True), ""),
    (corner(TO_CENTRE, TRAINEE | {"gebruik_aanvullende_loopbaanbegeleiding": False}, absent=(4, 4)), ""),
    (
        corner(TO_CENTRE, TRAINEE | {"gebruik_aanvullende_loopbaanbegeleiding": False}, absent=(4, 4), talked=True),
        "VSV-1",
    ),
    (corner(TO_CENTRE, {}, earlier="uitvoeren_bijstand"), ""),
    (corner(TO_CENTRE, {}, earlier="vangnet_monitoring"), "VSV-1"),
    (corner((TOWN, CENTRE, INCOME, SUPPORT), {}, earlier="uitvoeren_bijstand"), "VSV-1"),
    (corner(TO_TOWN, {}, earlier="uitvoeren_bijstand"), ""),
    (corner(TO_CENTRE, {"leeftijd": 27}), ""),
    (corner(TO_CENTRE, {"startkwalificatie": True}), ""),
    # DEF-7: the school's shorter period
    (corner(TO_CENTRE, {"opleiding": "vo", "ingeschreven": True}, absent=(2, 2)), "VSV-1"),
    (corner(TO_CENTRE, {"opleiding": "vo", "ingeschreven": True}, absent=(2, 3)), ""),
    (corner(TO_CENTRE, {"opleiding": "vso_dagbesteding", "ingeschreven": True}, absent=(2, 2)), "VSV-1"),
    (corner(TO_CENTRE, {"opleiding": "vavo", "ingeschreven": True}, absent=(2, 2)), "VSV-1"),
    (corner(TO_CENTRE, {"opleiding": "hbo", "ingeschreven": True}, absent=(2, 2)), ""),
    (corner(TO_CENTRE, {"opleiding": "hbo", "ingeschreven": True}, absent=(4, 4)), "VSV-1"),
    # BSN-1: the number goes along, whatever it was collected for, but for VSV-1 it is weighed
    (corner(NUMBER, {}, earlier="uitvoeren_bijstand"), "VSV-1"),
    (corner(NUMBER, {}, weighed=HANDY), ""),
    (corner(("school", CENTRE, "bsn", SUPPORT), {}), ""),
    (corner(NUMBER, {"leeftijd": 27}, consents=(YOUNG,)), ""),
    (corner(("school", "duo", "bsn", "verzuimbestrijding"), STUDENT, absent=(4, 4)), "VZM-1"),
    (corner(("school", CENTRE, "bsn", "verzuimbestrijding"), STUDENT, absent=(4, 4)), ""),
    # VZM-1
    (corner(("school", CENTRE, *ABSENCE), STUDENT, absent=(4, 4)), "VZM-1"),
    (corner(("school", CENTRE, *ABSENCE), STUDENT, absent=(4, 4), weighed=HANDY), "VZM-1"),
    (corner(("school", CENTRE, *ABSENCE), {"opleiding": "vavo"}, absent=(4, 4)), ""),
    (corner(("school", CENTRE, *ABSENCE), {**STUDENT, "opleiding": "vo"}, absent=(4, 4)), ""),
    (corner(("school", CENTRE, *ABSENCE), STUDENT, absent=(3, 4)), ""),
    (corner(("school", CENTRE, *ABSENCE), STUDENT | {"leeftijd": 27}, absent=(4, 4)), ""),
    # ALB-1
    (corner(THE_DOCUMENT, PUPIL, weighed=None), "ALB-1"),
    (corner(THE_DOCUMENT, PUPIL, weighed=HANDY), ""),
    (corner(THE_DOCUMENT, PUPIL, weighed=NEEDED | {"alternatief": "ouders"}), ""),
    (corner(THE_DOCUMENT, PUPIL, inside=("bsn",)), ""),
    (corner(THE_DOCUMENT, PUPIL, inside=(HEALTH,)), ""),
    (corner(THE_DOCUMENT, PUPIL, document={"akkoord_jongere": False}), ""),
    (corner(THE_DOCUMENT, PUPIL, document={"vastgesteld_in_regio": False}), ""),
    (corner(THE_DOCUMENT, PUPIL, earlier="uitvoeren_bijstand"), ""),
    (corner(THE_DOCUMENT, PUPIL | {"stemt_in_met_begeleiding_gemeente": False}), ""),
    (corner(THE_DOCUMENT, PUPIL | REPRESENTED | {"stemt_in_met_begeleiding_gemeente": False}), "ALB-1"),
    (corner(THE_DOCUMENT, PUPIL | REPRESENTED | {"instemming_ouders": False}), ""),
    (corner(THE_DOCUMENT, TRAINEE | REPRESENTED | {"instemming_ouders": False}), "ALB-1"),
    (corner(THE_DOCUMENT, PUPIL, consents=(consent("jongere", gegeven=False),)), ""),
    (corner(THE_DOCUMENT, PUPIL, consents=(consent("jongere", ingetrokken=True),)), ""),
    (corner(THE_DOCUMENT, PUPIL, consents=(PARENT | {"gegeven": False},)), "ALB-1"),
    (corner(THE_DOCUMENT, PUPIL, consents=(PARENT | {"ingetrokken": True},)), "ALB-1"),
    (corner(THE_DOCUMENT, PUPIL | REPRESENTED, consents=(PARENT | {"gegeven": False},)), ""),
    # TST-1: who decides, and whose consent a duty of secrecy also needs
    (corner(CARE, {"leeftijd": 16}, consents=(YOUNG,)), "TST-1"),
    (corner(CARE, {"leeftijd": 16}, consents=(PARENT,)), ""),
    (corner(CARE, {"leeftijd": 16} | REPRESENTED, consents=(PARENT,)), "TST-1"),
    (corner(CARE, {"leeftijd": 16} | REPRESENTED, consents=(YOUNG,)), ""),
    (corner(CARE, {"leeftijd": 15}, consents=(PARENT,)), ""),
    (corner(CARE, {"leeftijd": 12}, consents=(PARENT, YOUNG)), "TST-1"),
    (corner(CARE, {"leeftijd": 12}, consents=(PARENT, YOUNG | {"vrij": False})), ""),
    (corner(CARE, {"leeftijd": 11}, consents=(PARENT,)), "TST-1"),
    (corner(CARE, {"leeftijd": 11}, consents=(PARENT, YOUNG | {"gegeven": False})), ""),
    (corner(("school", "werkgever", STAGE, WORK), {"leeftijd": 15}, consents=(PARENT,)), "TST-1"),
    (corner(("school", "werkgever", HEALTH, WORK), {}, consents=(YOUNG,)), "TST-1"),
    (corner(("school", "werkgever", HEALTH, WORK), {}, consents=(YOUNG | {"uitdrukkelijk": False},)), ""),
    (corner(("school", "werkgever", DOCUMENT, WORK), {}, consents=(YOUNG,), inside=("bsn",)), ""),
    (corner(("school", "werkgever", STAGE, WORK), {}, consents=(YOUNG,), weighed=HANDY), ""),
    (corner(("school", "werkgever", "geanonimiseerde_informatie", WORK), {}, consents=(YOUNG,)), ""),
    # TST-2 and TST-3
    (corner(BENEFIT, {}, consents=(YOUNG,)), "TST-1"),
    (corner((*BENEFIT[:2], "etniciteit", BENEFIT[3]), {}, consents=(YOUNG,)), ""),
    (corner((*BENEFIT[:2], DOCUMENT, BENEFIT[3]), {}, consents=(YOUNG,), inside=("etniciteit",)), ""),
    (corner((*BENEFIT[:2], DOCUMENT, BENEFIT[3]), {}, consents=(YOUNG,), inside=(STATEMENT,)), "TST-1"),
    (corner(ONWARD, {}, consents=(YOUNG,)), ""),
    (corner((*ONWARD[:3], "noodsituatie"), {}, consents=(YOUNG,)), "TST-1"),
    (corner((*ONWARD[:2], DOCUMENT, WORK), {}, consents=(YOUNG,), inside=(STATEMENT,)), ""),
    (corner((*ONWARD[:2], DOCUMENT, WORK), {}, consents=(YOUNG,), inside=("etniciteit",)), "TST-1"),
]


@pytest.mark.parametrize(("question", "permitting"), CORNERS)
def test_all_three_know_the_corners_that_random_questions_seldom_reach(
    question: dict[str, Any], permitting: str
) -> None:
    _, facts = checked(question)
    ours, policies, answer_sets = judges()
    expected = {permitting} - {""}
    assert ours.permitting(facts) == expected
    assert policies.permitting(facts) == expected
    assert answer_sets.permitting(facts) == expected


def checked(question: dict[str, Any]) -> tuple[Casus, FactSet]:
    composed, _, _ = law()
    casus = composed.reader.check(question)
    return casus, to_facts(casus, composed.book.policies.vocabulary)


@cache
def judges() -> tuple[KernNorms, CedarNorms, AspNorms]:
    _, program, _ = law()
    return KernNorms(KernDecider(program)), CedarNorms(program), AspNorms(program)


FORGOTTEN = [
    (asp.RULES, "in_document, not refused, purpose", "in_document, purpose"),
    (asp.RULES, "purpose, not objection, not never", "purpose, not never"),
    (asp.RULES, ", gewoon(G), doel_van_loopbaanbegeleiding(P),\n                document_ready", ""),
    (asp.RULES, ", long_absent, not never", ", not never"),
    (asp.RULES, "purpose_settled, weighed", "purpose_settled"),
    (asp.RULES, "not sensitive_document, not bsn.", "not bsn."),
    (asp.RULES, "supports, early_leaver,", "supports,"),
    (asp.RULES, 'wrong_person("jongere") :- represented.\n', ""),
    (asp.RULES, "decided, young_person_too,", "decided,"),
    (asp.RULES, "not bsn, weighed", "not bsn"),
    (cedar.RULES, " context.akkoord_jongere &&", ""),
    (cedar.RULES, " && !context.startkwalificatie &&\n  (!context.ingeschreven", " &&\n  (!context.ingeschreven"),
    (cedar.RULES, '  !(context has noodzaak && context.noodzaak == "handig") &&\n', ""),
    (cedar.RULES, ' &&\n  !(context has andere_weg && context.andere_weg != "geen")', ""),
    (cedar.RULES, '"voortgezet_onderwijs") && context.ingeschreven &&', '"voortgezet_onderwijs") &&'),
    (cedar.RULES, "(if context.leeftijd < 16 || context.vertegenwoordigd\n", "(if context.leeftijd < 16\n"),
]


@pytest.mark.parametrize(("rules", "condition", "kept"), FORGOTTEN)
def test_the_comparison_notices_a_condition_that_was_forgotten(
    rules: Path, condition: str, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed, _, questions = law()
    text = rules.read_text(encoding="utf-8")
    assert text.count(condition) == 1
    changed = tmp_path / rules.name
    changed.write_text(text.replace(condition, kept), encoding="utf-8")
    monkeypatch.setattr(asp if rules == asp.RULES else cedar, "RULES", changed)
    every = [*questions, *(checked(question) for question, _ in CORNERS)]
    monkeypatch.setattr(comparison, "complete", lambda *_: every)
    with pytest.raises(AssertionError, match="the peers differ"):
        comparison.report(composed, COUNT, 1)
