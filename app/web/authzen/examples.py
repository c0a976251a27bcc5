"""The examples in the description of AuthZEN: the same questions as in that of /v1, in the words of the mapping.

Goes in: examples of questions, and the desk. Comes out: requests and answers as OpenAPI has them.
Must not know: what any field means, or how anything is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from app.lang.authzen_mapping import AuthzenMapping, Entity, EntityName
from app.web.authzen import paths
from app.web.authzen.answers import answer
from app.web.authzen.asking import FLOWS
from app.web.authzen.body import CASUS
from app.web.authzen.desk import AuthzenDesk
from app.web.openapi_examples import FIXED_ID, Example, Shown, fixed
from app.web.problems import Problem

Body = dict[str, Any]
Pair = tuple[Shown, Shown]
"""The examples of a request, and those of its answer."""
_CONTEXT, _CASUS = CASUS.split(".")
NOTHING: Final[Pair] = ({}, {})


def evaluation(desk: AuthzenDesk, examples: tuple[Example, ...]) -> Pair:
    """Show the first question as an evaluation, with its decision."""
    return _shown(desk, examples, None)


def search(desk: AuthzenDesk, examples: tuple[Example, ...], searched: EntityName) -> Pair:
    """Show the first question as a search for one of its entities."""
    return _shown(desk, examples, searched)


def evaluations(desk: AuthzenDesk, examples: tuple[Example, ...]) -> Pair:
    """Show the first question as two evaluations, the second about another resource."""
    for one in examples[:1]:
        body = request_of(desk.mapping, one.question)
        other = next((word for word in _words(desk) if word != body["resource"]["id"]), None)
        both = [{}, {"resource": {**body["resource"], "id": other}}]
        try:
            decided = [_decided(desk, {**body, **each}, None) for each in both]
        except Problem:
            break
        name = f"{one.name}-twee"
        asked = {"summary": f"{one.title} En nog een gegeven.", "value": {**body, "evaluations": both}}
        return {name: asked}, {name: {"summary": "Twee besluiten", "value": {"evaluations": decided}}}
    return NOTHING


def request_of(mapping: AuthzenMapping, question: Mapping[str, Any], searched: EntityName | None = None) -> Body:
    """Write a question about its first flow as a request: the inverse of what is done with one that comes in."""
    casus = deepcopy(dict(question))
    casus[FLOWS] = casus[FLOWS][:1]
    body: Body = {entity.name: _entity(entity, casus, searched) for entity in mapping.entities}
    for path in mapping.filled():
        paths.drop(casus, path)
    return {**{name: one for name, one in body.items() if one}, _CONTEXT: {_CASUS: casus}}


def _entity(entity: Entity, casus: dict[str, Any], searched: EntityName | None) -> Body:
    said: Body = {} if entity.type is None else {"type": entity.type}
    if entity.name != searched:
        said[entity.key] = _first(paths.find(casus, entity.field))
    properties = {name: _first(paths.find(casus, path)) for name, path in entity.properties.items()}
    known = {name: value for name, value in properties.items() if value is not None}
    return {**said, "properties": known} if known else said


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _words(desk: AuthzenDesk) -> tuple[str, ...]:
    vocabulary = desk.desk.reader.vocabulary
    field = next(one for one in vocabulary.fields if one.path == desk.mapping.resource.field)
    domain = vocabulary.domain_of_field(field)
    return domain.values if domain is not None else ()


def _shown(desk: AuthzenDesk, examples: tuple[Example, ...], searched: EntityName | None) -> Pair:
    for one in examples[:1]:
        body = request_of(desk.mapping, one.question, searched)
        try:
            decided = _decided(desk, body, searched)
        except Problem:
            break
        return {one.name: one.shown(body)}, {one.name: {"summary": one.title, "value": decided}}
    return NOTHING


def _decided(desk: AuthzenDesk, body: Body, searched: EntityName | None) -> Shown:
    asked = desk.read(body, searched)
    told = answer(asked, None if asked.strange else desk.desk.decide(asked.casus), FIXED_ID)
    return {**told, _CONTEXT: fixed(told[_CONTEXT])}
