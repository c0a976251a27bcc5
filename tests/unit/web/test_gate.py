"""The gate of a service with access, with keys that change their mind."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from starlette.requests import Request

from app.access import rates
from app.access.caller import Caller, NotRecognisedError
from app.access.keys import KeyCheck
from app.web import gate
from app.web.gate import AccessGate
from app.web.problems import Problem


class Keys:
    """Believes every key, until told otherwise."""

    believes = True

    async def caller(self, text: str) -> Caller:
        if not self.believes:
            raise NotRecognisedError("Deze sleutel geldt niet.")
        return Caller(f"sleutel:{text}", frozenset({"advies"}))


def request(key: str) -> Request:
    headers = [(b"x-api-key", key.encode("latin-1"))]
    return Request({"type": "http", "headers": headers, "client": ("203.0.113.7", 1)})


def status(made: AccessGate, key: str) -> int:
    try:
        asyncio.run(made.admit(request(key), "advies"))
    except Problem as problem:
        return problem.status
    return 200


def test_a_key_that_no_longer_holds_is_wrong_and_one_that_holds_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "WRONG_LIMIT", "1/hour")
    keys = Keys()
    made = AccessGate(cast(KeyCheck, keys), None, "100/hour", "100/hour")
    assert [status(made, "dw_één"), status(made, "dw_twee")] == [200, 200]

    keys.believes = False
    assert [status(made, "dw_één") for _ in range(3)] == [401, 429, 429]
    keys.believes = True
    assert [status(made, "dw_één"), status(made, "dw_nieuw")] == [200, 200]


def test_addresses_do_not_make_room_among_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_NAMES", 10)
    made = AccessGate(cast(KeyCheck, Keys()), None, "2/hour", "2/hour")
    assert status(made, "dw_een") == 200
    for number in range(50):
        made.visit(Request({"type": "http", "headers": [], "client": (f"2001:db8:0:{number}::1", 1)}))

    assert [status(made, "dw_een"), status(made, "dw_een"), status(made, "dw_twee")] == [200, 429, 200]
