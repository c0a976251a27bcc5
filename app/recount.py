"""Real questions asked under two laws: how many adviezen change, and into what.

Goes in: lines of JSON, each one question, and a desk per law. Comes out: a `Recount` with counts only.
Must not know: how anything is decided. Nothing that a question says is kept: no kenmerk, no facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.advice.red_lines import RedLineCrossed
from app.record import record
from app.web.desk import Desk
from app.web.problems import Problem
from app.web.question import parse_json

LEFT_OUT: Final = "niet genoemd"
"""In place of an oordeel: a stroom that one law lists and the other does not."""


@record
class Recount:
    """What was counted.

    `questions`: the lines that both laws answered. `changed`: those with an advies that changes. `adviezen`: how many
    adviezen go from one oordeel to another, unchanged ones included. `refused`: per line why it was not answered.
    """

    questions: int
    changed: int
    adviezen: Mapping[tuple[str, str], int]
    refused: Mapping[int, str]

    @property
    def differs(self) -> bool:
        """Whether any advies changes."""
        return self.changed > 0


def recount(lines: Iterable[bytes], desks: tuple[Desk, Desk], days: tuple[str | None, str | None]) -> Recount:
    """Ask each question under both laws; `days` stand in for its own peildatum, where given."""
    adviezen: Counter[tuple[str, str]] = Counter()
    refused: dict[int, str] = {}
    questions = changed = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = [_oordelen(desk, line, day) for desk, day in zip(desks, days, strict=True)]
        except Problem as problem:
            refused[number] = _reason(problem)
            continue
        except RedLineCrossed as line_crossed:
            refused[number] = f"het antwoord zou een rode lijn overschrijden: {line_crossed}"
            continue
        questions += 1
        pairs = [
            (found[0].get(flow, LEFT_OUT), found[1].get(flow, LEFT_OUT))
            for flow in dict.fromkeys((*found[0], *found[1]))
        ]
        changed += any(one != other for one, other in pairs)
        adviezen.update(pairs)
    return Recount(questions, changed, dict(adviezen), refused)


def _oordelen(desk: Desk, line: bytes, day: str | None) -> dict[tuple[str, ...], str]:
    """Return the oordeel per flow. A question without delingen lists its stromen, by the norm that opens each."""
    question = parse_json(line)
    if day is not None and isinstance(question, dict):
        question = {**question, "peildatum": day}
    answer = desk.answer_value(question)
    found = {_flow(one["deling"]): one["oordeel"] for one in answer.get("adviezen", ())}
    return found or {_flow(one): one["oordeel"] for one in answer.get("stromen", ())}


def _flow(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        f"{name}={value}" for name, value in sorted(one.items()) if isinstance(value, str) and name != "oordeel"
    )


def _reason(problem: Problem) -> str:
    """Say why a line was refused: fields and what is wrong with them, never a value."""
    return "; ".join(f"{one.veld}: {one.melding}" for one in problem.fouten) or problem.detail
