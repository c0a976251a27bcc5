"""Bearer tokens: JWTs of one issuer, meant for this service, signed with one of its keys.

Goes in: a token and the issuer's keys. Comes out: a `Caller`, or why not. Must not know: HTTP requests.

Only asymmetric signatures: with HS256 whoever knows the issuer's public key could sign, and `none` needs no key
at all. A key signs with one algorithm, its own; what the token says it uses must be that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
from jwt import PyJWK, PyJWTError

from app.access.caller import LONGEST_ID, Caller, NotRecognisedError, known_scopes
from app.access.key_set import ALGORITHMS, SigningKeys
from app.access.snapshot import Snapshot

LEEWAY_SECONDS: Final = 30
"""How far clocks may differ."""
KEYS_SECONDS: Final = 300.0
"""How long the issuer's keys are believed without reading them again; halfway they are read anew."""
UNKNOWN_SECONDS: Final = 30.0
"""A key nobody knows makes us read the keys again, but not more often than this."""
LONGEST_TOKEN: Final = 8192
_PREFIX: Final = "oauth:"
_PAUSE: Final = 5.0
_WHO: Final = ("client_id", "azp", "sub")
_WRONG: Final = "Dit token geldt niet voor deze dienst."
_EXPIRED: Final = "Dit token is verlopen. Vraag een nieuw token aan."

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
        claims = self._claims(token, await self._candidates(_named_key(token)))
        return Caller(_PREFIX + _client(claims), known_scopes(_scopes(claims)))

    async def _candidates(self, name: tuple[str, str]) -> tuple[PyJWK, ...]:
        found = (await self._keys.get()).get(name)
        if found is None:
            found = (await self._keys.at_most(UNKNOWN_SECONDS)).get(name)
        if found is None:
            raise NotRecognisedError(_WRONG)
        return found

    def _claims(self, token: str, keys: tuple[PyJWK, ...]) -> Mapping[str, Any]:
        """Return what a token claims, once one of the keys with its name proves it; raises NotRecognisedError."""
        for key in keys:
            try:
                return _decoder.decode(
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
                continue
        raise NotRecognisedError(_WRONG)


def _named_key(token: str) -> tuple[str, str]:
    """Read which key signed, as kid and kty, before anything of the token is believed."""
    if len(token) > LONGEST_TOKEN:
        raise NotRecognisedError(_WRONG)
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise NotRecognisedError(_WRONG) from None
    kid, alg = header.get("kid"), header.get("alg")
    if not isinstance(kid, str) or not isinstance(alg, str) or alg not in ALGORITHMS:
        raise NotRecognisedError(_WRONG)
    return kid, ALGORITHMS[alg]


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
