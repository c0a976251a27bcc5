"""The routes: each reads a request, asks the desk or the policies, and writes what they say.

Goes in: a `House`. Comes out: the ASGI application.
Must not know: how a question is checked, decided or recorded. A new resource is one handler and its line in `service`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.advice import dates
from app.advice.budget import Budget
from app.log.entry import Stuk
from app.web.adviezen import AdviezenDesk
from app.web.authzen.routes import CONFIGURATION, AuthzenRoutes
from app.web.call import Call, Gate, Scope, call_of
from app.web.cors import Cors
from app.web.costs import QUERY, Bill
from app.web.deciding import SERIES_BUDGETS, Deciding
from app.web.envelope import Envelope, problem_response
from app.web.extras import PLAIN, VALUES, Wanted, wanted
from app.web.gate import LoopbackGate
from app.web.in_flight import InFlight
from app.web.lanes import Lanes
from app.web.pages import FOR_ANY_PAGE
from app.web.problems import Fout, Problem, bad_question, refuses
from app.web.queries import QueryDesk, busy
from app.web.question import today
from app.web.reading import JSON, check_accept, check_parameters, header, read_json, still_there
from app.web.recording import SEVERAL, Recorder, event_of, part_of
from app.web.request_id import RequestIds
from app.web.series import Series, written
from app.web.serving import Current, Serving
from app.web.sizes import QUESTION_LIMIT, SERIES_LIMIT
from app.web.this_machine import ThisMachineOnly
from app.web.wire import real_date

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Keep = Callable[[Call, Serving, str, Callable[[], Sequence[Stuk]]], Awaitable[None]]
READ_THREADS: Final = 4
READ_EACH: Final = 2
"""Threads that read the log for one caller, of those that read it for all."""
MOST_READING: Final = 8
_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would look for its settings at every request, and tell addresses; `Observing` does what is wanted."""
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
    most_calls: int = 128
    most_body_bytes: int = 64 * 1024 * 1024


class Routes:
    """The handlers, with what they answer from."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.deciding = Deciding()
        self._reading = Lanes(READ_THREADS, READ_EACH, MOST_READING, "reading")

    async def advies(self, request: Request) -> Response:
        """Answer one question."""
        call = await self._admit(request, "advies")
        check_accept(request)
        asked = _wanted(request)
        extras, keep = asked.extras, self._keeping(asked)
        serving = self._house.current.serving
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        with Bill(self._house.gate, call.caller) as bill:
            casus = await self.deciding.checked(raw, bill, lambda: serving.desk.reader.read(raw, extras))
            bill.ask(casus.data, extras, serving.desk.seconds)
            event = event_of(casus)
            try:
                answer, body = await self.deciding.decide(
                    serving.desk, casus, extras, bill, then=partial(written, trial=asked.trial)
                )
            except Exception as fault:
                if not refuses(fault):
                    await keep(call, serving, event, lambda: [part_of(casus, extras)])
                raise
            bill.size = len(body)
            await keep(call, serving, event, lambda: [part_of(casus, extras, answer, body.decode())])
        return Response(body, media_type=JSON, headers=self._house.adviezen.address(answer.id))

    async def reeks(self, request: Request) -> Response:
        """Answer a series of questions, in order, letting other requests pass between two of them.

        When the caller hangs up it stops: no answer leaves then, so nothing is recorded either.
        """
        call = await self._admit(request, "advies")
        check_accept(request)
        asked = _wanted(request)
        extras = asked.extras
        serving = self._house.current.serving
        raw = await read_json(request, SERIES_LIMIT, self._house.read_seconds)
        with Bill(self._house.gate, call.caller) as bill:
            body = await self.deciding.parsed(raw, bill)
            series = Series(serving.desk, extras, asked.trial)
            cases = bill.working(lambda: serving.desk.series(body, extras))
            bill.expect(*bill.working(lambda: series.cost_of(cases)))
            budget = Budget.of(serving.desk.seconds * SERIES_BUDGETS)
            answered = []
            for case in cases:
                await still_there(request)
                part_of_budget = budget.part(serving.desk.seconds)
                answered.append(await self.deciding.apart(bill, part_of_budget, partial(series.one, case)))
            answer = b'{"resultaten":[' + b",".join([one[0] for one in answered]) + b"]}"
            bill.size = len(answer)
            parts = [part for _, part in answered if part is not None]
            if parts:
                await self._house.recorder.keep(call, serving, SEVERAL, lambda: parts)
        return Response(answer, media_type=JSON)

    async def adviezen(self, request: Request) -> Response:
        """Give back an advice that was given."""
        call = await self._admit(request, "log:lezen")
        check_accept(request)
        check_parameters(request, ())
        adviezen, identifier = self._house.adviezen, str(request.path_params["id"])
        with Bill(self._house.gate, call.caller) as bill:
            found = await self._reading.run(call.caller.id, lambda: adviezen.one(identifier, call.caller), busy())
            bill.size = len(found)
        return Response(found, media_type=JSON)

    async def zoek(self, request: Request) -> Response:
        """Search a caller's own advices."""
        call = await self._admit(request, "log:lezen")
        check_accept(request)
        check_parameters(request, ())
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        search = self._house.adviezen.search
        return _json(await self._reading.run(call.caller.id, lambda: search(raw, call.caller), busy()))

    async def vragen(self, request: Request) -> Response:
        """Answer a developer's query, in a thread: it waits for another process."""
        call = await self._admit(request, "advies")
        check_accept(request)
        check_parameters(request, ())
        raw = await read_json(request, QUESTION_LIMIT, self._house.read_seconds)
        queries = self._house.current.serving.queries
        with Bill(self._house.gate, call.caller) as bill:
            bill.expect(1, round(QUERY))
            work = partial(_answered, queries, raw, bill)
            response = await self.deciding.asked(bill, queries.budget(), work)
            bill.size = len(response.body)
        return response

    async def beleid(self, request: Request) -> Response:
        """Show the law in force, to anyone: it is public."""
        self._house.gate.visit(request)
        return self._house.current.serving.pages.law(self._peildatum(request)).answer(request)

    async def norm(self, request: Request) -> Response:
        """Show one norm."""
        self._house.gate.visit(request)
        peildatum = self._peildatum(request)
        found = self._house.current.serving.pages.norm(request.path_params["norm"], peildatum)
        if found is None:
            raise Problem(404, "Deze norm is er niet op deze peildatum. GET /v1/beleid noemt alle normen.")
        return found.answer(request)

    async def woorden(self, request: Request) -> Response:
        """Show the words of questions and answers with their labels, to anyone."""
        self._house.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        return self._house.current.serving.pages.words(today()).answer(request)

    async def interpretaties(self, request: Request) -> Response:
        """Show the choices that were made where the sources differ, to anyone."""
        self._house.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        return self._house.current.serving.pages.choices(today()).answer(request)

    async def scenarios(self, request: Request) -> Response:
        """Show the document's own cases with the expected answers, to anyone."""
        self._house.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        return self._house.current.serving.pages.scenarios().answer(request)

    async def openapi(self, request: Request) -> Response:
        """Describe the service; anyone may read that, from any page."""
        self._house.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        return self._house.current.serving.description.answer(request, **FOR_ANY_PAGE)

    async def pointer(self, request: Request) -> Response:
        """Say where to look."""
        self._house.gate.visit(request)
        check_parameters(request, ())
        if "text/html" in (header(request, b"accept") or ""):
            return HTMLResponse(_POINTER_PAGE)
        check_accept(request)
        return _json({"naam": "Deelwijzer", "versie": self._house.version, **_POINTERS})

    def _keeping(self, asked: Wanted) -> Keep:
        return _not_kept if asked.trial else self._house.recorder.keep

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
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
    )
    routes = Routes(house)
    for prefix in ("/v1", ""):  # what is asked most comes first: routes are tried in order
        app.add_route(f"{prefix}/advies", routes.advies, methods=["POST"])
    app.add_route("/", routes.pointer, methods=["GET"])
    app.add_route("/v1/advies/reeks", routes.reeks, methods=["POST"])
    app.add_route("/v1/adviezen/_zoek", routes.zoek, methods=["POST"])
    app.add_route("/v1/adviezen/{id:uuid}", routes.adviezen, methods=["GET"])
    app.add_route("/v1/vragen", routes.vragen, methods=["POST"])
    app.add_route("/v1/beleid", routes.beleid, methods=["GET"])
    app.add_route("/v1/beleid/{norm}", routes.norm, methods=["GET"])
    app.add_route("/v1/woorden", routes.woorden, methods=["GET"])
    app.add_route("/v1/interpretaties", routes.interpretaties, methods=["GET"])
    app.add_route("/v1/scenarios", routes.scenarios, methods=["GET"])
    app.add_route("/v1/openapi.json", routes.openapi, methods=["GET"])
    authzen = AuthzenRoutes(
        house.current, house.gate, house.recorder, routes.deciding, house.read_seconds, house.base_url
    )
    authzen.add_to(app)
    app.add_exception_handler(Problem, _show_problem)
    app.add_exception_handler(HTTPException, _show_http_exception)
    if house.origins:
        app.add_middleware(Cors, origins=house.origins)
    if isinstance(house.gate, LoopbackGate):
        app.add_middleware(ThisMachineOnly)
    app.add_middleware(InFlight, calls=house.most_calls, size=house.most_body_bytes)
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


def _answered(queries: QueryDesk, raw: bytes, bill: Bill, budget: Budget) -> Response:
    return _json(queries.answer(raw, budget, bill.took))


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type=JSON)


def _wanted(request: Request) -> Wanted:
    """Read what is asked besides the advice; raises Problem."""
    check_parameters(request, tuple(VALUES))
    return wanted(request.query_params) if request.scope["query_string"] else PLAIN


async def _not_kept(*_: object) -> None:
    """Keep nothing of a trial."""


_POINTERS: Final = {
    "vraag": "POST /v1/advies",
    "reeks": "POST /v1/advies/reeks",
    "adviezen": "/v1/adviezen/{id}, en zoeken met POST /v1/adviezen/_zoek",
    "vragen": "POST /v1/vragen",
    "beleid": "/v1/beleid",
    "woorden": "/v1/woorden",
    "interpretaties": "/v1/interpretaties",
    "scenarios": "/v1/scenarios",
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
