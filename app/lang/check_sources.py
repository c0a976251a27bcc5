"""Checks on sources that are cited only where a table holds: that there is such a table, and that it always chooses.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.lang.ast import Atom, Constant, Positive, Reference, Rule, Value, Variable
from app.lang.diagnostics import Diagnostic, nearest
from app.lang.draft import Draft
from app.lang.metadata import references_of
from app.lang.ordering import atom_variables, rule_variables


def unchosen_sources(draft: Draft) -> Iterator[Diagnostic]:
    """A source depends on a table and on variables of its rule, and some row of the table chooses it."""
    for rule, reference, condition in _conditional(draft):
        known = rule_variables(rule)
        for variable in atom_variables(condition):
            if variable.name not in known:
                help_line = nearest(variable.name, known) or f"its variables are {', '.join(known)}"
                message = f"`{variable.name}` is not a variable of this rule"
                yield Diagnostic("source", message, reference.span, help_line)
        predicate = draft.declared(condition)
        if predicate is None:
            continue
        if predicate.kind != "tabel":
            message = f"`{predicate.name}` is {predicate.kind}, so no source can depend on it"
            yield Diagnostic("source", message, reference.span, "only a predicate of soort `tabel` is the same always")
        elif draft.readable and not any(_fits(condition, row) for row in _rows(draft, condition.predicate)):
            message = f"no fact of `{predicate.name}` chooses `{reference.source} {reference.place}`"
            yield Diagnostic("source", message, reference.span, "add a fact to the table, or remove this source")


def words_without_source(draft: Draft) -> Iterator[Diagnostic]:
    """Where sources depend on a word, every word that the rule can be about has one."""
    if not draft.readable:
        return
    for rule in draft.rules:
        for name in dict.fromkeys(
            variable.name for condition in _tables(draft, rule) for variable in _single(condition)
        ):
            conditions = [one for one in _tables(draft, rule) if [name] == [each.name for each in _single(one)]]
            chosen = {word for condition in conditions for word in _words(draft, condition, name)}
            missing = [word for word in _possible(draft, rule, name) if word not in chosen]
            if missing:
                shown = ", ".join(f"`{word}`" for word in missing)
                message = f"no source is cited where `{name}` is {shown}"
                help_line = f"add a source `bij …` for it, or a table that says which `{name}` the rule is about"
                span = next(one.span for one in references_of(rule) if one.condition in conditions)
                yield Diagnostic("source", message, span, help_line)


def _conditional(draft: Draft) -> Iterator[tuple[Rule, Reference, Atom]]:
    for rule in draft.rules:
        for reference in references_of(rule):
            if reference.condition is not None:
                yield rule, reference, reference.condition


def _tables(draft: Draft, rule: Rule) -> list[Atom]:
    """The tables that sources of a rule depend on, as far as they are declared."""
    found = []
    for reference in references_of(rule):
        predicate = None if reference.condition is None else draft.declared(reference.condition)
        if reference.condition is not None and predicate is not None and predicate.kind == "tabel":
            found.append(reference.condition)
    return found


def _single(condition: Atom) -> list[Variable]:
    """The variable of a table that asks of one variable only."""
    found = {variable.name: variable for variable in atom_variables(condition)}
    return list(found.values()) if len(found) == 1 else []


def _possible(draft: Draft, rule: Rule, name: str) -> list[Value]:
    """The words that a variable of a rule can stand for, as far as tables and comparisons with the text say."""
    possible: list[Value] = []
    for literal in rule.body:
        if isinstance(literal, Positive):
            for _, argument, domain in draft.places(literal.atom):
                if isinstance(argument, Variable) and argument.name == name:
                    possible = possible or list(domain.values)
    for literal in rule.body:
        if isinstance(literal, Positive) and name in [one.name for one in atom_variables(literal.atom)]:
            predicate = draft.declared(literal.atom)
            if predicate is not None and predicate.kind == "tabel":
                words = _words(draft, literal.atom, name)
                possible = [word for word in possible if word in words]
    return possible


def _words(draft: Draft, atom: Atom, name: str) -> set[Value]:
    """The values of one variable in the rows of a table that fit an atom."""
    places = [at for at, one in enumerate(atom.arguments) if isinstance(one, Variable) and one.name == name]
    return {row[places[0]] for row in _rows(draft, atom.predicate) if _fits(atom, row)}


def _rows(draft: Draft, predicate: str) -> Iterator[tuple[Value, ...]]:
    for fact in draft.facts:
        if fact.atom.predicate == predicate:
            yield tuple(one.value for one in fact.atom.arguments if isinstance(one, Constant))


def _fits(atom: Atom, row: tuple[Value, ...]) -> bool:
    if len(row) != len(atom.arguments):
        return False
    pairs = zip(atom.arguments, row, strict=True)
    return all(one.value == value for one, value in pairs if isinstance(one, Constant))
