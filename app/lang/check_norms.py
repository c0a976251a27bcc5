"""Checks on norms: each has one ground, a first step and flows it speaks of, and a rule is of the norm it decides.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks, or what any norm says.

The predicates here are words of the contract, which every policy set keeps to; a test holds them to
`app/advice/contract.py`. A policy set without them is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from app.lang.ast import Atom, Constant, Fact, Positive, Rule, Span, Variable
from app.lang.diagnostics import Diagnostic
from app.lang.draft import Draft, name_span
from app.lang.vocabulary import NORM_DOMAIN

GROUND: Final = "grondslag"
STEP: Final = "stap"
FLOWS: Final = ("regelt", "betreft")
"""What says which flows a norm speaks of."""
FIRST: Final = 1


@dataclass(slots=True)
class _Law:
    """What is said of norms on one day: per norm the place that says it first, and the facts with its ground.

    `unlisted`: the predicates that may speak of any norm, for a rule of theirs takes it from other rules.
    """

    speaks: dict[str, Span] = field(default_factory=dict)
    begins: dict[str, Span] = field(default_factory=dict)
    grounds: dict[str, list[Fact]] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)


def missing_grounds(draft: Draft) -> Iterator[Diagnostic]:
    """A norm that speaks of flows or has a first step rests on exactly one ground, on every day it is law."""
    if GROUND not in draft.vocabulary.predicates:
        return
    domain = draft.vocabulary.domain_of(GROUND, 1)
    for law in _laws(draft):
        for norm, place in (law.begins | law.speaks).items():
            if norm not in law.grounds:
                help_line = f"add `+ {GROUND}('{norm}', '…')`, with one of {', '.join(domain.values)}"
                yield Diagnostic("grondslag", f"norm `{norm}` rests on no ground", place, help_line)
        for norm, (first, *others) in law.grounds.items():
            for fact in others:
                if fact != first:  # the very same fact is a duplicate already
                    message = f"norm `{norm}` has its ground already in {first.span.file}, line {first.span.line}"
                    help_line = "a norm rests on one ground: remove one, or make it two norms"
                    yield Diagnostic("grondslag", message, name_span(fact.atom), help_line)


def half_norms(draft: Draft) -> Iterator[Diagnostic]:
    """A norm that speaks of flows says when its ground holds, and the other way round."""
    for law in _laws(draft):
        for norm, place in law.speaks.items():
            if norm not in law.begins and STEP not in law.unlisted:
                message = f"norm `{norm}` speaks of flows, but no rule says when its ground holds"
                yield Diagnostic("stap", message, place, f"add a rule for `{STEP}(Deling, '{norm}', {FIRST})`")
        for norm, place in law.begins.items():
            if norm not in law.speaks and not law.unlisted & set(FLOWS):
                message = f"norm `{norm}` has a first step, but no rule says which flows it speaks of"
                yield Diagnostic("stap", message, place, f"add a rule for `{FLOWS[0]}('{norm}', …)`")


def misplaced_norms(draft: Draft) -> Iterator[Diagnostic]:
    """The norm above a rule is the one that its head decides about."""
    for rule in draft.rules:
        if rule.metadata is None or not rule.metadata.norm or rule.head.predicate not in (STEP, *FLOWS):
            continue
        for argument in _norm_arguments(draft, rule.head):
            if isinstance(argument, Constant) and argument.value != rule.metadata.norm:
                message = f"this rule is of norm `{rule.metadata.norm}`, but decides about `{argument.value}`"
                yield Diagnostic("norm", message, argument.span, "write the same norm above the rule and in its head")


def _laws(draft: Draft) -> Iterator[_Law]:
    """What is said of norms, for every set of files that is law together.

    Nothing where no word of it is declared, or where a clause could not be read: that may be the one that is missing.
    """
    if not draft.readable or not {STEP, *FLOWS} <= draft.vocabulary.predicates.keys():
        return
    files = draft.sources
    together = {frozenset(files)}
    if draft.whole:
        days = {day for one in files.values() for day in (one.valid_from, one.valid_until) if day is not None}
        together = {frozenset(name for name, one in files.items() if one.in_force(day)) for day in (0, *days)}
    for names in sorted(together, key=sorted):
        yield _law(draft, names)


def _law(draft: Draft, files: Set[str]) -> _Law:
    law = _Law()
    facts = [fact for fact in draft.facts if fact.span.file in files]
    for fact in facts:
        if fact.atom.predicate == GROUND:
            for argument in _norm_arguments(draft, fact.atom):
                if isinstance(argument, Constant):
                    law.grounds.setdefault(str(argument.value), []).append(fact)
    tables = _tables(facts)
    for rule in draft.rules:
        head = rule.head
        if rule.span.file not in files or head.predicate not in (STEP, *FLOWS) or _is_later_step(head):
            continue
        found = law.begins if head.predicate == STEP else law.speaks
        for argument in _norm_arguments(draft, head):
            norms = _norms(rule, argument, tables)
            if norms is None:
                law.unlisted.add(head.predicate)
            for norm in norms or ():
                found.setdefault(norm, argument.span)
    return law


def _is_later_step(head: Atom) -> bool:
    number = head.arguments[-1]
    return head.predicate == STEP and isinstance(number, Constant) and number.value != FIRST


def _norm_arguments(draft: Draft, atom: Atom) -> Iterator[Variable | Constant]:
    return (argument for _, argument, domain in draft.places(atom) if domain.name == NORM_DOMAIN)


def _tables(facts: Iterable[Fact]) -> Mapping[str, list[Atom]]:
    found: dict[str, list[Atom]] = {}
    for fact in facts:
        found.setdefault(fact.atom.predicate, []).append(fact.atom)
    return found


def _norms(rule: Rule, argument: Variable | Constant, tables: Mapping[str, list[Atom]]) -> tuple[str, ...] | None:
    """The norms that an argument of a head brings in: itself, or those of a table in the body; None for any.

    A norm that the body has from one of these predicates was brought in by another rule.
    """
    if isinstance(argument, Constant):
        return (str(argument.value),)
    gives = [
        literal.atom for literal in rule.body if isinstance(literal, Positive) and argument in literal.atom.arguments
    ]
    for atom in gives:
        if atom.predicate in tables:
            rows = (row.arguments for row in tables[atom.predicate] if _fits(row, atom))
            listed = (row[atom.arguments.index(argument)] for row in rows)
            return tuple(str(one.value) for one in listed if isinstance(one, Constant))
    return () if any(atom.predicate in (STEP, *FLOWS) for atom in gives) else None


def _fits(row: Atom, asked: Atom) -> bool:
    """Whether a row of a table is one that a condition asks for."""
    pairs = zip(row.arguments, asked.arguments, strict=False)
    return len(row.arguments) == len(asked.arguments) and all(
        isinstance(term, Variable) or term == value for value, term in pairs
    )
