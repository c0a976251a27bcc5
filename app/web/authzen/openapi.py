"""The routes of AuthZEN described as OpenAPI 3.1, in Dutch: a document of its own, for a base path of its own.

Goes in: the desk (its mapping and models) and the version. Comes out: the document as a dictionary.
Must not know: requests, or how anything is decided.

What a casus and an advice look like is taken from the description of /v1, where it is said already.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from app.lang.authzen_mapping import AuthzenMapping, Entity
from app.web import openapi_responses
from app.web.authzen import examples
from app.web.authzen.answers import LANGUAGE, OF_FLOW
from app.web.authzen.asking import FLOWS
from app.web.authzen.batch import SEMANTICS
from app.web.authzen.desk import AuthzenDesk
from app.web.authzen.examples import Pair
from app.web.desk import MAX_SERIES
from app.web.openapi import document as advice_document
from app.web.openapi_access import secured
from app.web.openapi_examples import Example
from app.web.schemas import REF, Schema
from app.web.wire import PROPOSALS
from app.web.words import words_of

_JSON: Final = "application/json"
_ASKED: Final = (400, 401, 403, 404, 406, 408, 413, 415, 429, 500, 503)
_TEXT: Final[Schema] = {"type": "string"}
_REQUEST_ID: Final[Schema] = {
    "name": "X-Request-ID",
    "in": "header",
    "required": False,
    "description": "Uw eigen naam voor dit verzoek; het antwoord herhaalt die, tot 200 tekens.",
    "schema": _TEXT,
}


def document(authzen: AuthzenDesk, version: str, shown: tuple[Example, ...] = (), restricted: bool = False) -> Schema:
    """Write the whole description, with examples; `restricted`: whether callers must show who they are."""
    advice = advice_document(authzen.desk, version, ())
    schemas = _schemas(authzen.mapping, advice["components"]["schemas"])
    paths = _paths(authzen, shown)
    answers = openapi_responses.components(paths, _ref("Probleem"), version)
    about = "Deze dienst als Policy Decision Point van OpenID AuthZEN 1.0, met het NLGov-profiel. Een nee is een 200."
    return {
        "openapi": "3.1.0",
        "info": {**advice["info"], "title": "Deelwijzer AuthZEN", "description": about},
        "servers": [{"url": "/access/v1", "description": "Deze dienst, AuthZEN versie 1"}],
        "tags": [{"name": "authzen", "description": "Mag dit? En wie, wat of waarvoor mag?"}],
        "paths": secured(paths, restricted),
        "components": {**advice["components"], "schemas": schemas, **answers},
    }


def _own_document() -> Schema:
    """Describe the answers of the route that gives this document."""
    content = {_JSON: {"schema": {"type": "object"}}}
    found = openapi_responses.responses("Dit document.", content, (400, 404, 406, 429, 500), more=("ETag",))
    return dict(sorted({**found, "304": openapi_responses.not_modified()}.items()))


def _paths(authzen: AuthzenDesk, shown: tuple[Example, ...]) -> Schema:
    who, what, why = (examples.search(authzen, shown, name) for name in ("subject", "resource", "action"))
    one, more = examples.evaluation(authzen, shown), examples.evaluations(authzen, shown)
    return {
        "/evaluation": _post("evalueer", "Vraag of iets mag", "Evaluatie", "Besluit", one),
        "/evaluations": _post("evalueerMeer", "Vraag van meer of het mag", "Evaluaties", "EenOfMeer", more),
        "/search/subject": _post("zoekSubject", "Zoek wie het mag krijgen", "ZoekSubject", "SubjectResultaten", who),
        "/search/resource": _post("zoekResource", "Zoek wat mag", "ZoekResource", "ResourceResultaten", what),
        "/search/action": _post("zoekAction", "Zoek waarvoor het mag", "ZoekAction", "ActionResultaten", why),
        "/openapi.json": {
            "get": {
                "tags": ["authzen"],
                "operationId": "leesAuthzenOpenapi",
                "summary": "Lees deze beschrijving",
                "description": "Dit document.",
                "parameters": [],
                "responses": _own_document(),
            }
        },
    }


def _post(identity: str, summary: str, body: str, answer: str, shown: Pair) -> Schema:
    asked, answered = ({"examples": one} if one else {} for one in shown)
    return {
        "post": {
            "tags": ["authzen"],
            "operationId": identity,
            "summary": summary,
            "description": (
                "Onbekende velden tellen niet mee, behalve in context.casus: daar zijn ze een fout. "
                "Een gegeven van de vraag buiten context.casus is ook een fout."
            ),
            "parameters": [_REQUEST_ID],
            "requestBody": {"required": True, "content": {_JSON: {"schema": _ref(body), **asked}}},
            "responses": _responses("Het antwoord.", _ref(answer), _ASKED, answered),
        }
    }


def _responses(description: str, schema: Schema, statuses: tuple[int, ...], answered: Schema | None = None) -> Schema:
    content = {_JSON: {"schema": schema, **(answered or {})}}
    return openapi_responses.responses(description, content, statuses)


def _schemas(mapping: AuthzenMapping, known: Schema) -> Schema:
    """Write the standard's own shapes, and add what they refer to."""
    subject, action, resource = (_entity(one, known) for one in mapping.entities)
    own = {
        "Subject": subject,
        "Action": action,
        "Resource": resource,
        "Context": _context(),
        "Casus": _casus(known),
        "CasusDeling": _flow(mapping, known),
        "Evaluatie": _object("Eén vraag of iets mag.", _asks("Subject", "Action", "Resource"), _ALL),
        "Evaluaties": _evaluations(),
        "Besluit": _object("Een besluit, met wat erachter zit.", _decision(known), ("decision",)),
        "EenOfMeer": {
            "description": "De besluiten; zonder evaluations is de aanroep zelf één vraag, met één besluit.",
            "anyOf": [_ref("Besluiten"), _ref("Besluit")],
        },
        "Besluiten": _object(
            "De besluiten, in volgorde.",
            {"evaluations": {**_list(_ref("Besluit")), "description": "Per vraag één."}},
            ("evaluations",),
        ),
    }
    for name, kind in (("Subject", subject), ("Resource", resource), ("Action", action)):
        found = {key: value for key, value in kind["properties"].items() if key != "properties"}
        own[f"Gevonden{name}"] = _object("Wat er gevonden is.", found, tuple(found))
        results = {
            "context": {"type": "object", "description": "Het id en de regels waarmee is beslist."},
            "results": {**_list(_ref(f"Gevonden{name}")), "description": "Wat mag, in vaste volgorde."},
        }
        own[f"{name}Resultaten"] = _object("Alles wat mag, in vaste volgorde, op één bladzijde.", results, ("results",))
    searched = [_searched(one) for one in (subject, resource)]
    own["ZoekSubject"] = _object("Wie mag dit krijgen?", _asks(searched[0], "Action", "Resource"), _ALL)
    own["ZoekResource"] = _object("Wat mag deze krijgen?", _asks("Subject", "Action", searched[1]), _ALL)
    pair = {key: value for key, value in _asks("Subject", "Action", "Resource").items() if key != "action"}
    own["ZoekAction"] = _object("Waarvoor mag deze dit krijgen?", pair, ("subject", "resource"))
    return _with_references(own, known)


_ALL: Final = ("subject", "action", "resource")
_OF_ALL: Final = {
    "subject": "Wie het krijgt.",
    "action": "Waarvoor.",
    "resource": "Wat.",
    "context": "De omstandigheden.",
}


def _asks(subject: str | Schema, action: str, resource: str | Schema) -> Schema:
    parts = zip(_ALL, (subject, action, resource), strict=True)
    named = {name: _ref(part) if isinstance(part, str) else part for name, part in parts}
    return {**named, "context": {**_optional(_ref("Context")), "description": "De omstandigheden."}}


def _entity(entity: Entity, known: Schema) -> Schema:
    """Describe an entity: any text is taken, the words it knows are shown."""
    key = _filling(entity.field, known)
    kind = {**_TEXT, "examples": [entity.type], "description": "Wat voor iets dit is; er is er één."}
    own: Schema = {} if entity.type is None else {"type": kind}
    own[entity.key] = key
    shown = {name: _filling(path, known) for name, path in entity.properties.items()}
    always = known[FLOWS.capitalize()].get("required", ())
    needed = tuple(name for name, path in entity.properties.items() if _last(path) in always)
    required = (*own, "properties") if needed else tuple(own)
    properties = _object("Wat er nog meer van bekend is.", shown, needed)
    own["properties"] = properties if needed else {**_optional(properties), "description": properties["description"]}
    return _object(f"De {entity.name} van AuthZEN.", own, required)


def _searched(entity: Schema) -> Schema:
    """Describe an entity that is searched: whatever stands at its id is ignored."""
    ignored = {"id": {"description": "Telt hier niet mee."}}
    needed = [name for name in entity["required"] if name != "id"]
    return {**entity, "properties": {**entity["properties"], **ignored}, "required": needed}


def _filling(path: str, known: Schema) -> Schema:
    """Describe a place that fills a field; of a choice any text is taken, and the words it knows are examples."""
    field: Schema = _flow_properties(known).get(_last(path), {}) if path.startswith(PROPOSALS) else {}
    words = words_of(field, known)
    shown: Schema = {"description": f"Vult {path} van de vraag."}
    return {**shown, **_TEXT, "examples": words} if words else shown


def _context() -> Schema:
    return _object(
        "De omstandigheden.",
        {
            "casus": {**_optional(_ref("Casus")), "description": "Wat u van de jongere weet."},
            "time": {**_optional({**_TEXT, "format": "date-time"}), "description": "De dag ervan is de peildatum."},
            "traceparent": {"description": "W3C Trace Context, als die niet in de koppen staat."},
        },
        (),
    )


def _evaluations() -> Schema:
    semantic = "Of alles beslist wordt (de eerste, zonder opgave), of tot het eerste nee of ja."
    options = {"evaluations_semantic": {**_optional({**_TEXT, "enum": list(SEMANTICS)}), "description": semantic}}
    one = {name: {"type": "object", "description": _OF_ALL[name]} for name in (*_ALL, "context")}
    each = _object("Eén vraag; wat ontbreekt volgt uit de aanroep.", one, ())
    about = "De vragen, in volgorde; zonder is de aanroep zelf één vraag."
    evaluations = {**_optional({**_list(each), "maxItems": MAX_SERIES}), "description": about}
    more = {
        "evaluations": evaluations,
        "options": {**_optional(_object("Hoe er beslist wordt.", options, ())), "description": "Hoe er beslist wordt."},
    }
    return _object("Meer vragen tegelijk, met wat ze delen.", {**one, **more}, ())


def _decision(known: Schema) -> Schema:
    flow = known["DelingAdvies"]["properties"]
    error = {
        "status": {"type": "integer", "description": "De HTTP-status die dit alleen zou krijgen."},
        "message": {**_TEXT, "description": "Wat er mis is, in gewone taal."},
        "fouten": {**_list(_ref("Fout")), "description": "Alle fouten in deze vraag."},
    }
    context = {
        "advies": {**_TEXT, "format": "uuid", "description": "Het id waaronder dit besluit is vastgelegd."},
        "peildatum": {**_TEXT, "format": "date", "description": "De dag waarvan het recht geldt."},
        "kenmerk": {**_TEXT, "description": "Uw eigen kenmerk, als u er een gaf."},
        "beleid": _ref("Beleid"),
        "reason": {**_TEXT, "description": "Waarom, in gewone taal."},
        "reason_user": _per_language("Waarom, voor wie het vraagt; ook in 'reason'."),
        "reason_admin": _per_language("Waarom, in codes en plaatsen, voor wie het vragende systeem beheert."),
        **{name: flow[name] for name in OF_FLOW},
        "onbekend": {**_list(_TEXT), "description": "Plaatsen met een woord dat deze dienst niet kent."},
        "error": _object("Waarom er niets beslist is.", error, ()),
    }
    decision = {"type": "boolean", "description": "Of het mag: true bij het oordeel toegestaan, en anders false."}
    return {"decision": decision, "context": _object("Wat erachter zit.", context, ())}


def _per_language(description: str) -> Schema:
    text = {**_TEXT, "description": "De tekst in het Nederlands."}
    return _object(description, {LANGUAGE: text}, (LANGUAGE,))


def _casus(known: Schema) -> Schema:
    casus = deepcopy(known["Vraag"])
    flows = {**_list(_ref("CasusDeling")), "minItems": 1, "maxItems": 1}
    casus["properties"][FLOWS] = {**_optional(flows), "description": "Wat u van deze deling nog meer weet."}
    return {**casus, "description": "Wat u van de jongere weet. Wat u niet zegt is onbekend."}


def _flow(mapping: AuthzenMapping, known: Schema) -> Schema:
    """Describe what may still be said of the flow: what the entities say of it is left out."""
    filled = {_last(path) for path in mapping.filled()}
    properties = {name: value for name, value in _flow_properties(known).items() if name not in filled}
    return {**_object("Wat u van deze deling nog meer weet.", properties, ()), "additionalProperties": False}


def _flow_properties(known: Schema) -> Schema:
    properties: Schema = known[FLOWS.capitalize()]["properties"]
    return properties


def _last(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")


def _with_references(own: Schema, known: Schema) -> Schema:
    """Add every shape of the other document that is referred to; what can be null there can be absent here."""
    todo: list[Any] = [own, _ref("Probleem")]
    found = dict(own)
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found[name] = _may_be_absent(known[name])
                todo.append(found[name])
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return found


def _may_be_absent(schema: Schema) -> Schema:
    properties = schema.get("properties", {})
    needed = [name for name in schema.get("required", ()) if {"type": "null"} not in properties[name].get("anyOf", ())]
    return {**schema, "required": needed} if "required" in schema else schema


def _object(description: str, properties: Schema, required: tuple[str, ...]) -> Schema:
    shown: Schema = {"type": "object", "description": description, "properties": properties}
    return {**shown, "required": list(required)} if required else shown


def _optional(schema: Schema) -> Schema:
    """A place where null is the same as nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _ref(model: str) -> Schema:
    return {"$ref": REF.format(model=model)}
