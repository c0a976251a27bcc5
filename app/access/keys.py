"""API keys: made once, kept as a hash, checked from memory.

Goes in: what a caller shows, or an operator's wish. Comes out: a `Caller`, a new key, the list.
Must not know: HTTP.

A key is `dw_<id>_<secret>`. The id may be seen; the secret has 256 random bits, so a plain SHA-256 of it cannot be
guessed and no slow hash is needed. All keys are read at once, every few seconds: **a revocation works within
`KNOWN_SECONDS`**, unknown ids cost a query a second at most, and without a database nobody is let in on old news.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from app.access.caller import SCOPES, Caller, NotRecognisedError
from app.access.snapshot import Snapshot
from app.database.clock import now_ms
from app.database.connection import Database
from app.database.tables import sleutel

PREFIX: Final = "dw_"
KNOWN_SECONDS: Final = 5.0
NEW_SECONDS: Final = 1.0
"""An id nobody knows makes us read the keys again, but not more often than this: a new key works that soon."""
LONGEST_NAME: Final = 200
_SECRET_BYTES: Final = 32
_ID_LENGTH: Final = 10
_ID_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look like another: an operator types an id to revoke it."""
_KEY: Final = re.compile(rf"{PREFIX}([{_ID_SIGNS}]{{{_ID_LENGTH}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)
_DAY_MS: Final = 86_400_000
_PAUSE: Final = 1.0
_WRONG: Final = "Deze sleutel geldt niet, of niet meer."
_CALLER: Final = "sleutel:"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept; times are milliseconds since 1970, UTC."""

    id: str
    naam: str
    afdruk: str
    scopes: frozenset[str]
    gemaakt_ms: int
    verloopt_ms: int | None
    ingetrokken_ms: int | None

    def holds(self, now_ms: int) -> bool:
        """Whether it lets in at a moment."""
        return self.ingetrokken_ms is None and (self.verloopt_ms is None or now_ms < self.verloopt_ms)


class KeyBook:
    """The keys in the database."""

    def __init__(self, database: Database, changed: Callable[[Connection], None] | None = None) -> None:
        """`changed`: told of every change, in its transaction."""
        self._database = database
        self._changed = changed

    def new(self, naam: str, scopes: Collection[str], days: int | None = None) -> tuple[Key, str]:
        """Make a key; returns it with its text, which is nowhere afterwards. Raises ValueError, DatabaseFault."""
        if not (naam.strip() and naam.isprintable() and len(naam) <= LONGEST_NAME):
            raise ValueError("a name is text on one line")
        if not scopes or not set(scopes) <= set(SCOPES):
            raise ValueError("a scope that does not exist")
        identifier = "".join(secrets.choice(_ID_SIGNS) for _ in range(_ID_LENGTH))
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        now = now_ms()
        until = None if days is None else now + days * _DAY_MS
        key = Key(identifier, naam, _hashed(secret), frozenset(scopes), now, until, None)
        with self._database.write() as connection:
            connection.execute(
                insert(sleutel).values(
                    id=key.id,
                    naam=key.naam,
                    afdruk=key.afdruk,
                    scopes=" ".join(scope for scope in SCOPES if scope in key.scopes),
                    gemaakt_ms=key.gemaakt_ms,
                    verloopt_ms=key.verloopt_ms,
                )
            )
            self._tell(connection)
        return key, f"{PREFIX}{identifier}_{secret}"

    def all(self) -> list[Key]:
        """List every key, oldest first; raises DatabaseFault."""
        with self._database.read() as connection:
            rows = connection.execute(select(sleutel).order_by(sleutel.c.gemaakt_ms, sleutel.c.id)).all()
        return [
            Key(
                row.id,
                row.naam,
                row.afdruk,
                frozenset(row.scopes.split()),
                row.gemaakt_ms,
                row.verloopt_ms,
                row.ingetrokken_ms,
            )
            for row in rows
        ]

    def revoke(self, identifier: str) -> bool:
        """Let a key no longer let in; whether there is one. The first revocation stays. Raises DatabaseFault."""
        with self._database.write() as connection:
            wanted = sleutel.c.id == identifier
            if connection.execute(select(sleutel.c.id).where(wanted)).first() is None:
                return False
            open_one = update(sleutel).where(wanted, sleutel.c.ingetrokken_ms.is_(None))
            connection.execute(open_one.values(ingetrokken_ms=now_ms()))
            self._tell(connection)
        return True

    def _tell(self, connection: Connection) -> None:
        if self._changed is not None:
            self._changed(connection)


class KeyCheck:
    """Finds out whose key it is."""

    def __init__(self, book: KeyBook, seconds: float = KNOWN_SECONDS) -> None:
        """`seconds`: how long what was read is believed."""
        self._known: Snapshot[Mapping[str, Key]] = Snapshot(
            "the API keys", lambda: {key.id: key for key in book.all()}, seconds, pause=_PAUSE
        )

    async def caller(self, text: str) -> Caller:
        """Find out whose key it is; raises NotRecognisedError, or CannotTellError without a database."""
        parts = _KEY.fullmatch(text)
        if parts is None:
            raise NotRecognisedError(_WRONG)
        identifier, secret = parts.groups()
        key = (await self._known.get()).get(identifier)
        if key is None:
            key = (await self._known.at_most(NEW_SECONDS)).get(identifier)
        shown = _hashed(secret)
        if key is None or not hmac.compare_digest(key.afdruk, shown) or not key.holds(now_ms()):
            raise NotRecognisedError(_WRONG)
        return Caller(_CALLER + key.id, key.scopes)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
