"""Many flows of which nothing is said, judged together: every flow the law speaks of, for one case.

Goes in: the facts of a case with one blank flow, and signatures. Comes out: a `KernModel` of these flows.
Must not know: why these signatures are asked about.

Nothing is said of any of them, so they share one flow's key, and all nodes but those that rest on the words of the
signature or on an entry are evaluated once for all. Flows that agree on those too are judged as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.engine.facts import FactSet
from app.kern.classes import Classes
from app.kern.evaluate import Evaluation
from app.kern.ground import Flow
from app.kern.model import Judged, KernModel
from app.kern.signature import Signature
from app.kern.values import Keys
from app.lang.ast import Value


class Candidates:
    """Signatures by name, in groups that no case without entries or lists tells apart; follows from the law alone."""

    def __init__(self, classes: Classes, signatures: Mapping[Value, Signature]) -> None:
        self.signatures = signatures
        self._by_law: dict[int, tuple[Classes, Sequence[tuple[Flow, Sequence[Value]]]]] = {}
        self.groups(classes)

    def groups(self, classes: Classes) -> Sequence[tuple[Flow, Sequence[Value]]]:
        """Return the groups under a law: their class, and the names in it."""
        known = self._by_law.get(id(classes))
        if known is None or known[0] is not classes:
            found: dict[tuple[object, ...], tuple[Flow, list[Value]]] = {}
            for name, signature in self.signatures.items():
                flow = classes.flow(signature, {})
                key = (id(flow), *classes.marks(flow).of_signature(signature))
                found.setdefault(key, (flow, []))[1].append(name)
            known = self._by_law[id(classes)] = (classes, tuple(found.values()))
        return known[1]


class Listing(KernModel):
    """The flows of some candidates. `blank`: the key of the flow of which nothing is said."""

    def __init__(self, classes: Classes, facts: FactSet, blank: Value, candidates: Candidates) -> None:
        super().__init__(classes, facts)
        self._blank = blank
        self._candidates = candidates
        self._common: Judged | None = None

    def again(self, facts: FactSet) -> Listing:
        """The same flows judged by other facts."""
        return Listing(self.classes, facts, self._blank, self._candidates)

    def under(self, classes: Classes) -> Listing:
        """The same flows judged by another law."""
        return Listing(classes, self.facts, self._blank, self._candidates)

    def _judge_flows(self) -> Iterator[tuple[Value, Judged]]:
        case = self.case()
        case_key = case.keys[self._ground.shape.case]
        entries = self._entries()
        about = {signature for _, _, signature in entries}
        stated = {name for name, rows in self.facts.known.items() if rows}
        signatures = self._candidates.signatures
        for flow, names in self._candidates.groups(self.classes):
            marks = self.classes.marks(flow)
            active = marks.lists & stated
            alike: dict[tuple[int, ...], Judged] = {}
            for name in names:
                signature = signatures[name]
                if signature in about:
                    keys, counts = self._keys(case_key, self._blank, signature, entries)
                    yield name, self._judged(self.classes.flow(signature, counts), keys, signature, self._base(case))
                elif alike and not active:
                    yield name, alike[()]
                else:
                    judged = self._judged(flow, self._base(case).keys, signature, self._base(case))
                    yield name, alike.setdefault(marks.of_case(judged.evaluation.value, active), judged)

    def _base(self, case: Judged) -> Judged:
        """What all the flows share: the case, and that nothing is said of them."""
        if self._common is None:
            shape = self._ground.shape
            keys = {shape.case: case.keys[shape.case], shape.flow_key: self._blank}
            self._common = super()._judged(None, keys, (), case)
        return self._common

    def _judged(self, flow: Flow | None, keys: Keys, signature: Signature, base: Judged | None) -> Judged:
        shared = None if base is None else base.evaluation
        own = self._ground.is_of_signature
        evaluation = Evaluation(self._ground, self._case, keys, signature, shared, own)
        return Judged(self.classes, evaluation, keys, signature, flow, base)
