"""Bearer tokens: JWTs of one issuer, meant for this service, signed with one of its keys.

Goes in: a token and where the issuer's keys are. Comes out: a `Caller`, or why not. Must not know: HTTP requests.

Only asymmetric signatures: with HS256 whoever knows the issuer's public key could sign, and `none` needs no key
at all. A key signs with one algorithm, its own; what the token says it uses must be that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import jwt
from jwt import PyJWK, PyJWKClient, PyJWKSet, PyJWTError

from app.access.caller import LONGEST_ID, Caller, NotRecognisedError, known_scopes
from app.access.snapshot import Snapshot

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS: Final = 30
"""How far clocks may differ."""
KEYS_SECONDS: Final = 300.0
"""How long the issuer's keys are believed without reading them again; halfway they are read anew."""
UNKNOWN_SECONDS: Final = 30.0
"""A key nobody knows makes us read the keys again, but not more often than this."""
FETCH_SECONDS: Final = 3.0
LONGEST_TOKEN: Final = 8192
_PREFIX: Final = "oauth:"
_PAUSE: Final = 5.0
_ASYMMETRIC: Final = ("RSA", "EC", "OKP")
_WHO: Final = ("client_id", "azp", "sub")
_WRONG: Final = "Dit token geldt niet voor deze dienst."
_EXPIRED: Final = "Dit token is verlopen. Vraag een nieuw token aan."

SigningKeys = Mapping[str, PyJWK]
_decoder: Final = jwt.PyJWT(options={"enforce_minimum_key_length": True})


class Tokens:
    """Finds out whose token it is."""

    def __init__(self, load: Callable[[], SigningKeys], issuer: str, audience: str) -> None:
        """`load` reads the issuer's keys, and may take long or fail."""
        self._keys: Snapshot[SigningKeys] = Snapshot(
            "the keys of bearer tokens", load, KEYS_SECONDS, pause=_PAUSE, ahead=KEYS_SECONDS / 2
        )
        self._issuer = issuer
        self._audience = audience

    async def caller(self, token: str) -> Caller:
        """Find out whose token it is; raises NotRecognisedError, or CannotTellError when keys cannot be read."""
        key = await self._key(_kid(token))
        try:
            claims = _decoder.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise NotRecognisedError(_EXPIRED) from None
        except PyJWTError:
            raise NotRecognisedError(_WRONG) from None
        return Caller(_PREFIX + _client(claims), known_scopes(_scopes(claims)))

    async def _key(self, kid: str) -> PyJWK:
        found = (await self._keys.get()).get(kid)
        if found is None:
            found = (await self._keys.at_most(UNKNOWN_SECONDS)).get(kid)
        if found is None:
            raise NotRecognisedError(_WRONG)
        return found


def claimed_by_token(token: str) -> str | None:
    """The id of the caller that a token says it is; nothing of it was checked."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        return _PREFIX + _client(_decoder.decode(token, options={"verify_signature": False}))
    except (PyJWTError, NotRecognisedError):
        return None


def signing_keys(where: str) -> Callable[[], SigningKeys]:
    """Make the function that reads the keys, from a file or an https address; ValueError for another address."""
    if "://" not in where:
        return lambda: _usable(PyJWKSet.from_json(Path(where).read_text(encoding="utf-8")))
    if not where.startswith("https://"):
        raise ValueError("the keys of bearer tokens are in a file or at an https address")
    # Its own caches are off: the snapshot keeps the keys, also while they are being read anew.
    client = PyJWKClient(where, cache_jwk_set=False, timeout=FETCH_SECONDS)
    return lambda: _usable(client.get_jwk_set())


def _usable(keys: PyJWKSet) -> SigningKeys:
    """Keep the keys that sign. A symmetric one in a public list would let anyone sign."""
    found = {
        key.key_id: key
        for key in keys.keys
        if key.key_id and key.key_type in _ASYMMETRIC and key.public_key_use in (None, "sig")
    }
    if not found:
        raise ValueError("no key that signs")
    return found


def _kid(token: str) -> str:
    """Read which key signed, before anything of the token is believed."""
    if len(token) > LONGEST_TOKEN:
        raise NotRecognisedError(_WRONG)
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise NotRecognisedError(_WRONG) from None
    kid = header.get("kid")
    if not isinstance(kid, str) or header.get("alg") not in ALGORITHMS:
        raise NotRecognisedError(_WRONG)
    return kid


def _client(claims: Mapping[str, Any]) -> str:
    """Name the client. `sub` comes last: with a client beside it, it can be a person."""
    named = next((claims[name] for name in _WHO if claims.get(name) is not None), None)
    if not isinstance(named, str) or not named or not named.isprintable() or len(named) > LONGEST_ID - len(_PREFIX):
        raise NotRecognisedError(_WRONG)
    return named


def _scopes(claims: Mapping[str, Any]) -> list[str]:
    given = claims["scope"] if "scope" in claims else claims.get("scp")
    if isinstance(given, str):
        return given.split(" ")
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
