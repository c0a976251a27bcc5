"""The gate of a service for which no access was configured: this machine only.

Goes in: a request. Comes out: a `Caller`, or a Problem. Must not know: what is asked.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.requests import Request

from app.web.call import SCOPES, Caller, Scope
from app.web.problems import Problem

LOCAL: Final = Caller("lokaal", frozenset(SCOPES))
_TEST_CLIENT: Final = "testclient"
"""The address that Starlette's test client gives itself: no network was involved."""


class LoopbackGate:
    """Lets in whoever asks from this machine."""

    async def admit(self, request: Request, scope: Scope) -> Caller:  # noqa: ARG002 - here everyone may do all
        """Let this machine in; raises Problem (403) for any other."""
        host = request.client.host if request.client else ""
        if not is_loopback(host):
            raise Problem(403, "Deze dienst heeft geen toegangscontrole en antwoordt daarom alleen op deze machine.")
        return LOCAL


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host in ("localhost", _TEST_CLIENT):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
