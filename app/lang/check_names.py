"""Checks on words: predicates, arities, values, domains and kinds.

Goes in: a draft. Comes out: diagnostics. Must not know: other checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.lang.ast import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Negated,
    Positive,
    Rule,
    Span,
    Value,
    Variable,
)
from app.lang.diagnostics import Diagnostic, nearest, nearest_or_new
from app.lang.draft import NUMERIC, PREDICATES_FILE, Draft, name_span
from app.lang.metadata import references_of
from app.lang.sides import split_side
from app.lang.strata import body_atoms
from app.lang.tokens import YES_AND_NO
from app.lang.vocabulary import NORM_DOMAIN, Domain


def undeclared_predicates(draft: Draft) -> Iterator[Diagnostic]:
    """Every predicate is declared, and has the declared number of arguments."""
    for atom in _atoms(draft):
        name = split_side(atom.predicate)[1]
        predicate = draft.vocabulary.predicates.get(name)
        if predicate is None:
            help_line = nearest_or_new(name, draft.vocabulary.predicates, PREDICATES_FILE)
            yield Diagnostic("undeclared", f"predicate `{name}` is not declared", name_span(atom), help_line)
        elif len(predicate.arguments) != len(atom.arguments):
            wanted = ", ".join(argument.name for argument in predicate.arguments)
            message = f"`{name}` has {len(predicate.arguments)} arguments, not {len(atom.arguments)}"
            yield Diagnostic("arity", message, atom.span, f"write `{name}({wanted})`")


def misused_kinds(draft: Draft) -> Iterator[Diagnostic]:
    """Facts fill tables, rules derive, and only single open input may be both asserted and derived."""
    for fact in draft.facts:
        predicate = draft.vocabulary.predicates.get(fact.atom.predicate)
        if predicate is not None and predicate.kind != "tabel":
            message = f"`{predicate.name}` is {predicate.kind}, not a table"
            yield Diagnostic("kind", message, name_span(fact.atom), "only a predicate of soort `tabel` has facts")
        for argument in fact.atom.arguments:
            if isinstance(argument, Variable):
                message = f"variable `{argument.name}` in a fact"
                yield Diagnostic("ground", message, argument.span, "a fact has values only")
    for rule in draft.rules:
        predicate = draft.vocabulary.predicates.get(rule.head.predicate)
        if predicate is None or predicate.kind in ("afgeleid", "uitkomst"):
            continue
        if predicate.kind == "tabel":
            message, help_line = f"`{predicate.name}` is a table, so no rule derives it", "declare it as `afgeleid`"
            yield Diagnostic("kind", message, name_span(rule.head), help_line)
        elif not (predicate.open and predicate.single):
            message = f"`{predicate.name}` is input, so no rule derives it"
            help_line = "only input that is open and single (enkelvoudig) may also be derived"
            yield Diagnostic("kind", message, name_span(rule.head), help_line)


def constants_outside_domain(draft: Draft) -> Iterator[Diagnostic]:
    """Every value is a value of the domain of its place."""
    for atom in _atoms(draft):
        for _, argument, domain in draft.places(atom):
            if isinstance(argument, Constant) and (problem := _problem(argument.value, domain)):
                yield Diagnostic("value", problem[0], argument.span, problem[1])


def variables_in_two_domains(draft: Draft) -> Iterator[Diagnostic]:
    """A variable stands for one kind of thing throughout its rule."""
    for rule in draft.rules:
        domains: dict[str, tuple[Domain, Span]] = {}
        for atom in (rule.head, *body_atoms(rule)):
            for _, argument, domain in draft.places(atom):
                if not isinstance(argument, Variable):
                    continue
                first, place = domains.setdefault(argument.name, (domain, argument.span))
                if first.name != domain.name:
                    message = f"`{argument.name}` is a `{domain.name}` here and a `{first.name}` on line {place.line}"
                    yield Diagnostic("domain", message, argument.span, "use two variables, or one domain for both")


def mistyped_comparisons(draft: Draft) -> Iterator[Diagnostic]:
    """Numbers compare with numbers, words only by `==` and `!=` with words of the same domain."""
    for rule in draft.rules:
        domains = _domains(draft, rule)
        for literal in rule.body:
            if isinstance(literal, Comparison):
                yield from _comparison(literal, domains)


def _comparison(literal: Comparison, domains: dict[str, Domain]) -> Iterator[Diagnostic]:
    sides = (literal.left, literal.right)
    words = [one for side in sides for one in _leaves(side) if _is_word(one, domains)]
    if not words:
        return
    if literal.operator not in ("==", "!=") or any(isinstance(side, Arithmetic) for side in sides):
        yield Diagnostic("type", "a word is no number", words[0].span, "words compare by `==` and `!=` only")
        return
    for one, other in (sides, sides[::-1]):
        domain = domains.get(one.name) if isinstance(one, Variable) else None
        if domain is None:
            continue
        if isinstance(other, Constant):
            if problem := _problem(other.value, domain):
                yield Diagnostic("value", problem[0], other.span, problem[1])
        elif one is literal.left and isinstance(other, Variable) and domains.get(other.name, domain) != domain:
            message = f"a `{domain.name}` is never a `{domains[other.name].name}`"
            yield Diagnostic("domain", message, literal.span, "compare values of one domain")


def _domains(draft: Draft, rule: Rule) -> dict[str, Domain]:
    found: dict[str, Domain] = {}
    for atom in (rule.head, *body_atoms(rule)):
        for _, argument, domain in draft.places(atom):
            if isinstance(argument, Variable):
                found.setdefault(argument.name, domain)
    return found


def _leaves(expression: Expression) -> Iterator[Variable | Constant]:
    if isinstance(expression, Arithmetic):
        yield from _leaves(expression.left)
        yield from _leaves(expression.right)
    else:
        yield expression


def _is_word(leaf: Variable | Constant, domains: dict[str, Domain]) -> bool:
    if isinstance(leaf, Constant):
        return isinstance(leaf.value, str)
    return leaf.name in domains and domains[leaf.name].kind not in NUMERIC


def _problem(value: Value, domain: Domain) -> tuple[str, str] | None:
    match domain.kind:
        case "entiteit":
            return f"a `{domain.name}` has no name in rules", "use a variable"
        case "keuze":
            if isinstance(value, str) and value in domain.labels:
                return None
            return f"`{value}` is not a value of `{domain.name}`", _known(str(value), domain)
        case "getal":
            low, high = domain.minimum, domain.maximum
            if isinstance(value, int) and (low is None or low <= value) and (high is None or value <= high):
                return None
            return f"`{value}` is not a `{domain.name}`", f"a whole number from {low} to {high}"
        case "datum":
            return None if _is_date(value) else (f"`{value}` is not a date", "a day as yyyymmdd: 20260101")


def _known(word: str, domain: Domain) -> str:
    """Name what was probably meant, else the values there are; and where a new one goes."""
    if word in ("true", "false"):
        return YES_AND_NO
    where = "normen.toml" if domain.name == NORM_DOMAIN else f"domeinen.toml, under [{domain.name}.waarden]"
    if nearest(word, domain.values):
        return nearest_or_new(word, domain.values, where)
    return f"the values are {', '.join(domain.values[:12])}; a new one is declared in {where}"


def _is_date(value: Value) -> bool:
    if not isinstance(value, int) or len(str(value)) != 8:
        return False
    try:
        date(value // 10000, value // 100 % 100, value % 100)
    except ValueError:
        return False
    return True


def _atoms(draft: Draft) -> Iterator[Atom]:
    for fact in draft.facts:
        yield fact.atom
    for rule in draft.rules:
        yield rule.head
        yield from (literal.atom for literal in rule.body if isinstance(literal, Positive | Negated))
        yield from (one.condition for one in references_of(rule) if one.condition is not None)
