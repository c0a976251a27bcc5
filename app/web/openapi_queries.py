"""The part of the OpenAPI document about developers' queries.

Goes in: the vocabulary and an example. Comes out: what the document says of `POST /vragen`.
Must not know: the rest of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from app.advice import contract
from app.advice.queries import Antwoorden
from app.lang.parser import LONGEST_QUERY
from app.lang.vocabulary import Vocabulary
from app.web.plain_schema import PlainSchema
from app.web.queries import CASUS, QUERY

ANSWERS: Final = "VragenAntwoord"
"""No type is called as its own list is: a generator of clients (openapi-python-client) mixes the two up."""
BODY: Final = "Vragen"
STATUSES: Final = (400, 401, 403, 406, 408, 413, 415, 429, 500, 503)
OPERATION: Final[dict[str, Any]] = {
    "tags": ["advies"],
    "operationId": "beantwoordVraag",
    "summary": "Stel een vraag met variabelen",
    "description": (
        "Voor ontwikkelaars. Elk antwoord is zeker of mogelijk en heeft zijn afleiding. Zonder delingen gaat de vraag "
        "over de stromen die mogen of kunnen. Een vraag die te veel tijd kost wordt gestopt (503)."
    ),
    "parameters": [],
}


def example_query(vocabulary: Vocabulary) -> str:
    """Write a query that asks for every flow, from the vocabulary's own words.

    The names of the arguments are names of variables.
    """
    arguments = (argument.name for argument in vocabulary.predicates[contract.STROOM].arguments)
    return f"{contract.STROOM}({', '.join(arguments)})"


def example_body(vocabulary: Vocabulary, casus: Mapping[str, Any]) -> dict[str, Any]:
    """Make a request body that asks the example query about a casus."""
    return {CASUS: dict(casus), QUERY: example_query(vocabulary)}


def body_schema(reference: str) -> dict[str, Any]:
    """Describe the request body; `reference` leads to the schema of a casus."""
    text = {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY, "description": "Voorwaarden in de regeltaal."}
    return {
        "type": "object",
        "description": "Een casus en een vraag erover.",
        "properties": {CASUS: {"$ref": reference}, QUERY: text},
        "required": [CASUS, QUERY],
        "additionalProperties": False,
    }


def answers_schema(ref_template: str) -> dict[str, Any]:
    """Describe the answers."""
    return TypeAdapter(Antwoorden).json_schema(
        ref_template=ref_template, schema_generator=PlainSchema, mode="serialization"
    )
