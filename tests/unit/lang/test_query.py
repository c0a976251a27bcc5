"""Queries: checked like the body of a rule, and made ready to be asked."""

from __future__ import annotations

import pytest

from app.lang.diagnostics import Diagnostics
from app.lang.program import Program, SourceText, check
from app.lang.query import MOST_CONDITIONS, Query, read_query
from app.lang.vocabulary import Vocabulary


@pytest.fixture
def program(words: Vocabulary) -> Program:
    found = check([SourceText("leeg.dl", "")], words, whole=False)
    assert isinstance(found, Program)
    return found


def codes(found: Query | Diagnostics) -> list[str]:
    return [one.code for one in found] if isinstance(found, Diagnostics) else []


def test_a_query_knows_its_variables_in_order_and_how_it_was_understood(program: Program) -> None:
    found = read_query("leeftijd(Casus,  Jaren)\n&(Jaren<18)  & mag(Casus, Partij)", program)

    assert isinstance(found, Query)
    assert found.variables == ("Casus", "Jaren", "Partij")
    assert found.text == "leeftijd(Casus, Jaren) & (Jaren < 18) & mag(Casus, Partij)"
    assert len(found.literals) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1 == 1)", ["empty", "empty"]),
        ("leeftijd(C, J) & (1 < 2)", ["empty"]),
        ("leeftijd(C, J) & (J < X)", ["unsafe"]),
        ("zeker_leeftijd(C, J)", ["side"]),
        ("leeftijt(C, J)", ["undeclared"]),
        ("leeftijd(C, 'x", ["character"]),
        (" & ".join(["leeftijd(C, J)"] * MOST_CONDITIONS), ["unknown"] * (MOST_CONDITIONS - 1)),
    ],
)
def test_faults(program: Program, text: str, expected: list[str]) -> None:
    assert codes(read_query(text, program)) == expected


def test_a_query_is_short(program: Program) -> None:
    many = " & ".join(f"leeftijd(C{n}, J{n})" for n in range(MOST_CONDITIONS))

    assert isinstance(read_query(many, program), Query)
    assert codes(read_query(f"{many} & leeftijd(C, J)", program)) == ["too-long"]


def test_the_head_that_a_query_lacks_is_no_word_of_the_program(program: Program) -> None:
    found = read_query("vraag(C)", program)

    assert codes(found) == ["undeclared"]
