"""Places in a question's JSON, by the paths that the vocabulary gives its fields.

Goes in: plain dictionaries and a path such as `delingen[].gegevens[]`. Comes out: the same dictionaries, with a value
more or less. Must not know: what any field means.

A list of objects on the way is a list of one object here: one flow is asked about at a time.
"""

from __future__ import annotations

from typing import Any


def put(question: dict[str, Any], path: str, value: Any) -> None:
    """Fill a field, making the objects on the way; does nothing where something else stands in the way.

    >>> question = {}
    >>> put(question, "delingen[].gegevens[]", "stagegegevens")
    >>> question
    {'delingen': [{'gegevens': ['stagegegevens']}]}
    """
    *way, last = path.split(".")
    here: Any = question
    for step in way:
        name = step.removesuffix("[]")
        if here.get(name) is None:
            here[name] = [{}] if step.endswith("[]") else {}
        here = _inside(here[name])
        if here is None:
            return
    here[last.removesuffix("[]")] = [value] if last.endswith("[]") else value


def find(question: dict[str, Any], path: str) -> Any:
    """Return what stands at a path; None where nothing does."""
    *way, last = path.split(".")
    here: Any = question
    for step in way:
        here = _inside(here.get(step.removesuffix("[]")))
        if here is None:
            return None
    return here.get(last.removesuffix("[]"))


def drop(question: dict[str, Any], path: str) -> None:
    """Empty a field, and the objects on the way that have nothing else in them."""
    step, dot, rest = path.partition(".")
    name = step.removesuffix("[]")
    if not dot:
        question.pop(name, None)
        return
    inner = _inside(question.get(name))
    if inner is not None:
        drop(inner, rest)
        if not inner:
            del question[name]


def shown(path: str) -> str:
    """Write a path as a place in a question of one flow, as faults name it.

    >>> shown("delingen[].gegevens[]")
    'delingen[0].gegevens[0]'
    """
    return path.replace("[]", "[0]")


def _inside(value: Any) -> dict[str, Any] | None:
    """The object that a path goes on in: itself, or the one in a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else None
