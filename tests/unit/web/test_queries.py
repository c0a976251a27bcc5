"""The desk for queries: what goes wrong behind it is a 503, and says which."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.advice.budget import Budget, Check
from app.advice.queries import Queries, Took
from app.advice.question.casus import Casus
from app.engine.query_worker import QueryBusy, QueryFailed, QueryFault, QueryTimeout
from app.lang.query import Query
from app.web.problems import Problem
from app.web.queries import QueryDesk
from app.web.question import QuestionReader


class Fails:
    """Queries that get no answer."""

    def __init__(self, fault: QueryFault) -> None:
        self.fault = fault

    def read(self, text: str, date: int) -> Query:
        return Query((), (), text)

    def answer(self, casus: Casus, query: Query, check: Check, took: Took) -> None:
        check()
        raise self.fault


class AnyCasus:
    """A reader that takes everything."""

    vocabulary = None

    def check(self, value: Any) -> Casus:
        return Casus(None, 20260301, value)


@pytest.mark.parametrize(
    ("fault", "detail", "headers"),
    [
        (QueryTimeout(), "te veel tijd", {}),
        (QueryBusy(), "wachten", {"retry-after": "2"}),
        (QueryFailed("MemoryError"), "niet worden beantwoord", {}),
    ],
)
def test_no_answer_is_a_503(fault: QueryFault, detail: str, headers: dict[str, str]) -> None:
    desk = QueryDesk(cast(QuestionReader, AnyCasus()), cast(Queries, Fails(fault)), lambda: None)

    with pytest.raises(Problem) as raised:
        desk.answer_value({}, "taak(C, P, T, A)")

    assert raised.value.status == 503
    assert detail in raised.value.detail
    assert dict(raised.value.headers) == headers
    assert "MemoryError" not in raised.value.detail


def test_a_query_whose_time_is_up_is_a_503() -> None:
    fails = cast(Queries, Fails(QueryFailed("never reached")))
    desk = QueryDesk(cast(QuestionReader, AnyCasus()), fails, lambda: None, seconds=-1.0)

    with pytest.raises(Problem) as raised:
        desk.answer_value({}, "taak(C, P, T, A)")
    assert (raised.value.status, "te veel tijd" in raised.value.detail) == (503, True)


def test_a_query_that_waited_too_long_for_its_turn_may_try_again() -> None:
    desk = QueryDesk(cast(QuestionReader, AnyCasus()), cast(Queries, None), lambda: None)

    with pytest.raises(Problem) as raised:
        desk.answer(b"{}", Budget.of(-1))
    assert dict(raised.value.headers) == {"retry-after": "2"}
