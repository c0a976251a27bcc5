"""The gates: who may ask, and how often.

Goes in: a request. Comes out: a `Caller`, or a Problem. Must not know: what is asked, or how a key or token is checked.

Nothing of what was shown as proof stands in a Problem or a log line.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from starlette.requests import Request

from app.access.caller import SCOPES, Caller, CannotTellError, NotRecognisedError, Scope
from app.access.keys import PREFIX, KeyCheck, claimed_by_key
from app.access.rates import Rate
from app.access.tokens import Tokens, claimed_by_token
from app.web.host import is_this_machine
from app.web.problems import Problem
from app.web.reading import header

LOCAL: Final = Caller("lokaal", frozenset(SCOPES))
KEY_HEADER: Final = "x-api-key"
WRONG_LIMIT: Final = "30/minute"
"""How often one address may show something wrong."""
RETRY_SECONDS: Final = "5"
_TEST_CLIENT: Final = "testclient"
"""The address that Starlette's test client gives itself: no network was involved."""
_OPEN: Final = "Deze dienst heeft geen toegangscontrole en antwoordt daarom"
_FORWARDED: Final = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
_CHALLENGE: Final = 'Bearer realm="deelwijzer"'


class LoopbackGate:
    """Lets in whoever asks from this machine; for a service for which no access was configured."""

    async def admit(self, request: Request, scope: Scope) -> Caller:  # noqa: ARG002 - here everyone may do all
        """Let this machine in; raises Problem (403) for any other."""
        address = request.client.host if request.client else ""
        if address != _TEST_CLIENT:
            if not is_loopback(address):
                raise Problem(403, f"{_OPEN} alleen op deze machine.")
            # To a browser, a page whose own name was made to lead here is of our origin: it could read everything.
            if not is_this_machine(header(request, b"host") or ""):
                raise Problem(403, f"{_OPEN} alleen onder de namen localhost, 127.0.0.1 en [::1].")
        # A proxy on this machine makes everyone look local: what it passes on is not ours to answer.
        if any(name in _FORWARDED or name.startswith("x-forwarded-") for name in request.headers):
            raise Problem(403, f"{_OPEN} niet via een proxy.")
        return LOCAL

    def count(self, caller: Caller, more: int) -> None:
        """Count nothing: whoever is on this machine can take its processor anyhow."""

    def visit(self, request: Request) -> None:
        """Count nothing."""


class AccessGate:
    """Lets in whoever shows a key or a token that holds, as often as the limit allows."""

    def __init__(self, keys: KeyCheck | None, tokens: Tokens | None, limit: str) -> None:
        """`keys` or `tokens` is None where that way in is not offered; `limit` such as "600/minute".

        The limit is per caller, and for what anyone may read per address: two rates, so that no number of addresses
        makes room among the callers.
        """
        self._keys = keys
        self._tokens = tokens
        self._calls = Rate(limit)
        self._visits = Rate(limit)
        self._wrong = Rate(WRONG_LIMIT)
        self._proofs = Familiar()
        self._callers = Familiar()

    async def admit(self, request: Request, scope: Scope) -> Caller:
        """Find out who asks and whether they may; raises Problem (400, 401, 403, 429, 503)."""
        caller = await self._recognised(shown(request), _origin(request))
        _count(self._calls, caller.id, 1)
        if scope not in caller.scopes:
            challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'
            detail = f"Uw sleutel of token heeft de bevoegdheid '{scope}' niet."
            raise Problem(403, detail, headers={"www-authenticate": challenge})
        return caller

    def count(self, caller: Caller, more: int) -> None:
        """Count the flows that a call asks about beyond the first; raises Problem (413 when it never fits, 429)."""
        most = self._calls.most
        if more >= most:
            raise Problem(413, f"Dit is meer dan uw limiet toelaat. Vraag naar hooguit {most} gegevens tegelijk.")
        if more > 0:
            _count(self._calls, caller.id, more)

    def visit(self, request: Request) -> None:
        """Count a call for what anyone may read, per address; raises Problem (429)."""
        _count(self._visits, _origin(request), 1)

    async def _recognised(self, proof: str, origin: str) -> Caller:
        digest = hashlib.sha256(proof.encode("latin-1", "replace")).digest()
        # Who was let in just now is not shut out by another's mistakes from the same address (a shared proxy).
        if not self._proofs.holds(digest):
            wait = self._wrong.full(self._blamed(proof, origin))
            if wait is not None:
                raise _too_often(wait)
        try:
            caller = await self._check(proof)
        except NotRecognisedError as fault:
            self._proofs.forget(digest)
            self._wrong.take(self._blamed(proof, origin))
            raise _unauthorised(str(fault), ', error="invalid_token"') from None
        except CannotTellError:
            raise Problem(
                503,
                "Wij kunnen nu niet nagaan wie u bent. Er is niets beslist. Probeer het zo nog eens.",
                headers={"retry-after": RETRY_SECONDS},
            ) from None
        self._proofs.add(digest)
        self._callers.add((origin, caller.id))
        return caller

    def _blamed(self, proof: str, origin: str) -> str:
        """Under which name it counts when a proof is wrong: its address.

        Or the caller it says it is, where that one was let in from that address just now: a client with a fresh token
        is not shut out by the mistakes of others behind the same proxy, only by mistakes in its own name.
        """
        claimed = claimed_by_key(proof) if proof.startswith(PREFIX) else claimed_by_token(proof)
        known = claimed is not None and self._callers.holds((origin, claimed))
        return f"{origin} {claimed}" if known else origin

    async def _check(self, proof: str) -> Caller:
        if proof.startswith(PREFIX):
            if self._keys is None:
                raise NotRecognisedError("Deze dienst werkt niet met API-sleutels.")
            return await self._keys.caller(proof)
        if self._tokens is None:
            raise NotRecognisedError("Deze sleutel geldt niet. Een sleutel begint met dw_.")
        return await self._tokens.caller(proof)


class Familiar:
    """What was let in lately: proofs, by hash, or callers and where they came from. Each proof is checked again."""

    _SECONDS: Final = 600.0
    _MOST: Final = 1000

    def __init__(self) -> None:
        self._seen: OrderedDict[Hashable, float] = OrderedDict()

    def holds(self, one: Hashable) -> bool:
        """Whether it was let in lately."""
        return self._seen.get(one, float("-inf")) > time.monotonic() - self._SECONDS

    def add(self, one: Hashable) -> None:
        """Remember it, instead of the one longest ago when there are many."""
        self._seen[one] = time.monotonic()
        self._seen.move_to_end(one)
        if len(self._seen) > self._MOST:
            self._seen.popitem(last=False)

    def forget(self, one: Hashable) -> None:
        """Forget it: it no longer holds."""
        self._seen.pop(one, None)


def shown(request: Request) -> str:
    """Read what a caller shows: `Authorization: Bearer …` or `X-API-Key: …`; raises Problem (400, 401)."""
    given = [*request.headers.getlist("authorization"), *request.headers.getlist(KEY_HEADER)]
    if not given:
        raise _unauthorised("Stuur een API-sleutel (kop X-API-Key) of een token (kop Authorization: Bearer).", "")
    if len(given) > 1:
        raise Problem(400, "Stuur één sleutel of één token, niet allebei.")
    if KEY_HEADER in request.headers:
        return given[0]
    kind, _, proof = given[0].partition(" ")
    if kind.lower() != "bearer" or not proof.strip():
        raise _unauthorised("De kop Authorization heeft de vorm: Bearer, een spatie, en uw sleutel of token.", "")
    return proof.strip()


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the IPv6 network one household or office gets."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((int(address), 64), strict=False))


def _count(rate: Rate, name: str, times: int) -> None:
    wait = rate.take(name, times)
    if wait is not None:
        raise _too_often(wait)


def _unauthorised(detail: str, error: str) -> Problem:
    return Problem(401, detail, headers={"www-authenticate": _CHALLENGE + error})


def _too_often(wait: int) -> Problem:
    detail = f"U vraagt te vaak. Probeer het over {wait} seconden nog eens."
    return Problem(429, detail, headers={"retry-after": str(wait)})
