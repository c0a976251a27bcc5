"""This machine only: what a service without access answers.

Goes in: any ASGI application. Comes out: the same, wrapped; every route is a 403 for anyone else.
Must not know: routes, or who asks.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.envelope import problem_response
from app.web.faults import shown_name
from app.web.health import HEALTH
from app.web.host import is_this_machine
from app.web.problems import Problem

_TEST_CLIENT: Final = "testclient"
"""The address that Starlette's test client gives itself: no network was involved."""
KNOWN_HERE: Final = "deelwijzer.this_machine"
"""Stands in the scope of a request that was found to be of this machine."""
_OPEN: Final = "Deze dienst heeft geen toegangscontrole en antwoordt daarom"
_PASSING_ON: Final = re.compile(
    rb"(?:^|.*-)(?:forward(?:ed|er|s)?|via|original|cdn|prox(?:y|ies|ied)[a-z]*)(?:-.*|$)|.*(?:ip|addr|address)",
    re.DOTALL,
)
"""Names that only who passes a request on gives: a word for passing on, or an address at the end."""
_CALLERS_OWN: Final = frozenset((b"host", b"user-agent", b"x-request-id", b"x-api-key", b"authorization"))
"""Fields in which a caller itself may write what looks like an address, such as a version number."""
_LONGEST: Final = 64
"""Signs of an address: of IPv6 with a zone 56 at most. Nothing longer is cached."""
_PORT: Final = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?", re.ASCII)


class ThisMachineOnly:
    """Refuses, on every route, who calls this machine by another name, and what was passed on.

    Who is elsewhere may read the law, which is public; the gate refuses their questions.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not _is_public(scope):
            problem = refusal(scope)
            if problem is not None:
                await problem_response(problem)(scope, receive, send)
                return
            scope[KNOWN_HERE] = True
        await self._app(scope, receive, send)


def refusal(scope: Scope) -> Problem | None:
    """Say why a request is not of this machine; None where it is."""
    if not _is_here(scope):
        return Problem(403, f"{_OPEN} alleen op deze machine.")
    if scope["client"][0] != _TEST_CLIENT:
        # To a browser, a page whose own name was made to lead here is of our origin: it could read everything.
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if not all(map(is_this_machine, hosts or [""])):
            return Problem(403, f"{_OPEN} alleen onder de namen localhost, 127.0.0.1 en [::1].")
    # A proxy on this machine makes everyone look local: what it passes on is not ours to answer.
    passed = passed_on_by(scope["headers"])
    if passed is not None:
        return Problem(403, f"{_OPEN} niet via een proxy (kop {shown_name(passed)}).")
    return None


def passed_on_by(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the name of the first field that tells that a request was passed on for somebody else.

    A rule and no list, since every proxy has names of its own: a name that says so, or a value that is an address.

    >>> passed_on_by([(b"accept", b"*/*"), (b"fastly-client-ip", b"x")]), passed_on_by([(b"x-who", b"192.0.2.1, ::1")])
    ('fastly-client-ip', 'x-who')
    """
    for name, value in headers:
        if name in _CALLERS_OWN or name.startswith(b"sec-"):
            continue
        if _says_passed_on(name) or _is_addresses(value):
            return name.decode("latin-1")
    return None


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host == "localhost":
        return True
    address = address_of(host)
    return address is not None and address.is_loopback


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read a caller's address, which is cached; None for what is none.

    >>> address_of("::1"), address_of("localhost")
    (IPv6Address('::1'), None)
    """
    return _address_of(host) if len(host) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _says_passed_on(name: bytes) -> bool:
    return _PASSING_ON.fullmatch(name) is not None


def _is_public(scope: Scope) -> bool:
    """Whether this is no matter of this machine: who is elsewhere may read the law, and the gate refuses questions.

    From here every route counts: a browser on this machine asks for a page whose own name was made to lead here.
    """
    return not _is_here(scope) and scope["path"] not in HEALTH


def _is_here(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and (client[0] == _TEST_CLIENT or is_loopback(client[0]))


def _is_addresses(value: bytes) -> bool:
    """Whether a value is one or more IP addresses, with or without ports."""
    if not value or not (b"." in value or b":" in value):
        return False
    return all(_is_address(one.strip(' \t"')) for one in value.decode("latin-1").split(","))


def _is_address(text: str) -> bool:
    found = _PORT.fullmatch(text)
    try:
        ipaddress.ip_address((found["six"] or found["four"]) if found else text)
    except ValueError:
        return False
    return True
