"""The listing: every flow that the law lets happen for a young person, when none was proposed.

Goes in: a casus without delingen. Comes out: `Stroom`s, grouped. Must not know: which flows there are;
the static part of the law (`regelt`) says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

from app.advice import contract, dates, red_lines
from app.advice.advies import Stroom
from app.advice.budget import UNLIMITED, Check
from app.advice.decided import Decided
from app.advice.law.law import Law
from app.advice.missing.smallest import Missing
from app.advice.question.casus import CASE_KEY, Casus, Flow
from app.advice.question.facts import facts_of
from app.advice.question.open_fields import OpenFields
from app.advice.until.last_days import Claim, Until
from app.kern.accepted import Entries
from app.kern.boxes import Box, join
from app.kern.listing import Candidates, Listing
from app.kern.settle import resolve
from app.kern.values import CERTAIN
from app.record import record

Pair = tuple[str, str]
"""A flow's key and a norm."""


class Regulated:
    """The flows the statutory norms speak of, and which norm speaks of which; follows from the law alone."""

    def __init__(self, law: Law) -> None:
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
        self.flows = tuple(keys.values())
        self.pairs = tuple(pairs)
        self.by_key = {flow.key: flow for flow in self.flows}
        self.candidates = Candidates(law.kern.classes, {flow.key: _signature(flow) for flow in self.flows})


_REGULATED: WeakKeyDictionary[Law, Regulated] = WeakKeyDictionary()


def regulated(law: Law) -> Regulated:
    """Return the flows the statutory norms speak of; made once per law."""
    found = _REGULATED.get(law)
    if found is None:
        found = _REGULATED[law] = Regulated(law)
    return found


@record
class _Line:
    """One flow on one norm, before grouping."""

    flow: Flow
    norm: str
    oordeel: str
    box: Box
    until: int | None


def warm_up(law: Law) -> None:
    """Ground and compile what every listing asks, so that no caller waits for it."""
    classes = law.kern.classes
    for flow, _ in regulated(law).candidates.groups(classes):
        classes.compile_now(flow, contract.MAG)
        classes.compile_now(flow, contract.OORDEEL)


def streams(law: Law, casus: Casus, until: Until, check: Check = UNLIMITED.check) -> tuple[Stroom, ...]:
    """List what is permitted, or can be without consent, on a statutory ground.

    A flow that is still open by the rules while no answers are known that would permit it is left out.
    """
    asked = regulated(law)
    if not asked.flows:
        return ()
    facts = facts_of(casus, asked.flows[:1], law.form)
    listing = Listing(law.kern.classes, facts, asked.flows[0].key, asked.candidates)
    possible = possible_on(listing, asked.pairs)
    sheet = OpenFields(law.form, asked.flows[:1], facts=facts)
    missing = Missing(Decided(law, facts, listing), sheet, casus.peildatum, check)
    last_days = until.last_days(casus.peildatum, listing, possible, check)
    lines: list[_Line] = []
    for (key, norm), claim in possible.items():
        check()
        flow, permitted = asked.by_key[key], claim.value == CERTAIN
        if permitted:
            red_lines.refuse_flows((listing.flows()[key],))
        box = {} if permitted else missing.smallest(listing.flows()[key], [norm])
        if box is not None:
            oordeel = contract.TOEGESTAAN if permitted else contract.ONDER_VOORWAARDEN
            end = last_days[key, norm]
            lines.append(_Line(flow, norm, oordeel, box, None if end is None else end.day))
    return _grouped(law, lines, sheet)


def _signature(flow: Flow) -> tuple[str, str, str, str]:
    return flow.verstrekker, flow.ontvanger, flow.gegeven, flow.doel


def possible_on(listing: Listing, pairs: Iterable[Pair]) -> dict[Pair, Claim]:
    """What the law can still permit on each norm, as claims about the flows."""
    found: dict[Pair, Claim] = {}
    flows = listing.flows()
    for key, norm in pairs:
        judged = flows[key]
        judged.prepare(contract.MAG)
        node = judged.nodes(contract.MAG).get((norm,))
        if node is not None and (value := judged.evaluation.value(node)):
            found[key, norm] = Claim(key, contract.MAG, (norm,), value)
    return found


def _grouped(law: Law, lines: Iterable[_Line], sheet: OpenFields) -> tuple[Stroom, ...]:
    """Put together what differs only in the item, or in what a list must hold for that item."""
    groups: dict[tuple[object, ...], list[_Line]] = {}
    questions: dict[int, frozenset[object]] = {}  # flows that are judged as one share a box
    for line in lines:
        flow, asked = line.flow, questions.get(id(line.box))
        if asked is None:
            asked = questions[id(line.box)] = frozenset(
                (sheet.path(item), None if isinstance(allowed, Entries) else allowed)
                for item, allowed in line.box.items()
            )
        key = (line.norm, flow.verstrekker, flow.ontvanger, flow.doel, line.oordeel, line.until, asked)
        groups.setdefault(key, []).append(line)
    return tuple(_stroom(law, same, sheet) for same in groups.values())


def _stroom(law: Law, lines: Sequence[_Line], sheet: OpenFields) -> Stroom:
    first = lines[0]
    box = resolve(first.box, _signature(first.flow))
    for line in lines[1:]:
        held = {item: allowed for item, allowed in line.box.items() if isinstance(allowed, Entries)}
        if held:
            box = join(box, resolve(held, _signature(line.flow))) or box
    return Stroom(
        first.norm,
        law.grondslag[first.norm],
        first.flow.verstrekker,
        first.flow.ontvanger,
        first.flow.doel,
        tuple(line.flow.gegeven for line in lines),
        first.oordeel,
        sheet.ontbrekend(box),
        sheet.waits_for(box),
        None if first.until is None else dates.iso(first.until),
    )


def _order(law: Law, row: tuple[object, ...]) -> tuple[int, ...]:
    """Norm first, then who gives, who gets, what for and what, in vocabulary order."""
    vocabulary = law.vocabulary
    places = [vocabulary.domain_of(contract.REGELT, at).values.index(str(row[at])) for at in (1, 2, 4, 3)]
    return law.norm_place(str(row[0])), *places
