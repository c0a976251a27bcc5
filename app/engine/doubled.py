"""The doubled program: three-valued rules written as plain two-valued ones.

Goes in: a checked `Program`. Comes out: a `Doubled`: which relations there are and the plain rules
that fill them, in evaluation order. Both engines run exactly this.
Must not know: how a rule is evaluated, or what a predicate means.

A predicate that depends on open input becomes two relations, `zeker_p` (certain) and `mogelijk_p`
(possible): certain rules read certain facts and deny possible ones, possible rules the reverse. All
other predicates stay one relation with their own name. Only relations that an output needs exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Literal as OneOf

from app.engine.facts import Row
from app.engine.model import Side
from app.lang.ast import Atom, Comparison, Constant, Literal, Negated, Positive, Rule
from app.lang.program import Program, evaluation_order, open_dependent
from app.lang.sides import SIDES, base, split_side
from app.lang.vocabulary import Predicate

OPPOSITE: Mapping[Side, Side] = {"zeker": "mogelijk", "mogelijk": "zeker"}
Origin = OneOf["table", "closed", "open", "derived"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of the doubled program.

    `origin`: where its rows come from before any rule adds to them. `side`: None when both sides are
    the same. `static`: depends on tables alone, so it is the same for every case. `outranked_by`: the
    certain side of a `single` predicate, on its possible side: a key that has a certain value takes
    that one and no other.
    """

    name: str
    predicate: Predicate
    side: Side | None
    origin: Origin
    static: bool
    outranked_by: str | None = None

    @property
    def possible_input(self) -> bool:
        """Whether a key about which nothing was said has every value here."""
        return self.origin == "open" and self.side == "mogelijk"


@dataclass(frozen=True, slots=True)
class DoubledRule:
    """A plain rule: its atoms name relations, its body stands in evaluation order.

    `index` is the place of the source rule in `Program.rules`; the variables are the same.
    """

    index: int
    head: Atom
    body: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Doubled:
    """The plain program. `relations` stand in evaluation order: each needs only earlier ones."""

    program: Program
    relations: Mapping[str, Relation]
    rules: Mapping[str, tuple[DoubledRule, ...]]
    facts: Mapping[str, tuple[Row, ...]]
    doubles: frozenset[str]

    def name(self, side: Side, predicate: str) -> str:
        """The relation that holds one side of a predicate (which need not be in `relations`)."""
        return relation_name(side, predicate) if predicate in self.doubles else predicate

    def outputs(self) -> Iterator[tuple[Side, str]]:
        """Every output predicate with every side on which it is read."""
        for predicate in self.program.vocabulary.predicates.values():
            if predicate.kind == "uitkomst":
                yield from ((side, predicate.name) for side in predicate.sides)

    def inputs(self) -> Mapping[str, frozenset[str]]:
        """Per relation the input predicates it is built on, itself included."""
        found: dict[str, frozenset[str]] = {}
        for name, relation in self.relations.items():
            own = {relation.predicate.name} if relation.origin in ("open", "closed") else set()
            found[name] = frozenset(own).union(*(found[read] for read in dependencies(relation, self.rules[name])))
        return found

    def needed(self, roots: Iterable[str]) -> frozenset[str]:
        """The relations that some relations are built on, themselves included."""
        found: set[str] = set()
        todo = list(roots)
        while todo:
            if (name := todo.pop()) not in found:
                found.add(name)
                todo.extend(dependencies(self.relations[name], self.rules.get(name, ())))
        return frozenset(found)


def relation_name(side: Side, predicate: str) -> str:
    """The name of one side of a three-valued predicate."""
    return f"{side}_{predicate}"


def double(program: Program, everything: bool = False) -> Doubled:
    """Double a program: only what its outputs need, or every side of every predicate."""
    facts = _facts(program)
    by_head: dict[str, list[tuple[int, Rule]]] = {}
    for index, rule in enumerate(program.rules):
        by_head.setdefault(rule.head.predicate, []).append((index, rule))
    doubles = open_dependent(program.rules, program.vocabulary)
    static = _static(program, by_head)
    relations: dict[str, Relation] = {}
    rules: dict[str, tuple[DoubledRule, ...]] = {}
    for predicate in program.vocabulary.predicates.values():
        sides: tuple[Side | None, ...] = SIDES if predicate.name in doubles else (None,)
        for side in sides:
            relation = _relation(predicate, side, predicate.name in static, predicate.name in by_head)
            relations[relation.name] = relation
            rules[relation.name] = tuple(
                _doubled_rule(program, index, rule, side, doubles) for index, rule in by_head.get(predicate.name, ())
            )
    graph = {name: dependencies(relation, rules[name]) for name, relation in relations.items()}
    ordered = {name: relations[name] for name in TopologicalSorter(graph).static_order()}
    doubled = Doubled(program, ordered, rules, facts, doubles)
    if everything:
        return doubled
    roots = [doubled.name(side, name) for side, name in doubled.outputs()]
    needed = doubled.needed(roots + [name for name, relation in ordered.items() if relation.origin != "derived"])
    kept = {name: relation for name, relation in ordered.items() if name in needed}
    return replace(doubled, relations=kept, rules={name: rules[name] for name in kept})


def _facts(program: Program) -> dict[str, tuple[Row, ...]]:
    rows: dict[str, dict[Row, None]] = defaultdict(dict)
    for fact in program.facts:
        if program.vocabulary.predicates[fact.atom.predicate].kind == "invoer":
            raise ValueError(f"{fact.atom.predicate} is input of a case and cannot be a fact of the program")
        row = tuple(term.value for term in fact.atom.arguments if isinstance(term, Constant))
        rows[fact.atom.predicate][row] = None
    return {name: tuple(found) for name, found in rows.items()}


def _relation(predicate: Predicate, side: Side | None, static: bool, ruled: bool) -> Relation:
    origin: Origin = "derived"
    if predicate.kind == "invoer":
        origin = "open" if predicate.open else "closed"
        if ruled and not (predicate.open and predicate.single):
            raise ValueError(f"{predicate.name}: only open input with a single value may also be derived")
    elif predicate.kind == "tabel":
        origin = "table"
    name = predicate.name if side is None else relation_name(side, predicate.name)
    outranked = side == "mogelijk" and predicate.single and ruled
    return Relation(
        name, predicate, side, origin, static, relation_name("zeker", predicate.name) if outranked else None
    )


def _reads(rule: Rule) -> Iterator[str]:
    """The declared predicates in a rule's body."""
    for literal in rule.body:
        if not isinstance(literal, Comparison):
            yield base(literal.atom.predicate)


def _static(program: Program, by_head: Mapping[str, list[tuple[int, Rule]]]) -> frozenset[str]:
    """The predicates that depend on tables alone."""
    readers: dict[str, set[str]] = defaultdict(set)
    for name, rules in by_head.items():
        for _, rule in rules:
            for read in _reads(rule):
                readers[read].add(name)
    variable: set[str] = set()
    todo = [p.name for p in program.vocabulary.predicates.values() if p.kind == "invoer"]
    while todo:
        if (name := todo.pop()) not in variable:
            variable.add(name)
            todo.extend(readers[name])
    return frozenset(program.vocabulary.predicates) - variable


def doubled_body(
    body: Iterable[Literal], side: Side | None, doubles: frozenset[str], reader: str
) -> tuple[Literal, ...]:
    """A body as read on one side: what it denies, it reads on the other side.

    `side` is None for a rule that itself says which side it reads of what; `reader` names it in an error.
    """

    def renamed(atom: Atom, reading: Side | None) -> Atom:
        named, predicate = split_side(atom.predicate)
        if predicate not in doubles:
            return replace(atom, predicate=predicate)
        if (chosen := named or reading) is None:
            raise ValueError(f"{reader} must say which side of {predicate} it reads")
        return replace(atom, predicate=relation_name(chosen, predicate))

    found: list[Literal] = []
    for literal in body:
        match literal:
            case Positive(atom):
                found.append(Positive(renamed(atom, side)))
            case Negated(atom):
                found.append(Negated(renamed(atom, OPPOSITE[side] if side else None)))
            case _:
                found.append(literal)
    return tuple(found)


def _doubled_rule(program: Program, index: int, rule: Rule, side: Side | None, doubles: frozenset[str]) -> DoubledRule:
    name = rule.head.predicate if side is None else relation_name(side, rule.head.predicate)
    body = doubled_body(evaluation_order(rule, program.vocabulary), side, doubles, rule.head.predicate)
    return DoubledRule(index, replace(rule.head, predicate=name), body)


def dependencies(relation: Relation, rules: Iterable[DoubledRule]) -> list[str]:
    """The relations one relation needs, in order of first mention."""
    found = [relation.outranked_by] if relation.outranked_by else []
    for rule in rules:
        found += [literal.atom.predicate for literal in rule.body if not isinstance(literal, Comparison)]
    return list(dict.fromkeys(found))
