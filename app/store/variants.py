"""Variants: scenarios that say only in what they differ from the scenario they belong to.

Goes in: the table of one scenario as it stands in its file. Comes out: one whole table per case, or diagnostics.
Must not know: what any field of a question means, or how anything is decided.

A variant has an `id` and states what differs: `vraag` sets fields, `niet_gezegd` leaves fields out. A path names
tables and places in lists: `jongere.leeftijd`, `delingen[0].doel`; the place after the last one adds to a list.
A variant that states any expectation states all of them; one without takes those of the scenario.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from itertools import pairwise
from typing import Any, Final

from app.lang.ast import Span
from app.lang.diagnostics import Diagnostic, nearest, whole_file

VARIANTS: Final = "varianten"
EXPECTATION: Final = "verwacht"
"""The keys of a scenario that state an expectation begin with this."""
_QUESTION: Final = "vraag"
_LEFT_OUT: Final = "niet_gezegd"
_PATH: Final = re.compile(r"[A-Za-z0-9_-]+(\[\d+\])*(\.[A-Za-z0-9_-]+(\[\d+\])*)*")
_STEP: Final = re.compile(r"[A-Za-z0-9_-]+|\[\d+\]")
_SHAPE: Final = "a path names fields and places in lists: `jongere.leeftijd`, `delingen[0].doel`"

Table = Mapping[str, Any]
Fault = Callable[[str, str], Diagnostic]
"""Makes a diagnostic of a message and its help."""
Step = str | int


class _Wrong(Exception):
    """A path that cannot be followed, or does nothing; carries message and help."""

    def __init__(self, message: str, help_line: str) -> None:
        super().__init__(message)
        self.message = message
        self.help_line = help_line


def expanded(scenario: Table, file: str, text: str, keys: Sequence[str]) -> tuple[list[Table], list[Diagnostic]]:
    """Return a scenario without its variants and then each variant as a scenario of its own, and all faults.

    `keys` are those a scenario may have; `text` is the whole file, in which a fault finds its line.
    """
    plain = {key: value for key, value in scenario.items() if key != VARIANTS}
    owner = str(scenario.get("id", ""))
    variants = scenario.get(VARIANTS, [])
    if not isinstance(variants, list) or not all(isinstance(one, dict) for one in variants):
        fault = _fault_at(file, text, owner, f"`{VARIANTS}` of `{owner}`")
        return [plain], [fault("is no list of tables", f"write [[scenario.{VARIANTS}]] above each")]
    cases: list[Table] = [plain]
    faults: list[Diagnostic] = []
    for place, variant in enumerate(variants, 1):
        identity = variant.get("id")
        named = isinstance(identity, str) and bool(identity)
        name = f"variant `{identity}`" if named else f"variant {place} of `{owner}`"
        fault = _fault_at(file, text, identity if named else owner, name)
        if not named:
            faults.append(fault("has no `id`", "a variant is a scenario, and has a name of its own"))
            continue
        case, wrong = _case(plain, variant, [*keys, _LEFT_OUT], fault)
        wrong = wrong or list(_asked_before(case, cases, fault))
        faults.extend(wrong)
        if not wrong:
            cases.append(case)
    return cases, faults


def _case(plain: Table, variant: Table, keys: Sequence[str], fault: Fault) -> tuple[Table, list[Diagnostic]]:
    """Make one variant into a whole scenario."""
    strange = sorted(variant.keys() - set(keys))
    faults = [fault(f"says `{key}`, which is not known here", nearest(key, keys)) for key in strange]
    question = deepcopy(plain.get(_QUESTION, {}))
    changes, left_out = variant.get(_QUESTION, {}), variant.get(_LEFT_OUT, [])
    if not isinstance(changes, dict):
        faults.append(fault(f"has a `{_QUESTION}` that is no table", _SHAPE))
        changes = {}
    if not isinstance(left_out, list) or not all(isinstance(path, str) for path in left_out):
        faults.append(fault(f"has a `{_LEFT_OUT}` that is no list of paths", _SHAPE))
        left_out = []
    for path, value in _leaves(changes):
        faults.extend(_tried(partial(_set, question, path, value), fault))
    for path in sorted(set(left_out), key=_backwards, reverse=True):
        faults.extend(_tried(partial(_leave_out, question, plain.get(_QUESTION, {}), path), fault))
    states = any(key.startswith(EXPECTATION) for key in variant)
    kept = {key: value for key, value in plain.items() if not (states and key.startswith(EXPECTATION))}
    said = {key: value for key, value in variant.items() if key not in (_QUESTION, _LEFT_OUT)}
    return {**kept, **said, _QUESTION: question}, faults


def _asked_before(case: Table, cases: Sequence[Table], fault: Fault) -> Iterator[Diagnostic]:
    """Tell a variant that asks what another case of its scenario asks: it tests nothing, or contradicts it."""
    for other in cases:
        if other.get(_QUESTION) == case[_QUESTION]:
            help_line = f"say under `{_QUESTION}` or `{_LEFT_OUT}` in what its question differs"
            yield fault(f"asks what `{other.get('id')}` asks", help_line)
            return


def _leaves(changes: Table, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of everything that is set: tables are merged, all else is replaced."""
    for key, value in changes.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _set(question: dict[str, Any], path: str, value: Any) -> None:
    """Give one field its value; a table that is not there yet is made."""
    steps = _steps(path)
    place: Any = question
    for at, (step, after) in enumerate(pairwise(steps)):
        if not _holds(place, step, steps[:at]):
            _put(place, step, [] if isinstance(after, int) else {}, steps[: at + 1])
        place = place[step]
    if _holds(place, steps[-1], steps[:-1]) and _same(place[steps[-1]], value):
        raise _Wrong(f"sets `{path}` to what it is already", "leave it out: a variant says only what differs")
    _put(place, steps[-1], value, steps)


def _leave_out(question: dict[str, Any], original: Table, path: str) -> None:
    """Remove one field or one entry of a list that the scenario has."""
    steps = _steps(path)
    place: Any = original
    for at, step in enumerate(steps):
        if not _holds(place, step, steps[:at]):
            help_line = nearest(path, _paths(original)) or "its scenario does not say it either: leave this out"
            raise _Wrong(f"leaves out `{path}`, which is not in the question", help_line)
        place = place[step]
    target: Any = question
    try:
        for step in steps[:-1]:
            target = target[step]
        unchanged = _same(target[steps[-1]], place)
    except (KeyError, IndexError, TypeError):
        unchanged = False
    if not unchanged:
        raise _Wrong(f"both changes `{path}` and leaves it out", "do one of the two")
    del target[steps[-1]]


def _put(place: Any, step: Step, value: Any, steps: Sequence[Step]) -> None:
    if isinstance(step, str):
        place[step] = value
    elif step == len(place):
        place.append(value)
    elif step < len(place):
        place[step] = value
    else:
        held = f"it has {len(place)}" if place else "it has none"
        raise _Wrong(f"names `{_shown(steps)}`, but there are fewer", f"{held}, and `[{len(place)}]` adds one")


def _holds(place: Any, step: Step, above: Sequence[Step]) -> bool:
    """Whether there is something at this step; a fault where there can never be."""
    shown = f"`{_shown(above)}`" if above else "the question"
    if isinstance(step, str):
        if not isinstance(place, dict):
            help_line = "name a place in it first: `[0]`" if isinstance(place, list) else _SHAPE
            raise _Wrong(f"looks for `{step}` in {shown}, which has no fields", help_line)
        return step in place
    if not isinstance(place, list):
        raise _Wrong(f"looks for place {step} in {shown}, which is no list", _SHAPE)
    return step < len(place)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON: there, true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict) and not other:
        return True
    return bool(type(one) is type(other) and one == other)


def _steps(path: str) -> list[Step]:
    if not _PATH.fullmatch(path):
        raise _Wrong(f"names `{path}`, which is no path", _SHAPE)
    return [int(step[1:-1]) if step[0] == "[" else step for step in _STEP.findall(path)]


def _backwards(path: str) -> list[tuple[int, str]]:
    """Order paths so that, from the back, removing an entry moves none that is still to be removed."""
    return [(int(step[1:-1]), "") if step[0] == "[" else (0, step) for step in _STEP.findall(path)]


def _shown(steps: Sequence[Step]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _paths(value: Any, above: str = "") -> Iterator[str]:
    found: Sequence[tuple[str, Any]] = ()
    if isinstance(value, dict):
        found = [(f"{above}.{key}".removeprefix("."), one) for key, one in value.items()]
    elif isinstance(value, list):
        found = [(f"{above}[{at}]", one) for at, one in enumerate(value)]
    for path, one in found:
        yield path
        yield from _paths(one, path)


def _tried(change: Callable[[], None], fault: Fault) -> Iterator[Diagnostic]:
    try:
        change()
    except _Wrong as wrong:
        yield fault(wrong.message, wrong.help_line)


def _fault_at(file: str, text: str, identity: str, name: str) -> Fault:
    """Return what makes diagnostics about the scenario or variant of this `id`, at the line that has it."""
    span = whole_file(file)
    found = re.search(rf"""\bid\s*=\s*(["']{re.escape(identity)}["'])""", text)
    if identity and found:
        line = text.count("\n", 0, found.start(1)) + 1
        column = found.start(1) - text.rfind("\n", 0, found.start(1))
        span = Span(file, line, column, line, column + found.end(1) - found.start(1))
    return lambda message, help_line: Diagnostic("variant", f"{name} {message}", span, help_line)
