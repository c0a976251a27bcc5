"""The routes: each reads a request, asks the desk or the policies, and writes what they say.

Goes in: a `House`. Comes out: the ASGI application.
Must not know: how a question is checked, decided or recorded. A new resource is one handler and its line in `service`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.advice import dates
from app.advice.budget import Budget
from app.advice.casus import Casus
from app.log.entry import Stuk
from app.web.adviezen import AdviezenDesk
from app.web.authzen.routes import CONFIGURATION, AuthzenRoutes
from app.web.call import Call, Gate, Scope, call_of
from app.web.cors import Cors
from app.web.deciding import SERIES_BUDGETS, Deciding, Turns
from app.web.desk import our_fault
from app.web.envelope import Envelope, problem_response
from app.web.policy_view import norm_view, policy_view
from app.web.problems import Fout, Problem, bad_question, refuses
from app.web.queries import MOST_WAITING, QUERY_THREADS, busy
from app.web.question import today
from app.web.reading import JSON, check_accept, check_parameters, header, read_json
from app.web.recording import SEVERAL, Recorder, event_of, part_of
from app.web.request_id import RequestIds
from app.web.serving import Current, Serving
from app.web.sizes import QUESTION_LIMIT, SERIES_LIMIT, flows_in, flows_of_series
from app.web.wire import real_date
from app.web.words import words_view
from app.web.writing import text_of

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_NOT_FOUND: Final = "Dit adres bestaat niet. Een adres eindigt nooit op een schuine streep."
_METHOD: Final = "Deze methode kan hier niet; zie de kop Allow."


@dataclass(frozen=True, slots=True)
class House:
    """Everything that requests meet on their way: who lets them in, what answers, and what keeps the answer."""

    current: Current
    gate: Gate
    recorder: Recorder
    adviezen: AdviezenDesk
    version: str
    read_seconds: float
    origins: tuple[str, ...] = ()
    base_url: str = ""


class Routes:
    """The handlers, with what they answer from."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.deciding = Deciding()
        self._queries = Turns(QUERY_THREADS, MOST_WAITING)

    async def advies(self, request: Request) -> Response:
        """Answer one question."""
        check_accept(request)
        check_parameters(request, ("uitleg",))
        explain = _explain(request)
        call = await self._admit(request, "advies")
        serving = self._house.current.serving
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        casus = serving.desk.reader.read(raw, explain)
        self._house.gate.count(call.caller, flows_in(casus.data) - 1)
        event = event_of(casus)
        try:
            answer = await self.deciding.decide(serving.desk, casus, explain)
        except Exception as fault:
            if not refuses(fault):
                await self._house.recorder.keep(call, serving, event, [part_of(casus, explain)])
            raise
        body = text_of(answer)
        await self._house.recorder.keep(call, serving, event, [part_of(casus, explain, answer, body.decode())])
        return Response(body, media_type=JSON, headers=self._house.adviezen.address(answer.id))

    async def reeks(self, request: Request) -> Response:
        """Answer a series of questions, in order, letting other requests pass between two of them."""
        check_accept(request)
        check_parameters(request, ("uitleg",))
        explain = _explain(request)
        call = await self._admit(request, "advies")
        serving = self._house.current.serving
        raw = await read_json(request, SERIES_LIMIT, self._house.read_seconds)
        cases = serving.desk.series(await self.deciding.parsed(raw), explain)
        self._house.gate.count(call.caller, sum(max(1, flows) for flows in flows_of_series(cases, explain)) - 1)
        budget = Budget.of(serving.desk.seconds * SERIES_BUDGETS)
        results, parts = [], []
        for case in cases:
            result, part = await self._one_of_series(serving, case, explain, budget.part(serving.desk.seconds))
            results.append(result)
            if part is not None:
                parts.append(part)
            await asyncio.sleep(0)
        if parts:
            await self._house.recorder.keep(call, serving, SEVERAL, parts)
        return Response(b'{"resultaten":[' + b",".join(results) + b"]}", media_type=JSON)

    async def adviezen(self, request: Request) -> Response:
        """Give back an advice that was given."""
        check_accept(request)
        check_parameters(request, ())
        call = await self._admit(request, "log:lezen")
        found = await run_in_threadpool(self._house.adviezen.one, str(request.path_params["id"]), call.caller)
        return Response(found, media_type=JSON)

    async def zoek(self, request: Request) -> Response:
        """Search a caller's own advices."""
        check_accept(request)
        check_parameters(request, ())
        call = await self._admit(request, "log:lezen")
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        return _json(await run_in_threadpool(self._house.adviezen.search, raw, call.caller))

    async def vragen(self, request: Request) -> Response:
        """Answer a developer's query, in a thread: it waits for another process."""
        check_accept(request)
        check_parameters(request, ())
        await self._admit(request, "advies")
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        queries = self._house.current.serving.queries
        budget = queries.budget()
        return await self._queries.run(lambda: _json(queries.answer(raw, budget)), busy())

    async def beleid(self, request: Request) -> Response:
        """Show the law in force, to anyone: it is public."""
        self._house.gate.visit(request)
        return _json(policy_view(self._house.current.serving.book, self._peildatum(request)))

    async def norm(self, request: Request) -> Response:
        """Show one norm."""
        self._house.gate.visit(request)
        peildatum = self._peildatum(request)
        found = norm_view(self._house.current.serving.book, request.path_params["norm"], peildatum)
        if found is None:
            raise Problem(404, "Deze norm is er niet op deze peildatum. GET /v1/beleid noemt alle normen.")
        return _json(found)

    async def woorden(self, request: Request) -> Response:
        """Show the words of questions and answers with their labels, to anyone."""
        self._house.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        return _json(words_view(self._house.current.serving.book, today()))

    async def openapi(self, request: Request) -> Response:
        """Describe the service; anyone may read that, from any page."""
        check_accept(request)
        check_parameters(request, ())
        description = self._house.current.serving.description
        return Response(description, media_type=JSON, headers={"access-control-allow-origin": "*"})

    async def pointer(self, request: Request) -> Response:
        """Say where to look."""
        check_parameters(request, ())
        if "text/html" in (header(request, b"accept") or ""):
            return HTMLResponse(_POINTER_PAGE)
        check_accept(request)
        return _json({"naam": "Deelwijzer", "versie": self._house.version, **_POINTERS})

    async def _one_of_series(
        self, serving: Serving, case: Any, explain: bool, budget: Budget
    ) -> tuple[bytes, Stuk | None]:
        """Answer one question of a series; a bad one does not spoil the others, and one we fail on is recorded."""
        casus: Casus | None = None
        try:
            casus = serving.desk.one_of_series(case, explain)
            answer = await self.deciding.decide(serving.desk, casus, explain, budget)
        except Exception as fault:
            problem = fault if isinstance(fault, Problem) else our_fault(fault)
            part = None if casus is None or refuses(problem) else part_of(casus, explain)
            return to_json({"probleem": problem.as_json()}), part
        text = text_of(answer)
        return b'{"advies":' + text + b"}", part_of(casus, explain, answer, text.decode())

    async def _admit(self, request: Request, scope: Scope) -> Call:
        return call_of(request, await self._house.gate.admit(request, scope))

    def _peildatum(self, request: Request) -> int:
        check_accept(request)
        check_parameters(request, ("peildatum",))
        given = request.query_params.get("peildatum")
        if given is None:
            return today()
        if not real_date(given):
            raise bad_question((Fout("peildatum", "Dit is geen bestaande datum.", "Een datum als JJJJ-MM-DD."),))
        return dates.number(given)


def service(house: House, lifespan: Lifespan) -> FastAPI:
    """Make the ASGI application; `lifespan` is what happens around its life."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan)
    routes = Routes(house)
    app.add_route("/", routes.pointer, methods=["GET"])
    for prefix in ("", "/v1"):
        app.add_route(f"{prefix}/advies", routes.advies, methods=["POST"])
    app.add_route("/v1/advies/reeks", routes.reeks, methods=["POST"])
    app.add_route("/v1/adviezen/_zoek", routes.zoek, methods=["POST"])
    app.add_route("/v1/adviezen/{id:uuid}", routes.adviezen, methods=["GET"])
    app.add_route("/v1/vragen", routes.vragen, methods=["POST"])
    app.add_route("/v1/beleid", routes.beleid, methods=["GET"])
    app.add_route("/v1/beleid/{norm}", routes.norm, methods=["GET"])
    app.add_route("/v1/woorden", routes.woorden, methods=["GET"])
    app.add_route("/v1/openapi.json", routes.openapi, methods=["GET"])
    authzen = AuthzenRoutes(
        house.current, house.gate, house.recorder, routes.deciding, house.read_seconds, house.base_url
    )
    authzen.add_to(app)
    app.add_exception_handler(Problem, _show_problem)
    app.add_exception_handler(HTTPException, _show_http_exception)
    if house.origins:
        app.add_middleware(Cors, origins=house.origins)
    app.add_middleware(Envelope, version=house.version)
    app.add_middleware(RequestIds)
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
    "adviezen": "/v1/adviezen/{id}, en zoeken met POST /v1/adviezen/_zoek",
    "vragen": "POST /v1/vragen",
    "beleid": "/v1/beleid",
    "woorden": "/v1/woorden",
    "openapi": "/v1/openapi.json",
    "authzen": CONFIGURATION,
}
_POINTER_PAGE: Final = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Deelwijzer</title></head>
<body><h1>Deelwijzer</h1>
<p>Mag ik dit gegeven delen, en waarom? Stel de vraag met <code>POST /v1/advies</code>.</p>
<ul><li><a href="/v1/openapi.json">Beschrijving van de API (OpenAPI)</a></li>
<li><a href="/v1/beleid">De regels die gelden</a></li></ul></body></html>
"""
