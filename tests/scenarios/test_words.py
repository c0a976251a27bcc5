"""What an answer says in words, and which law it cites: what a scenario's expectations do not look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.advice.question.extras import Extras
from app.composition import Composition
from app.settings import Settings
from app.store.scenarios import read_scenarios

DAY = "2026-03-15"
ENTREE = {"leeftijd": 19, "startkwalificatie": False, "opleiding": "mbo_entree", "ingeschreven": False}
LEFT = {**ENTREE, "diploma_behaald": False, "uitstroomdatum": "2025-10-01"}
CONSENT = {"gegeven": True, "vrij": True, "geinformeerd": True, "ondubbelzinnig": True, "ingetrokken": False}
SUPPORT, WORK = "ondersteunen_voortijdig_schoolverlater", "begeleiding_naar_werk"


def flow(verstrekker: str, ontvanger: str, gegeven: str, doel: str, **afweging: Any) -> dict[str, Any]:
    """A flow weighed as necessary; what is given changes the weighing."""
    weighed = {"gegevens": {gegeven: "noodzakelijk"}, "alternatief": "geen", **afweging}
    parties = {"verstrekker": verstrekker, "ontvanger": ontvanger}
    return {**parties, "gegevens": [gegeven], "doel": doel, "afweging": weighed}


def consent(deling: dict[str, Any], **said: Any) -> dict[str, Any]:
    """An entry about a flow."""
    return {name: deling[name] for name in ("verstrekker", "ontvanger", "gegevens", "doel")} | said


def answer(composed: Composition, deling: dict[str, Any], day: str = DAY, **question: Any) -> Any:
    """The whole answer about one flow."""
    return composed.desk.answer_value({"peildatum": day, **question, "delingen": [deling]})


def step(composed: Composition, number: int, deling: dict[str, Any], **question: Any) -> str:
    """What the answer about one flow says of one step."""
    text: str = answer(composed, deling, **question)["adviezen"][0]["stappen"][number - 1]["toelichting"]
    return text


def cited(places: list[dict[str, Any]]) -> set[str]:
    """The laws and articles in a list of sources; the servicedocument aside."""
    return {f"{one['titel']} {one['artikel']}" for one in places if not one["titel"].startswith("Servicedocument")}


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


ODD = re.compile(
    r"niet waar is|nog onbekend|nog niet te maken|[{}]|\b(hij|hem)\b|de jongere de jongere| {2}|\.\.",
    re.IGNORECASE,
)
EXPLAINED = {(): 5, ("jongere",): 60, ("jongere", "overgangsdocument", "herkomst", "regio"): 60}
"""What is left out of the questions, and of how many one is asked with its whole explanation: of what is not known
that is long, and takes most of the time."""


@pytest.mark.parametrize(("unsaid", "every"), EXPLAINED.items())
def test_every_text_is_one_that_people_write(composed: Composition, unsaid: tuple[str, ...], every: int) -> None:
    questions: dict[str, dict[str, Any]] = {}
    for scenario in read_scenarios(Settings().policies):
        if scenario.fout is None:
            vraag = {name: value for name, value in scenario.vraag.items() if name not in unsaid}
            questions.setdefault(json.dumps(vraag, sort_keys=True), vraag)
    for number, (shown, vraag) in enumerate(questions.items()):
        given = composed.desk.answer_value(vraag, Extras(uitleg=number % every == 0))
        assert [text for text in texts(given) if ODD.search(text)] == [], shown


# ── Step 2 ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("deling", "eerder", "said"),
    [
        (flow("school", "doorstroompunt", "stagegegevens", SUPPORT), "de veiligheid van anderen", "stagegegevens"),
        (flow("bidn", "doorstroompunt", "inkomensgegevens", SUPPORT), "de veiligheid van anderen", "inkomensgegevens"),
    ],
)
def test_step_2_fails_because_of_the_other_purpose(
    composed: Composition, deling: dict[str, Any], eerder: str, said: str
) -> None:
    origin = [{"gegeven": said, "doel": "veiligheid_derden"}]
    refusal = [consent(deling, gegeven=False)]
    told = step(
        composed, 2, deling, jongere={**ENTREE, "opleiding": "vo"}, herkomst=origin, toestemmingen=refusal
    )  # consent refused: else TST-1, for which no purpose counts, is nearer
    assert told == (
        f"Dit is eerder verzameld voor {eerder}: {said}. "
        "Dat is een ander doel dan het ondersteunen van een voortijdig schoolverlater."
    )


# ── Consent ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("age", "said", "told"),
    [
        (
            22,
            {**CONSENT, "door": "wettelijk_vertegenwoordiger"},
            "De wettelijk vertegenwoordiger besliste over de toestemming, maar de jongere is 22 jaar. "
            "Vanaf 16 jaar beslist de jongere zelf.",
        ),
        (
            15,
            {**CONSENT, "door": "jongere"},
            "De jongere besliste zelf over de toestemming, maar is 15 jaar. "
            "Onder 16 jaar beslist de wettelijk vertegenwoordiger (meestal een ouder).",
        ),
        (
            22,
            {**CONSENT, "vrij": False, "ondubbelzinnig": False, "door": "jongere"},
            "De toestemming is niet vrij gegeven. Het is niet duidelijk dat er toestemming is.",
        ),
        (22, {"gegeven": False}, "De toestemming voor deze deling is geweigerd."),
        (22, {**CONSENT, "ingetrokken": True}, "De toestemming voor deze deling is ingetrokken."),
        (22, {"gegeven": True, "door": "jongere"}, None),
    ],
)
def test_step_1_says_what_a_consent_lacks(
    composed: Composition, age: int, said: dict[str, Any], told: str | None
) -> None:
    deling = flow("school", "werkgever", "stagegegevens", WORK)
    given = step(composed, 1, deling, jongere={"leeftijd": age}, toestemmingen=[consent(deling, **said)])
    assert given == told if told else given.startswith("Dit moet nog blijken. De toestemming is vrij gegeven.")


def test_where_no_consent_was_recorded_nothing_is_said_of_one(composed: Composition) -> None:
    deling = flow("school", "werkgever", "stagegegevens", WORK)
    (advies,) = answer(composed, deling, jongere={"leeftijd": 22})["adviezen"]
    question = {"peildatum": DAY, "jongere": {"leeftijd": 22}, "delingen": [deling]}
    (explained,) = composed.desk.answer_value(question, Extras(uitleg=True))["adviezen"]
    told = [
        text
        for text in texts(explained["afleiding"])
        if re.search(r"toestemming is (niet )?(geweigerd|ingetrokken)", text)
    ]
    assert advies["oordeel"] == "alleen_met_toestemming"
    assert any("niets vastgelegd" in text for text in texts(explained["afleiding"]))
    assert set(told) <= {"De toestemming is niet geweigerd of ingetrokken."}


def test_an_exception_that_was_not_asserted_is_asked_in_its_own_way_and_is_no_reason(composed: Composition) -> None:
    (advies,) = answer(composed, flow("school", "arts", "gezondheidsgegevens", "noodsituatie"))["adviezen"]
    (way,) = [one for one in advies["wegen"] if one["norm"] == "VIT-1"]
    assert way["uitzonderlijk"]
    assert "Is het leven of de gezondheid van iemand in gevaar?" in [line["vraag"] for line in way["ontbrekend"]]
    assert "leven" not in advies["toelichting"]


def test_explicit_consent_is_what_special_data_miss(composed: Composition) -> None:
    deling = flow("school", "werkgever", "gezondheidsgegevens", WORK)
    said = [consent(deling, **CONSENT, uitdrukkelijk=False, door="jongere")]
    told = step(composed, 1, deling, jongere={"leeftijd": 22}, toestemmingen=said)
    assert told == "De toestemming is niet uitdrukkelijk gegeven."


# ── Why not, and why nothing is weighed ──────────────────────────────────────────────────────


def test_who_need_not_go_to_school_is_not_reported(composed: Composition) -> None:
    deling = flow("school", "gemeente_leerplicht", "verzuimgegevens", "verzuimbestrijding")
    told = step(
        composed,
        1,
        deling,
        jongere={"leeftijd": 17, "startkwalificatie": False, "opleiding": "vso_arbeid"},
        verzuim={"uren_in_vier_weken": 20, "geldige_reden": False},
        toestemmingen=[consent(deling, gegeven=False)],
    )
    assert told == "De jongere is niet leerplichtig en niet kwalificatieplichtig."


def test_the_gemeente_takes_part_at_a_schools_request_only(composed: Composition) -> None:
    deling = flow("school", "gemeente_participatie", "stagegegevens", "voorkomen_voortijdig_schoolverlaten")
    told = step(
        composed,
        1,
        deling,
        jongere={"leeftijd": 19, "startkwalificatie": False, "ingeschreven": True, "risico_op_uitval": True},
        verzoek_school_aan_gemeente=False,
        toestemmingen=[consent(deling, gegeven=False)],
    )
    assert told.startswith("De school heeft de gemeente niet om ondersteuning gevraagd.")


@pytest.mark.parametrize(
    ("deling", "said", "told"),
    [
        (flow("school", "doorstroompunt", "stagegegevens", SUPPORT), {}, "na overleg met de school"),
        (flow("doorstroompunt", "school", "stagegegevens", SUPPORT), {}, "na overleg met de school"),
        (flow("gemeente_participatie", "doorstroompunt", "stagegegevens", SUPPORT), {}, "na overleg met de school"),
        (flow("doorstroompunt", "gemeente_participatie", "stagegegevens", SUPPORT), {}, "na overleg met de school"),
        (
            flow("doorstroompunt", "gemeente_participatie", "stagegegevens", SUPPORT),
            {"overleg_met_school": True, "stemt_in_met_begeleiding_gemeente": False},
            "De jongere stemt niet in met begeleiding door de gemeente.",
        ),
        (
            flow("school", "gemeente_participatie", "stagegegevens", SUPPORT),
            {"overleg_met_school": True, "begeleid_door_doorstroompunt": False},
            "Het Doorstroompunt begeleidt de jongere niet.",
        ),
        (
            flow("school", "gemeente_participatie", "stagegegevens", SUPPORT),
            {"overleg_met_school": True, "stemt_in_met_begeleiding_gemeente": False},
            "De jongere stemt niet in met begeleiding door de gemeente.",
        ),
        (
            flow("gemeente_participatie", "school", "stagegegevens", SUPPORT),
            {"overleg_met_school": True, "begeleid_door_doorstroompunt": False},
            "Het Doorstroompunt begeleidt de jongere niet.",
        ),
    ],
)
def test_support_is_refused_for_a_reason_of_its_own_parties(
    composed: Composition, deling: dict[str, Any], said: dict[str, bool], told: str
) -> None:
    about = {**LEFT, "begeleid_door_doorstroompunt": True, "stemt_in_met_begeleiding_gemeente": True}
    about |= {name: value for name, value in said.items() if name in about}
    talked = said.get("overleg_met_school", False)
    given = step(
        composed, 1, deling, jongere=about, overleg_met_school=talked, toestemmingen=[consent(deling, gegeven=False)]
    )
    assert told in given
    assert "met elkaar" not in given


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (
            {"opleiding": "mbo_3_bol", "aanbod_aanvullende_loopbaanbegeleiding": False},
            "De school biedt geen aanvullende loopbaanbegeleiding aan.",
        ),
        (
            {"opleiding": "vso_dagbesteding"},
            "Bij het voortgezet speciaal onderwijs (vso), richting dagbesteding hoeft de school geen aanvullende "
            "loopbaanbegeleiding aan te bieden.",
        ),
        (
            {"opleiding": "pro", "leeftijd": 17, "instemming_ouders": False},
            "De jongere is 17 jaar. Tot 18 jaar beslissen de ouders over begeleiding door de gemeente.",
        ),
        (
            {"opleiding": "pro", "stemt_in_met_begeleiding_gemeente": False},
            "De jongere stemt niet in met begeleiding door de gemeente.",
        ),
    ],
)
def test_alb_1_is_refused_for_the_reason_that_counts(composed: Composition, about: dict[str, Any], told: str) -> None:
    deling = flow("school", "gemeente_participatie", "overgangsdocument", "aanvullende_loopbaanbegeleiding")
    known = {"leeftijd": 18, "ingeschreven": True, "gebruik_aanvullende_loopbaanbegeleiding": True}
    given = step(
        composed,
        1,
        deling,
        jongere={**known, "stemt_in_met_begeleiding_gemeente": True, **about},
        overgangsdocument={"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": []},
        toestemmingen=[consent(deling, gegeven=False)],
    )
    assert given == f"{told} De toestemming voor deze deling is geweigerd."


def test_a_past_date_counts_for_nothing_beside_ingeschreven(composed: Composition) -> None:
    about = {"opleiding": "mbo_entree", "ingeschreven": True, "diploma_behaald": True, "uitstroomdatum": "2025-10-01"}
    deling = flow("school", "doorstroompunt", "stagegegevens", SUPPORT)
    found = answer(composed, deling, jongere=about)["jongere"]["loopbaanbegeleiding"]
    assert found == {"aanbod": "verplicht", "tot": None}


@pytest.mark.parametrize(("left", "last"), [("2024-07-11", "11 juli 2025"), ("2024-02-29", "28 februari 2025")])
def test_a_term_that_is_over_is_told_with_its_last_day(composed: Composition, left: str, last: str) -> None:
    deling = flow("school", "gemeente_participatie", "overgangsdocument", "aanvullende_loopbaanbegeleiding")
    told = step(
        composed,
        1,
        deling,
        jongere={**ENTREE, "diploma_behaald": True, "uitstroomdatum": left, "stemt_in_met_begeleiding_gemeente": True}
        | {"gebruik_aanvullende_loopbaanbegeleiding": True},
        overgangsdocument={"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": []},
        toestemmingen=[consent(deling, gegeven=False)],
    )
    assert told == (
        f"De termijn van de loopbaanbegeleiding liep tot en met {last}; in bijzondere gevallen langer. "
        "De toestemming voor deze deling is geweigerd."
    )


@pytest.mark.parametrize(
    ("deling", "told"),
    [
        (flow("jongere", "werkgever", "stagegegevens", WORK), "De jongere bepaalt zelf wat er gedeeld wordt."),
        (flow("school", "werkgever", "geanonimiseerde_informatie", WORK), "Dit zijn geen persoonsgegevens."),
    ],
)
def test_what_is_not_weighed_says_why(composed: Composition, deling: dict[str, Any], told: str) -> None:
    del deling["afweging"]
    assert {step(composed, number, deling) for number in (3, 4)} == {f"{told} Een afweging is niet nodig."}


@pytest.mark.parametrize(
    ("age", "who"), [({"leeftijd": 17, "instemming_ouders": True}, "de ouders"), ({"leeftijd": 18}, "de jongere")]
)
def test_alb_1_says_who_agreed_to_guidance(composed: Composition, age: dict[str, Any], who: str) -> None:
    deling = flow("school", "gemeente_participatie", "overgangsdocument", "aanvullende_loopbaanbegeleiding")
    told = step(
        composed,
        1,
        deling,
        jongere={"opleiding": "pro", "ingeschreven": True, "stemt_in_met_begeleiding_gemeente": True, **age}
        | {"gebruik_aanvullende_loopbaanbegeleiding": True},
        overgangsdocument={"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": ["stagegegevens"]},
    )
    assert f"De instemming met begeleiding door de gemeente komt van {who}." in told


# ── Which law ────────────────────────────────────────────────────────────────────────────────

WEB, WVO, WEC = "Wet educatie en beroepsonderwijs", "Wet voortgezet onderwijs 2020", "Wet op de expertisecentra"
WRO, PW = "Wet register onderwijsdeelnemers", "Participatiewet"
DUO = {f"{WRO} artikel 12, lid 3", f"{WRO} artikel 21, lid 3"}


def grounds(composed: Composition, deling: dict[str, Any], **question: Any) -> dict[str, set[str]]:
    """Per norm that permits a flow, what is cited for it."""
    (advies,) = answer(composed, deling, **question)["adviezen"]
    return {ground["norm"]: cited(ground["bronnen"]) for ground in advies["grondslagen"]}


@pytest.mark.parametrize(
    ("opleiding", "norm", "article", "day"),
    [
        ("mbo_entree", "VZM-1", f"{WEB} artikel 9.2.2", DAY),
        ("mbo_entree", "VZM-1", f"{WEB} artikel 8.1.8", "2025-12-31"),
        ("pro", "VZM-2", f"{WVO} artikel 8.20, lid 1", DAY),
        ("vso_arbeid", "VZM-2", f"{WEC} artikel 47b, lid 1", DAY),
        ("vso_arbeid", "VZM-2", f"{WEC} artikel 47b, lid 1", "2025-12-31"),
    ],
)
def test_absence_is_reported_under_the_law_of_the_school(
    composed: Composition, opleiding: str, norm: str, article: str, day: str
) -> None:
    deling = flow("school", "doorstroompunt", "verzuimgegevens", "verzuimbestrijding")
    about = {"leeftijd": 19, "startkwalificatie": False, "opleiding": opleiding, "ingeschreven": True}
    absent = {"weken": 5, "geldige_reden": False}
    assert grounds(composed, deling, day=day, jongere=about, verzuim=absent) == {norm: {article, *DUO}}
    (task,) = (
        one
        for one in answer(composed, deling, day=day, jongere=about, verzuim=absent)["taken"]
        if one["taak"] == "melden_verzuim"
    )
    assert cited(task["bronnen"]) == {article, f"{WRO} artikel 12, lid 3"}


@pytest.mark.parametrize(
    ("opleiding", "document", "offer"),
    [
        ("mbo_entree", f"{WEB} artikel 9.2.13, lid 3", f"{WEB} artikel 9.2.12, lid 3"),
        ("pro", f"{WVO} artikel 2.31b, lid 3", f"{WVO} artikel 2.31a"),
        ("vso_arbeid", f"{WEC} artikel 44a, lid 3", f"{WEC} artikel 44"),
    ],
)
def test_the_overgangsdocument_goes_under_the_law_of_the_school(
    composed: Composition, opleiding: str, document: str, offer: str
) -> None:
    deling = flow("school", "gemeente_participatie", "overgangsdocument", "aanvullende_loopbaanbegeleiding")
    question: dict[str, Any] = {
        "jongere": {"leeftijd": 18, "opleiding": opleiding, "ingeschreven": True}
        | {"gebruik_aanvullende_loopbaanbegeleiding": True, "stemt_in_met_begeleiding_gemeente": True},
        "overgangsdocument": {"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": []},
    }
    assert grounds(composed, deling, **question) == {"ALB-1": {document, f"{WEC} artikel 14e"}}
    tasks = {one["taak"]: cited(one["bronnen"]) for one in answer(composed, deling, **question)["taken"]}
    assert tasks == {"aanbieden_loopbaanbegeleiding": {offer}, "opstellen_overgangsdocument": {document}}


@pytest.mark.parametrize(
    ("deling", "articles"),
    [
        (flow("school", "doorstroompunt", "stagegegevens", SUPPORT), {f"{WEB} artikel 9.2.5, lid 1"}),
        (flow("doorstroompunt", "school", "stagegegevens", SUPPORT), {f"{WEB} artikel 9.2.5, lid 1"}),
        (
            flow("doorstroompunt", "gemeente_participatie", "contactgegevens", SUPPORT),
            {f"{WEB} artikel 9.2.5, lid 2", f"{WEB} artikel 9.2.5, lid 4"},
        ),
        (flow("doorstroompunt", "gemeente_participatie", "stagegegevens", SUPPORT), set()),
        (flow("gemeente_participatie", "doorstroompunt", "stagegegevens", SUPPORT), {f"{PW} artikel 7a, lid 2"}),
        (flow("school", "gemeente_participatie", "stagegegevens", SUPPORT), set()),
    ],
)
def test_support_goes_under_the_law_of_the_two_parties(
    composed: Composition, deling: dict[str, Any], articles: set[str]
) -> None:
    about = {**LEFT, "begeleid_door_doorstroompunt": True, "stemt_in_met_begeleiding_gemeente": True}
    assert grounds(composed, deling, jongere=about, overleg_met_school=True) == {"VSV-1": articles}


@pytest.mark.parametrize(
    ("opleiding", "articles"),
    [
        ({"opleiding": "mbo_3_bol"}, {f"{WEB} artikel 9.2.3"}),
        ({"opleiding": "vavo"}, {f"{WEB} artikel 9.2.3"}),
        ({"opleiding": "hbo"}, {f"{WEB} artikel 9.2.3", f"{WVO} artikel 8.22", f"{WEC} artikel 147"}),
        ({"opleiding": "vo"}, {f"{WVO} artikel 8.22"}),
        ({"opleiding": "vso_dagbesteding"}, {f"{WEC} artikel 147"}),
        ({}, {f"{WEB} artikel 9.2.3", f"{WVO} artikel 8.22", f"{WEC} artikel 147"}),
    ],
)
def test_schools_inform_under_their_own_law(
    composed: Composition, opleiding: dict[str, str], articles: set[str]
) -> None:
    deling = flow("school", "doorstroompunt", "contactgegevens", "vangnet_monitoring")
    about = {"leeftijd": 19, "startkwalificatie": False, "ingeschreven": False, **opleiding}
    assert grounds(composed, deling, jongere=about, verzoek_doorstroompunt=True) == {"INL-1": articles}
