"""The gates: who may ask, and how often.

Goes in: a request. Comes out: a `Caller`, or a Problem. Must not know: what is asked, or how a key or token is checked.

Nothing of what was shown as proof stands in a Problem or a log line.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.requests import Request

from app.access.caller import SCOPES, Caller, CannotTellError, NotRecognisedError, Scope
from app.access.keys import PREFIX, KeyCheck
from app.access.rates import Rate
from app.access.tokens import Tokens
from app.web.hold import Hold
from app.web.problems import Problem
from app.web.this_machine import KNOWN_HERE, address_of, refusal

LOCAL: Final = Caller("lokaal", frozenset(SCOPES))
KEY_HEADER: Final = "x-api-key"
WRONG_LIMIT: Final = "30/minute"
"""How often one address may show something wrong."""
RETRY_SECONDS: Final = "5"
_CHALLENGE: Final = 'Bearer realm="deelwijzer"'


class LoopbackGate:
    """Lets in whoever asks from this machine; for a service for which no access was configured.

    `ThisMachineOnly` holds every route to that already; this holds where a gate is used without it.
    """

    async def admit(self, request: Request, scope: Scope) -> Caller:  # noqa: ARG002 - here everyone may do all
        """Let this machine in; raises Problem (403) for any other."""
        problem = None if KNOWN_HERE in request.scope else refusal(request.scope)
        if problem is not None:
            raise problem
        return LOCAL

    def count(self, caller: Caller, flows: int, units: int) -> int:  # noqa: ARG002 - here nothing is counted
        """Count nothing: whoever is on this machine can take its processor anyhow."""
        return units

    def settle(self, caller: Caller, units: int) -> None:
        """Count nothing."""

    def visit(self, request: Request) -> None:
        """Count nothing."""


class AccessGate:
    """Lets in whoever shows a key or a token that holds, as often as the limit allows."""

    def __init__(self, keys: KeyCheck | None, tokens: Tokens | None, limit: str, visits: str) -> None:
        """`keys` or `tokens` is None where that way in is not offered; limits such as "600/minute".

        `limit` is per caller, and `visits`, for what anyone may read, per address: two rates, so that no number of
        addresses makes room among the callers.
        """
        self._keys = keys
        self._tokens = tokens
        self._calls = Rate(limit)
        self._visits = Rate(visits)
        self._wrong = Rate(WRONG_LIMIT)
        self._hold = Hold()

    async def admit(self, request: Request, scope: Scope) -> Caller:
        """Find out who asks and whether they may; raises Problem (400, 401, 403, 429, 503)."""
        caller = await self._recognised(shown(request), _origin(request))
        wait = self._calls.take(caller.id)
        if wait is not None:
            await self._hold.a_moment()
            raise _too_often(wait)
        if scope not in caller.scopes:
            challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'
            detail = f"Uw sleutel of token heeft de bevoegdheid '{scope}' niet."
            raise Problem(403, detail, headers={"www-authenticate": challenge})
        return caller

    def count(self, caller: Caller, flows: int, units: int) -> int:
        """Count what a call is expected to cost beyond the first unit; raises Problem (413 when it never fits, 429).

        An estimate counts for half the limit at most, so that whoever asks steadily can ask something large too.
        """
        most = self._calls.most
        if flows > most:
            raise Problem(413, f"Dit is meer dan uw limiet toelaat. Vraag naar hooguit {most} gegevens tegelijk.")
        counted = max(flows, min(units, most // 2))
        if counted > 1:
            _count(self._calls, caller.id, counted - 1)
        return counted

    def settle(self, caller: Caller, units: int) -> None:
        """Count what a call cost beyond what was counted, or give back what it did not cost."""
        self._calls.settle(caller.id, units)

    def visit(self, request: Request) -> None:
        """Count a call for what anyone may read, per address; raises Problem (429)."""
        _count(self._visits, _origin(request), 1)

    async def _recognised(self, proof: str, origin: str) -> Caller:
        """Find out whose proof it is. One that holds is let in however many wrong ones its address showed before.

        A secret has 256 random bits, so the limit on wrong ones is there for the work that they make, not for guessing.
        """
        try:
            return await self._check(proof)
        except NotRecognisedError as fault:
            _count(self._wrong, origin, 1)
            raise _unauthorised(str(fault), ', error="invalid_token"') from None
        except CannotTellError:
            raise Problem(
                503,
                "Wij kunnen nu niet nagaan wie u bent. Er is niets beslist. Probeer het zo nog eens.",
                headers={"retry-after": RETRY_SECONDS},
            ) from None

    async def _check(self, proof: str) -> Caller:
        if proof.startswith(PREFIX):
            if self._keys is None:
                raise NotRecognisedError("Deze dienst werkt niet met API-sleutels.")
            return await self._keys.caller(proof)
        if self._tokens is None:
            raise NotRecognisedError("Deze sleutel geldt niet. Een sleutel begint met dw_.")
        return await self._tokens.caller(proof)


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


def _origin(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the IPv6 network one household or office gets."""
    client = request.scope.get("client")
    host: str = client[0] if client else ""
    address = address_of(host)
    if address is None or address.version == 4:
        return host
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def _count(rate: Rate, name: str, times: int) -> None:
    wait = rate.take(name, times)
    if wait is not None:
        raise _too_often(wait)


def _unauthorised(detail: str, error: str) -> Problem:
    return Problem(401, detail, headers={"www-authenticate": _CHALLENGE + error})


def _too_often(wait: int) -> Problem:
    detail = f"U vraagt te vaak. Probeer het over {wait} seconden nog eens."
    return Problem(429, detail, headers={"retry-after": str(wait)})
