"""The desk for AuthZEN: requests in, decisions out, by way of the same desk that gives advice.

Goes in: plain JSON values. Comes out: plain dictionaries fit for JSON, or a `Problem`.
Must not know: HTTP, the log, or which engine decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from app.advice import dates
from app.lang.authzen_mapping import ENTITIES, AuthzenMapping, EntityName
from app.web.authzen.answers import answer
from app.web.authzen.asking import SEARCH, Asked, Asking
from app.web.authzen.body import read_body
from app.web.desk import Desk
from app.web.problems import MOST_FAULTS, Problem


@dataclass(frozen=True)
class AuthzenDesk:
    """Reads requests and writes answers; deciding is the other desk's, and so is every check of a casus."""

    mapping: AuthzenMapping
    desk: Desk

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.mapping, self.desk.reader)

    def read(self, body: Any, searched: EntityName | None = None, most: int = MOST_FAULTS) -> Asked:
        """Read an evaluation, or the search for one of the entities; raises Problem.

        At most `most` faults of its casus are put into words.
        """
        return self._asking.read(read_body(body, searched), searched, most)

    def as_decided(self, body: Any, day: int) -> str:
        """Write a request as the log would have kept it when it was asked on a day (yyyymmdd); raises Problem."""
        searched = next((name for name in ENTITIES if name == body.get(SEARCH)), None)
        context = body.get("context")
        if isinstance(context, dict) and "time" not in context:
            casus = context.get("casus")
            if casus is None or isinstance(casus, dict):
                body = {**body, "context": {**context, "casus": {"peildatum": dates.iso(day), **(casus or {})}}}
        elif context is None:
            body = {**body, "context": {"casus": {"peildatum": dates.iso(day)}}}
        return self.read(body, searched).text

    def again(self, text: str, identifier: str | None = None) -> dict[str, Any]:
        """Answer once more what the log kept of a request, under the id it had; raises Problem.

        `text` is a part's `vraag`. The same text gives the same answer by the same law, but for a fresh id where
        none is given.
        """
        body = json.loads(text)
        searched = next((name for name in ENTITIES if name == body.get(SEARCH)), None)
        asked = self.read(body, searched)
        try:
            advice = None if asked.strange else self.desk.decide(asked.casus)
        except Problem as problem:
            raise asked.refusal(problem) from None
        return answer(asked, advice, identifier or str(uuid4()))
