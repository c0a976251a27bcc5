"""What rests on what: the order of evaluation, and cycles in it.

Goes in: rules. Comes out: strata, the predicates that depend on open input, a cycle as a path.
Must not know: what a predicate means, or how an engine evaluates it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from app.lang.ast import Atom, Negated, Positive, Rule
from app.lang.sides import base, split_side
from app.lang.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Graph:
    """For every derived predicate the predicates its rules read, with the first place that reads it."""

    reads: Mapping[str, Mapping[str, Atom]]

    def cycles(self) -> list[tuple[str, ...]]:
        """Return a shortest cycle, as a path that ends where it began, for every knot in the graph."""
        found: list[tuple[str, ...]] = []
        knotted: set[str] = set()
        for predicate in self._unresolved():
            if predicate not in knotted and (path := self._path_back(predicate)):
                found.append(path)
                knotted.update(name for name in self.reads if self._mutual(predicate, name))
        return found

    def _unresolved(self) -> list[str]:
        """The predicates that rest on a cycle: what stays when all others are laid down in turn."""
        waits = {name: {read for read in reads if read in self.reads} for name, reads in self.reads.items()}
        readers: dict[str, list[str]] = {}
        for name, reads in waits.items():
            for read in reads:
                readers.setdefault(read, []).append(name)
        ready = [name for name, reads in waits.items() if not reads]
        while ready:
            laid = ready.pop()
            for name in readers.get(laid, []):
                waits[name].discard(laid)
                if not waits[name]:
                    ready.append(name)
        return [name for name, reads in waits.items() if reads]

    def _mutual(self, first: str, second: str) -> bool:
        return second in self._reachable(first) and first in self._reachable(second)

    def _reachable(self, start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for name in self.reads.get(waiting.pop(), {}):
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return seen

    def _path_back(self, start: str) -> tuple[str, ...]:
        paths: deque[tuple[str, ...]] = deque([(start,)])
        seen: set[str] = set()
        while paths:
            path = paths.popleft()
            for name in self.reads.get(path[-1], {}):
                if name == start:
                    return (*path, name)
                if name not in seen:
                    seen.add(name)
                    paths.append((*path, name))
        return ()


def body_atoms(rule: Rule) -> tuple[Atom, ...]:
    """Return the atoms of a body, negated ones included."""
    return tuple(literal.atom for literal in rule.body if isinstance(literal, Positive | Negated))


def graph_of(rules: Iterable[Rule]) -> Graph:
    """Return who reads whom."""
    reads: dict[str, dict[str, Atom]] = {}
    for rule in rules:
        mine = reads.setdefault(rule.head.predicate, {})
        for atom in body_atoms(rule):
            mine.setdefault(base(atom.predicate), atom)
    return Graph(reads)


def open_dependent(rules: Sequence[Rule], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the three-valued predicates whose certain and possible sides can differ.

    Open input, and whatever reads it, directly or through others. Two-valued predicates are not
    among them: their two sides are the same by definition.
    """
    found = {predicate.name for predicate in vocabulary.predicates.values() if predicate.open}
    progress = True
    while progress:
        progress = False
        for rule in rules:
            name = rule.head.predicate
            declared = vocabulary.predicates.get(name)
            if name in found or (declared is not None and declared.two_valued):
                continue
            if any(base(atom.predicate) in found for atom in body_atoms(rule)):
                found.add(name)
                progress = True
    return frozenset(found)


def stated(rules: Sequence[Rule], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the two-valued predicates that say only what was stated of a case, such as an objection.

    Their rules read tables, closed input and the certain side of open input that no rule gives a value. Three-valued
    rules may read them as they read a closed field: they are never merely possible.
    """
    heads = {rule.head.predicate for rule in rules}
    found = {name for name in heads if name in vocabulary.predicates and vocabulary.predicates[name].two_valued}
    for rule in rules:
        if not all(_is_stated(atom, heads, vocabulary) for atom in body_atoms(rule)):
            found.discard(rule.head.predicate)
    return frozenset(found)


def _is_stated(atom: Atom, heads: Set[str], vocabulary: Vocabulary) -> bool:
    side, name = split_side(atom.predicate)
    predicate = vocabulary.predicates.get(name)
    if predicate is None or name in heads or predicate.kind not in ("tabel", "invoer"):
        return False
    return side == "zeker" if predicate.open else side is None


def strata_of(rules: Sequence[Rule], vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    """Return the derived predicates in layers, each resting only on input, tables and earlier layers.

    Two-valued predicates come after all others, but for those that a three-valued rule reads. The rules must be free of
    recursion.
    """
    reads = graph_of(rules).reads
    first = {name for name in reads if not vocabulary.predicates[name].two_valued}
    first |= {read for name in first for read in reads[name]}
    derived = [[name for name in reads if (name not in first) is last] for last in (False, True)]
    strata: list[tuple[str, ...]] = []
    for names in derived:
        waiting = names
        while waiting:
            layer = tuple(name for name in waiting if not any(read in waiting for read in reads[name]))
            assert layer, "the rules are recursive"
            strata.append(layer)
            waiting = [name for name in waiting if name not in layer]
    return tuple(strata)
