"""The Host field: whom a request means to speak to.

Goes in: a request's header fields, or a host. Comes out: whether it is as it should be.
Must not know: routes, or who asks.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.types import Scope

_OURS: Final = re.compile(
    r"(?:localhost|127[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)


def names_one_host(scope: Scope) -> bool:
    """Whether a request has the one Host that HTTP/1.1 wants (RFC 9112, 3.2); older ones need none.

    Two readers of two Hosts could each believe another one.
    """
    hosts = 0
    for name, _ in scope["headers"]:
        if name == b"host":
            hosts += 1
    return hosts == 1 or scope.get("http_version") != "1.1"


def is_this_machine(host: str) -> bool:
    """Whether a host, with or without a port, can only be this machine: nobody else can make such a name lead here.

    >>> is_this_machine("localhost:8000"), is_this_machine("[::1]"), is_this_machine("localhost.example")
    (True, True, False)
    """
    return _OURS.fullmatch(host) is not None
