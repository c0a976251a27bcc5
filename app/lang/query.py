"""Developers' questions: literals over a program, checked as a rule's body is.

Goes in: text from outside and a program. Comes out: a `Query` that an engine may run, or all faults.
Must not know: how a query is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from app.lang.ast import Atom, Comparison, Literal, Positive, Rule
from app.lang.checks import CONDITION_CHECKS, Check
from app.lang.diagnostics import Diagnostic, Diagnostics, in_order
from app.lang.draft import Draft, make_draft, name_span
from app.lang.ordering import literal_variables, rule_variables
from app.lang.parser import parse_query
from app.lang.printer import print_literal
from app.lang.program import Program
from app.lang.sides import split_side
from app.lang.strata import body_atoms

NAME: Final = "vraag"
MOST_CONDITIONS: Final = 20
"""More conditions than this is no question of a person, and only makes work."""


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query. `variables`: in order of first appearance. `text`: the conditions as understood."""

    literals: tuple[Literal, ...]
    variables: tuple[str, ...]
    text: str


def read_query(text: str, program: Program) -> Query | Diagnostics:
    """Parse and check a query, and make it ready to be asked."""
    literals = check_query(text, program)
    if isinstance(literals, Diagnostics):
        return literals
    return Query(literals, rule_variables(_as_rule(literals)), " & ".join(map(print_literal, literals)))


def check_query(text: str, program: Program) -> tuple[Literal, ...] | Diagnostics:
    """Parse and check a query such as `stroom(C, 'school', Ontvanger, Gegeven, Doel, Grond)`."""
    literals = parse_query(text, NAME)
    if isinstance(literals, Diagnostics):
        return literals
    draft = replace(_known(program), rules=(_as_rule(literals),))
    if too_many := tuple(too_many_conditions(draft)):
        return Diagnostics(too_many)  # the other checks would look at every condition
    faults = [fault for one in QUERY_CHECKS for fault in one(draft)]
    faults = [fault for fault in faults if fault.span.file == NAME]
    return in_order(faults, (NAME,)) if faults else literals


def _as_rule(literals: tuple[Literal, ...]) -> Rule:
    # A head without arguments: whatever the body binds is the answer.
    return Rule(Atom(NAME, ()), literals)


@lru_cache(maxsize=8)
def _known(program: Program) -> Draft:
    """Analyse a program once for all its queries: above all, which numbers may be unknown."""
    return make_draft(program.vocabulary, {}, program.rules, (), whole=False)


def named_sides(draft: Draft) -> Iterator[Diagnostic]:
    """A query names no side: every answer says on which side it holds."""
    for rule in draft.rules:
        for atom in body_atoms(rule):
            side, name = split_side(atom.predicate)
            if side is not None:
                help_line = f"write `{name}`: each answer says whether it is certain or possible"
                yield Diagnostic("side", "a query names no side", name_span(atom), help_line)


def empty_questions(draft: Draft) -> Iterator[Diagnostic]:
    """A query asks for something that holds; a comparison in it is about something."""
    for rule in draft.rules:
        if not any(isinstance(literal, Positive) for literal in rule.body):
            help_line = "ask for at least one thing that must hold: `taak(C, Partij, Taak, Aard)`"
            yield Diagnostic("empty", "this query asks for nothing that holds", rule.body[0].span, help_line)
        for literal in rule.body:
            if isinstance(literal, Comparison) and not any(literal_variables(literal)):
                message = "this comparison is about nothing in the query"
                yield Diagnostic("empty", message, literal.span, "compare a variable")


def too_many_conditions(draft: Draft) -> Iterator[Diagnostic]:
    """A query is short."""
    for rule in draft.rules:
        if len(rule.body) > MOST_CONDITIONS:
            message = f"more than {MOST_CONDITIONS} conditions in one query"
            yield Diagnostic("too-long", message, rule.body[MOST_CONDITIONS].span, "ask less at once")


QUERY_CHECKS: Final[tuple[Check, ...]] = (
    *CONDITION_CHECKS,
    named_sides,
    empty_questions,
)
