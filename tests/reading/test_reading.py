"""The rules against the reading by hand: the same oordeel, grounds, duties and rights, flow by flow.

Goes in: the rows of domein.md §5, the scenarios' questions, and random ones near the borders of the norms.
Comes out: no difference; docs/independent-reading.md says how to read one. `LEFT_OUT` names what is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.advice.advies import Contradiction, DelingAdvies
from app.advice.question.casus import Casus
from tests.properties.real_law import fewer, real_law, scenario_questions
from tests.properties.strategies_casussen import casussen
from tests.reading.cases import Row, rows
from tests.reading.contradictions import contradicts, shares_with_itself
from tests.reading.questions import Data, completed, questions
from tests.reading.reading import Answer, read
from tests.reading.situation import Json, day_of
from tests.reading.stappen import CODES

LEFT_OUT: Mapping[str, str] = {}
"""Norms on which rules and reading still differ, each with the reason: of flows that they may permit only the other
norms are compared."""

ROWS = tuple(rows())


@cache
def scenarios() -> tuple[Json, ...]:
    """List the questions of the scenarios, as they were checked."""
    return tuple(casus.data for casus in scenario_questions())


def of_service(advies: DelingAdvies) -> Answer:
    """Take from an advies what the reading answers too."""
    grounds = frozenset((one.norm, one.grondslag) for one in advies.grondslagen)
    told = None if advies.voor_de_jongere is None else advies.voor_de_jongere.rechten
    return Answer(advies.oordeel, grounds, frozenset(advies.verplichtingen), told)


def compare(casus: Casus) -> None:
    """Hold every advies about a question to the reading of it.

    The service answers about a party that shares with itself, which the specification refuses: not compared.
    """
    if shares_with_itself(casus.data):
        return
    found = real_law().advisor.advise(casus)
    assert isinstance(found, Contradiction) == contradicts(casus.data, casus.peildatum), found
    if isinstance(found, Contradiction):
        return
    for advies, mine in zip(found.adviezen, read(casus.data, casus.peildatum), strict=True):
        theirs = of_service(advies)
        assert kept(theirs) == kept(mine.answer), advies.deling
        norms = {norm for norm, _ in theirs.grondslagen} | mine.norms
        if not norms & set(LEFT_OUT):
            assert theirs == mine.answer, advies.deling


def kept(answer: Answer) -> set[tuple[str, str]]:
    """The norms that permit, but for those that are left out."""
    return {one for one in answer.grondslagen if one[0] not in LEFT_OUT}


def checked(question: Json) -> Casus:
    """Check a question as the service does."""
    return real_law().reader.check(dict(question))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_reading_gives_the_documents_own_cases(row: Row) -> None:
    day = day_of(row.question["peildatum"])
    assert day is not None
    (mine,) = read(row.question, day)

    assert mine.answer.oordeel == row.oordeel
    assert {ground for _, ground in mine.answer.grondslagen} == ({row.grondslag} if row.grondslag else set())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_rules_read_the_documents_own_cases_so(row: Row) -> None:
    compare(checked(row.question))


def test_the_rules_read_every_scenario_so() -> None:
    for casus in scenario_questions():
        compare(casus)


@given(questions(scenarios))
def test_the_rules_read_random_questions_so(question: Data) -> None:
    compare(checked(question))


@given(casussen())
def test_the_rules_read_changed_scenarios_so(casus: Casus) -> None:
    compare(casus)


def test_the_random_questions_are_permitted_on_every_norm() -> None:
    permitted: set[str] = set()

    @settings(max_examples=fewer(2000), database=None)
    @given(questions(tuple))
    def draw(question: Data) -> None:
        day = day_of(question["peildatum"])
        assert day is not None
        for mine in read(question, day):
            permitted.update(norm for norm, _ in mine.answer.grondslagen)

    draw()
    assert permitted == CODES


@given(st.data())
def test_the_reading_takes_nothing_back_when_more_is_known(data: st.DataObject) -> None:
    question = data.draw(questions(tuple))
    more = data.draw(completed(question))
    day = day_of(question["peildatum"])
    assert day is not None
    if contradicts(question, day) or contradicts(more, day):
        return
    for before, after in zip(read(question, day), read(more, day), strict=True):
        if before.answer.oordeel in ("toegestaan", "niet_toegestaan"):
            assert after.answer.oordeel == before.answer.oordeel
