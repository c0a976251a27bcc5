"""The part of the OpenAPI documents about responses: the headers they carry, and the problems an operation can answer.

Goes in: the statuses of an operation. Comes out: its responses, and the components these refer to.
Must not know: what is asked or answered.

A problem is written once per status, as a component; an operation refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.web.problems import MEDIA_TYPE, Problem

Schema = dict[str, Any]
_EVERY: Final = (
    "API-Version",
    "Cache-Control",
    "Content-Security-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-ID",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Vary",
)
_OF_STATUS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    415: ("Accept", "Accept-Encoding"),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
_ABOUT: Final[Mapping[str, str]] = {
    "API-Version": "De volledige versie van deze API.",
    "Accept": "Het soort tekst dat wel kan.",
    "Accept-Encoding": "De compressie die wel kan: geen.",
    "Access-Control-Allow-Origin": "De herkomst die dit antwoord mag lezen; alleen bij een aanroep van een webpagina.",
    "Access-Control-Expose-Headers": "De koppen die die pagina mag lezen.",
    "Cache-Control": "Of het antwoord bewaard mag worden.",
    "Content-Location": "Waar dit advies later weer te lezen is.",
    "Content-Security-Policy": "Dit antwoord haalt niets op en past in geen andere pagina.",
    "ETag": "De naam van deze tekst. Stuur hem mee in If-None-Match: wie de tekst al heeft, krijgt een 304.",
    "Referrer-Policy": "Een browser stuurt dit adres niet door.",
    "Retry-After": "Over hoeveel seconden u het weer kunt vragen; ontbreekt waar wachten niet helpt.",
    "Strict-Transport-Security": "Vraag deze dienst alleen over TLS.",
    "Vary": "De koppen van de vraag waar dit antwoord van afhangt.",
    "WWW-Authenticate": "Hoe u zegt wie u bent, of welke bevoegdheid u mist.",
    "X-Content-Type-Options": "Het soort tekst staat vast.",
    "X-Frame-Options": "Dit antwoord past in geen andere pagina.",
    "X-Request-ID": "Uw eigen naam voor deze aanroep, als u die stuurde.",
}
_NO_PROBLEM: Final = ("200", "304")
OF_HTTP: Final = frozenset(
    {"connection", "content-length", "content-type", "date", "keep-alive", "server", "transfer-encoding"}
)
"""Headers of HTTP itself, which OpenAPI has another place for or none."""


def components(paths: Schema, problem: Schema, version: str) -> Schema:
    """Describe the problems that operations refer to, and every header that is carried; `problem`: its schema."""
    answers = [operation["responses"] for methods in paths.values() for operation in methods.values()]
    statuses = sorted({int(status) for one in answers for status in one if status not in _NO_PROBLEM})
    problems = {_name(status): _problem(status, problem) for status in statuses}
    good = (response for one in answers for status, response in one.items() if status in _NO_PROBLEM)
    carried = {name for response in (*problems.values(), *good) for name in response["headers"]}
    return {"responses": problems, "headers": {name: _header(name, version) for name in _ABOUT if name in carried}}


def _header(name: str, version: str) -> Schema:
    schema: Schema = {"type": "string"}
    if name == "API-Version":
        schema["examples"] = [version]
    return {
        "description": _ABOUT[name],
        "schema": {"type": "integer", "minimum": 1} if name == "Retry-After" else schema,
    }


def _problem(status: int, problem: Schema) -> Schema:
    return {
        "description": Problem(status, "").as_json()["title"],
        "headers": _carried(_OF_STATUS.get(status, ())),
        "content": {MEDIA_TYPE: {"schema": problem}},
    }


def responses(description: str, content: Schema, statuses: Iterable[int], more: tuple[str, ...] = ()) -> Schema:
    """Describe the responses of one operation: a good one, with `more` headers, and a problem per status."""
    good = {"description": description, "headers": _carried(more), "content": content}
    return {"200": good, **{str(one): {"$ref": f"#/components/responses/{_name(one)}"} for one in sorted(statuses)}}


def not_modified() -> Schema:
    """Describe the answer to who has the text already."""
    return {"description": "U hebt deze tekst al.", "headers": _carried(("ETag",))}


def _name(status: int) -> str:
    return f"Probleem{status}"


def _carried(more: tuple[str, ...]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*_EVERY, *more)}
