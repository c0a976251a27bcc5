"""Canonical text."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.lang.parser import parse
from app.lang.printer import print_clauses

GOOD = sorted((Path(__file__).parent / "good").glob("*.dl"))


def printed(text: str) -> str:
    parsed = parse("a.dl", text)
    assert parsed.diagnostics == ()
    return print_clauses(parsed.clauses)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_printed_text_parses_back_to_the_same_clauses(path: Path) -> None:
    parsed = parse(path.name, path.read_text(encoding="utf-8"))
    text = print_clauses(parsed.clauses)
    assert parse(path.name, text).clauses == parsed.clauses
    assert printed(text) == text


def test_layout_is_canonical() -> None:
    comments = "#norm:   N-1\n# uitleg:\n#     Dit  volgt.\n# bron: SD  1;WEB 2 ;\n"
    text = comments + "p( X )<=q(X)&( X<( 1+2 )*3 )&~r(X)\n+s( 'a',1 )\n+t('b')"
    assert printed(text) == (
        "# norm: N-1\n# bron: SD 1; WEB 2\n# uitleg: Dit volgt.\n"
        "p(X) <= (\n    q(X)\n    & (X < (1 + 2) * 3)\n    & ~r(X)\n)\n\n+ s('a', 1)\n+ t('b')\n"
    )


def test_a_sum_keeps_its_shape_with_as_few_parentheses_as_can_be() -> None:
    body = "(X < A - (B - C) + D * (E // F) - G // (H + I))"
    assert printed(f"p(X) <= {body}") == f"p(X) <= {body}\n"


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("(D <= E + J * 10000)", "(D <= E + J jaar)"),
        ("(D <= E + (J + 1)  jaar)", "(D <= E + (J + 1) jaar)"),
        ("(D <= E + 1\n    jaar - J jaar)", "(D <= E + 1 jaar - J jaar)"),
        ("(J == (D - E) // 1 jaar * 2)", "(J == (D - E) // 1 jaar * 2)"),
        ("(J == (1 jaar) jaar)", "(J == (1 jaar) jaar)"),
        ("(D <= einde_schooljaar(E + 16 jaar))", "(D <= einde_schooljaar(E + 16 jaar))"),
        ("(D + 1 jaar > 1 + einde_schooljaar( E ))", "(D + 1 jaar > 1 + einde_schooljaar(E))"),
        ("(D <= (E - 801) // 10000 * 10000 + 10731)", "(D <= einde_schooljaar(E))"),
        ("(D <= (E - 801) // 10000 * 10000 + 731)", "(D <= ((E - 801) // 10000) jaar + 731)"),
    ],
)
def test_dates_are_written_in_the_words_of_the_law(said: str, canonical: str) -> None:
    assert printed(f"p(X) <= {said}") == f"p(X) <= {canonical}\n"
    assert printed(f"p(X) <= {canonical}") == f"p(X) <= {canonical}\n"


def test_a_long_explanation_is_continued() -> None:
    text = printed(f"# uitleg: {'woord ' * 60}\np(X) <= q(X)")
    assert all(len(line) <= 110 for line in text.splitlines())
    assert text.count("\n#   woord") == 3


def test_nothing_prints_as_nothing() -> None:
    assert print_clauses(()) == ""
