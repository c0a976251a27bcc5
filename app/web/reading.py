"""A request, as far as it is the same for every route: what it accepts, sends, and how much of it.

Goes in: a Starlette request. Comes out: its body or a parameter, or a `Problem`.
Must not know: what a body means.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Coroutine, Generator
from dataclasses import replace
from types import coroutine
from typing import Final

from starlette.requests import ClientDisconnect, Request

from app.web.faults import nearest, shown_name
from app.web.problems import Fout, Problem, bad_question, too_large

JSON: Final = "application/json"
MOST_PARAMETERS: Final = 8
LONGEST_QUERY: Final = 1024
"""Bytes of all query parameters together. No route knows more than one parameter, of ten signs."""
_CHARSETS: Final = {"utf-8", "utf8", "us-ascii"}
_PARAMETER: Final = re.compile(r'[^\s;="]+=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')
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
    parts = [part for part in wanted.split(",") if part.strip()]
    if not parts:  # says nothing of what is wanted
        return
    for part in parts:
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind in _ACCEPTED and not any(_is_zero(one) for one in parameters):
            return
    raise Problem(406, "Deze dienst antwoordt alleen in application/json.")


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse a query parameter that is not known, or stands there twice (400); more than a handful go unread."""
    query = request.scope["query_string"]
    if not query:
        return
    if query.count(b"&") >= MOST_PARAMETERS or len(query) > LONGEST_QUERY:
        raise Problem(400, f"Stuur hooguit {MOST_PARAMETERS} parameters, samen hooguit {LONGEST_QUERY} tekens.")
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
        raise bad_question(fouten)


async def read_json(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body of JSON; refuses another media type (415), more than `limit` bytes (413), or one too slow (408)."""
    _check_content_type(request)
    declared = header(request, b"content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    reading = _read(request, limit)
    try:
        awaited = reading.send(None)
    except StopIteration as read:  # most bodies are there already: no timer is set for them
        body: bytes = read.value
        return body
    try:
        async with asyncio.timeout(seconds):
            return await _rest(reading, awaited)
    except TimeoutError:
        raise Problem(408, "De vraag kwam te langzaam binnen.", headers={"connection": "close"}) from None


async def still_there(request: Request) -> None:
    """Raise ClientDisconnect when the caller has hung up; to be asked between two parts of long work."""
    if await request.is_disconnected():
        raise ClientDisconnect


async def _read(request: Request, limit: int) -> bytes:
    # Not by request.stream(): this is on the way of every question.
    receive = request.receive
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        # Counted while reading: a chunked body declares no length, and a declared one may be a lie.
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return b"".join(parts)


@coroutine
def _rest(begun: Coroutine[object, None, bytes], awaited: object) -> Generator[object, None, bytes]:
    """Go on with a coroutine that waits for something already."""
    try:
        yield awaited
    except BaseException:
        begun.close()
        raise
    return (yield from begun.__await__())


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
    """Whether a Content-Type is JSON: its parameters say nothing (RFC 8259, 11), but a charset may not be another one.

    >>> _is_json('Application/JSON; charset=utf8; profile="a;b"'), _is_json("application/json; charset=latin-1")
    (True, False)
    """
    media, _, rest = kind.partition(";")
    charsets = (found[1] or found[2] for found in _PARAMETER.finditer(rest) if found[0].lower().startswith("charset="))
    return media.strip().lower() == JSON and all(one.lower() in _CHARSETS for one in charsets)


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", "0.", "0")
