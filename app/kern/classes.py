"""Classes of signatures: flows that answer every test alike share one `Flow`, made when first asked for.

Goes in: a `Ground`. Comes out: the `Flow` of a signature. Must not know: any case.

The tests asked while a class was made form a tree: each test leads to the next by its answer, and a leaf is a class. A
new signature walks the tree; where it leaves it, a class is made and its tests are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Final

from app.kern.compile import Compiled, compile_nodes
from app.kern.ground import Flow, Ground
from app.kern.marks import Marks
from app.kern.signature import Answer, Examined, Signature, Test, answer

Counts = tuple[tuple[str, int], ...]
MOST_CLASSES: Final = 1_000
MOST_SIGNATURES: Final = 10_000
MOST_ENTRIES: Final = 3
INTERPRETED: Final = 3
"""So many times a class is evaluated node by node before a function is compiled for it (some 2 ms)."""


class _Branch:
    """A test and what follows per answer; a leaf holds a class."""

    __slots__ = ("flow", "next", "test")

    def __init__(self) -> None:
        self.test: Test | None = None
        self.next: dict[Answer, _Branch] = {}
        self.flow: Flow | None = None


class Classes:
    """The classes of one program's signatures. Safe to share between threads.

    Keeps at most `MOST_CLASSES` and starts anew beyond that, so that asking for every signature there is costs time and
    not memory. A flow with more entries than `MOST_ENTRIES` of a kind is ground for its own question only.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._roots: dict[Counts, _Branch] = {}
        self._known: dict[tuple[Signature, Counts], Flow] = {}
        self._made = 0
        predicates = tuple(ground.program.vocabulary.predicates.values())
        self._outputs = tuple(one.name for one in predicates if one.kind == "uitkomst")
        self.clock = next((one.name for one in predicates if one.clock == "peildatum"), "")
        relations = [ground.relations[name] for name in self._outputs if name in ground.relations]
        self._case = [node for relation in relations for node in relation.rows.values()]
        self._lock = Lock()

    def flow(self, signature: Signature, entries: Mapping[str, int]) -> Flow:
        """Return the class of a signature, with so many recorded entries per kind."""
        counts = tuple(sorted((name, count) for name, count in entries.items() if count))
        found = self._known.get((signature, counts))
        if found is None:
            with self._lock:
                if any(count > MOST_ENTRIES for _, count in counts):
                    return self.ground.flow(Examined(signature, self.ground.relations), entries)
                self._make_room()
                found = self._known[signature, counts] = self._find(signature, counts)
        return found

    def _make_room(self) -> None:
        if self._made >= MOST_CLASSES or len(self._known) >= MOST_SIGNATURES:
            self._roots.clear()
            self._known.clear()
            self._made = 0

    def compiled(self, flow: Flow, predicate: str | None) -> Compiled | None:
        """Return the function that evaluates a predicate's rows about a flow of a class; None: of all outputs, also
        those that are the same for every flow.

        Compiling pays after some calls only, so the first few get None.
        """
        found = flow.compiled.get(predicate, 0)
        if isinstance(found, Compiled):
            return found
        flow.compiled[predicate] = found + 1
        if found < INTERPRETED:
            return None
        names = self._outputs if predicate is None else (predicate,)
        nodes = [node for name in names for node in flow.about(name).values()]
        if predicate is None:
            nodes += self._case
            reasons = (one for name in names for given in flow.reasons.get(name, {}).values() for one in given)
            nodes += [one.node for one in reasons]
        made = flow.compiled[predicate] = compile_nodes(self.ground.formulas, self.ground.derived, nodes)
        return made

    def compile_now(self, flow: Flow, predicate: str) -> None:
        """Compile the function for a predicate's rows about a class that is sure to be asked for often."""
        flow.compiled.setdefault(predicate, INTERPRETED)
        self.compiled(flow, predicate)

    def marks(self, flow: Flow) -> Marks:
        """Return what tells flows of one class apart, as far as their own words do."""
        if flow.marks is None:
            roots = [node for relation in flow.relations.values() for node in relation.rows.values()]
            flow.marks = Marks(self.ground.formulas, roots)
        return flow.marks

    def _find(self, signature: Signature, counts: Counts) -> Flow:
        branch = self._roots.setdefault(counts, _Branch())
        while branch.test is not None:
            branch = branch.next.setdefault(answer(branch.test, signature, self.ground.relations), _Branch())
        if branch.flow is None:
            branch.flow = self._make(signature, counts)
        return branch.flow

    def _make(self, signature: Signature, counts: Counts) -> Flow:
        examined = Examined(signature, self.ground.relations)
        flow = self.ground.flow(examined, dict(counts))
        branch = self._roots[counts]
        for test, given in examined.asked.items():
            branch.test = test
            branch = branch.next.setdefault(given, _Branch())
        branch.flow = flow
        self._made += 1
        return flow
