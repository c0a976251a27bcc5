"""Evaluations of one request that are being decided, each in its turn in a thread.

Goes in: evaluations as they came in. Comes out: the JSON text of each answer, and what to keep of it.
Must not know: HTTP requests, or how an entry is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pydantic_core import to_json

from app.advice.advies import Advies
from app.advice.budget import Budget
from app.advice.question.extras import NO_EXTRAS
from app.log.entry import AUTHZEN, Stuk
from app.web.authzen.answers import answer, refused
from app.web.authzen.asking import Asked
from app.web.authzen.desk import AuthzenDesk
from app.web.desk import our_fault
from app.web.problems import Listing, Problem, refuses, too_large
from app.web.recording import summary_of
from app.web.serving import Serving
from app.web.sizes import QUESTION_LIMIT, bytes_of


@dataclass(frozen=True, slots=True)
class Several:
    """Evaluations that are being decided."""

    serving: Serving
    desk: AuthzenDesk
    budget: Budget
    listing: Listing = field(default_factory=Listing)

    def one(self, evaluation: Any, budget: Budget) -> tuple[bytes, Stuk | None]:
        """Decide one evaluation; the answer in JSON text, and what to keep of it."""
        asked: Asked | None = None
        try:
            if bytes_of(evaluation) > QUESTION_LIMIT:
                raise too_large(QUESTION_LIMIT)
            asked = self.desk.read(evaluation, most=self.listing.left)
            part, text = answered(asked, None if asked.strange else self._advice(asked, budget))
        except Exception as fault:
            problem = fault if isinstance(fault, Problem) else our_fault(fault)
            kept = None if asked is None or refuses(problem) else part_for(asked)
            return to_json(refused(self.listing.within(problem))), kept
        return text, part

    def _advice(self, asked: Asked, budget: Budget) -> Advies:
        try:
            return self.serving.desk.decide(asked.casus, NO_EXTRAS, budget)
        except Problem as problem:
            raise asked.refusal(problem) from None


def answered(asked: Asked, advice: Advies | None) -> tuple[Stuk, bytes]:
    """Write the answer to what was asked, and make the part for the log."""
    identifier = (advice and advice.id) or str(uuid4())
    given = answer(asked, advice, identifier)
    text = to_json(given)
    return part_for(asked, identifier, text.decode(), summary_of(given)), text


def part_for(asked: Asked, identifier: str | None = None, text: str = "", short: str | None = None) -> Stuk:
    """Make the part for the log; without an answer nothing could be decided."""
    casus = asked.casus
    return Stuk(identifier or str(uuid4()), AUTHZEN, casus.kenmerk, casus.peildatum, asked.text, text, short)
