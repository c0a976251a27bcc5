"""Streams: every flow that the law lets happen for a young person, when none was proposed.

Goes in: a casus without delingen. Comes out: `Stroom`s, grouped. Must not know: which flows there are;
the static part of the law (`regelt`) says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

from app.advice import contract, dates
from app.advice.advies import Stroom
from app.advice.allowed import Entries
from app.advice.answers import Sheet
from app.advice.boxes import Box, join
from app.advice.budget import UNLIMITED, Check
from app.advice.casus import CASE_KEY, Casus, Flow
from app.advice.decided import Decided
from app.advice.horizon import Horizon, State
from app.advice.law import Law
from app.advice.missing import Missing
from app.advice.stating import facts_of
from app.engine.facts import FactSet
from app.engine.model import Model
from app.record import record

Pair = tuple[str, str]
"""A flow's key and a norm."""
Candidates = tuple[tuple[Flow, ...], tuple[Pair, ...]]
_CANDIDATES: WeakKeyDictionary[Law, Candidates] = WeakKeyDictionary()
"""What follows from a law's text alone, for as long as the law is used."""


def candidates(law: Law) -> Candidates:
    """List the flows the statutory norms speak of, and which norm speaks of which."""
    found = _CANDIDATES.get(law)
    if found is None:
        found = _CANDIDATES[law] = _candidates(law)
    return found


def _candidates(law: Law) -> Candidates:
    keys: dict[tuple[str, ...], Flow] = {}
    pairs: list[Pair] = []
    for row in sorted(law.regelt, key=lambda row: _order(law, row)):
        norm, verstrekker, ontvanger, gegeven, doel = (str(value) for value in row)
        flow = keys.get((verstrekker, ontvanger, gegeven, doel))
        if flow is None:
            data = {"verstrekker": verstrekker, "ontvanger": ontvanger, "gegevens": (gegeven,), "doel": doel}
            flow = Flow(f"{CASE_KEY}.d{len(keys)}", None, verstrekker, ontvanger, gegeven, doel, data)
            keys[verstrekker, ontvanger, gegeven, doel] = flow
        pairs.append((flow.key, norm))
    return tuple(keys.values()), tuple(pairs)


@record
class _Line:
    """One flow on one norm, before grouping."""

    flow: Flow
    norm: str
    oordeel: str
    box: Box
    until: int | None


def streams(law: Law, casus: Casus, decide: Horizon, check: Check = UNLIMITED.check) -> tuple[Stroom, ...]:
    """List what is permitted, or can be without consent, on a statutory ground."""
    flows, pairs = candidates(law)
    facts = facts_of(casus, flows, law.form)
    possible = law.decider.rows_only(facts, "mogelijk", contract.MAG)
    kept_pairs = [pair for pair in pairs if pair in possible]
    kept, renamed = _renumber(flows, kept_pairs)
    if not kept:
        return ()
    facts = facts_of(casus, kept, law.form)
    decided = Decided(law, facts)
    asked = [(renamed[key], norm) for key, norm in kept_pairs]
    sheet = Sheet(law.form, kept)
    missing = Missing(decided, sheet, casus.peildatum, check)
    lines = list(_lines(casus, facts, kept, asked, missing, decide, check))
    return _grouped(law, lines, sheet)


def _renumber(flows: Iterable[Flow], pairs: Sequence[Pair]) -> tuple[tuple[Flow, ...], Mapping[str, str]]:
    """Keep the flows that are asked about, under new keys."""
    wanted = {key for key, _ in pairs}
    kept = [flow for flow in flows if flow.key in wanted]
    renamed = {flow.key: f"{CASE_KEY}.d{index}" for index, flow in enumerate(kept)}
    return tuple(replace(flow, key=renamed[flow.key]) for flow in kept), renamed


def _lines(
    casus: Casus,
    facts: FactSet,
    flows: Sequence[Flow],
    asked: Sequence[Pair],
    missing: Missing,
    horizon: Horizon,
    check: Check,
) -> Iterable[_Line]:
    by_key = {flow.key: flow for flow in flows}
    permitted = missing.decided.model.rows("zeker", contract.MAG)
    answered: State = {pair: contract.TOEGESTAAN if pair in permitted else contract.ONDER_VOORWAARDEN for pair in asked}
    until = horizon.until(casus.peildatum, facts, answered, partial(_read, missing.decided.model), _norms, check)
    for key, norm in asked:
        check()
        oordeel = answered[key, norm]
        box: Box | None = {} if oordeel == contract.TOEGESTAAN else missing.smallest(key, [norm])
        yield _Line(by_key[key], norm, oordeel, box or {}, until[key, norm])


def _read(model: Model, law: Law, facts: FactSet) -> State:
    certain = law.decider.rows_after(model, facts, "zeker", contract.MAG)
    possible = law.decider.rows_after(model, facts, "mogelijk", contract.MAG)
    return {row: contract.TOEGESTAAN if row in certain else contract.ONDER_VOORWAARDEN for row in possible}


def _norms(_law: Law, _facts: FactSet, pending: Sequence[object]) -> Iterable[str]:
    return dict.fromkeys(str(pair[1]) for pair in pending if isinstance(pair, tuple))


def _grouped(law: Law, lines: Iterable[_Line], sheet: Sheet) -> tuple[Stroom, ...]:
    """Put together what differs only in the item, or in what a list must hold for that item."""
    groups: dict[tuple[object, ...], list[_Line]] = {}
    for line in lines:
        flow = line.flow
        asked = frozenset(
            (sheet.path(item), None if isinstance(allowed, Entries) else allowed) for item, allowed in line.box.items()
        )
        key = (line.norm, flow.verstrekker, flow.ontvanger, flow.doel, line.oordeel, line.until, asked)
        groups.setdefault(key, []).append(line)
    return tuple(_stroom(law, same, sheet) for same in groups.values())


def _stroom(law: Law, lines: Sequence[_Line], sheet: Sheet) -> Stroom:
    first = lines[0]
    box = first.box
    for line in lines[1:]:
        held = {item: allowed for item, allowed in line.box.items() if isinstance(allowed, Entries)}
        box = join(box, held) or box
    return Stroom(
        first.norm,
        law.grondslag[first.norm],
        first.flow.verstrekker,
        first.flow.ontvanger,
        first.flow.doel,
        tuple(line.flow.gegeven for line in lines),
        first.oordeel,
        sheet.ontbrekend(box),
        None if first.until is None else dates.iso(first.until),
    )


def _order(law: Law, row: tuple[object, ...]) -> tuple[int, ...]:
    """Norm first, then who gives, who gets, what for and what, in vocabulary order."""
    vocabulary = law.vocabulary
    places = [vocabulary.domain_of(contract.REGELT, at).values.index(str(row[at])) for at in (1, 2, 4, 3)]
    return law.norm_place(str(row[0])), *places
