"""The issuer's key set: whatever one member is, the others go on, and what cannot be used is named."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from app.access.caller import NotRecognisedError
from app.access.key_set import KeySetError, KeySource, usable_keys
from app.access.tokens import Tokens
from tests.unit.access import issuer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(("kid", "kty", "alg", "use", "key_ops", "n", "e", "crv", "x", "y", "d", "k"))
GOOD = ("first", "RSA")


def private(kid: str) -> dict[str, Any]:
    """The whole key of a name as a JWK, as an issuer must never publish it."""
    if kid == "curve":
        whole = ECAlgorithm.to_jwk(issuer.ec_key(), as_dict=True)
    elif kid == "edwards":
        whole = OKPAlgorithm.to_jwk(issuer.ed_key(), as_dict=True)
    else:
        whole = RSAAlgorithm.to_jwk(issuer.rsa_key(kid), as_dict=True)
    return {**whole, "kid": kid}


UNUSABLE: dict[str, tuple[Any, str]] = {
    "a private RSA key": (private("second"), "PRIVATE"),
    "a private key on a curve": (private("curve"), "PRIVATE"),
    "a private Edwards key": (private("edwards"), "PRIVATE"),
    "a list as kid": ({**issuer.jwk("second"), "kid": ["a"]}, "kid is no text"),
    "an object as kid": ({**issuer.jwk("second"), "kid": {}}, "kid is no text"),
    "no kid": ({name: value for name, value in issuer.jwk("second").items() if name != "kid"}, "kid is no text"),
    "a list as kty": ({**issuer.jwk("second"), "kty": ["RSA"]}, "kty is none of"),
    "a symmetric key": ({"kty": "oct", "kid": "geheim", "k": "MDAwMA"}, "kty is none of"),
    "a list as alg": ({**issuer.jwk("second"), "alg": ["RS256"]}, "alg is none"),
    "the algorithm of a symmetric key": ({**issuer.jwk("second"), "alg": "HS256"}, "alg is none"),
    "the algorithm of another type": ({**issuer.jwk("second"), "alg": "ES256"}, "no valid public key"),
    "a key to encrypt with": (issuer.jwk("second", use="enc"), "use is not sig"),
    "a list as use": (issuer.jwk("second", use=["sig"]), "use is not sig"),
    "a key that only wraps keys": (issuer.jwk("second", key_ops=["wrapKey"]), "no verify"),
    "a short key": ({**RSAAlgorithm.to_jwk(issuer.rsa_key("small", 1024).public_key(), as_dict=True), "kid": "small"},
                    "no valid public key"),
    "numbers for its parts": ({**issuer.jwk("second"), "n": 3}, "no valid public key"),
    "a point beside its curve": ({"kty": "EC", "kid": "k", "crv": "P-256", "x": "AAAA", "y": "AAAA"}, "no valid"),
    "a text": ("first", "no JSON object"),
    "nothing": (None, "no JSON object"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_member_that_cannot_be_used_is_skipped_by_name_and_spoils_nothing(name: str) -> None:
    member, reason = UNUSABLE[name]
    for keys in ([member, issuer.jwk("first")], [issuer.jwk("first"), member]):
        found, skipped = usable_keys({"keys": keys})
        assert found.keys() == {GOOD}
        assert len(skipped) == 1
        assert reason in skipped[0]


@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=6) | JSON, max_size=4), st.dictionaries(FIELDS, JSON))
def test_no_member_whatever_it_holds_takes_a_good_one_away(others: list[Any], changed: dict[str, Any]) -> None:
    found, skipped = usable_keys({"keys": [*others, {**issuer.jwk("second"), **changed}, issuer.jwk("first")]})

    assert GOOD in found
    assert sum(map(len, found.values())) + len(skipped) == len(others) + 2


def test_what_a_private_key_in_the_set_signed_is_refused_and_not_a_fault_of_ours() -> None:
    made = Tokens(lambda: usable_keys({"keys": [private("second"), issuer.jwk("first")]})[0],
                  issuer.ISSUER, issuer.AUDIENCE)  # fmt: skip
    with pytest.raises(NotRecognisedError):
        asyncio.run(made.caller(issuer.token("second")))
    assert asyncio.run(made.caller(issuer.token("first"))).id == "oauth:gemeente-x"


def test_a_skipped_member_is_logged_once_without_its_private_half(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    leaked = private("second")
    source = KeySource(str(issuer.write(tmp_path / "jwks.json", {"keys": [leaked, issuer.jwk("first")]})))
    with caplog.at_level(logging.WARNING, "deelwijzer"):
        source()
        source()
    (line,) = caplog.messages
    assert "second" in line
    assert leaked["d"] not in line


def test_keys_come_from_a_file_or_an_https_address(tmp_path: Path) -> None:
    assert GOOD in KeySource(str(issuer.write(tmp_path / "jwks.json")))()
    for address in ("http://inloggen.example/jwks", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="https"):
            KeySource(address)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no key set"),
        ('{"keys": {}}', "no key set"),
        ('{"kty": "RSA"}', "no key set"),
        ('{"keys": []}', "no key that may sign"),
        (json.dumps({"keys": [issuer.jwk("first", use="enc")]}), "use is not sig"),
        (" " * 1024 * 1024 + "{}", "larger than"),
    ],
)
def test_a_file_without_a_key_that_signs_is_refused_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KeySetError, match=says):
        KeySource(str(file))()


def test_a_path_that_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name, says in (("weg.json", "No such file"), ("fifo", "FIFO"), (".", "a folder")):
        with pytest.raises(KeySetError, match=says):
            KeySource(str(tmp_path / name))()
