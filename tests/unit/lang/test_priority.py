"""Which rule goes first: by voorrang, then the more specific, then its text; never by its place."""

from __future__ import annotations

from itertools import permutations

import pytest

from app.lang.ast import Fact, Rule
from app.lang.parser import parse
from app.lang.printer import print_rule
from app.lang.priority import as_written, in_priority, in_vocabulary_order, is_settled, more_specific
from app.lang.vocabulary import Vocabulary
from tests.unit.engine.small_law import small_vocabulary

GENERAL = "a(C) <= verf(C, K)"
SPECIAL = "a(C) <= verf(C, K) & warm(K)"
ALSO = "a(C) <= verf(C, K) & ~warm(K)"
ABOVE = "# norm: N-1\n# bron: SD 1\n# uitleg: Dit.\n"


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return small_vocabulary(("a", "casus", "uitkomst", ""))


def rules(*texts: str) -> list[Rule]:
    parsed = parse("x", "\n\n".join(texts))
    assert not parsed.diagnostics
    return [clause for clause in parsed.clauses if isinstance(clause, Rule)]


@pytest.mark.parametrize("order", list(permutations((GENERAL, SPECIAL, ALSO))))
def test_the_more_specific_goes_first_and_the_text_breaks_the_tie(words: Vocabulary, order: tuple[str, ...]) -> None:
    assert [print_rule(rule) for rule in in_priority(rules(*order), words)] == [SPECIAL, ALSO, GENERAL]


@pytest.mark.parametrize("order", list(permutations((GENERAL, SPECIAL, ALSO))))
def test_voorrang_goes_before_what_is_specific(words: Vocabulary, order: tuple[str, ...]) -> None:
    said = [f"{ABOVE}# voorrang: {2 if one == ALSO else 1}\n{one}" if one != SPECIAL else one for one in order]
    assert [print_rule(rule) for rule in in_priority(rules(*said), words)] == [GENERAL, ALSO, SPECIAL]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (SPECIAL, GENERAL, True),
        (GENERAL, SPECIAL, False),
        (SPECIAL, ALSO, False),
        ("a(C) <= verf(C, 'wit')", GENERAL, True),
        ("a(X) <= verf(X, Y)", GENERAL, False),
        ("a(C) <= verf(C, K) & verf(C, L)", GENERAL, False),
        ("a('c') <= verf('c', K)", GENERAL, True),
        ("a(C) <= leeftijd(C, L) & (L < 18) & (L >= 12)", "a(C) <= leeftijd(C, L) & (L < 18)", True),
        ("a(C) <= leeftijd(C, L) & (L < 17)", "a(C) <= leeftijd(C, L) & (L < 18)", False),
    ],
)
def test_a_rule_is_more_specific_when_the_other_gives_all_it_gives(one: str, other: str, expected: bool) -> None:
    first, second = rules(one, other)
    assert more_specific(first, second) is expected


def test_a_tie_is_settled_by_voorrang_or_by_what_is_specific() -> None:
    first, second, third = rules(SPECIAL, ALSO, GENERAL)
    assert not is_settled(first, second)
    assert is_settled(first, third)
    (said,) = rules(f"{ABOVE}# voorrang: 1\n{SPECIAL}")
    assert is_settled(second, said)


def test_conditions_come_in_vocabulary_order_and_lower_limits_before_upper_ones(words: Vocabulary) -> None:
    text = "a(C) <= (\n    (L < 27)\n    & warm(K)\n    & (L >= 12)\n    & verf(C, K)\n    & leeftijd(C, L)\n)"
    (rule,) = in_priority(rules(text), words)
    shown = print_rule(rule)
    assert shown.index("(L >= 12)") < shown.index("(L < 27)")
    assert shown.index("verf") < shown.index("(L >= 12)")
    assert print_rule(as_written(rule)) == text


def test_facts_come_in_vocabulary_order_of_their_words(words: Vocabulary) -> None:
    facts = [one for one in parse("x", "+ warm('wit')\n+ warm('rood')").clauses if isinstance(one, Fact)]
    assert in_vocabulary_order(facts, words) == in_vocabulary_order(facts[::-1], words)
