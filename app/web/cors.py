"""Pages of other origins: those an operator named may ask, others may not.

Goes in: origins. Comes out: ASGI middleware. Must not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from app.web.envelope import problem_response
from app.web.problems import Problem

METHODS: Final = ("GET", "POST")
ASKED_HEADERS: Final = ("authorization", "content-type", "traceparent", "tracestate", "x-api-key", "x-request-id")
SHOWN_HEADERS: Final = ("api-version", "content-location", "retry-after", "www-authenticate", "x-request-id")


class Cors(CORSMiddleware):
    """Starlette's, with a problem (RFC 9457) for an origin that may not ask."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=ASKED_HEADERS,
            expose_headers=SHOWN_HEADERS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Say whether a page may ask what its browser wants to ask for it."""
        response = super().preflight_response(request_headers)
        if response.status_code >= 400:
            return problem_response(Problem(403, "Een pagina van deze herkomst mag dit hier niet vragen."))
        # Starlette says OK in plain text; there is nothing to say.
        kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        return Response(status_code=204, headers=kept)
