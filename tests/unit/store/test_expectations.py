"""What a scenario states: each part that is not so is a fault, and so is a word that could never be so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.lang.vocabulary import Vocabulary
from app.settings import Settings
from app.store.expectations import unknown_words, unmet
from app.store.policies import read_policies
from app.store.scenarios import Expected, ExpectedStroom, Scenario

EXPECTED = Expected(
    oordeel="toegestaan",
    grondslag="algemeen_belang",
    norm="ALB-1",
    alternatief="medische_verklaring",
    kanttekeningen=("I-8",),
    verplichtingen=("motiveren",),
    rechten=("inzage", "klacht"),
    voor_de_jongere="De school geeft dit.",
    ontbrekend=(),
    geldig_tot="",
    zonder=("I-3",),
)
STROOM = ExpectedStroom("ALB-1", "school", "gemeente_participatie", "aanvullende_loopbaanbegeleiding", "toegestaan")
SCENARIO = Scenario(
    id="een",
    file="policies/x.toml",
    verhaal="",
    sectie="",
    vraag={},
    verwacht=(EXPECTED,),
    jongere={"leeftijd": 18, "loopbaanbegeleiding.tot": ""},
    taken=("monitoren",),
    zonder_taken=("ondersteunen",),
    stromen=(STROOM,),
    fout=None,
)
ANSWER: dict[str, Any] = {
    "jongere": {"leeftijd": 18, "loopbaanbegeleiding": {"tot": None}},
    "taken": [{"taak": "monitoren"}],
    "stromen": [
        {
            "norm": "ALB-1",
            "verstrekker": "school",
            "ontvanger": "gemeente_participatie",
            "doel": "aanvullende_loopbaanbegeleiding",
            "oordeel": "toegestaan",
        }
    ],
    "adviezen": [
        {
            "deling": {"verstrekker": "school", "ontvanger": "gemeente_participatie", "gegeven": "overgangsdocument"},
            "oordeel": "toegestaan",
            "grondslagen": [{"grondslag": "algemeen_belang", "norm": "ALB-1"}],
            "alternatieven": [{"gegeven": "medische_verklaring"}, {"route": "ouders"}],
            "kanttekeningen": [{"kanttekening": "I-8"}, {"kanttekening": "I-12"}],
            "verplichtingen": ["motiveren", "vastleggen"],
            "voor_de_jongere": {"tekst": "De school geeft dit.", "rechten": ["inzage", "klacht"]},
            "ontbrekend": [],
            "geldig_tot": None,
        }
    ],
}
FLOW = "policies/x.toml: een: school -> gemeente_participatie, overgangsdocument: "


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_policies(Settings().facts, Settings().policies).vocabulary


def test_an_answer_as_stated_has_no_fault(vocabulary: Vocabulary) -> None:
    assert list(unmet(SCENARIO, ANSWER)) == []
    assert list(unknown_words(SCENARIO, vocabulary)) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"oordeel": "niet_toegestaan"}, "expected niet_toegestaan, got ['toegestaan']"),
        ({"grondslag": "toestemming"}, "grondslag: expected toestemming, got ['algemeen_belang']"),
        ({"norm": "TST-1"}, "norm: expected TST-1, got ['ALB-1']"),
        ({"alternatief": "doorstroompunt"}, "alternatief: expected doorstroompunt, got ['medische_verklaring', 'oude"),
        ({"kanttekeningen": ("I-8", "I-1")}, "kanttekening: expected I-1, got ['I-8', 'I-12']"),
        ({"verplichtingen": ("toestemming_aantonen",)}, "verplichting: expected toestemming_aantonen, got ['motiver"),
        ({"rechten": ("klacht", "inzage")}, "rechten: expected ['klacht', 'inzage'], got ['inzage', 'klacht']"),
        ({"rechten": ()}, "rechten: expected [], got ['inzage', 'klacht']"),
        ({"voor_de_jongere": ""}, "voor_de_jongere: expected None, got De school geeft dit."),
        ({"ontbrekend": ("jongere.leeftijd",)}, "ontbrekend: expected ['jongere.leeftijd'], got []"),
        ({"geldig_tot": "2026-07-11"}, "geldig_tot: expected 2026-07-11, got None"),
        ({"zonder": ("I-12",)}, "expected no I-12, got ['I-8', 'I-12', 'motiveren', 'vastleggen', 'medische_"),
        ({"zonder": ("ouders",)}, "expected no ouders, got "),
    ],
)
def test_each_part_of_a_flow_is_looked_at(changed: dict[str, Any], fault: str) -> None:
    (found,) = unmet(replace(SCENARIO, verwacht=(replace(EXPECTED, **changed),)), ANSWER)

    assert found.startswith(FLOW + fault)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"verwacht": (EXPECTED, EXPECTED)}, "2 expected, 1 asked"),
        ({"jongere": {"leeftijd": 19}}, "jongere.leeftijd: expected 19, got 18"),
        ({"jongere": {"loopbaanbegeleiding.tott": "x"}}, "jongere.loopbaanbegeleiding.tott: expected x, got no such"),
        ({"jongere": {"leeftijd.jaren": 18}}, "jongere.leeftijd.jaren: expected 18, got no such field"),
        ({"taken": ("ondersteunen",)}, "taak: expected ondersteunen, got ['monitoren']"),
        ({"zonder_taken": ("monitoren",)}, "taak: expected no monitoren, got ['monitoren']"),
        ({"stromen": ()}, "stromen: expected [], got [('ALB-1', "),
        ({"stromen": (replace(STROOM, norm="ALB-2"),)}, "stroom: expected ('ALB-2', "),
    ],
)
def test_each_other_part_is_looked_at(changed: dict[str, Any], fault: str) -> None:
    (found,) = unmet(replace(SCENARIO, **changed), ANSWER)

    assert found.startswith(f"policies/x.toml: een: {fault}")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"norm": "FOO-9"}, "`FOO-9` is not a word of norm"),
        ({"oordeel": "toegestan"}, "`toegestan` is not a word of oordeel; did you mean `toegestaan`?"),
        ({"zonder": ("I-99", "jongere_informeren")}, "`I-99` is not a word of kanttekening, verplichting, gegeven, "),
        ({"kanttekeningen": ("I-99",)}, "`I-99` is not a word of kanttekening"),
    ],
)
def test_a_word_that_is_none_is_refused(changed: dict[str, Any], fault: str, vocabulary: Vocabulary) -> None:
    (found,) = unknown_words(replace(SCENARIO, verwacht=(replace(EXPECTED, **changed),)), vocabulary)

    assert found.startswith(f"policies/x.toml: een: {fault}")


def test_a_taak_that_is_none_is_refused(vocabulary: Vocabulary) -> None:
    (found,) = unknown_words(replace(SCENARIO, zonder_taken=("monitorren",)), vocabulary)

    assert found == "policies/x.toml: een: `monitorren` is not a word of taak; did you mean `monitoren`?"


def test_no_text_for_the_young_person_is_an_expectation_too() -> None:
    none = replace(EXPECTED, rechten=(), voor_de_jongere="")
    without = {**ANSWER, "adviezen": [{**ANSWER["adviezen"][0], "voor_de_jongere": None}]}

    assert list(unmet(replace(SCENARIO, verwacht=(none,)), without)) == []
    assert [fault.removeprefix(FLOW) for fault in unmet(SCENARIO, without)] == [
        "rechten: expected ['inzage', 'klacht'], got []",
        "voor_de_jongere: expected De school geeft dit., got None",
    ]
