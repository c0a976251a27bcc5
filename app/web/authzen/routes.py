"""The routes of AuthZEN: each reads a request, has it decided, keeps the decision, and answers.

Goes in: what the service answers from. Comes out: routes on its application.
Must not know: what an entity stands for, or how anything is decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from app.advice.budget import Budget
from app.advice.question.extras import NO_EXTRAS
from app.lang.authzen_mapping import EntityName
from app.log.entry import trace_of
from app.web.authzen.asking import Asked
from app.web.authzen.batch import Batch, read_batch
from app.web.authzen.desk import AuthzenDesk
from app.web.authzen.several import Several, answered, part_for
from app.web.call import Call, Gate, call_of
from app.web.costs import Bill
from app.web.deciding import SERIES_BUDGETS, Deciding
from app.web.pages import FOR_ANY_PAGE
from app.web.problems import Problem, refuses, too_large
from app.web.question import parse_json
from app.web.reading import JSON, check_accept, check_parameters, read_json, still_there
from app.web.recording import LISTING, ONE, SEVERAL, Recorder
from app.web.serving import Current, Serving
from app.web.sizes import QUESTION_LIMIT, SERIES_LIMIT

BASE: Final = "/access/v1"
CONFIGURATION: Final = "/.well-known/authzen-configuration"
ENDPOINTS: Final[Mapping[str, str]] = {
    "access_evaluation_endpoint": f"{BASE}/evaluation",
    "access_evaluations_endpoint": f"{BASE}/evaluations",
    "search_subject_endpoint": f"{BASE}/search/subject",
    "search_resource_endpoint": f"{BASE}/search/resource",
    "search_action_endpoint": f"{BASE}/search/action",
}
"""What is offered, by the names of the metadata."""
EVENTS: Final[Mapping[EntityName, str]] = {
    "subject": "adl.search_subject",
    "action": "adl.search_action",
    "resource": LISTING,
}
CACHED: Final = "public, max-age=3600"
_ABSENT: Final = "Het beleid van deze dienst kent geen AuthZEN."
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class AuthzenRoutes:
    """The handlers, with what they answer from. `base_url`: under which callers know the service, "" when unknown."""

    current: Current
    gate: Gate
    recorder: Recorder
    deciding: Deciding
    read_seconds: float
    base_url: str

    def add_to(self, app: Starlette) -> None:
        """Add the routes to an application."""
        app.add_route(f"{BASE}/evaluation", self.evaluation, methods=["POST"])
        app.add_route(f"{BASE}/evaluations", self.evaluations, methods=["POST"])
        app.add_route(f"{BASE}/search/subject", self.search_subject, methods=["POST"])
        app.add_route(f"{BASE}/search/resource", self.search_resource, methods=["POST"])
        app.add_route(f"{BASE}/search/action", self.search_action, methods=["POST"])
        app.add_route(f"{BASE}/openapi.json", self.openapi, methods=["GET"])
        app.add_route(CONFIGURATION, self.configuration, methods=["GET"])

    async def evaluation(self, request: Request) -> Response:
        """Decide one evaluation."""
        call, serving, desk = await self._enter(request)
        raw = await read_json(request, QUESTION_LIMIT, self.read_seconds)
        body = parse_json(raw)
        with Bill(self.gate, call.caller) as bill:
            return await self._one(request, call, serving, ONE, raw, lambda: desk.read(body), bill)

    async def evaluations(self, request: Request) -> Response:
        """Decide several evaluations, in order; without any, the request is itself one."""
        call, serving, desk = await self._enter(request)
        raw = await read_json(request, SERIES_LIMIT, self.read_seconds)
        with Bill(self.gate, call.caller) as bill:
            body = await self.deciding.parsed(raw, bill)
            batch = bill.working(lambda: read_batch(body))
            if batch is None:
                if len(raw) > QUESTION_LIMIT:
                    raise too_large(QUESTION_LIMIT)
                return await self._one(request, call, serving, ONE, raw, lambda: desk.read(body), bill)
            call = _in_trace(call, request, batch.traceparent)
            return await self._several(request, call, serving, desk, batch, bill)

    async def search_subject(self, request: Request) -> Response:
        """Search who may be given something."""
        return await self._search(request, "subject")

    async def search_resource(self, request: Request) -> Response:
        """Search what may be given."""
        return await self._search(request, "resource")

    async def search_action(self, request: Request) -> Response:
        """Search what something may be given for."""
        return await self._search(request, "action")

    async def configuration(self, request: Request) -> Response:
        """Say what is offered and where; anyone may read that, and keep it for a while."""
        self.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        _desk_of(self.current.serving)
        base = self.base_url or _own_base(request)
        endpoints = {name: f"{base}{path}" for name, path in ENDPOINTS.items()}
        # An address taken from the request is the caller's word, so it is not for others to keep.
        headers = {"cache-control": CACHED} if self.base_url else {}
        return Response(to_json({"policy_decision_point": base, **endpoints}), media_type=JSON, headers=headers)

    async def openapi(self, request: Request) -> Response:
        """Describe these routes; anyone may read that, from any page."""
        self.gate.visit(request)
        check_accept(request)
        check_parameters(request, ())
        _desk_of(self.current.serving)
        return self.current.serving.authzen_description.answer(request, **FOR_ANY_PAGE)

    async def _search(self, request: Request, searched: EntityName) -> Response:
        call, serving, desk = await self._enter(request)
        raw = await read_json(request, QUESTION_LIMIT, self.read_seconds)
        body = parse_json(raw)
        with Bill(self.gate, call.caller) as bill:
            return await self._one(
                request, call, serving, EVENTS[searched], raw, lambda: desk.read(body, searched), bill
            )

    async def _enter(self, request: Request) -> tuple[Call, Serving, AuthzenDesk]:
        call = call_of(request, await self.gate.admit(request, "advies"))
        check_accept(request)
        check_parameters(request, ())
        serving = self.current.serving
        return call, serving, _desk_of(serving)

    async def _one(
        self,
        request: Request,
        call: Call,
        serving: Serving,
        event: str,
        raw: bytes,
        read: Callable[[], Asked],
        bill: Bill,
    ) -> Response:
        """Decide what was asked, and answer once it is kept."""
        asked = await self.deciding.checked(raw, bill, read)
        call = _in_trace(call, request, asked.traceparent)
        bill.ask(asked.casus.data, NO_EXTRAS, serving.desk.seconds)
        try:
            if asked.strange:
                part, text = answered(asked, None)
            else:
                then = partial(answered, asked)
                part, text = await self.deciding.decide(serving.desk, asked.casus, NO_EXTRAS, bill, then=then)
        except Exception as fault:
            if not refuses(fault):
                await self.recorder.keep(call, serving, event, lambda: [part_for(asked)], asked.activity)
            raise asked.refusal(fault) if isinstance(fault, Problem) and fault.fouten else fault from None
        bill.size = len(text)
        await self.recorder.keep(call, serving, event, lambda: [part], asked.activity)
        return Response(text, media_type=JSON)

    async def _several(
        self, request: Request, call: Call, serving: Serving, desk: AuthzenDesk, batch: Batch, bill: Bill
    ) -> Response:
        """Decide evaluations until the semantic says stop or the caller hangs up, one at a time in a thread."""
        count = len(batch.evaluations)
        bill.expect(count, count)
        several = Several(serving, desk, Budget.of(serving.desk.seconds * SERIES_BUDGETS))
        results, parts = [], []
        for evaluation in batch.evaluations:
            await still_there(request)
            budget = several.budget.part(serving.desk.seconds)
            text, part = await self.deciding.apart(bill, budget, partial(several.one, evaluation))
            results.append(text)
            if part is not None:
                parts.append(part)
            if batch.stops(text.startswith(_PERMITTED)):
                break
        answered = b'{"evaluations":[' + b",".join(results) + b"]}"
        bill.size = len(answered)
        if parts:
            await self.recorder.keep(call, serving, SEVERAL, lambda: parts, batch.activity)
        return Response(answered, media_type=JSON)


_PERMITTED: Final = b'{"decision":true'


def _desk_of(serving: Serving) -> AuthzenDesk:
    if serving.authzen is None:
        raise Problem(404, _ABSENT)
    return serving.authzen


def _in_trace(call: Call, request: Request, traceparent: str | None) -> Call:
    """Join the trace that the request's context names, where its headers name none."""
    if traceparent is None or "traceparent" in request.headers:
        return call
    return replace(call, trace=trace_of(traceparent))


def _own_base(request: Request) -> str:
    """The address that the caller used."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise Problem(400, "De kop Host klopt niet.")
    return f"{request.url.scheme}://{host}"
