"""The question's model and its faults, on a small vocabulary: nothing of the law is known here."""

from __future__ import annotations

from typing import Any

import pytest

from app.advice.advies import Contradiction, Strijdigheid
from app.lang.vocabulary import Domain, InputField, Vocabulary
from app.web.faults import shown_name
from app.web.problems import MOST_FAULTS, Problem
from app.web.question import QuestionReader, contradicts, today
from app.web.wire import real_date


def field(path: str, domain: str, *, required: bool = False) -> InputField:
    return InputField(path, domain, None, (), required, False, "", f"Over {path}.")


def choice(name: str, *words: str) -> Domain:
    return Domain(name, "keuze", "", {word: word for word in words})


VOCABULARY = Vocabulary(
    domains={
        "ja_nee": choice("ja_nee", "ja", "nee"),
        "kleur": choice("kleur", "rood", "groen"),
        "maat": Domain("maat", "getal", "", {}, 1, 9),
        "dag": Domain("dag", "datum", "", {}),
    },
    predicates={},
    fields=(
        field("naam", "tekst"),
        field("doos.kleur", "kleur"),
        field("doos.open", "ja_nee"),
        field("doos.maten[]", "maat"),
        field("dingen[]", "lijst"),
        field("dingen[].kleuren[]", "kleur", required=True),
        field("dingen[].sinds", "dag"),
        field("dingen[].weging.kleuren{}", "maat"),
    ),
    norms={},
    sources={},
    interpretaties={},
)
READER = QuestionReader(VOCABULARY, lambda: 20260315)


def faults(question: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        READER.check(question)
    assert caught.value.status == 400
    return {one.veld: (one.melding, one.verwacht) for one in caught.value.fouten}


def test_what_is_said_is_kept_and_null_is_not_said() -> None:
    question: dict[str, Any] = {
        "naam": None,
        "doos": {"open": False, "kleur": None, "maten": []},
        "dingen": [{"kleuren": ["rood"], "weging": {"kleuren": {"rood": 3, "groen": None}}}],
    }
    casus = READER.check(question)

    assert casus.data == {
        "doos": {"open": False, "maten": []},
        "dingen": [{"kleuren": ["rood"], "weging": {"kleuren": {"rood": 3}}}],
    }
    assert (casus.kenmerk, casus.peildatum) == (None, 20260315)


def test_an_empty_question_is_a_question() -> None:
    assert READER.read(b"{}").data == {}


@pytest.mark.parametrize(
    ("question", "veld", "melding", "verwacht"),
    [
        ({"dingen": [{}]}, "dingen[0].kleuren", "Dit veld is verplicht.", "Een lijst, met minstens één"),
        (
            {"dingen": [{"kleuren": [], "sinds": "x"}]},
            "dingen[0].sinds",
            "Dit is geen bestaande datum",
            "Een datum als",
        ),
        ({"dingen": [{"kleuren": ["roed"]}]}, "dingen[0].kleuren[0]", "Bedoelde u 'rood'?", "Een van: rood, groen."),
        (
            {"dingen": [{"kleuren": ["x"]}]},
            "dingen[0].kleuren[0]",
            "Deze waarde bestaat niet.",
            "Een van: rood, groen.",
        ),
        ({"doos": {"maten": [0]}}, "doos.maten[0]", "te klein", "Een heel getal van 1 tot en met 9."),
        ({"doos": {"maten": 3}}, "doos.maten", "Dit moet een lijst zijn.", "Een lijst, met nul of meer"),
        ({"doos": 3}, "doos", "Dit moet een object zijn.", "Een object met de velden: kleur, open, maten."),
        ({"doos": {"kleren": 1}}, "doos.kleren", "Bedoelde u 'kleur'?", "Een van: kleur, open, maten."),
        ({"open": True}, "open", "Bedoelde u 'doos.open'?", "Een van: naam, doos, dingen."),
        ({"naam": "x" * 101}, "naam", "Deze tekst is te lang.", "hooguit 100 tekens"),
        ({"naam": ""}, "naam", "Deze tekst is leeg.", "niet leeg"),
        ({"naam": " a"}, "naam", "begint of eindigt met een spatie", "zonder spatie"),
    ],
)
def test_a_fault_says_where_and_what_is_right(question: Any, veld: str, melding: str, verwacht: str) -> None:
    said, expected = faults(question)[veld]

    assert melding in said
    assert verwacht in expected


@pytest.mark.parametrize(
    ("weging", "veld", "melding"),
    [
        ({"kleuren": {"rod": 1}}, "dingen[0].weging.kleuren.rod", "Deze naam bestaat hier niet. Bedoelde u 'rood'?"),
        ({"kleuren": {"rood": "1"}}, "dingen[0].weging.kleuren.rood", "Dit moet een heel getal zijn"),
        ({"kleuren": 1}, "dingen[0].weging.kleuren", "Dit moet een object zijn."),
    ],
)
def test_a_map_takes_its_keys_from_the_list_of_its_name(weging: Any, veld: str, melding: str) -> None:
    said, expected = faults({"dingen": [{"kleuren": ["rood"], "weging": weging}]})[veld]

    assert melding in said
    assert expected


def test_more_faults_than_anyone_reads_are_cut_off() -> None:
    assert len(faults({f"x{number}": 1 for number in range(500)})) == MOST_FAULTS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("leeftjd", "leeftjd"),
        ("a b\n", "ab"),
        ("", "?"),
        ("éé", "?"),
        ("x" * 99, "x" * 40),
        ("bsn111222333x", "bsn…x"),
        ("111.222-333", "…"),
    ],
)
def test_a_name_from_outside_is_made_fit_to_show(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", True),
        ("1900-01-01", True),
        ("2100-12-31", True),
        ("2023-02-29", False),
        ("1899-12-31", False),
        ("2101-01-01", False),
        ("2024-2-29", False),
        ("2024-02-29\n", False),
        ("2024-W09-4", False),
        ("", False),
    ],
)
def test_a_date_is_a_day_that_exists(text: str, expected: bool) -> None:
    assert real_date(text) is expected


def test_today_is_a_date() -> None:
    day = today()
    assert real_date(f"{day // 10000}-{day // 100 % 100:02}-{day % 100:02}")


def test_a_contradiction_is_told_per_field_without_its_explanation() -> None:
    pair = Strijdigheid("kleur_maat", ("doos.kleur", "doos.maten"), "Rood is geen 9.")
    alone = Strijdigheid("dag", ("dingen",), "Op 2026-03-15 kan dat niet.")
    problem = contradicts(Contradiction((pair, alone)))

    assert [(one.veld, one.strijdigheid) for one in problem.fouten] == [
        ("doos.kleur", "kleur_maat"),
        ("doos.maten", "kleur_maat"),
        ("dingen", "dag"),
    ]
    assert "doos.maten" in problem.fouten[0].melding
    assert "Rood" not in str(problem.as_json())
    assert "2026" not in str(problem.as_json())
