"""A server in a process of its own, for the load to ask: the service, or an empty handler beside it.

Goes in: which application and a port. Comes out: a running uvicorn, with the settings of `deelwijzer serve`. Only the
service has the bounded protocol: the others show what any handler costs without it.

`python -m bench.server advies 8123 1`
"""

# No `from __future__ import annotations` here: FastAPI must see the model that is made while running.
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.advice.advies import Advies
from app.advice.advisor import Advisor
from app.composition import compose
from app.settings import from_environment
from app.web.reading import JSON

EXAMPLE = "BENCH_EXAMPLE"
"""The environment variable that names a file with the question whose answer the empty handlers give."""
PATH = "/v1/advies"


def with_models() -> FastAPI:
    """Make an empty FastAPI handler with the service's own request and response models."""
    composed = compose(from_environment(os.environ))
    question: Any = composed.reader.model
    casus = composed.reader.read(Path(os.environ[EXAMPLE]).read_bytes())
    fixed = Advisor(composed.book).advise(casus)
    app = FastAPI()

    @app.post(PATH, response_model=Advies)
    async def advies(vraag: question) -> Any:  # noqa: ARG001 - checked by FastAPI, and that is all
        return fixed

    return app


def bare() -> FastAPI:
    """Make a handler that reads the body and sends fixed bytes: what any handler costs here."""
    composed = compose(from_environment(os.environ))
    raw = Path(os.environ[EXAMPLE]).read_bytes()
    fixed = to_json(composed.desk.answer(raw))

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(fixed, media_type=JSON)

    app = FastAPI()
    app.add_route(PATH, answer, methods=["POST"])
    return app


MAKERS = {"advies": "app.main:create_app", "models": "bench.server:with_models", "bare": "bench.server:bare"}

PROTOCOLS = {"advies": "app.protocol:BoundedHttp"}


def main(name: str, port: int, workers: int = 1) -> None:
    """Serve one application until the process is ended: the service by its own protocol, others by uvicorn's."""
    uvicorn.run(
        MAKERS[name],
        factory=True,
        host="127.0.0.1",
        port=port,
        workers=workers,
        loop="uvloop",
        http=PROTOCOLS.get(name, "httptools"),
        server_header=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
