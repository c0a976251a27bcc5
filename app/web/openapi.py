"""The service described as OpenAPI 3.1, in Dutch, with examples taken from the scenarios.

Goes in: the desk (its models), the version, examples. Comes out: the document as a dictionary.
Must not know: requests, or how anything is decided.

Written out rather than generated from the handlers: they read raw JSON, and this text is the contract
(NLGov API Design Rules 2.2). A test holds its paths to the routes, and answers to its schemas.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter

from app.advice.advies import Advies
from app.web import openapi_access, openapi_examples, openapi_log, openapi_queries, openapi_responses
from app.web.answer_shapes import describe
from app.web.desk import MAX_SERIES, Desk
from app.web.extras import TRIAL, VALUES
from app.web.openapi_examples import Example
from app.web.plain_schema import PlainSchema
from app.web.schemas import OWN_SCHEMAS, REF, Schema
from app.web.words import name_words

_JSON: Final = "application/json"
_ASKED: Final = (400, 401, 403, 406, 408, 413, 415, 429, 500, 503)
"""What may happen to a question besides being answered."""
_EXTRAS: Final = {
    "uitleg": "Met 'volledig' staat bij elk advies de hele afleiding.",
    "kantelpunten": "Met 'ja' staan bij elk advies de velden waarvan een andere waarde het oordeel verandert.",
    "stromen": "Met 'ja' staan ook naast adviezen over delingen alle stromen die mogen of kunnen.",
    TRIAL: "Met 'ja' is dit een proef: hetzelfde antwoord, maar voorlopig en zonder id. Er wordt niets van vastgelegd.",
}
"""Per parameter of a question what it asks."""
_KEPT: Final = ("Content-Location",)
"""The header of an advice that can be read again."""


def document(desk: Desk, version: str, examples: tuple[Example, ...], restricted: bool = False) -> dict[str, Any]:
    """Write the whole description; `restricted`: whether callers must show who they are."""
    paths = _paths(desk, examples)
    problem = {"$ref": REF.format(model="Probleem")}
    return {
        "openapi": "3.1.0",
        "info": _info(version),
        "servers": [{"url": "/v1", "description": "Deze dienst, versie 1"}],
        "tags": [
            {"name": "advies", "description": "Mag dit, en waarom?"},
            {"name": "beleid", "description": "De regels en de woorden"},
            {"name": "log", "description": "Adviezen die gegeven zijn"},
        ],
        "paths": openapi_access.secured(paths, restricted),
        "components": {
            "schemas": _schemas(desk),
            **openapi_responses.components(paths, problem, version),
            "securitySchemes": openapi_access.SCHEMES,
        },
    }


def _info(version: str) -> dict[str, Any]:
    return {
        "title": "Deelwijzer",
        "version": version,
        "description": (
            "Advies over het delen van persoonsgegevens van jongeren die van school naar werk gaan: of het mag, "
            "op welke grondslag, wat er nog ontbreekt en tot wanneer. Wat u niet meegeeft is onbekend, nooit 'nee'. "
            "Stuur nooit een naam of een burgerservicenummer."
        ),
        "contact": {
            "name": "Team Deelwijzer",
            "url": "https://deelwijzer.example/issues",
            "email": "deelwijzer@deelwijzer.example",
        },
        "license": {"name": "EUPL-1.2", "url": "https://spdx.org/licenses/EUPL-1.2.html"},
    }


def _paths(desk: Desk, examples: tuple[Example, ...]) -> dict[str, Any]:
    extras = [_parameter(name, _EXTRAS[name], {"enum": [value]}) for name, value in VALUES.items()]
    ask = {
        "tags": ["advies"],
        "operationId": "geefAdvies",
        "summary": "Vraag een advies",
        "description": "Met delingen: een oordeel per gegeven. Zonder delingen: alle stromen die mogen of kunnen.",
        "parameters": extras,
        "requestBody": _body("Vraag", openapi_examples.asked(examples)),
        "responses": _responses("Het advies.", "Advies", _ASKED, openapi_examples.answered(desk, examples), _KEPT),
    }
    series = {
        "tags": ["advies"],
        "operationId": "geefAdviezen",
        "summary": "Vraag een reeks adviezen",
        "description": f"Hooguit {MAX_SERIES} vragen; de antwoorden staan in dezelfde volgorde.",
        "parameters": extras,
        "requestBody": _body("Reeks", openapi_examples.series_asked(examples)),
        "responses": _responses(
            "De adviezen, in volgorde.", "ReeksAntwoord", _ASKED, openapi_examples.series_answered(desk, examples)
        ),
    }
    vocabulary = desk.reader.vocabulary
    asked = {one.name: one.shown(openapi_queries.example_body(vocabulary, one.question)) for one in examples[:1]}
    query = {
        **openapi_queries.OPERATION,
        "requestBody": _body(openapi_queries.BODY, asked),
        "responses": _responses("De antwoorden.", openapi_queries.ANSWERS, openapi_queries.STATUSES),
    }
    return {
        "/advies": {"post": ask},
        "/advies/reeks": {"post": series},
        **_log_paths(),
        "/vragen": {"post": query},
        **_law_paths(),
    }


def _law_paths() -> dict[str, Any]:
    peildatum = _parameter("peildatum", "De dag waarvan het recht geldt; zonder opgave vandaag.", {"format": "date"})
    code = _parameter("norm", "De code van een norm, zoals VSV-1.", {"maxLength": 100})
    norm = {**code, "in": "path", "required": True}
    all_law = "Alle regels die op een dag gelden."
    labels = "De velden van een vraag, en alle woorden van vragen en antwoorden met hun label."
    choices = "De keuzes die zijn gemaakt waar de bronnen verschillen of zwijgen."
    cases = "De casussen uit het servicedocument, met het oordeel dat de regels moeten geven."
    return {
        "/beleid": {"get": _read("leesBeleid", "Lees het beleid", all_law, [peildatum], "BeleidOverzicht")},
        "/beleid/{norm}": {
            "get": _read("leesNorm", "Lees één norm", "De regels van één norm.", [norm, peildatum], "Norm", 404)
        },
        "/beleid/_herlaad": {"post": _reload()},
        "/woorden": {"get": _read("leesWoorden", "Lees de woorden", labels, [], "Woorden")},
        "/interpretaties": {
            "get": _read("leesInterpretaties", "Lees de interpretaties", choices, [], "Interpretaties")
        },
        "/scenarios": {"get": _read("leesScenarios", "Lees de casussen", cases, [], "Scenarios")},
        "/openapi.json": {"get": _read("leesOpenapi", "Lees deze beschrijving", "Dit document.", [], None)},
    }


def _reload() -> Schema:
    about = (
        "Voor de beheerder. Controleert het beleid in de bestanden van de dienst, met beide engines en alle "
        "scenario's, en vraagt elk proces om het over te nemen. Stuur een leeg object."
    )
    empty = {"schema": {"type": "object", "additionalProperties": False}, "examples": {"leeg": {"value": {}}}}
    return {
        "tags": ["beleid"],
        "operationId": "herlaadBeleid",
        "summary": "Vervang het beleid",
        "description": about,
        "parameters": [],
        "requestBody": {"required": True, "content": {_JSON: empty}},
        "responses": _responses("Goedgekeurd en gevraagd.", "Gevraagd", (404, 409, *_ASKED)),
    }


def _log_paths() -> dict[str, Any]:
    search = {
        **openapi_log.SEARCH_OPERATION,
        "requestBody": _body(openapi_log.SEARCH, openapi_examples.SEARCH),
        "responses": _responses(
            "Wat er gevonden is.", openapi_log.FOUND, openapi_log.SEARCH_STATUSES, openapi_examples.FOUND
        ),
    }
    given = {
        "tags": ["log"],
        "operationId": "leesAdvies",
        "summary": "Lees een advies dat gegeven is",
        "description": "Precies zoals het gegeven is, en alleen aan wie het kreeg.",
        "parameters": [openapi_log.IDENTIFIER],
        "responses": _responses("Het advies.", "Advies", openapi_log.ONE_STATUSES),
    }
    return {"/adviezen/_zoek": {"post": search}, "/adviezen/{id}": {"get": given}}


def _read(
    identity: str, summary: str, description: str, parameters: list[Schema], answer: str | None, *more: int
) -> Schema:
    responses = _responses(description, answer, (400, 406, 429, 500, *more), more=("ETag",))
    responses["304"] = openapi_responses.not_modified()
    return {
        "tags": ["beleid"],
        "operationId": identity,
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": dict(sorted(responses.items())),
    }


def _parameter(name: str, description: str, schema: Schema) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _body(model: str, examples: Schema) -> Schema:
    content: Schema = {"schema": {"$ref": REF.format(model=model)}}
    if examples:
        content["examples"] = examples
    return {"required": True, "content": {_JSON: content}}


def _responses(
    description: str,
    model: str | None,
    statuses: tuple[int, ...],
    examples: Schema | None = None,
    more: tuple[str, ...] = (),
) -> Schema:
    content: Schema = {"schema": {"$ref": REF.format(model=model)} if model else {"type": "object"}}
    if examples:
        content["examples"] = examples
    return openapi_responses.responses(description, {_JSON: content}, statuses, more)


def _schemas(desk: Desk) -> Schema:
    question = desk.reader.model.model_json_schema(ref_template=REF, schema_generator=PlainSchema)
    answer = TypeAdapter(Advies).json_schema(ref_template=REF, schema_generator=PlainSchema, mode="serialization")
    schemas: Schema = {}
    answers = openapi_queries.answers_schema(REF)
    for name, schema in (("Vraag", question), ("Advies", answer), (openapi_queries.ANSWERS, answers)):
        schemas.update(schema.pop("$defs", {}))
        schemas[name] = schema
    for schema in schemas.values():
        schema.pop("title", None)  # the name of a Python class; generators would prefer it to the name of the type
    describe(schemas, desk.reader.vocabulary, answer_types=_names_of([answer, answers], schemas))
    body = openapi_queries.body_schema(REF.format(model="Vraag"))
    schemas = {**schemas, openapi_queries.BODY: body, **OWN_SCHEMAS, **openapi_log.SCHEMAS}
    name_words(schemas, desk.reader.vocabulary)
    return schemas


def _names_of(answers: list[Schema], schemas: Schema) -> set[str]:
    """Name every type that answers are made of, by following their references."""
    found: set[str] = set()
    todo: list[Any] = [*answers]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                todo.append(schemas[name])
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return found | {"Advies", openapi_queries.ANSWERS}
