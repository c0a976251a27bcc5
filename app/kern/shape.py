"""What of a program speaks of the case as a whole, of one flow, or of one recorded entry about a flow.

Goes in: a checked program. Comes out: a `Shape`. Must not know: what any predicate means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.kern.terms import Key
from app.lang.ast import Comparison
from app.lang.program import Program
from app.lang.sides import base
from app.lang.vocabulary import Predicate
from app.record import record

FLOW: Final = "deling"
"""The input predicate that states a proposed flow: `deling(Casus, Deling, …signature)`."""


@record
class Shape:
    """How a program speaks of the things of a case.

    `case`: the key of the case. `flow`: the flow's predicate, None in a program without flows. `flow_key`: its key.
    `entries`: per entity domain the closed predicate that declares an entry about a flow. `of_flow`: the predicates
    that rest on a flow or an entry; all others are the same for every flow of a case.
    """

    case: Key
    flow: str | None
    flow_key: Key
    entries: Mapping[str, str]
    of_flow: frozenset[str]


def shape_of(program: Program) -> Shape:
    """Read the shape of a program from its vocabulary and rules."""
    vocabulary = program.vocabulary
    entity = {name for name, domain in vocabulary.domains.items() if domain.kind == "entiteit"}
    declaring = [one for one in vocabulary.predicates.values() if _declares_entry(one, entity)]
    flow = next((one for one in declaring if one.name == FLOW), None)
    flow_key = Key(flow.arguments[1].domain if flow else "")
    entries = {one.arguments[1].domain: one.name for one in declaring if one is not flow}
    inner = {flow_key.domain, *entries}
    of_flow = {
        one.name
        for one in vocabulary.predicates.values()
        if one.kind == "invoer" and any(argument.domain in inner for argument in one.arguments)
    }
    for layer in program.strata:
        for rule in program.rules:
            if rule.head.predicate in layer and any(
                not isinstance(literal, Comparison) and base(literal.atom.predicate) in of_flow for literal in rule.body
            ):
                of_flow.add(rule.head.predicate)
    return Shape(Key(_case_domain(program, inner)), flow.name if flow else None, flow_key, entries, frozenset(of_flow))


def _declares_entry(predicate: Predicate, entity: set[str]) -> bool:
    """Whether a predicate is closed input that gives a thing of the case a key of its own."""
    domains = [argument.domain for argument in predicate.arguments[:2]]
    return (
        predicate.kind == "invoer"
        and not predicate.open
        and len(domains) == 2
        and all(one in entity for one in domains)
    )


def _case_domain(program: Program, inner: set[str]) -> str:
    for predicate in program.vocabulary.predicates.values():
        if predicate.kind == "invoer" and predicate.arguments and predicate.arguments[0].domain not in inner:
            return predicate.arguments[0].domain
    return ""
