"""The examples in the OpenAPI document: questions that somebody could ask, and what the desk answers to them.

Goes in: scenarios chosen as examples, and the desk. Comes out: examples as OpenAPI has them.
Must not know: the rest of the document, or how anything is decided.

What differs from one answer, or edition of the law, to the next is fixed: the description changes when the law says
something else, not with every edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.web.desk import SERIES, Desk
from app.web.problems import Problem

Shown = dict[str, Any]
FIXED_ID: Final = "00000000-0000-4000-8000-000000000000"
FIXED_LAW: Final[Mapping[str, str]] = {"versie": "2026-01-01.00000000", "hash": f"sha256:{'0' * 64}"}
SEARCH: Final[Shown] = {
    "kenmerk": {
        "summary": "Alles met dit kenmerk",
        "value": {"kenmerk": "2026-00123"},
    },
    "maand": {
        "summary": "Wat u in maart 2026 vroeg, de eerste vijftig",
        "value": {"van": "2026-03-01T00:00:00+01:00", "tot": "2026-04-01T00:00:00+02:00", "aantal": 50},
    },
}
FOUND: Final[Shown] = {
    "gevonden": {
        "summary": "Eén advies, en het einde",
        "value": {
            "adviezen": [
                {
                    "id": FIXED_ID,
                    "tijdstip": "2026-03-01T08:30:00.000Z",
                    "peildatum": "2026-03-01",
                    "bewaard": "volledig",
                    "kenmerk": "2026-00123",
                    "oordelen": ["toegestaan"],
                }
            ],
            "volgende": None,
        },
    }
}
_WRONG: Final[Mapping[str, Any]] = {"peildatum": "2150-01-01"}
"""A question that is refused though its form is right: no law of that day is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question that shows something: its name, what it is about on one line, its story, and the question's JSON."""

    name: str
    title: str
    story: str
    question: Mapping[str, Any]

    def shown(self, body: Any = None) -> Shown:
        """Write it as OpenAPI has it; with another body where the question is only a part of that."""
        return {"summary": self.title, "description": self.story, "value": dict(body or self.question)}


def asked(examples: tuple[Example, ...]) -> Shown:
    """Write every question."""
    return {one.name: one.shown() for one in examples}


def answered(desk: Desk, examples: tuple[Example, ...]) -> Shown:
    """Answer the first question, so that the document shows a real advice."""
    for one in examples:
        advice = _advice(desk, one.question)
        if advice is not None:
            return {one.name: {"summary": one.title, "value": advice}}
    return {}


def series_asked(examples: tuple[Example, ...]) -> Shown:
    """Write a series: a question that is answered and one that is refused."""
    body = {SERIES: [*(dict(one.question) for one in examples[:1]), dict(_WRONG)]}
    return {"reeks": {"summary": "Twee vragen; de tweede klopt niet", "value": body}} if examples else {}


def series_answered(desk: Desk, examples: tuple[Example, ...]) -> Shown:
    """Answer that series."""
    results: list[Shown] = []
    for question in [*(one.question for one in examples[:1]), _WRONG]:
        try:
            results.append({"advies": fixed(desk.answer_value(dict(question)))})
        except Problem as problem:
            results.append({"probleem": problem.as_json()})
    return {"reeks": {"summary": "Een advies en een probleem", "value": {"resultaten": results}}} if examples else {}


def fixed(answer: Mapping[str, Any]) -> Shown:
    """Fix what differs from one answer, or edition of the law, to the next."""
    shown: Shown = {**answer, **({"id": FIXED_ID} if "id" in answer else {})}
    return {**shown, "beleid": dict(FIXED_LAW)} if "beleid" in answer else shown


def _advice(desk: Desk, question: Mapping[str, Any]) -> Shown | None:
    try:
        return fixed(desk.answer_value(dict(question)))
    except Problem:
        return None
