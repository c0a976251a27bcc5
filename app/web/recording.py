"""Recording: no answer leaves before it is kept.

Goes in: a call, the edition of the law, and what was asked and answered. Comes out: the assurance that it is
in the log, or a Problem (503). Must not know: how a log keeps things.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from pydantic_core import to_json

from app.advice import dates
from app.advice.advies import Advies
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.database.clock import now_ms
from app.log.entry import Entry, Stuk, Trace, trace_of
from app.log.writer import CannotRecordError
from app.web.call import Call
from app.web.extras import soort_of
from app.web.problems import Problem
from app.web.serving import Serving

ONE: Final = "adl.access_evaluation"
SEVERAL: Final = "adl.access_evaluations"
LISTING: Final = "adl.search_resource"
RETRY_SECONDS: Final = "5"
ldv_log = logging.getLogger("deelwijzer.ldv")
"""The Logboek Dataverwerkingen: one line of JSON per young person, without anything that names one."""


class Log(Protocol):
    """Whatever keeps entries."""

    async def record(self, entry: Entry) -> None:
        """Return once the entry is kept for good; raises CannotRecordError."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Makes entries of calls. `pseudonym` turns a kenmerk into what may stand in a log line.

    `log` is None where none is kept: for trying out, and to measure what keeping costs.
    """

    log: Log | None
    pseudonym: Callable[[str | None], str | None]
    processing_activity: str | None = None

    async def keep(
        self,
        call: Call,
        serving: Serving,
        event: str,
        make: Callable[[], Sequence[Stuk]],
        verwerking: str | None = None,
    ) -> None:
        """Keep a call for good; raises Problem (503) when that is not possible. One without any answer is an error.

        `make` makes its parts, which is left out where nothing reads them.
        `verwerking` is the caller's own processing activity, where they name one.
        """
        verwerking = verwerking or self.processing_activity
        if self.log is None and verwerking is None:
            return
        stukken = make()
        entry = Entry(
            call.trace,
            event,
            call.begin_ms,
            now_ms(),
            "Unset" if any(one.antwoord for one in stukken) else "Error",
            call.caller.id,
            serving.hash,
            serving.engine,
            serving.version,
            verwerking,
            tuple(stukken),
        )
        try:
            if self.log is not None:
                await self.log.record(entry)
        except CannotRecordError:
            raise cannot_record() from None
        if entry.verwerking is not None:
            for number, stuk in enumerate(entry.stukken):
                ldv_log.info(json.dumps(self._ldv(entry, number, stuk), separators=(",", ":")))

    def _ldv(self, entry: Entry, number: int, stuk: Stuk) -> dict[str, Any]:
        """The line of one young person; those of a series are children of the call's own span."""
        trace = entry.trace if len(entry.stukken) == 1 else _child(entry.trace)
        attributes: dict[str, Any] = {
            "dpl.core.processing_activity_id": entry.verwerking,
            "dpl.core.foreign_operation.processor": entry.aanroeper,
        }
        subject = self.pseudonym(stuk.kenmerk)
        if subject is not None:
            attributes |= {"dpl.core.data_subject_id": subject, "dpl.core.data_subject_id_type": "pseudoniem"}
        shown = {
            "trace_id": trace.trace_id,
            "span_id": trace.span_id,
            "status": entry.status,
            "name": f"{entry.event_name}[{number}]" if len(entry.stukken) > 1 else entry.event_name,
            "start_time": entry.begin_ms,
            "end_time": entry.einde_ms,
            "attributes": attributes,
            "resource": {"service.name": "deelwijzer", "service.version": entry.versie},
        }
        return shown if trace.parent_span_id is None else {**shown, "parent_span_id": trace.parent_span_id}


def _child(trace: Trace) -> Trace:
    return replace(trace_of(None), trace_id=trace.trace_id, parent_span_id=trace.span_id)


def cannot_record() -> Problem:
    """Make the 503 of a call that could not be recorded."""
    return Problem(
        503,
        "Het advies kon niet worden vastgelegd. Daarom is er geen advies. Probeer het zo nog eens.",
        headers={"retry-after": RETRY_SECONDS},
    )


def event_of(casus: Casus) -> str:
    """Name what a casus asks in the words of the Authorization Decision Log."""
    delingen = casus.data.get("delingen")
    if delingen is None:
        return LISTING
    return ONE if len(delingen) == 1 and len(delingen[0]["gegevens"]) == 1 else SEVERAL


def part_of(casus: Casus, extras: Extras, answer: Advies | None = None, text: str = "") -> Stuk:
    """Make the part of one casus; without an answer nothing could be decided."""
    identifier = (answer and answer.id) or str(uuid.uuid4())
    short = None if answer is None else _summary(answer.kenmerk, [one.oordeel for one in answer.adviezen])
    return Stuk(identifier, soort_of(extras), casus.kenmerk, casus.peildatum, question_text(casus), text, short)


def summary_of(answer: Mapping[str, Any]) -> str:
    """Write what a search shows of an answer, in JSON: so it need not read that. Over AuthZEN it has a context."""
    told = answer.get("context", answer)
    judged = told.get("adviezen", [told] if "oordeel" in told else ())
    return _summary(told.get("kenmerk"), [one["oordeel"] for one in judged])


def _summary(kenmerk: str | None, oordelen: list[str]) -> str:
    return to_json({"kenmerk": kenmerk, "oordelen": oordelen}).decode()


def question_text(casus: Casus) -> str:
    """Write a question as it was decided: as checked, with the peildatum filled in.

    The peildatum comes first, whether the caller gave it or not: the same question must give the same text.
    """
    return to_json({"peildatum": dates.iso(casus.peildatum), **casus.data}).decode()
