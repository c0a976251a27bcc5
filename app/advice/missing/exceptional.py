"""Exceptional answers: closed facts to assert, with what is then still open, that permit a flow on one norm.

Goes in: the decided case, a flow and a norm that is closed. Comes out: the best box of answers, or None.
Must not know: any field by name, or how a verdict is worded.

The flow is judged once more as if nothing had been said of the closed facts that are absent. What was given stays as
it is: a fact given as not so opens nothing. A list that was given is the whole list, so it is only asked to be
completed when it already holds a part of what the norm asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.advice import contract
from app.advice.budget import UNLIMITED, Check
from app.advice.decided import Decided
from app.advice.missing.smallest import BOUNDS, Missing
from app.engine.facts import FactSet, Row
from app.kern.accepted import Allowed, Choice, Entries, Item
from app.kern.boxes import Box
from app.kern.model import Judged
from app.kern.settle import Settling, resolve
from app.kern.values import IMPOSSIBLE
from app.lang.ast import Value

ABSENT: Final = "nee"
"""What a closed fact says while it is absent: an answer that need not be asked for."""


class Exceptional:
    """The exceptional answers about the flows of one decided case."""

    def __init__(self, decided: Decided, missing: Missing, check: Check = UNLIMITED.check) -> None:
        """`check` is called now and then, and raises to stop the search."""
        self._decided = decided
        self._law = decided.law
        self._missing = missing
        self._check = check
        self._relaxed: FactSet | None = None
        self._judged: dict[int, tuple[Judged, Judged]] = {}

    def opens(self, judged: Judged, norm: str) -> bool:
        """Whether a norm is closed only because exceptions were not asserted."""
        node = judged.nodes(contract.MAG).get((norm,))
        if node is None or judged.evaluation.value(node) != IMPOSSIBLE or not self._law.may_be_exceptional(node):
            return False
        return self._again(judged).evaluation.value(node) != IMPOSSIBLE

    def best(self, judged: Judged, norm: str) -> Box | None:
        """Find the best answers that permit a flow on a norm that `opens`; None when none are known."""
        node = judged.nodes(contract.MAG)[norm,]
        again = self._again(judged)
        for most in BOUNDS:
            settling = Settling(again.evaluation, self._law.askable, self._missing.today, most, self._check, None)
            boxes = [asked for box in settling.certain(node) if (asked := self._asked(box, judged)) is not None]
            for box in sorted(boxes, key=self._missing.rank):
                consistent = self._missing.consistent(box)
                if consistent is not None and self._missing.permitted_with(consistent, judged, [node]):
                    return consistent
        return None

    def _again(self, judged: Judged) -> Judged:
        """The flow as it is judged while the absent closed facts are unknown."""
        found = self._judged.get(id(judged))
        if found is None:
            if self._relaxed is None:
                self._relaxed = self._opened()
            # Kept with what it was made of: an id is one object's for as long as that lives.
            found = self._judged[id(judged)] = (judged, self._decided.kern.one(judged, self._relaxed))
        return found[1]

    def _opened(self) -> FactSet:
        """The facts with the absent exceptions unknown, and lists that were given emptied."""
        facts, form = self._decided.facts, self._law.form
        flows = tuple(self._decided.kern.flows())
        known: dict[str, tuple[Row, ...]] = {}
        unknown: dict[str, tuple[Value, ...]] = {}
        for name, of_flow in form.exceptions.items():
            said = facts.known.get(name, ())
            keys: Sequence[Value] = flows if of_flow else (self._case(),)
            if form.fields[name][1].path.endswith("[]"):
                if name in facts.known and not said:
                    continue  # an empty list: known to be none
                known[name] = ()
                unknown[name] = tuple(keys)
            else:
                given = {row[0] for row in said}
                unknown[name] = tuple([key for key in keys if key not in given])
        return facts.revise(known, unknown)

    def _case(self) -> Value:
        kern = self._decided.kern
        return kern.case().keys[self._law.kern.classes.ground.shape.case]

    def _asked(self, box: Box, judged: Judged) -> Box | None:
        """The part of a box that is not so already; None when it asks for what a given list shows not to be so."""
        facts, found = self._decided.facts, dict[Item, Allowed]()
        for item, allowed in resolve(box, judged.signature).items():
            name, key = item
            if name not in self._law.form.exceptions:
                found[item] = allowed
            elif isinstance(allowed, Choice) and ABSENT in allowed.values:
                continue
            elif isinstance(allowed, Entries):
                listed = {row[1:] for row in facts.known.get(name, ()) if row[0] == key}
                missing = allowed.held - listed
                if listed and missing == allowed.held:
                    return None
                if missing:
                    found[item] = Entries(frozenset(missing), frozenset())
            else:
                found[item] = allowed
        return found
