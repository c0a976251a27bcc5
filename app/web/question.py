"""A question as it comes in, checked and turned into a `Casus`.

Goes in: bytes, or plain values, and the vocabulary. Comes out: a `Casus`, or a `Problem` with every fault.
Must not know: HTTP, or how a casus is decided.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from app.advice import dates
from app.advice.advies import Contradiction
from app.advice.casus import PROPOSED, Casus
from app.lang.vocabulary import Vocabulary
from app.web.faults import faults_of
from app.web.json_text import NotJson, parse
from app.web.problems import Fout, Problem, bad_question, bad_text
from app.web.sizes import FLOWS_SHAPE, flows_in, most_flows
from app.web.wire import question_model

_HERE: Final = ZoneInfo("Europe/Amsterdam")


def today() -> int:
    """Return the date in the Netherlands, as yyyymmdd."""
    now = datetime.datetime.now(_HERE).date()
    return now.year * 10000 + now.month * 100 + now.day


class QuestionReader:
    """Checks questions. Safe to share between threads and coroutines."""

    def __init__(self, vocabulary: Vocabulary, clock: Callable[[], int] = today) -> None:
        self.vocabulary = vocabulary
        self.model = question_model(vocabulary)
        self._validate = self.model.__pydantic_validator__.validate_python
        self._clock = clock

    def read(self, raw: bytes, explain: bool = False) -> Casus:
        """Read a question from JSON text; raises Problem."""
        return self.check(parse_json(raw), explain)

    def check(self, question: Any, explain: bool = False) -> Casus:
        """Check a question that is already plain JSON values; raises Problem. With `explain` it may ask less."""
        try:
            model = self._validate(question)
        except ValidationError as error:
            raise bad_question(faults_of(error, self.vocabulary)) from None
        data = _said(model.model_dump(exclude_none=True))
        flows = flows_in(data)
        if flows > most_flows(explain):
            raise bad_question((too_many(PROPOSED, flows, FLOWS_SHAPE),))
        peildatum = data.get("peildatum")
        return Casus(data.get("kenmerk"), self._clock() if peildatum is None else dates.number(peildatum), data)


def too_many(field: str, flows: int, shape: str) -> Fout:
    """Say that more flows are asked about than is possible at once."""
    return Fout(field, f"Dit zijn samen {flows} gegevens in delingen. Dat is te veel voor één aanroep.", shape)


def parse_json(raw: bytes) -> Any:
    """Read JSON text; raises Problem."""
    try:
        return parse(raw)
    except NotJson as fault:
        raise bad_text(str(fault)) from None


def contradicts(contradiction: Contradiction) -> Problem:
    """Make the 400 of facts that contradict each other, by name and without repeating them."""
    fouten = []
    for one in contradiction.strijdigheden:
        for veld in one.velden:
            others = " en ".join(other for other in one.velden if other != veld)
            melding = f"Dit spreekt {others} tegen." if others else "Dit kan niet."
            fouten.append(
                Fout(veld, melding, "Gegevens die bij elkaar passen; laat weg wat u niet zeker weet.", one.code)
            )
    return bad_question(tuple(fouten))


def _said(value: dict[str, Any]) -> dict[str, Any]:
    """Drop nulls from maps too: pydantic drops them only from objects with fixed fields."""
    for key, item in value.items():
        if type(item) is dict:
            value[key] = {name: inner for name, inner in _said(item).items() if inner is not None}
        elif type(item) is list and item and type(item[0]) is dict:
            for entry in item:
                _said(entry)
    return value
