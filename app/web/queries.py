"""The desk for developers' queries: the same for HTTP and the command line.

Goes in: JSON text or values, with a casus and a query. Comes out: plain dictionaries fit for JSON, or a `Problem`.
Must not know: HTTP, or how a query is answered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from app.advice.advies import Contradiction, as_json
from app.advice.budget import Budget, TimeUpError
from app.advice.queries import Queries, Took, not_told
from app.advice.question.casus import Casus
from app.engine.query_worker import QueryBusy, QueryFault, QueryTimeout
from app.lang.diagnostics import Diagnostics
from app.lang.query import Query
from app.web.faults import strange_fields
from app.web.problems import Fout, Problem, bad_question
from app.web.query_faults import fouten_of
from app.web.question import QuestionReader, contradicts, parse_json, today

CASUS: Final = "casus"
QUERY: Final = "vraag"
_SHAPES: Final = {
    CASUS: "Een object: een vraag zoals bij POST /v1/advies.",
    QUERY: "Een tekst in de regeltaal: voorwaarden met variabelen, verbonden door &.",
}


QUERY_THREADS: Final = 2
"""One query is being asked while another is being prepared or written out."""
MOST_WAITING: Final = 8
"""Queries of one caller that may wait."""
QUERY_BUDGETS: Final = 3
"""All of a query may take so many times what the knowledge base may: waiting, asking, and proving the answers."""


@dataclass(frozen=True, slots=True)
class QueryDesk:
    """Checks a casus and a query, has the query answered, and writes the answers as plain JSON values.

    `seconds`: how long the knowledge base may take for one.
    """

    reader: QuestionReader
    queries: Queries
    close: Callable[[], None]
    seconds: float = math.inf

    def budget(self) -> Budget:
        """Begin the time that one query may take, all together."""
        return Budget.of(self.seconds * QUERY_BUDGETS)

    def answer(self, raw: bytes, budget: Budget | None = None, took: Took = not_told) -> dict[str, Any]:
        """Answer a query in JSON text; raises Problem. Takes a while: a coroutine asks from a thread.

        Without a `budget` one begins now. `took` is told the seconds of processor time that other processes took.
        """
        budget = budget or self.budget()
        try:
            budget.check()  # it may have waited for its turn
        except TimeUpError:
            raise busy() from None
        body = parse_json(raw)
        fouten = strange_fields(body, tuple(_SHAPES), f"Een object met '{CASUS}' en '{QUERY}'.")
        return self._answer(body.get(CASUS), body.get(QUERY), fouten, budget, took)

    def answer_value(self, casus: Any, query: str) -> dict[str, Any]:
        """Answer a query about a casus that is already plain JSON values; raises Problem."""
        return self._answer(casus, query, [], self.budget())

    def _answer(
        self, casus: Any, text: Any, fouten: list[Fout], budget: Budget, took: Took = not_told
    ) -> dict[str, Any]:
        checked, unlisted = self._casus(casus, fouten)
        # Without a good casus the query is still checked, so that all faults are told at once.
        query = self._query(text, today() if checked is None else checked.peildatum, fouten)
        if fouten or checked is None or query is None:
            raise bad_question(fouten, len(fouten) + unlisted if unlisted else None)
        try:
            found = self.queries.answer(checked, query, budget.check, took)
        except QueryFault as fault:
            took(fault.seconds)
            raise _unavailable(fault) from None
        except TimeUpError:
            raise _unavailable(QueryTimeout()) from None
        if isinstance(found, Contradiction):
            raise replace(refused := contradicts(found), fouten=_under_casus(refused))
        answer: dict[str, Any] = as_json(found)
        return answer

    def _casus(self, value: Any, fouten: list[Fout]) -> tuple[Casus | None, int]:
        """Check the casus; also returns how many of its faults were counted but not put into words."""
        if not isinstance(value, dict):
            fouten.append(_missing(CASUS, value))
            return None, 0
        try:
            return self.reader.check(value), 0
        except Problem as problem:
            fouten.extend(_under_casus(problem))
            return None, problem.found - len(problem.fouten)

    def _query(self, value: Any, date: int, fouten: list[Fout]) -> Query | None:
        if not isinstance(value, str):
            fouten.append(_missing(QUERY, value))
            return None
        query = self.queries.read(value, date)
        if isinstance(query, Diagnostics):
            fouten.extend(fouten_of(query, value, QUERY, _SHAPES[QUERY], self.reader.vocabulary))
            return None
        return query


def _missing(field: str, value: Any) -> Fout:
    return Fout(field, "Dit veld is verplicht." if value is None else "Dit heeft de verkeerde vorm.", _SHAPES[field])


def _under_casus(problem: Problem) -> tuple[Fout, ...]:
    return tuple(replace(fout, veld=f"{CASUS}.{fout.veld}" if fout.veld else CASUS) for fout in problem.fouten)


def busy() -> Problem:
    """Make the 503 of a query for which others wait too long already."""
    return Problem(503, "Er staan al genoeg vragen te wachten.", headers={"retry-after": "2"})


def _unavailable(fault: QueryFault) -> Problem:
    match fault:
        case QueryTimeout():
            detail = "De vraag kostte te veel tijd en is gestopt. Vraag minder tegelijk, of noem in de casus delingen."
            return Problem(503, detail)
        case QueryBusy():
            return busy()
        case _:
            return Problem(503, "De vraag kon niet worden beantwoord. Vraag minder tegelijk.")
