"""The ways to permit one flow: per norm that permits it or still can, what is missing on that norm.

Goes in: the norms that speak of a flow, with their status. Comes out: `Ways`, in the order in which they are offered.
Must not know: how a verdict is worded, or any norm by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from app.advice import contract
from app.advice.advies import NormWeg, Ontbrekend, WachtOp
from app.advice.law.law import Law
from app.advice.missing.exceptional import Exceptional
from app.advice.missing.smallest import Missing
from app.kern.boxes import Box
from app.kern.model import Judged
from app.kern.settle import resolve
from app.kern.values import CERTAIN, POSSIBLE, Status
from app.record import record


@record
class Way:
    """One norm with the answers that make it permit the flow; `box` is empty where it permits already."""

    norm: str
    box: Box
    exceptional: bool = False


@record
class Ways:
    """The ways of one flow in order. `unasserted`: the norms that are closed only by exceptions not asserted."""

    law: Law
    offered: Sequence[Way]
    unasserted: frozenset[str]

    @property
    def first(self) -> Way | None:
        """The first way that is not exceptional."""
        return self.offered[0] if self.offered and not self.offered[0].exceptional else None

    def without_consent(self) -> bool:
        """Whether the first way rests on another ground than consent."""
        return self.first is not None and self.law.grondslag[self.first.norm] != contract.TOESTEMMING

    def consent(self, norms: Iterable[str]) -> list[str]:
        """The norms of which the ground is consent."""
        return [norm for norm in norms if self.law.grondslag[norm] == contract.TOESTEMMING]

    def about(self, norms: Iterable[str]) -> list[str]:
        """The norms that a question is about: not consent, nor what only an exception that nobody asserted closes."""
        return [
            norm for norm in norms if self.law.grondslag[norm] != contract.TOESTEMMING and norm not in self.unasserted
        ]


class WayFinder:
    """Finds the ways of the flows of one decided case."""

    def __init__(self, law: Law, missing: Missing, exceptional: Exceptional) -> None:
        self._law = law
        self._missing = missing
        self._exceptional = exceptional

    def ways(self, judged: Judged, norms: Sequence[str], status: Callable[[str], Status]) -> Ways:
        """Find the ways of a flow on the norms that speak of it; of a permitted one only those that permit it."""
        permitting = [norm for norm in norms if status(norm) == CERTAIN]
        if permitting:
            permitting.sort(key=self._law.ground_place)
            return Ways(self._law, [Way(norm, {}) for norm in permitting], frozenset())
        unasserted = frozenset(norm for norm in norms if self._exceptional.opens(judged, norm))
        found: list[Way] = []
        for norm in norms:
            if norm in unasserted:
                box = self._exceptional.best(judged, norm)
            else:
                box = self._missing.smallest(judged, [norm]) if status(norm) == POSSIBLE else None
                box = box and resolve(box, judged.signature)
            if box is not None:
                found.append(Way(norm, box, norm in unasserted))
        return Ways(self._law, sorted(found, key=self._place) if len(found) > 1 else found, unasserted)

    def lines(self, ways: Ways, asked: tuple[Ontbrekend, ...], gegeven: str) -> tuple[NormWeg, ...]:
        """Write the ways of sharing an item; `asked`: the answers of the first one, written already."""
        found: list[NormWeg] = []
        for way in ways.offered:
            code = self._law.code(way.norm, gegeven)
            if any(one.norm == code for one in found):
                continue  # carried along with several norms: the first way is enough
            lines = asked if way is ways.first else self._missing.sheet.ontbrekend(way.box)
            status: Literal["voldaan", "open"] = "open" if way.box else "voldaan"
            found.append(NormWeg(code, self._law.grondslag[way.norm], status, lines, way.exceptional))
        return tuple(found)

    def asked(self, ways: Ways) -> tuple[Ontbrekend, ...]:
        """Write the answers of the first way."""
        return () if ways.first is None or not ways.first.box else self._missing.sheet.ontbrekend(ways.first.box)

    def waits_for(self, ways: Ways) -> WachtOp | None:
        """What the first way waits for; None where nothing is missing, or nothing helps."""
        return None if ways.first is None else self._missing.sheet.waits_for(ways.first.box)

    def _place(self, way: Way) -> tuple[object, ...]:
        return way.exceptional, self._law.ground_place(way.norm), self._missing.rank(way.box)
