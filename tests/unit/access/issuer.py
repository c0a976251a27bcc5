"""An issuer of bearer tokens, with keys made for the test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "https://inloggen.example"
AUDIENCE = "deelwijzer"
ABSENT = object()
"""A claim with this value is left out."""


@cache
def rsa_key(name: str, size: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key of a name: the same one every time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """Return the issuer's key on a curve."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    """Return the issuer's Edwards key."""
    return ed25519.Ed25519PrivateKey.generate()


def jwk(name: str, **more: Any) -> dict[str, Any]:
    """Write the public half of the RSA key of a name, as JWK."""
    return {**RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True), "kid": name, "alg": "RS256", **more}


def jwks() -> dict[str, Any]:
    """Write the issuer's keys; beside those that sign, one to encrypt with and one that is symmetric."""
    curve = {**ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True), "kid": "curve"}
    edwards = {**OKPAlgorithm.to_jwk(ed_key().public_key(), as_dict=True), "kid": "edwards"}
    small = {**RSAAlgorithm.to_jwk(rsa_key("small", 1024).public_key(), as_dict=True), "kid": "small"}
    secret = {"kty": "oct", "kid": "symmetric", "k": _base64(b"0" * 32), "alg": "HS256"}
    return {"keys": [jwk("first"), curve, edwards, small, jwk("encrypts", use="enc"), secret]}


def write(path: Path, keys: dict[str, Any] | None = None) -> Path:
    """Write the issuer's keys to a file."""
    path.write_text(json.dumps(jwks() if keys is None else keys), encoding="utf-8")
    return path


def claims(**other: Any) -> dict[str, Any]:
    """Write the claims of a good token, with others instead."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": now + 300,
        "iat": now,
        "sub": "iemand",
        "client_id": "gemeente-x",
        "scope": "openid advies log:lezen",
    }
    return {name: value for name, value in {**good, **other}.items() if value is not ABSENT}


def token(kid: str = "first", alg: str = "RS256", key: Any = None, **other: Any) -> str:
    """Sign a token, with the key of its kid when none is given."""
    key = key or {"curve": ec_key, "edwards": ed_key}.get(kid, lambda: rsa_key(kid))()
    return jwt.encode(claims(**other), key, algorithm=alg, headers={"kid": kid})


def unsigned() -> str:
    """Write a token with the algorithm none."""
    return f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': 'first'})}.{_part(claims())}."


def signed_with_public_key(kid: str = "first") -> str:
    """Write a token signed with HS256 and the issuer's public key, which everyone knows, as the secret."""
    secret = rsa_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hs256(secret, kid)


def hs256(secret: bytes, kid: str) -> str:
    """Write a token signed with HS256; the library itself refuses such a secret."""
    body = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{_part(claims())}"
    return f"{body}.{_base64(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


def tampered() -> str:
    """Write a token whose claims were changed after it was signed."""
    head, _, signature = token(scope="advies").split(".")
    return f"{head}.{_part(claims(scope='beheer'))}.{signature}"


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
