"""How much may be asked at once: in bytes, and in flows.

Goes in: a question in plain JSON values, checked or not. Comes out: numbers, and the limits they are held to.
Must not know: HTTP, what any field means, or how anything is decided.

A flow is one item of one deling. Each costs the time and the size of an advice, so flows are counted, not questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pydantic_core import to_json

from app.advice.question.casus import PROPOSED
from app.advice.question.extras import Extras

KIB: Final = 1024
QUESTION_LIMIT: Final = 64 * KIB
"""Bytes of a question, also of one in a series."""
SERIES_LIMIT: Final = 8 * KIB * KIB
MOST_FLOWS: Final = 250
"""Flows of one question; an advice about one is some 4 KiB."""
MOST_EXPLAINED: Final = 25
"""With the derivation: up to some 250 KiB each."""
SERIES_FLOWS: Final = 20 * MOST_FLOWS
SERIES_EXPLAINED: Final = 4 * MOST_EXPLAINED
FLOWS_SHAPE: Final = f"Samen hooguit {MOST_FLOWS} gegevens; met uitleg=volledig hooguit {MOST_EXPLAINED}."
SERIES_SHAPE: Final = f"Samen hooguit {SERIES_FLOWS} gegevens; met uitleg=volledig hooguit {SERIES_EXPLAINED}."


def flows_in(question: Any) -> int:
    """Count the flows that a question proposes; what has not the shape of one is not counted.

    >>> flows_in({"delingen": [{"gegevens": ["a", "b"]}, {"gegevens": ["a"]}, 3]}), flows_in({})
    (3, 0)
    """
    proposed = question.get(PROPOSED) if type(question) is dict else None
    flows = 0
    if type(proposed) is list:  # a plain loop: this is on the way of every question, twice
        for one in proposed:
            items = one.get("gegevens") if type(one) is dict else None
            if type(items) is list:
                flows += len(items)
    return flows


def most_flows(extras: Extras) -> int:
    """How many flows one question may ask about."""
    return MOST_EXPLAINED if extras.uitleg else MOST_FLOWS


def flows_of_series(questions: Iterable[Any], extras: Extras) -> list[int]:
    """Count the flows that will be decided of each question: none of one that asks about too many."""
    most = most_flows(extras)
    return [flows if flows <= most else 0 for flows in map(flows_in, questions)]


def entries_in(value: Any, most: int) -> int:
    """Count the entries of all lists in it, and in what they list; stops counting beyond `most`.

    >>> entries_in({"a": {"b": [1, 2]}, "c": [{"d": [3]}]}, 9), entries_in({"a": [1] * 9, "b": [1]}, 2) > 2
    (4, True)
    """
    count, todo = 0, [value]
    while todo and count <= most:
        one = todo.pop()
        for inner in one.values() if type(one) is dict else one:
            if type(inner) is list:
                count += len(inner)
                todo.append(inner)
            elif type(inner) is dict:
                todo.append(inner)
    return count


def bytes_of(value: Any) -> int:
    """How large plain values are as JSON, without spaces."""
    return len(to_json(value))


def shown(limit: int) -> str:
    """Write a limit for people.

    >>> shown(QUESTION_LIMIT), shown(SERIES_LIMIT)
    ('64 KiB', '8 MiB')
    """
    return f"{limit // KIB} KiB" if limit < KIB * KIB else f"{limit // KIB // KIB} MiB"
