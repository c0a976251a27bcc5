"""Queries: two engines have their say, and where they differ there is no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.advice.advies import Contradiction
from app.advice.budget import TimeUpError
from app.advice.decided import EnginesDiffer
from app.advice.queries import Queries
from app.advice.question.casus import Casus
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet
from app.engine.model import ModelRow
from app.engine.unknown import Unknown
from app.kern.decider import KernDecider
from app.lang.program import Program
from app.lang.query import Query
from app.store.policies import read_policies
from app.store.policy_book import PolicyBook

ROOT = Path(__file__).parents[3]
DAY = 20260301


@dataclass
class Says:
    """A knowledge base that says what it is told to say."""

    rows: tuple[ModelRow, ...] = ()
    more: bool = False
    asked: int = 0
    seconds: float = 0.25

    def ask(self, program: Program, facts: FactSet, query: Query) -> Says:
        self.asked += 1
        return self


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook(read_policies(ROOT / "facts", ROOT / "policies"), CompiledEngine())


def queries(book: PolicyBook, says: Says) -> Queries:
    return Queries(book, CompiledEngine(everything=True), says)


def read(asked: Queries, text: str) -> Query:
    found = asked.read(text, DAY)
    assert isinstance(found, Query), found
    return found


def casus(**jongere: object) -> Casus:
    return Casus(None, DAY, {"jongere": jongere} if jongere else {})


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("leeftijd(C, J)", ("c", 19)),
        ("leeftijd(C, J) & ~startkwalificatie(C, 'ja')", ("c", 18)),
        ("oordeel(D, O)", ("c.d0", "bestaat niet")),
    ],
)
def test_what_the_engines_differ_on_is_no_answer(book: PolicyBook, text: str, row: ModelRow) -> None:
    asked = queries(book, Says((row,)))

    with pytest.raises(EnginesDiffer):
        asked.answer(casus(leeftijd=18, startkwalificatie=True), read(asked, text))


def test_certain_possible_and_unknown(book: PolicyBook) -> None:
    asked = queries(book, Says((("c", 18, "ja", Unknown("verzuim_weken", "c")),), more=True))
    query = read(asked, "leeftijd(C, J) & heeft_werk(C, W) & verzuim_weken(C, V)")

    found = asked.answer(casus(leeftijd=18), query)

    assert not isinstance(found, Contradiction)
    (answer,) = found.antwoorden
    assert answer.waarden == {"C": "c", "J": 18, "W": "ja", "V": None}
    assert answer.zekerheid == "mogelijk"
    assert [reason.zekerheid for reason in answer.afleiding] == ["zeker", "mogelijk", "mogelijk"]
    assert [reason.bewijs.uitleg for reason in answer.afleiding] == [
        "Dit hebt u gezegd.",
        "Nog niet bekend.",
        "Nog niet bekend.",
    ]
    assert found.meer


def test_contradictory_facts_are_not_asked_about(book: PolicyBook) -> None:
    says = Says()
    asked = queries(book, says)

    found = asked.answer(casus(leeftijd=30, geboortedatum="2008-01-01"), read(asked, "leeftijd(C, J)"))

    assert isinstance(found, Contradiction)
    assert says.asked == 0


def test_every_output_can_be_proved_on_both_sides(book: PolicyBook) -> None:
    """Of every output predicate every possible row, as an answer: no proof fails."""
    asked = queries(book, Says())
    engine = CompiledEngine(everything=True)
    program = book.on(DAY).program
    question = Casus(
        None,
        DAY,
        {
            "jongere": {"leeftijd": 18, "opleiding": "mbo_entree", "ingeschreven": False},
            "delingen": [
                {
                    "verstrekker": "school",
                    "ontvanger": "gemeente_participatie",
                    "gegevens": ["stagegegevens", "gezondheidsgegevens"],
                    "doel": "begeleiding_naar_werk",
                }
            ],
        },
    )
    from app.advice.question.facts import to_facts

    model = engine.prepare(program).decide(to_facts(question, program.vocabulary))
    answered = 0
    for predicate in program.vocabulary.predicates.values():
        if predicate.kind not in ("uitkomst", "afgeleid") or not predicate.arguments:
            continue
        names = [f"X{place}" for place in range(len(predicate.arguments))]
        query = read(asked, f"{predicate.name}({', '.join(names)})")
        rows = tuple(model.rows("mogelijk", predicate.name))[:6]
        found = queries(book, Says(rows)).answer(question, query) if rows else None
        if found is not None:
            assert not isinstance(found, Contradiction)
            assert [one.zekerheid for one in found.antwoorden] == [
                "zeker" if model.holds("zeker", predicate.name, row) else "mogelijk" for row in rows
            ]
            answered += len(rows)
    assert answered > 100


def test_answers_are_left_out_once_their_proofs_are_too_large_together(
    book: PolicyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = queries(book, Says(tuple(("c", 18, "c", 18) for _ in range(20))))
    query = read(asked, "leeftijd(C, J) & leeftijd(D, K)")
    for most, given in ((40, 20), (39, 19), (7, 3), (1, 1)):
        monkeypatch.setattr("app.advice.queries.MOST_STEPS", most)
        found = asked.answer(casus(leeftijd=18), query)

        assert not isinstance(found, Contradiction)
        assert (len(found.antwoorden), found.meer) == (given, given < 20)


def test_the_time_is_looked_at_before_each_answer(book: PolicyBook) -> None:
    asked = queries(book, Says(tuple(("c", 18) for _ in range(20))))
    query, checks = read(asked, "leeftijd(C, J)"), []
    asked.answer(casus(leeftijd=18), query, lambda: checks.append(1))
    assert len(checks) >= 20
    for last in range(len(checks)):
        left = iter(range(last))

        def stopping(left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise TimeUpError

        with pytest.raises(TimeUpError):
            asked.answer(casus(leeftijd=18), query, stopping)


def test_what_rules_compute_from_a_fact_that_was_not_given_has_no_reason(book: PolicyBook) -> None:
    """Nobody said when the jongere was born: the rule that computes the age gives nothing, and is no failure."""
    facts = FactSet({"peildatum": (("c", DAY),)}, {"leeftijd": ("c",)})
    model = KernDecider(book.on(DAY).program).decide(facts)

    assert list(model.why("mogelijk", "leeftijd", ("c", 18))) == []
    assert list(model.rows("mogelijk", "leeftijd")) == []
