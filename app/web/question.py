"""A question as it comes in, checked and turned into a `Casus`.

Goes in: bytes, or plain values, and the vocabulary. Comes out: a `Casus`, or a `Problem` with every fault.
Must not know: HTTP, or how a casus is decided.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from app.advice import dates
from app.advice.advies import Contradiction
from app.advice.question.casus import PROPOSED, Casus
from app.advice.question.extras import NO_EXTRAS, Extras
from app.lang.vocabulary import Vocabulary
from app.web.agreement import Occasion, disagreements
from app.web.faults import faults_of
from app.web.json_text import NotJson, parse
from app.web.problems import MOST_FAULTS, Fout, Problem, bad_question, bad_text
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
        self._dump = self.model.__pydantic_serializer__.to_python
        self._clock = clock

    def read(self, raw: bytes, extras: Extras = NO_EXTRAS) -> Casus:
        """Read a question from JSON text; raises Problem."""
        return self.check(parse_json(raw), extras)

    def check(
        self, question: Any, extras: Extras = NO_EXTRAS, most: int = MOST_FAULTS, occasion: Occasion = Occasion.ALONE
    ) -> Casus:
        """Check a question that is already plain JSON values; raises Problem with at most so many faults in words.

        With some extras it may ask less.
        """
        try:
            model = self._validate(question)
        except ValidationError as error:
            raise faults_of(error, self.vocabulary, most) from None
        data = _said(self._dump(model, exclude_none=True))
        flows = flows_in(data)
        if flows > most_flows(extras):
            raise bad_question((too_many(PROPOSED, flows, FLOWS_SHAPE),))
        if disagreeing := tuple(disagreements(data, Occasion.ALL_FLOWS if extras.stromen else occasion)):
            raise bad_question(disagreeing[:most], len(disagreeing))
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
    count = sum(len(one.velden) for one in contradiction.strijdigheden)
    return bad_question(_contradictory(contradiction), count)


def _contradictory(contradiction: Contradiction) -> Iterator[Fout]:
    for one in contradiction.strijdigheden:
        for veld in one.velden:
            others = " en ".join(other for other in one.velden if other != veld)
            melding = f"Dit spreekt {others} tegen." if others else "Dit kan niet."
            yield Fout(veld, melding, "Gegevens die bij elkaar passen; laat weg wat u niet zeker weet.", one.code)


def _said(value: dict[str, Any]) -> dict[str, Any]:
    """Drop nulls from maps too: pydantic drops them only from objects with fixed fields."""
    for key, item in value.items():
        if type(item) is dict:
            value[key] = {name: inner for name, inner in _said(item).items() if inner is not None}
        elif type(item) is list and item and type(item[0]) is dict:
            for entry in item:
                _said(entry)
    return value
