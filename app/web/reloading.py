"""Asking over HTTP for the law in the files, where nobody can give a command: for who holds the scope `beheer`.

Goes in: a way to check the files and ask for what they say. Comes out: one route, that names the law it asked for.
Must not know: how a law is checked, or how a process takes it over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.database.faults import DatabaseFault
from app.web.call import Gate
from app.web.faults import shown_name
from app.web.problems import Fout, Problem, bad_question
from app.web.question import parse_json
from app.web.reading import JSON, check_accept, check_parameters, read_json
from app.web.sizes import QUESTION_LIMIT

PATH: Final = "/v1/beleid/_herlaad"
_EMPTY: Final = "Een leeg object: {}."
_SHOWN: Final = 2000
_NO_LOG: Final = "Deze dienst houdt geen log bij. Stuur het proces het signaal SIGHUP."
_log = logging.getLogger("deelwijzer")


class FaultyLawError(Exception):
    """The law in the files cannot be served; the text says why, for the people who write it."""


@dataclass(frozen=True, slots=True)
class Reloading:
    """The handler. `ask` checks the files, asks for their law and names it; None where no log is kept.

    `ask` raises FaultyLawError or DatabaseFault. One check runs at a time: it costs seconds of processor time.
    """

    gate: Gate
    ask: Callable[[], dict[str, str]] | None
    read_seconds: float
    _busy: threading.Lock = field(default_factory=threading.Lock)

    async def herlaad(self, request: Request) -> Response:
        """Have every process serve the law in the files, once it passed every check here."""
        await self.gate.admit(request, "beheer")
        check_accept(request)
        check_parameters(request, ())
        _check_empty(parse_json(await read_json(request, QUESTION_LIMIT, self.read_seconds)))
        if self.ask is None:
            raise Problem(404, _NO_LOG)
        asked = await run_in_threadpool(self._ask, self.ask)
        _log.info("law %s was asked for over HTTP", asked["hash"])
        return Response(to_json(asked), media_type=JSON)

    def _ask(self, ask: Callable[[], dict[str, str]]) -> dict[str, str]:
        if not self._busy.acquire(blocking=False):
            raise Problem(503, "Er wordt al een beleid gecontroleerd.", headers={"retry-after": "10"})
        try:
            return ask()
        except FaultyLawError as fault:
            # The law is public, and so is what is wrong with it.
            raise Problem(409, f"Het beleid in de bestanden is afgekeurd. {str(fault)[:_SHOWN]}") from None
        except DatabaseFault:
            raise Problem(503, "Het log is nu niet te bereiken.", headers={"retry-after": "5"}) from None
        finally:
            self._busy.release()


def add_reloading(app: FastAPI, reloading: Reloading) -> None:
    """Add the route, before that of a norm by its code: else another method here would be told of that one."""
    app.router.routes.insert(0, Route(PATH, reloading.herlaad, methods=["POST"]))


def _check_empty(body: Any) -> None:
    """Refuse anything but {}; raises Problem. What is not said here cannot be meant."""
    if not isinstance(body, dict):
        raise bad_question((Fout("", "Dit moet een object zijn.", _EMPTY),))
    if body:
        raise bad_question(Fout(shown_name(name), "Dit veld bestaat hier niet.", _EMPTY) for name in body)
