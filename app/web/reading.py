"""A request, as far as it is the same for every route: what it accepts, sends, and how much of it.

Goes in: a Starlette request. Comes out: its body or a parameter, or a `Problem`.
Must not know: what a body means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from starlette.requests import Request

from app.web.faults import nearest, shown_name
from app.web.problems import Fout, Problem, bad_question, too_large

JSON: Final = "application/json"
_ACCEPTED: Final = {"*/*", "application/*", JSON, "application/problem+json"}


def header(request: Request, name: bytes) -> str | None:
    """Read a header field by its lowercase name, None when absent; several lines are one list (RFC 9110, 5.3)."""
    found = [value for given, value in request.scope["headers"] if given == name]
    return b", ".join(found).decode("latin-1") if found else None


def check_accept(request: Request) -> None:
    """Refuse a caller who does not want JSON (406)."""
    wanted = header(request, b"accept")
    if wanted is None or wanted in _ACCEPTED:
        return
    for part in wanted.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind in _ACCEPTED and not any(_is_zero(one) for one in parameters):
            return
    raise Problem(406, "Deze dienst antwoordt alleen in application/json.")


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse a query parameter that is not known, or stands there twice (400)."""
    if not request.scope["query_string"]:
        return
    fouten = []
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            meant = nearest(name, known)
            hint = f" Bedoelde u '{meant}'?" if meant else ""
            expected = f"Een van: {', '.join(known)}." if known else "Geen parameters."
            fouten.append(Fout(shown_name(name), f"Deze parameter bestaat niet.{hint}", expected))
        elif name in seen:
            fouten.append(Fout(name, "Deze parameter staat er twee keer.", "Eén keer."))
        seen.add(name)
    if fouten:
        raise bad_question(tuple(fouten))


async def read_json(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body of JSON; refuses another media type (415), more than `limit` bytes (413), or one too slow (408)."""
    _check_content_type(request)
    declared = header(request, b"content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError:
        raise Problem(408, "De vraag kwam te langzaam binnen.", headers={"connection": "close"}) from None


async def _read(request: Request, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    # Counted while reading: a chunked body declares no length, and a declared one may be a lie.
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit: int) -> Problem:
    return replace(too_large(limit), headers={"connection": "close"})


def _check_content_type(request: Request) -> None:
    kind = header(request, b"content-type") or ""
    encodings = header(request, b"content-encoding")
    if kind != JSON and not _is_json(kind):
        raise Problem(415, "Stuur de vraag als application/json (UTF-8).", headers={"accept": JSON})
    if encodings is not None and any(one.strip().lower() not in ("", "identity") for one in encodings.split(",")):
        raise Problem(415, "Stuur de vraag zonder compressie.", headers={"accept-encoding": "identity"})


def _is_json(kind: str) -> bool:
    media, *parameters = (piece.strip().lower() for piece in kind.split(";"))
    return media == JSON and all(one in ("", "charset=utf-8", 'charset="utf-8"') for one in parameters)


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", "0.", "0")
