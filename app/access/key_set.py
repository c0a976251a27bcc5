"""The key set of the issuer of bearer tokens (JWKS, RFC 7517), member by member.

Goes in: a file or an https address. Comes out: the public keys that may sign, by key id and key type, or KeySetError.
Must not know: tokens.

A member that cannot be used is skipped and named in the log; it never spoils the others. A private key that stands in a
published set is known to everybody, so nothing that it signed is believed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jwt import PyJWK

from app.access.fetch import FetchError, fetch
from app.plain_file import PlainFileError, read_plain

ALGORITHMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""The algorithms that tokens may be signed with, each with the type (kty) of its keys."""
FETCH_SECONDS: Final = 3.0
"""How long a set at an address may take, from connecting to its last byte."""
LARGEST_SET: Final = 1024 * 1024
MOST_MEMBERS: Final = 200
"""Members of a set: each costs time to read, and each that is skipped is a line in the log."""
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a JWK that only a private or a symmetric key has (RFC 7518, 6)."""
_TYPES: Final = ("RSA", "EC", "OKP")
_SHOWN: Final = 60
_log = logging.getLogger("deelwijzer")

SigningKeys = Mapping[tuple[str, str], tuple[PyJWK, ...]]
"""Keys by `kid` and `kty`. An issuer that gives one name to several keys of a type has them all tried."""


class KeySetError(ValueError):
    """No key set can be read here; the message says why, without the address."""


class KeySource:
    """Reads the key set; each call reads it anew. Safe to share between threads."""

    def __init__(self, where: str) -> None:
        """`where`: a file or an https address; ValueError for another address."""
        self.is_file = "://" not in where
        if not self.is_file and not where.startswith("https://"):
            raise ValueError("the keys of bearer tokens are in a file or at an https address")
        self._where = where
        self._skipped: frozenset[str] = frozenset()

    def __call__(self) -> SigningKeys:
        """Read the set; raises KeySetError when there is no key in it that may sign."""
        found, skipped = usable_keys(self._document())
        self._tell_of(skipped)
        if not found:
            raise KeySetError("holds no key that may sign tokens" + "".join(f"; {one}" for one in skipped[:3]))
        return found

    def _document(self) -> Any:
        try:
            if self.is_file:
                return json.loads(read_plain(Path(self._where), LARGEST_SET))
            return json.loads(fetch(self._where, LARGEST_SET, FETCH_SECONDS))
        except PlainFileError as fault:
            raise KeySetError(str(fault)) from None
        except (ValueError, RecursionError):
            raise KeySetError("is no JSON") from None
        except FetchError as fault:
            raise KeySetError(f"cannot be fetched ({fault})") from None

    def _tell_of(self, skipped: list[str]) -> None:
        """Log each skipped member once, however often the set is read."""
        for reason in skipped:
            if reason not in self._skipped:
                _log.warning("the issuer's key set: %s", reason)
        self._skipped = frozenset(skipped)


def usable_keys(document: Any) -> tuple[SigningKeys, list[str]]:
    """Sort the members of a key set into keys that may sign, and the reasons why others are skipped.

    Raises KeySetError for what is no key set at all.
    """
    members = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(members, list):
        raise KeySetError('is no key set: a JSON object with a list "keys" (RFC 7517)')
    if len(members) > MOST_MEMBERS:
        raise KeySetError(f"has {len(members)} keys; at most {MOST_MEMBERS} are read")
    found: dict[tuple[str, str], tuple[PyJWK, ...]] = {}
    skipped: list[str] = []
    for place, member in enumerate(members):
        reason = next(_objections(member), None)
        key = None if reason else _key(member)
        if key is None:
            skipped.append(f"{_named(place, member)} is skipped: {reason or 'it is no valid public key'}")
            continue
        name = (member["kid"], member["kty"])
        found[name] = (*found.get(name, ()), key)
    return found, skipped


def _objections(member: Any) -> Iterator[str]:
    """Say why a member may not sign, as far as its fields tell."""
    if not isinstance(member, dict):
        yield "it is no JSON object"
        return
    if not isinstance(member.get("kid"), str) or not member["kid"]:
        yield "its kid is no text"
    if member.get("kty") not in _TYPES:
        # A symmetric key in a public list would let anyone sign.
        yield f"its kty is none of {', '.join(_TYPES)}"
    if _PRIVATE & member.keys():
        yield "it holds a PRIVATE key, which must be replaced: whoever can read this set can sign with it"
    if member.get("use") not in (None, "sig"):
        yield "its use is not sig"
    operations = member.get("key_ops")
    if operations is not None and not (isinstance(operations, list) and "verify" in operations):
        yield "its key_ops have no verify"
    if member.get("alg") is not None and member["alg"] not in tuple(ALGORITHMS):
        yield "its alg is none that tokens may be signed with"


def _key(member: dict[str, Any]) -> PyJWK | None:
    try:
        key = PyJWK(member)
        fits = ALGORITHMS.get(key.algorithm_name) == member["kty"] and key.Algorithm.check_key_length(key.key) is None
    except Exception:  # whatever is wrong with one member: the others must not suffer for it
        return None
    return key if fits else None


def _named(place: int, member: Any) -> str:
    kid = member.get("kid") if isinstance(member, dict) else None
    return f"member {place} (kid {kid[:_SHOWN]!r})" if isinstance(kid, str) else f"member {place}"
