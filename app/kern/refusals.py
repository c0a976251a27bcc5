"""What the kern does not understand, as diagnostics with a place and help: never a wrong formula.

Goes in: a checked program. Comes out: diagnostics. Must not know: how a rule is ground.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.kern.shape import Shape, shape_of
from app.lang.ast import Atom, Comparison, Rule, Variable
from app.lang.diagnostics import Diagnostic
from app.lang.program import Program
from app.lang.sides import base
from app.lang.vocabulary import Predicate


class Refused(Exception):
    """A rule that has no formula, found while grounding it."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def refuse(program: Program) -> Iterator[Diagnostic]:
    """Yield what can be refused by reading the rules alone."""
    shape = shape_of(program)
    for rule in program.rules:
        yield from _several_flows(rule, program, shape)
        yield from _derived_numbers(rule, program)


def _several_flows(rule: Rule, program: Program, shape: Shape) -> Iterator[Diagnostic]:
    """A rule speaks of one flow: it names it wherever it reads something that rests on a flow."""
    flows: set[str] = set()
    for atom in _atoms(rule):
        name = base(atom.predicate)
        if name not in shape.of_flow:
            continue
        predicate = program.vocabulary.predicates[name]
        keys = [
            term
            for term, argument in zip(atom.arguments, predicate.arguments, strict=True)
            if argument.domain == shape.flow_key.domain
        ]
        entry = any(argument.domain in shape.entries for argument in predicate.arguments)
        flows.update(term.name for term in keys if isinstance(term, Variable))
        if not keys and not entry:
            message = f"`{name}` rests on a flow, and this rule does not say which"
            yield Diagnostic("kern", message, atom.span, f"give `{name}` an argument that names the flow")
    if len(flows) > 1:
        message = f"this rule speaks of more than one flow: {', '.join(sorted(flows))}"
        yield Diagnostic("kern", message, rule.head.span, "every flow is judged on its own; name one flow in a rule")


def _derived_numbers(rule: Rule, program: Program) -> Iterator[Diagnostic]:
    """A number that rules may give is computed from facts that are never unknown."""
    head = program.vocabulary.predicates[rule.head.predicate]
    if head.kind != "invoer" or _is_choice(head, program):
        return
    for atom in _atoms(rule):
        predicate = program.vocabulary.predicates[base(atom.predicate)]
        if predicate.kind == "afgeleid" or predicate.kind == "uitkomst" or predicate.open:
            message = f"`{head.name}` is computed from `{predicate.name}`, which may be unknown"
            yield Diagnostic("kern", message, atom.span, "compute a number from closed facts and tables only")


def _is_choice(predicate: Predicate, program: Program) -> bool:
    return program.vocabulary.domain_of(predicate.name, len(predicate.arguments) - 1).kind == "keuze"


def _atoms(rule: Rule) -> Iterator[Atom]:
    for literal in rule.body:
        if not isinstance(literal, Comparison):
            yield literal.atom
