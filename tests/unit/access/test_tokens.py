"""Bearer tokens: which are believed, whose they are, and what happens when keys cannot be read."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jwt import PyJWK

from app.access import tokens
from app.access.caller import Caller, CannotTellError, NotRecognisedError
from app.access.key_set import KeySource, SigningKeys, usable_keys
from app.access.tokens import Tokens
from tests.unit.access import issuer
from tests.unit.access.issuer import ABSENT, AUDIENCE, ISSUER, token


def in_seconds(seconds: int) -> int:
    """A time as tokens have it."""
    return int(time.time()) + seconds


class Source:
    """The issuer's keys, and how often they were read."""

    def __init__(self, *names: str) -> None:
        self.keys = {"keys": [issuer.jwk(name) for name in names]} if names else issuer.jwks()
        self.reads = 0
        self.broken = False

    def __call__(self) -> SigningKeys:
        self.reads += 1
        if self.broken:
            raise OSError
        return usable_keys(self.keys)[0]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def reader(source: Callable[[], SigningKeys] | None = None, clock: Clock | None = None) -> Tokens:
    made = Tokens(source or Source(), ISSUER, AUDIENCE)
    if clock is not None:
        made._keys._clock = clock
    return made


def caller(shown: str, made: Tokens | None = None) -> Caller:
    return asyncio.run((made or reader()).caller(shown))


def is_let_in(shown: str, made: Tokens) -> bool:
    return caller(shown, made).id == "oauth:gemeente-x"


@pytest.mark.parametrize(("kid", "alg"), [("first", "RS256"), ("curve", "ES256"), ("edwards", "EdDSA")])
def test_a_good_token_is_believed(kid: str, alg: str) -> None:
    assert caller(token(kid, alg)) == Caller("oauth:gemeente-x", frozenset({"advies", "log:lezen"}))


REFUSED: dict[str, Callable[[], str]] = {
    "no algorithm": issuer.unsigned,
    "HS256 with the public key as secret": issuer.signed_with_public_key,
    "HS256 with a symmetric key from the list": lambda: issuer.hs256(b"0" * 32, "symmetric"),
    "another issuer": lambda: token(iss="https://kwaad.example"),
    "no issuer": lambda: token(iss=ABSENT),
    "another audience": lambda: token(aud="iets-anders"),
    "no audience": lambda: token(aud=ABSENT),
    "expired": lambda: token(exp=in_seconds(-120)),
    "no expiry": lambda: token(exp=ABSENT),
    "an expiry that is no number": lambda: token(exp="morgen"),
    "an endless expiry": lambda: token(exp=float("inf")),
    "not valid yet": lambda: token(nbf=in_seconds(600)),
    "changed after signing": issuer.tampered,
    "a key nobody knows": lambda: token("strange"),
    "another key under a known name": lambda: token("first", key=issuer.rsa_key("strange")),
    "a key that is not for signing": lambda: token("encrypts"),
    "a key that is too short": lambda: token("small", key=issuer.rsa_key("small", 1024)),
    "another algorithm than the key's": lambda: token("first", "RS512"),
    "no client": lambda: token(client_id=ABSENT, sub=ABSENT),
    "a client that is no text": lambda: token(client_id=["gemeente-x"]),
    "a client with a line break": lambda: token(client_id="a\nb"),
    "an empty client, though there is a person": lambda: token(client_id=""),
    "a client longer than the log keeps": lambda: token(client_id="a" * 195),
    "too long": lambda: token(extra="a" * 9000),
    "no token": lambda: "geheim",
    "nothing": lambda: "",
    "deep": lambda: "eyJhIjpb" + "W1tb" * 1500 + ".e30.e30",
    "no ASCII": lambda: "é.é.é",
}


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(NotRecognisedError) as refusal:
        caller(REFUSED[name]())

    assert "gemeente-x" not in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "client"),
    [
        ({}, "oauth:gemeente-x"),
        ({"client_id": ABSENT, "azp": "app"}, "oauth:app"),
        ({"client_id": ABSENT}, "oauth:iemand"),
        ({"client_id": "sleutel:abc"}, "oauth:sleutel:abc"),
        ({"client_id": "lokaal"}, "oauth:lokaal"),
    ],
)
def test_a_caller_is_the_client_and_never_another_kind_of_caller(given: dict[str, Any], client: str) -> None:
    assert caller(token(**given)).id == client


@pytest.mark.parametrize(
    ("given", "scopes"),
    [
        ({"scope": "advies"}, {"advies"}),
        ({"scope": "openid adviesx Advies"}, set()),
        ({"scope": ABSENT}, set()),
        ({"scope": ABSENT, "scp": "advies beheer"}, {"advies", "beheer"}),
        ({"scope": ABSENT, "scp": ["log:lezen", 3, "x"]}, {"log:lezen"}),
        ({"scope": "", "scp": "beheer"}, set()),
        ({"scope": {"advies": True}}, set()),
    ],
)
def test_only_scopes_that_exist_here_count(given: dict[str, Any], scopes: set[str]) -> None:
    assert caller(token(**given)).scopes == scopes


def test_clocks_may_differ_a_little() -> None:
    assert is_let_in(token(exp=in_seconds(-5), nbf=in_seconds(20)), reader())


def test_keys_are_read_once_and_a_new_one_is_found() -> None:
    source, clock = Source("first"), Clock()
    made = reader(source, clock)
    caller(token(), made)
    caller(token(), made)
    assert source.reads == 1

    source.keys = {"keys": [issuer.jwk("second")]}
    with pytest.raises(NotRecognisedError):  # too soon after the last reading
        caller(token("second"), made)
    assert source.reads == 1
    clock.now += tokens.UNKNOWN_SECONDS
    assert is_let_in(token("second"), made)
    with pytest.raises(NotRecognisedError):  # the key that was taken away no longer signs
        caller(token("first"), made)
    assert source.reads == 2


def test_strange_keys_do_not_make_us_ask_the_issuer_again_and_again() -> None:
    source, clock = Source("first"), Clock()
    made = reader(source, clock)
    for number in range(20):
        with pytest.raises(NotRecognisedError):
            caller(token(f"strange{number}", key=issuer.rsa_key("strange")), made)

    assert source.reads == 1


def test_without_keys_nobody_can_be_told_apart() -> None:
    source, clock = Source("first"), Clock()
    source.broken = True
    made = reader(source, clock)
    for _ in range(5):
        with pytest.raises(CannotTellError):
            caller(token(), made)
    assert source.reads == 1, "after a failure the next reading waits a moment"

    source.broken = False
    clock.now += 6
    assert is_let_in(token(), made)


def test_keys_that_were_read_hold_while_the_issuer_is_away_but_not_for_ever() -> None:
    source, clock = Source("first"), Clock()
    made = reader(source, clock)
    caller(token(), made)
    source.broken = True
    clock.now += tokens.KEYS_SECONDS - 1
    assert is_let_in(token(), made)
    with pytest.raises(CannotTellError):  # a key we do not know may be a good one
        caller(token("strange"), made)

    clock.now += 2
    with pytest.raises(CannotTellError):
        caller(token(), made)


def test_keys_are_read_ahead_while_the_old_ones_still_serve() -> None:
    source, clock = Source("first"), Clock()
    made = reader(source, clock)

    async def ask_twice() -> None:
        await made.caller(token())
        clock.now += tokens.KEYS_SECONDS / 2
        await made.caller(token())
        for _ in range(200):
            if source.reads == 2:
                return
            await asyncio.sleep(0.01)

    asyncio.run(ask_twice())
    assert source.reads == 2


def test_many_calls_wait_for_one_reading() -> None:
    release, source = threading.Event(), Source("first")

    def slow() -> SigningKeys:
        release.wait(10)
        return source()

    made = reader(slow)

    async def ask_together() -> list[Caller]:
        asking = [asyncio.create_task(made.caller(token())) for _ in range(20)]
        await asyncio.sleep(0.05)
        asking.pop().cancel()  # who hangs up does not stop the reading for the others
        release.set()
        return await asyncio.gather(*asking)

    assert len(asyncio.run(ask_together())) == 19
    assert source.reads == 1


def test_a_symmetric_key_is_neither_kept_nor_used(tmp_path: Path) -> None:
    (secret,) = [key for key in issuer.jwks()["keys"] if key["kty"] == "oct"]
    kept = KeySource(str(issuer.write(tmp_path / "jwks.json")))()
    assert kept.keys() == {("first", "RSA"), ("curve", "EC"), ("edwards", "OKP")}

    made = reader(lambda: {("symmetric", "oct"): (PyJWK(secret),)})
    with pytest.raises(NotRecognisedError):
        caller(issuer.hs256(b"0" * 32, "symmetric"), made)


def test_keys_with_one_kid_go_by_their_type() -> None:
    keys = issuer.jwks()["keys"]
    source = Source()
    source.keys = {"keys": [{**one, "kid": "same"} for one in keys if one["kid"] in ("first", "curve", "edwards")]}
    made = reader(source)
    for alg, key in (("RS256", issuer.rsa_key("first")), ("ES256", issuer.ec_key()), ("EdDSA", issuer.ed_key())):
        assert is_let_in(token("same", alg, key=key), made)


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_keys_of_one_kid_and_type_are_all_tried(order: tuple[str, str]) -> None:
    source = Source()
    source.keys = {"keys": [{**issuer.jwk(name), "kid": "same"} for name in order]}
    made = reader(source)
    for name in order:
        assert is_let_in(token("same", key=issuer.rsa_key(name)), made)
    with pytest.raises(NotRecognisedError, match="verlopen"):
        caller(token("same", key=issuer.rsa_key(order[1]), exp=in_seconds(-120)), made)
    with pytest.raises(NotRecognisedError):
        caller(token("same", key=issuer.rsa_key("strange")), made)


def test_keys_from_an_address_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetched(address: str, *_: Any) -> bytes:
        asked.append(address)
        return json.dumps(issuer.jwks()).encode()

    monkeypatch.setattr("app.access.key_set.fetch", fetched)
    made = Tokens(KeySource("https://inloggen.example/jwks"), ISSUER, AUDIENCE)

    assert is_let_in(token(), made)
    assert asked == ["https://inloggen.example/jwks"]
