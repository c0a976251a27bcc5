"""What is missing: the smallest set of answers that makes a flow permitted.

Goes in: the decided case. Comes out: the best box of answers.
Must not know: how a verdict is worded, or how a formula is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.advice import contract
from app.advice.budget import UNLIMITED, Check
from app.advice.decided import Decided
from app.advice.question.open_fields import OpenFields, complete
from app.kern.accepted import Interval
from app.kern.boxes import NEVER, Box, Boxes, either, without
from app.kern.model import Judged
from app.kern.settle import Settling, resolve
from app.kern.values import CERTAIN

BOUNDS: tuple[int | None, ...] = (4, 8, None)
"""How many answers to look for at first. Four are nearly always enough (consent, necessity, no other way, an age), and
the ways that ask for more are by far the most."""
Most = int | None


class Missing:
    """The open questions of one decided case."""

    def __init__(self, decided: Decided, sheet: OpenFields, today: int, check: Check = UNLIMITED.check) -> None:
        """`today` is yyyymmdd; `check` is called now and then, and raises to stop the search."""
        self.decided = decided
        self.sheet = sheet
        self.today = today
        self._check = check
        self._settlings: dict[tuple[int, Most], tuple[Judged, Settling]] = {}
        self._smallest: dict[tuple[int, tuple[int, ...]], Box | None] = {}

    def smallest(self, judged: Judged, norms: Iterable[str]) -> Box | None:
        """Find the best answers that permit a flow on one of these norms; None when none do.

        Best: fewest answers, then fewest acts, then vocabulary order.
        """
        nodes = judged.nodes(contract.MAG)
        wanted = tuple([nodes[norm,] for norm in norms if (norm,) in nodes])
        shared = not any(judged.evaluation.is_own(node) for node in wanted)
        key = (0 if shared else id(judged), wanted)
        if key not in self._smallest:  # the same for every flow that shares these nodes
            self._smallest[key] = self._found(judged, wanted)
        return self._smallest[key]

    def rank(self, box: Box) -> tuple[object, ...]:
        """The place of a box among others: fewest answers, then fewest acts, then vocabulary order."""
        return len(box), sum(map(self.sheet.is_act, box)), self._order(box)

    def _found(self, judged: Judged, nodes: Sequence[int]) -> Box | None:
        for most in BOUNDS:
            found = self._best(judged, nodes, most)
            if found is not None:
                return found
        return None

    def _best(self, judged: Judged, nodes: Sequence[int], most: Most) -> Box | None:
        """Find the best answers among those of so many at most."""
        found = NEVER
        for node in nodes:
            boxes = self._settling(judged, most).certain(node)
            if boxes:
                found = either((*found, *boxes)) if found else boxes
        for box in self._best_first(found):
            consistent = self.consistent(box)
            if consistent is not None and self._permits(consistent, judged, nodes):
                return consistent
        return None

    def _best_first(self, boxes: Boxes) -> Iterator[Box]:
        """Fewest answers first, then fewest acts, then vocabulary order: of facts, of their words, of their numbers."""
        if len(boxes) == 1:
            yield boxes[0]
            return
        groups: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            groups.setdefault((len(box), sum(map(self.sheet.is_act, box))), []).append(box)
        for _, alike in sorted(groups.items(), key=lambda group: group[0]):
            yield from sorted(alike, key=self._order) if len(alike) > 1 else alike

    def _order(self, box: Box) -> tuple[list[tuple[int, str]], list[tuple[int, ...]]]:
        items = sorted(box, key=self.sheet.order)
        words_first = sorted(items, key=lambda item: isinstance(box[item], Interval))
        return [self.sheet.order(item) for item in items], [
            self.sheet.value_order(item, box[item]) for item in words_first
        ]

    def _settling(self, judged: Judged, most: Most) -> Settling:
        """The boxes of a flow, or of what it shares with others, with so many answers at most."""
        found = self._settlings.get((id(judged), most))
        if found is None:
            shared = None if judged.base is None else self._settling(judged.base, most)
            settling = Settling(judged.evaluation, self.decided.law.askable, self.today, most, self._check, shared)
            # Kept with what it settles: an id is one object's for as long as that lives.
            found = self._settlings[id(judged), most] = (judged, settling)
        return found[1]

    def consistent(self, box: Box) -> Box | None:
        """Narrow a box to answers that do not contradict what is known; None when nothing is left."""
        narrowed: Box | None = box
        for wrong in self._contradictions(box):
            if narrowed is None:
                return None
            narrowed = without(narrowed, wrong)
        return narrowed

    def _contradictions(self, box: Box) -> Iterator[Box]:
        """The answers that would contradict what is known, as far as a box answers the same facts."""
        asked = {item[0] for item in box}
        settling = self._settling(self.decided.kern.case(), None)
        for node, predicates in self.decided.law.contradicting:
            if not predicates.isdisjoint(asked):
                yield from settling.certain(node)

    def _permits(self, box: Box, judged: Judged, nodes: Sequence[int]) -> bool:
        """Whether a box is right: by its formula, or judged again where it answers what rules also give a value."""
        law = self.decided.law
        if law.derivable.isdisjoint([item[0] for item in box]):
            return True
        return self.permitted_with(resolve(box, judged.signature), judged, nodes)

    def permitted_with(self, box: Box, judged: Judged, nodes: Sequence[int]) -> bool:
        """Whether a flow is permitted once the answers of a box, in the flow's own words, are filled in."""
        completed = complete(self.decided.facts, box, self.decided.law.form)
        again = self.decided.kern.one(judged, completed)
        again.prepare(contract.MAG)
        return any(again.evaluation.value(node) == CERTAIN for node in nodes)
