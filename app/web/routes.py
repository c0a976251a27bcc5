"""The routes: each reads a request, asks the desk or the policies, and writes what they say.

Goes in: a `Desk`, the policies and the version. Comes out: the ASGI application.
Must not know: how a question is checked or decided. A new resource is one handler and its line in `service`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, Final

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.advice import dates
from app.web.desk import Desk
from app.web.envelope import Envelope, problem_response
from app.web.openapi import Example, document
from app.web.policy_view import Book, norm_view, policy_view
from app.web.problems import Fout, Problem, bad_question
from app.web.queries import QueryDesk
from app.web.question import today
from app.web.reading import JSON, QUESTION_LIMIT, SERIES_LIMIT, check_accept, check_parameters, read_json
from app.web.wire import real_date

Handler = Callable[[Request], Awaitable[Response]]
_NOT_FOUND: Final = "Dit adres bestaat niet. Een adres eindigt nooit op een schuine streep."
_METHOD: Final = "Deze methode kan hier niet; zie de kop Allow."


class Routes:
    """The handlers, with what they answer from."""

    def __init__(self, desk: Desk, queries: QueryDesk, book: Book, version: str, examples: tuple[Example, ...]) -> None:
        self._desk = desk
        self._queries = queries
        self._book = book
        self._version = version
        self._examples = examples

    async def advies(self, request: Request) -> Response:
        """Answer one question."""
        check_accept(request)
        check_parameters(request, ("uitleg",))
        explain = _explain(request)
        return _json(self._desk.answer(await read_json(request, QUESTION_LIMIT), explain))

    async def reeks(self, request: Request) -> Response:
        """Answer a series of questions, in order, letting other requests pass between two of them."""
        check_accept(request)
        check_parameters(request, ("uitleg",))
        explain = _explain(request)
        cases = self._desk.series(await read_json(request, SERIES_LIMIT))
        results = []
        for result in self._desk.answer_series(cases, explain):
            results.append(to_json(result))
            await asyncio.sleep(0)
        return Response(b'{"resultaten":[' + b",".join(results) + b"]}", media_type=JSON)

    async def vragen(self, request: Request) -> Response:
        """Answer a developer's query, in a thread: it waits for another process."""
        check_accept(request)
        check_parameters(request, ())
        raw = await read_json(request, QUESTION_LIMIT)
        return await run_in_threadpool(lambda: _json(self._queries.answer(raw)))

    async def beleid(self, request: Request) -> Response:
        """Show the law in force."""
        return _json(policy_view(self._book, self._peildatum(request)))

    async def norm(self, request: Request) -> Response:
        """Show one norm."""
        found = norm_view(self._book, request.path_params["norm"], self._peildatum(request))
        if found is None:
            raise Problem(404, "Deze norm is er niet op deze peildatum. GET /v1/beleid noemt alle normen.")
        return _json(found)

    async def openapi(self, request: Request) -> Response:
        """Describe the service; anyone may read that, from any page."""
        check_accept(request)
        return Response(self._description, media_type=JSON, headers={"access-control-allow-origin": "*"})

    async def pointer(self, request: Request) -> Response:
        """Say where to look."""
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(_POINTER_PAGE)
        check_accept(request)
        return _json({"naam": "Deelwijzer", "versie": self._version, **_POINTERS})

    @cached_property
    def _description(self) -> bytes:
        return to_json(document(self._desk, self._version, self._examples), indent=2)

    def _peildatum(self, request: Request) -> int:
        check_accept(request)
        check_parameters(request, ("peildatum",))
        given = request.query_params.get("peildatum")
        if given is None:
            return today()
        if not real_date(given):
            raise bad_question((Fout("peildatum", "Dit is geen bestaande datum.", "Een datum als JJJJ-MM-DD."),))
        return dates.number(given)


def service(desk: Desk, queries: QueryDesk, book: Book, version: str, examples: tuple[Example, ...] = ()) -> FastAPI:
    """Make the ASGI application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        queries.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan)
    routes = Routes(desk, queries, book, version, examples)
    app.add_route("/", routes.pointer, methods=["GET"])
    for prefix in ("", "/v1"):
        app.add_route(f"{prefix}/advies", routes.advies, methods=["POST"])
    app.add_route("/v1/advies/reeks", routes.reeks, methods=["POST"])
    app.add_route("/v1/vragen", routes.vragen, methods=["POST"])
    app.add_route("/v1/beleid", routes.beleid, methods=["GET"])
    app.add_route("/v1/beleid/{norm}", routes.norm, methods=["GET"])
    app.add_route("/v1/openapi.json", routes.openapi, methods=["GET"])
    app.add_exception_handler(Problem, _show_problem)
    app.add_exception_handler(HTTPException, _show_http_exception)
    app.add_middleware(Envelope, version=version)
    return app


async def _show_problem(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)
    return problem_response(fault)


async def _show_http_exception(_: Request, fault: Exception) -> Response:
    """Turn what Starlette raises (404, 405) into a problem; its own words are not shown."""
    assert isinstance(fault, HTTPException)
    details = {404: _NOT_FOUND, 405: _METHOD}
    detail = details.get(fault.status_code, "Het verzoek is niet gelukt.")
    return problem_response(Problem(fault.status_code, detail, headers=fault.headers or {}))


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type=JSON)


def _explain(request: Request) -> bool:
    """Read `?uitleg=volledig`."""
    given = request.query_params.get("uitleg") if request.scope["query_string"] else None
    if given not in (None, "volledig"):
        raise bad_question((Fout("uitleg", "Deze waarde bestaat niet.", "volledig, of niets."),))
    return given is not None


_POINTERS: Final = {
    "vraag": "POST /v1/advies",
    "reeks": "POST /v1/advies/reeks",
    "vragen": "POST /v1/vragen",
    "beleid": "/v1/beleid",
    "openapi": "/v1/openapi.json",
}
_POINTER_PAGE: Final = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Deelwijzer</title></head>
<body><h1>Deelwijzer</h1>
<p>Mag ik dit gegeven delen, en waarom? Stel de vraag met <code>POST /v1/advies</code>.</p>
<ul><li><a href="/v1/openapi.json">Beschrijving van de API (OpenAPI)</a></li>
<li><a href="/v1/beleid">De regels die gelden</a></li></ul></body></html>
"""
