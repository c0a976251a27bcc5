"""Stages: in what order to settle a program's relations, so that each is worked out once.

Goes in: a `Doubled` and the relation that is wanted. Comes out: stages, each resting on what the earlier
ones were asked. Must not know: how a stage is answered.

A goal-driven engine works out a relation again for every way in which its arguments are bound. What
many rules read is therefore asked for once, whole, and handed to them as facts: first what has one
side, then certain and possible, then what only verdicts read of that, last the verdicts on both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.engine.doubled import Doubled, relation_name
from app.lang.ast import Comparison


@dataclass(frozen=True, slots=True)
class Stage:
    """The part of a program that a stage runs, and the relations to ask of it."""

    part: Doubled
    asked: tuple[str, ...]


def stages_of(doubled: Doubled, computed: Collection[str], wanted: str) -> tuple[Stage, ...]:
    """Divide what a relation is built on, itself included, over stages; `computed` differs per case."""
    needed = doubled.needed([wanted]).intersection(computed)
    reads = {name: _reads(doubled, name) for name in needed}
    two_sided = {name for name in needed if _kind(doubled, name) == 1}
    below = {read for name in two_sided for read in reads[name]}
    level = {name: _kind(doubled, name) * 2 - (name in two_sided and name in below) for name in needed}
    found: list[Stage] = []
    for number in sorted(set(level.values())):
        later = {read for name in needed if level[name] > number for read in reads[name]} | {wanted}
        own = {name for name in needed if level[name] == number}
        found.append(Stage(_part(doubled, own), tuple(sorted(own & later))))
    return tuple(found)


def _part(doubled: Doubled, own: set[str]) -> Doubled:
    """The rules of some relations, and the relations they read without the rules of those."""
    kept = own | {read for name in own for read in _reads(doubled, name)}
    kept |= doubled.needed(name for name in kept if doubled.relations[name].static)
    # What is possible is told from what is certain of the same predicate.
    certain = {relation_name("zeker", doubled.relations[name].predicate.name) for name in kept}
    relations = {name: one for name, one in doubled.relations.items() if name in kept or name in certain}
    rules = {name: doubled.rules[name] if name in own or one.static else () for name, one in relations.items()}
    return replace(doubled, relations=relations, rules=rules)


def _kind(doubled: Doubled, name: str) -> int:
    """0: the same on both sides, or stated; 1: one of two sides; 2: a verdict."""
    relation = doubled.relations[name]
    if relation.predicate.two_valued:
        return 2 if any(doubled.relations[read].origin == "derived" for read in _reads(doubled, name)) else 0
    return int(relation.side is not None)


def _reads(doubled: Doubled, name: str) -> frozenset[str]:
    outranked = doubled.relations[name].outranked_by
    bodies = [literal for rule in doubled.rules[name] for literal in rule.body]
    read = {literal.atom.predicate for literal in bodies if not isinstance(literal, Comparison)}
    return frozenset(read | {outranked} if outranked else read)
