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
from app.kern.relation import Relation
from app.kern.signature import Answer, Examined, Signature, Test, answer

Counts = tuple[tuple[str, int], ...]
Relations = Mapping[str, Relation]
MOST_CLASSES: Final = 1_000
MOST_SIGNATURES: Final = 10_000
MOST_ENTRIES: Final = 3
INTERPRETED: Final = 3
"""So many times a class is evaluated node by node before a function is compiled for it (some 2 ms)."""


Path = tuple[tuple[Test, Answer], ...]


class _Branch:
    """A test and what follows per answer; a leaf holds a class."""

    __slots__ = ("flow", "next", "test")

    def __init__(self) -> None:
        self.test: Test | None = None
        self.next: dict[Answer, _Branch] = {}
        self.flow: Flow | None = None


class _Generation:
    """The classes that were asked for in one stretch of time."""

    __slots__ = ("known", "made", "roots")

    def __init__(self) -> None:
        self.roots: dict[Counts, _Branch] = {}
        self.known: dict[tuple[Signature, Counts], Flow] = {}
        self.made = 0

    def is_full(self) -> bool:
        return self.made >= MOST_CLASSES or len(self.known) >= MOST_SIGNATURES

    def find(self, signature: Signature, counts: Counts, relations: Relations) -> tuple[Path, Flow] | None:
        """Return the class of a signature with the tests that lead to it; None where none was made."""
        branch = self.roots.get(counts)
        path: list[tuple[Test, Answer]] = []
        while branch is not None and branch.test is not None:
            given = answer(branch.test, signature, relations)
            path.append((branch.test, given))
            branch = branch.next.get(given)
        return None if branch is None or branch.flow is None else (tuple(path), branch.flow)

    def add(self, path: Path, counts: Counts, flow: Flow) -> None:
        """Add a class, found by these tests."""
        branch = self.roots.setdefault(counts, _Branch())
        for test, given in path:
            branch.test = test
            branch = branch.next.setdefault(given, _Branch())
        branch.flow = flow
        self.made += 1


class Classes:
    """The classes of one program's signatures. Safe to share between threads.

    Keeps two generations of at most `MOST_CLASSES` each, so that asking for every signature there is costs time and not
    memory. When the younger is full the older is thrown away; a class that is asked for again moves to the younger, so
    classes in use are kept. A flow with more entries than `MOST_ENTRIES` of a kind is ground for its own question only.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._young, self._old = _Generation(), _Generation()
        predicates = tuple(ground.program.vocabulary.predicates.values())
        self._outputs = tuple(one.name for one in predicates if one.kind == "uitkomst")
        self.clock = next((one.name for one in predicates if one.clock == "peildatum"), "")
        relations = [ground.relations[name] for name in self._outputs if name in ground.relations]
        self._case = [node for relation in relations for node in relation.rows.values()]
        self._lock = Lock()

    def flow(self, signature: Signature, entries: Mapping[str, int]) -> Flow:
        """Return the class of a signature, with so many recorded entries per kind."""
        counts = tuple(sorted((name, count) for name, count in entries.items() if count))
        found = self._young.known.get((signature, counts))
        if found is None:
            with self._lock:
                if any(count > MOST_ENTRIES for _, count in counts):
                    return self.ground.flow(Examined(signature, self.ground.relations), entries)
                if self._young.is_full():
                    self._young, self._old = _Generation(), self._young
                found = self._young.known[signature, counts] = self._find(signature, counts)
        return found

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
        relations = self.ground.relations
        found = self._young.find(signature, counts, relations)
        if found is None:
            found = self._old.find(signature, counts, relations) or self._made(signature, counts)
            self._young.add(found[0], counts, found[1])
        return found[1]

    def _made(self, signature: Signature, counts: Counts) -> tuple[Path, Flow]:
        examined = Examined(signature, self.ground.relations)
        flow = self.ground.flow(examined, dict(counts))
        return tuple(examined.asked.items()), flow
