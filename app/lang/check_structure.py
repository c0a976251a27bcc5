"""Checks on the rules together: duplicates, dead ends, sides and recursion.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from app.lang.ast import (
    Atom,
    Clause,
    Fact,
    Negated,
    Rule,
)
from app.lang.diagnostics import Diagnostic, whole_file
from app.lang.draft import PREDICATES_FILE, Draft, name_span
from app.lang.sameness import says_the_same, shape
from app.lang.sides import RESERVED_PREFIXES, split_side
from app.lang.strata import body_atoms
from app.lang.vocabulary import Predicate


def recursion(draft: Draft) -> Iterator[Diagnostic]:
    """No predicate rests on itself, also not through others or through a negation."""
    for path in draft.graph.cycles():
        place = draft.graph.reads[path[0]][path[1]]
        message = f"`{path[0]}` rests on itself: {' → '.join(path)}"
        yield Diagnostic("recursion", message, name_span(place), "the law here needs none: name the steps apart")


def duplicates(draft: Draft) -> Iterator[Diagnostic]:
    """No clause says what another in force on the same day says already."""
    seen: dict[Hashable, list[Clause]] = {}
    clauses: tuple[Clause, ...] = (*draft.facts, *draft.rules)
    for clause in clauses:
        key: Hashable = clause if isinstance(clause, Fact) else shape(clause)
        for earlier in seen.setdefault(key, []):
            if isinstance(clause, Rule) and isinstance(earlier, Rule) and not says_the_same(clause, earlier):
                continue
            sources = [draft.sources.get(one.span.file) for one in (earlier, clause)]
            if sources[0] is None or sources[1] is None or sources[0].overlaps(sources[1]):
                kind = "fact" if isinstance(clause, Fact) else "rule"
                message = f"this {kind} stands already in {earlier.span.file}, line {earlier.span.line}"
                place = name_span(clause.atom if isinstance(clause, Fact) else clause.head)
                yield Diagnostic("duplicate", message, place, "remove one of them")
                break
        seen[key].append(clause)


def dead_ends(draft: Draft) -> Iterator[Diagnostic]:
    """Every derived predicate has a rule, and a reader: another rule or the advice."""
    if not (draft.whole and draft.readable):
        return
    read = {split_side(atom.predicate)[1]: atom for rule in reversed(draft.rules) for atom in body_atoms(rule)}
    heads = {rule.head.predicate: rule.head for rule in reversed(draft.rules)}
    for name, predicate in draft.vocabulary.predicates.items():
        if predicate.kind not in ("afgeleid", "uitkomst"):
            continue
        if name not in heads:
            place = name_span(read[name]) if name in read else whole_file(PREDICATES_FILE)
            yield Diagnostic(
                "undefined", f"`{name}` is declared, but no rule derives it", place, "add a rule, or remove it"
            )
        elif predicate.kind == "afgeleid" and name not in read:
            message = f"`{name}` is derived, but nothing reads it"
            yield Diagnostic("unused", message, name_span(heads[name]), "use it, or declare it as `uitkomst`")


def misnamed_sides(draft: Draft) -> Iterator[Diagnostic]:
    """Only rules of two-valued predicates speak about sides, and there they always do.

    Others may read a two-valued predicate only if that says nothing but what was stated of the case.
    """
    for rule in draft.rules:
        if rule.head.predicate.startswith(RESERVED_PREFIXES):
            help_line = "a rule derives both sides at once"
            yield Diagnostic("side", "a head names no side", name_span(rule.head), help_line)
        for atom in body_atoms(rule):
            if problem := _side_problem(draft, rule, atom):
                yield Diagnostic("side", problem[0], name_span(atom), problem[1])
    for fact in draft.facts:
        if fact.atom.predicate.startswith(RESERVED_PREFIXES):
            yield Diagnostic("side", "a fact names no side", name_span(fact.atom), "a fact is always certain")


def _side_problem(draft: Draft, rule: Rule, atom: Atom) -> tuple[str, str] | None:
    side, name = split_side(atom.predicate)
    predicate = draft.vocabulary.predicates.get(name)
    if predicate is None:
        return None
    if not draft.is_two_valued(rule):
        if side is not None:
            help_line = f"write `{name}`, or declare `{rule.head.predicate}` as two-valued (tweewaardig)"
            return f"`{atom.predicate}` in a rule of a three-valued predicate", help_line
        if predicate.two_valued and name not in draft.stated:
            help_line = f"declare `{rule.head.predicate}` as two-valued (tweewaardig) too"
            return f"two-valued `{name}` in a rule of a three-valued predicate", help_line
        return None
    one_sided = predicate.two_valued or predicate.kind == "tabel" or (predicate.kind == "invoer" and not predicate.open)
    if side is not None and one_sided:
        return f"`{name}` has one side only", f"write `{name}`"
    if side is None and name in draft.open_dependent:
        return f"`{name}` is certain or possible: say which", f"write `zeker_{name}` or `mogelijk_{name}`"
    return None


def undeniable_predicates(draft: Draft) -> Iterator[Diagnostic]:
    """Every predicate can be said not to hold, also those that no rule negates.

    A why-not denies the conditions that are not met, and a developer's query whatever it likes.
    """
    if not draft.whole:
        return
    negated = {split_side(atom.predicate)[1] for atom in _negated(draft)}
    for name, predicate in draft.vocabulary.predicates.items():
        if name not in negated and not _is_deniable(draft, predicate):
            message = f"`{name}` has no sentence for when it does not hold"
            help_line = "add `ontkend`, or `zinnen` for the only two values of its last argument"
            yield Diagnostic("sentence", message, whole_file(PREDICATES_FILE), help_line)


def missing_sentences(draft: Draft) -> Iterator[Diagnostic]:
    """What is used negated can be said negated."""
    for atom in _negated(draft):
        predicate = draft.vocabulary.predicates.get(split_side(atom.predicate)[1])
        if predicate is not None and not _is_deniable(draft, predicate):
            message = f"`{predicate.name}` has no sentence for its negation"
            yield Diagnostic("sentence", message, name_span(atom), "add `ontkend` in predicaten.toml")


def _negated(draft: Draft) -> Iterator[Atom]:
    for rule in draft.rules:
        yield from (literal.atom for literal in rule.body if isinstance(literal, Negated))


def _is_deniable(draft: Draft, predicate: Predicate) -> bool:
    """Whether a predicate has a denial, or sentences for two values of which one must be so."""
    values = draft.vocabulary.domains[predicate.arguments[-1].domain].values
    return bool(predicate.negated) or (len(values) == 2 and set(values) == set(predicate.sentences or ()))
