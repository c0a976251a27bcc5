"""What is missing: the smallest set of answers that makes a flow permitted.

Goes in: the decided case. Comes out: the best box of answers.
Must not know: how a verdict is worded, or how a fact is proved.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.advice import contract
from app.advice.answers import Sheet, complete
from app.advice.boxes import NEVER, Box, either, without
from app.advice.budget import UNLIMITED, Check
from app.advice.decided import Decided
from app.advice.proving import Proving
from app.engine.facts import FactSet

AT_FIRST = 4
"""How many answers to look for at first. So few are nearly always enough (consent, necessity, no other way, an age),
and the ways that ask for more are by far the most."""


class Missing:
    """The open questions of one decided case."""

    def __init__(self, decided: Decided, sheet: Sheet, today: int, check: Check = UNLIMITED.check) -> None:
        """`today` is yyyymmdd; `check` is called now and then, and raises to stop the search."""
        self.decided = decided
        self.sheet = sheet
        self.today = today
        self._check = check
        self._provings: dict[int | None, Proving] = {}

    def smallest(self, deling: str, norms: Iterable[str]) -> Box | None:
        """Find the best answers that permit a flow on one of these norms; None when none do.

        Best: fewest answers, then fewest acts, then vocabulary order. What is found is filled in and
        decided again before it is believed.
        """
        wanted = sorted(norms, key=self.decided.law.norm_weight)
        found = self._best(deling, wanted, AT_FIRST)
        return self._best(deling, wanted, None) if found is None else found

    def proving(self, most: int | None) -> Proving:
        """What settles things with so many answers at most: worked out once for all flows."""
        found = self._provings.get(most)
        if found is None:
            found = self._provings[most] = Proving(self.decided, self.today, most, self._check)
        return found

    def _best(self, deling: str, norms: list[str], most: int | None) -> Box | None:
        """Find the best answers among those of so many at most; norms that rest on little come first.

        What asks for more answers than a norm before it cannot be the best.
        """
        found = NEVER
        for norm in norms:
            boxes = self.proving(most).prove(contract.MAG, (deling, norm))
            if boxes:
                found = either((*found, *boxes)) if found else boxes
                most = len(boxes[0])
        for box in sorted(found, key=self._rank) if len(found) > 1 else found:
            consistent = _consistent(self.proving(most), box)
            if consistent is not None and self._permits(consistent, deling, norms):
                return consistent
        return None

    def _rank(self, box: Box) -> tuple[int, int, list[tuple[int, str]]]:
        acts = [item for item in box if self.sheet.is_act(item)]
        return len(box), len(acts), sorted([self.sheet.order(item) for item in box])

    def _permits(self, box: Box, deling: str, norms: list[str]) -> bool:
        """Whether a box is right: by its proof, or decided again where it answers what rules also give a value."""
        law = self.decided.law
        if law.rules_of.keys().isdisjoint([item[0] for item in box]):
            return True
        completed = complete(self._alone(deling), box, law.form)
        permitted = law.decider.rows_after(self.decided.model, completed, "zeker", contract.MAG)
        return any((deling, norm) in permitted for norm in norms)

    def _alone(self, deling: str) -> FactSet:
        """The case with one of its flows: the others need not be decided again."""
        facts = self.decided.facts
        delingen = facts.known[contract.DELING]
        if len(delingen) == 1:
            return facts
        asked = tuple(row for row in delingen if row[1] == deling)
        return facts.revise({contract.DELING: asked}, {})


def _consistent(proving: Proving, box: Box) -> Box | None:
    """Narrow a box to answers that do not contradict what is known; None when nothing is left."""
    narrowed: Box | None = box
    for wrong in proving.contradictions(box):
        if narrowed is None:
            return None
        narrowed = without(narrowed, wrong)
    return narrowed
