"""What a call costs, in units: estimated before it is decided, and settled by what it took.

Goes in: a question in plain values, then seconds and bytes. Comes out: units, counted at the gate.
Must not know: HTTP, or how anything is decided.

A unit is an ordinary question about one flow. The limit of a caller counts units, so at its limit a caller takes a
bounded part of each thing that runs out: at the default of 6,000 a minute a fifth of a processor, and per second 800 KB
of answers and as much of decision log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from app.advice.question.casus import PROPOSED
from app.advice.question.extras import Extras
from app.web.call import Caller, Gate
from app.web.sizes import entries_in, flows_in

T = TypeVar("T")
UNIT_SECONDS: Final = 0.002
"""Processor time of a unit: an ordinary question of someone about whom nothing is known takes as much."""
UNIT_BYTES: Final = 8 * 1024
"""Bytes of a unit, in the answer and again in the log: an advice about one flow has 4 to 5 KiB."""

# What a question took, measured in processor time with `bench.cases` on the machine of docs/bench.md, as units of 2 ms.
# These only have to be of the right size: what a call took settles the rest.
FLOW: Final = 1.0
"""0.4 ms, but 4 KiB."""
LISTING: Final = 90.0
"""180 ms where nothing is known."""
PAIR: Final = 0.6
"""1.2 ms for each flow and each entry of another list: a flow is held to each consent."""
EXPLAINED: Final = 25.0
"""Per flow, some 200 KiB of derivation; 13 ms."""
TURNED: Final = 0.4
"""Per flow, some dozens of oordelen, each with another value of one field; 0.6 ms."""
QUERY: Final = 25.0
"""50 ms, most of it in the process that answers queries."""
FEW_ENTRIES: Final = 20
"""Of all lists in a question: so many are decided at once, within 2 ms mostly and 10 where nothing is known."""
FEW_PAIRS: Final = 20
"""Of flows and entries of other lists: so many are decided at once, within 10 ms."""
_MOST_ENTRIES: Final = 10_000


def is_heavy(question: Mapping[str, Any], extras: Extras) -> bool:
    """Whether a question may keep others waiting: all flows, an extra, or lists with more than a few entries.

    Every list counts, not flows alone: each flow is held to each consent.
    """
    if extras or PROPOSED not in question:
        return True
    entries = entries_in(question, FEW_ENTRIES)
    return entries > FEW_ENTRIES or _pairs(question, entries) > FEW_PAIRS


def units_for(question: Mapping[str, Any], extras: Extras, seconds: float, heavy: bool | None = None) -> int:
    """Estimate what a question, checked or not, will cost that may take so many seconds; `heavy` where that is known.

    >>> units_for({}, Extras(), 5), units_for({"delingen": [{"gegevens": ["a"]}]}, Extras(), 5)
    (90, 1)
    >>> units_for({"delingen": [{"gegevens": ["a"]}]}, Extras(stromen=True), 5)
    91
    """
    flows = flows_in(question)
    if not (is_heavy(question, extras) if heavy is None else heavy):
        return max(1, flows)
    if PROPOSED not in question:
        units = LISTING
    else:
        each = FLOW + EXPLAINED * extras.uitleg + TURNED * extras.kantelpunten
        units = flows * each + PAIR * _pairs(question, entries_in(question, _MOST_ENTRIES))
        units += LISTING * extras.stromen
    return max(1, flows, min(round(units), round(seconds / UNIT_SECONDS)))


def _pairs(question: Mapping[str, Any], entries: int) -> int:
    """Count the pairs of a flow and an entry of a list that is not about flows, of so many entries together."""
    flows, proposed = flows_in(question), question[PROPOSED]
    return flows * (entries - flows - (len(proposed) if type(proposed) is list else 0))


@dataclass(slots=True)
class Bill:
    """What one call costs its caller. Used as a context, at the end of which it is settled.

    `counted`: units counted at the gate until now. `least`: units it costs whatever it took.
    `seconds` of processor time and `size` in bytes, of the answer, are what it took.
    `begun`: whether it had a thread already. `heavy`: whether its question may keep others waiting.
    """

    gate: Gate
    caller: Caller
    counted: int = 1
    least: int = 1
    seconds: float = 0.0
    size: int = 0
    begun: bool = False
    heavy: bool = True

    def __enter__(self) -> Bill:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Count what it took beyond the estimate, or give back what it did not take."""
        took = max(self.least, round(self.seconds / UNIT_SECONDS), self.size // UNIT_BYTES)
        if took != self.counted:
            self.gate.settle(self.caller, took - self.counted)

    def expect(self, flows: int, units: int) -> None:
        """Count an estimate; raises Problem (413 where so many flows never fit, 429)."""
        self.least = max(1, flows)
        self.counted = self.gate.count(self.caller, self.least, units)

    def ask(self, question: Mapping[str, Any], extras: Extras, seconds: float) -> None:
        """Count what one checked question is expected to cost; raises Problem (413, 429)."""
        self.heavy = is_heavy(question, extras)
        flows = flows_in(question)
        if self.heavy or flows > 1:
            self.expect(flows, units_for(question, extras, seconds, self.heavy))

    def took(self, seconds: float) -> None:
        """Add processor time that another process took."""
        self.seconds += seconds

    def working(self, work: Callable[[], T]) -> T:
        """Do something, and measure the processor time that it takes this thread."""
        begin = time.thread_time()
        try:
            return work()
        finally:
            self.seconds += time.thread_time() - begin
