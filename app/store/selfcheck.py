"""The engines against each other, and all against the scenarios.

Goes in: cases with their expectations, and the law made ready by several engines. Comes out: a `Report`.
Must not know: HTTP, or what any predicate means but for `oordeel`.

At start-up only the oordelen are looked at; `compare` looks at everything the advice layer can read. What else a
scenario states is looked at by `expectations`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import app
from app.advice.contract import OORDEEL, RODE_LIJN
from app.advice.question.casus import Casus, flatten
from app.advice.question.facts import to_facts
from app.engine.compare import Difference
from app.engine.compare import compare as compare_models
from app.engine.facts import FactSet
from app.engine.model import ModelRow
from app.plain_file import PlainFileError, read_plain
from app.store import apart
from app.store.expectations import flow_name, other_count, other_oordeel
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario

VERDICT_FILE: Final = "zelfcontrole.txt"
_BATCH: Final = 20
"""Cases decided together: more of them make pyDatalog slower again, and take memory."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with its question already checked."""

    scenario: Scenario
    casus: Casus


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared, and everything that was not as it should be."""

    cases: int
    facts: int
    faults: tuple[str, ...]

    def __add__(self, other: Report) -> Report:
        """Put two reports of the same cases together."""
        faults = tuple(dict.fromkeys((*self.faults, *other.faults)))
        return Report(self.cases, self.facts + other.facts, faults)

    def beside(self, other: Report) -> Report:
        """Put the reports of two parts of the cases together."""
        return Report(self.cases + other.cases, self.facts + other.facts, self.faults + other.faults)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A case with a key of its own, so that several can be decided together."""

    case: Case
    key: str
    facts: FactSet


def compare(cases: Sequence[Case], book: PolicyBook, others: Sequence[PolicyBook]) -> Report:
    """Decide every case with every engine; compare each with the first: all output facts, reasons and oordelen."""
    faults: list[str] = []
    compared = 0
    vocabulary = book.policies.vocabulary
    for day, group in _by_law(cases, book):
        for batch in _batches(group):
            sets = [one.facts for one in batch]
            models = book.on(day).decide_many(sets)
            for one, model in zip(batch, models, strict=True):
                faults.extend(_unexpected(one, _oordelen_of(model.rows("zeker", OORDEEL))))
            for other in others:
                for one, left, right in zip(batch, models, other.on(day).decide_many(sets), strict=True):
                    found = compare_models(vocabulary, left, right)
                    compared += found.facts
                    faults.extend(_described(one.case.scenario, difference) for difference in found.differences)
    return Report(len(cases), compared, tuple(faults))


def oordelen(cases: Sequence[Case], books: Iterable[PolicyBook]) -> Report:
    """Decide only the oordelen, several cases together, and hold every book to what is expected."""
    faults: list[str] = []
    compared = 0
    for book in books:
        for day, group in _by_law(cases, book):
            for batch in _batches(group):
                rows = book.on(day).rows_only(_together(one.facts for one in batch), "zeker", OORDEEL)
                compared += len(rows)
                found = _oordelen_of(rows)
                faults.extend(fault for one in batch for fault in _unexpected(one, found))
    return Report(len(cases), compared, tuple(dict.fromkeys(faults)))


def red_lines(cases: Sequence[Case], book: PolicyBook) -> Report:
    """Hold every case to the red lines: none of them may be crossed."""
    faults: list[str] = []
    if RODE_LIJN in book.policies.vocabulary.predicates:
        for day, group in _by_law(cases, book):
            for batch in _batches(group):
                rows = book.on(day).rows_only(_together(one.facts for one in batch), "zeker", RODE_LIJN)
                crossed = {str(flow).partition(".")[0]: str(line) for flow, line in rows}
                found = [(one.case.scenario, crossed[one.key]) for one in batch if one.key in crossed]
                faults.extend(
                    f"{scenario.file}: {scenario.id}: crosses the red line {line}" for scenario, line in found
                )
    return Report(len(cases), 0, tuple(faults))


def begin_in_two(cases: Sequence[Case], decide: Callable[[Sequence[Case]], Report]) -> Callable[[], Report]:
    """Begin to decide cases in two processes of their own, and return what waits for the report of all.

    pyDatalog takes nearly all of the time of a check, and a second processor is mostly there. What it leaves in memory
    goes with the processes.
    """
    half = len(cases) // 2
    first, rest = (apart.begin(partial(decide, part)) for part in (cases[:half], cases[half:]))
    return lambda: first().beside(rest())


def fingerprint(book: PolicyBook, scenarios_hash: str) -> str:
    """Return what a verdict depends on: the law, the scenarios, the code that decides, and pyDatalog."""
    digest = hashlib.sha256(f"{book.hash} {scenarios_hash} {metadata.version('pyDatalog')}".encode())
    root = Path(app.__file__).parent
    for folder in ("lang", "engine", "kern", "advice", "store"):
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def remembered(cache: Path, wanted: str) -> bool:
    """Whether this very check passed here before; never fails."""
    try:
        return read_plain(cache / VERDICT_FILE, len(wanted)) == wanted.encode("ascii")
    except PlainFileError:
        return False


def remember(cache: Path, passed: str) -> None:
    """Keep the verdict for the next start, where that is possible."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        # Written beside it and then put in its place: also a FIFO there is replaced, and not waited for.
        new = cache / f"{VERDICT_FILE}.{os.getpid()}"
        new.write_text(passed, encoding="ascii")
        new.replace(cache / VERDICT_FILE)
    except OSError:  # a read-only disk: the next start checks again
        return


def _by_law(cases: Sequence[Case], book: PolicyBook) -> list[tuple[int, list[_Keyed]]]:
    """Group cases by the law of their peildatum, each group with one of its days."""
    groups: dict[int, tuple[int, list[_Keyed]]] = {}
    for number, case in enumerate(cases):
        day, key = case.casus.peildatum, f"s{number}"
        decider = book.on(day)
        keyed = _Keyed(case, key, to_facts(case.casus, decider.program.vocabulary, key))
        groups.setdefault(id(decider), (day, []))[1].append(keyed)
    return list(groups.values())


def _batches(group: list[_Keyed]) -> Iterable[list[_Keyed]]:
    return (group[start : start + _BATCH] for start in range(0, len(group), _BATCH))


def _described(scenario: Scenario, difference: Difference) -> str:
    engine = "first" if difference.left else "second"
    what = "a reason for" if difference.reasons else ""
    fact = f"{difference.side} {difference.predicate}{difference.row}"
    return f"{scenario.file}: {scenario.id}: only the {engine} engine has {what} {fact}".replace("  ", " ")


def _oordelen_of(rows: Iterable[ModelRow]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for flow, oordeel in rows:
        found.setdefault(flow, []).append(oordeel)
    return found


def _unexpected(one: _Keyed, found: Mapping[Any, list[Any]]) -> list[str]:
    """Hold every flow's oordeel to what is expected; exactly one each."""
    scenario = one.case.scenario
    flows = flatten(one.case.casus, one.key)
    if scenario.verwacht and len(scenario.verwacht) != len(flows):
        return [other_count(scenario, len(flows))]
    faults = []
    for flow, expected in zip(flows, scenario.verwacht, strict=False):
        given = found.get(flow.key, [])
        if given != [expected.oordeel]:
            name = flow_name(flow.verstrekker, flow.ontvanger, flow.gegeven)
            faults.append(other_oordeel(scenario, name, expected.oordeel, given))
    return faults


def _together(sets: Iterable[FactSet]) -> FactSet:
    """Put the facts of cases with distinct keys into one set: the cheapest way to decide them together."""
    known: dict[str, list[Any]] = {}
    unknown: dict[str, list[Any]] = {}
    for facts in sets:
        for name, rows in facts.known.items():
            known.setdefault(name, []).extend(rows)
        for name, keys in facts.unknown.items():
            unknown.setdefault(name, []).extend(keys)
    return FactSet({name: tuple(rows) for name, rows in known.items()}, {n: tuple(k) for n, k in unknown.items()})
