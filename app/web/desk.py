"""The desk where questions are answered: the same for HTTP, a series and the command line.

Goes in: JSON text or values. Comes out: an `Advies`, or it as plain dictionaries fit for JSON, or a `Problem`.
Must not know: HTTP, files, or which engine decides.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.advice.advies import Advies, Contradiction, as_json
from app.advice.budget import Budget, Check, TimeUpError
from app.advice.question.casus import Casus
from app.advice.question.extras import NO_EXTRAS, Extras
from app.advice.red_lines import RedLineCrossed
from app.operations.log_lines import place_of
from app.web.faults import strange_fields
from app.web.problems import Fout, Problem, bad_question, red_line, time_up, too_large
from app.web.question import QuestionReader, contradicts, too_many
from app.web.sizes import QUESTION_LIMIT, SERIES_EXPLAINED, SERIES_FLOWS, SERIES_SHAPE, bytes_of, flows_of_series

MAX_SERIES: Final = 1000
SERIES: Final = "casussen"
_SERIES_SHAPE: Final = f"Een lijst van 1 tot en met {MAX_SERIES} vragen."
_log = logging.getLogger("deelwijzer")


class Adviser(Protocol):
    """Whoever decides; the advice layer's Advisor."""

    def advise(self, casus: Casus, extras: Extras, check: Check) -> Advies | Contradiction:
        """Decide a casus; any failure is an exception. Calls `check` now and then, which raises to stop it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Checks a question and has it decided; answers with a record, or with plain JSON values.

    `seconds`: how long one advice may take.
    """

    reader: QuestionReader
    adviser: Adviser
    seconds: float = math.inf

    def answer(self, raw: bytes, extras: Extras = NO_EXTRAS) -> dict[str, Any]:
        """Answer a question in JSON text; raises Problem."""
        return self._plain(self.reader.read(raw, extras), extras)

    def answer_value(self, question: Any, extras: Extras = NO_EXTRAS) -> dict[str, Any]:
        """Answer a question that is already plain JSON values; raises Problem."""
        return self._plain(self.reader.check(question, extras), extras)

    def decide(self, casus: Casus, extras: Extras = NO_EXTRAS, budget: Budget | None = None) -> Advies:
        """Answer a question that was checked; raises Problem when its facts contradict each other, or time is up.

        Without a `budget` one begins now.
        """
        budget = budget or Budget.of(self.seconds)
        try:
            budget.check()  # it may have waited for its turn
            found = self.adviser.advise(casus, extras, budget.check)
            budget.check()
        except TimeUpError:
            raise time_up() from None
        if isinstance(found, Contradiction):
            raise contradicts(found)
        return found

    def one_of_series(self, question: Any, extras: Extras, most: int) -> Casus:
        """Check one question of a series, which is no larger than one that is asked alone; raises Problem.

        At most `most` of its faults are put into words.
        """
        if bytes_of(question) > QUESTION_LIMIT:
            raise too_large(QUESTION_LIMIT)
        return self.reader.check(question, extras, most)

    def series(self, body: Any, extras: Extras = NO_EXTRAS) -> list[Any]:
        """Read the questions of a series, not yet checked one by one; raises Problem."""
        fouten = strange_fields(body, (SERIES,), f"Een object met het veld '{SERIES}'.")
        cases = body.get(SERIES)
        if not isinstance(cases, list) or not 1 <= len(cases) <= MAX_SERIES:
            melding = (
                "Dit veld is verplicht."
                if cases is None
                else f"Dit moet {_SERIES_SHAPE[0].lower()}{_SERIES_SHAPE[1:-1]} zijn."
            )
            fouten.append(Fout(SERIES, melding, _SERIES_SHAPE))
        elif (flows := sum(flows_of_series(cases, extras))) > (SERIES_EXPLAINED if extras.uitleg else SERIES_FLOWS):
            fouten.append(too_many(SERIES, flows, SERIES_SHAPE))
        if fouten or not isinstance(cases, list):
            raise bad_question(fouten)
        return cases

    def _plain(self, casus: Casus, extras: Extras) -> dict[str, Any]:
        plain: dict[str, Any] = as_json(self.decide(casus, extras))
        return plain


def our_fault(fault: BaseException) -> Problem:
    """Log a fault of ours by kind and place only, since its message could hold facts, and make the 500."""
    if isinstance(fault, RedLineCrossed):
        _log.error("no advice: it would cross red lines: %s", fault)
        return red_line()
    _log.error("no advice: %s at %s", type(fault).__name__, place_of(fault))
    return Problem(500, "Er is niets beslist. Probeer het later nog eens, of meld het aan de beheerder.")
