"""Callers: who asks, what they may do, and why someone is no caller.

Goes in: nothing. Comes out: `Caller` and the two faults of finding one out. Must not know: keys, tokens, HTTP.

# INVARIANT: the id of a caller starts with how it was found out (`sleutel:`, `oauth:`), except for this machine's
# own (`lokaal`). So a key and a client that happen to have the same name never read each other's adviezen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["advies", "log:lezen", "beheer"]
SCOPES: Final[tuple[Scope, ...]] = ("advies", "log:lezen", "beheer")
LONGEST_ID: Final = 200
"""As long as the log keeps."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: a name that is no person's, and what they may do."""

    id: str
    scopes: frozenset[str]


class NotRecognisedError(Exception):
    """What was shown proves nothing: a wrong, expired or revoked key or token. Its text is Dutch, for the caller."""


class CannotTellError(Exception):
    """Whether it is right cannot be found out now, so nobody is let in."""


def known_scopes(words: list[str]) -> frozenset[str]:
    """Keep the scopes that exist here: a token may be meant for more services than this one."""
    return frozenset(words) & frozenset[str](SCOPES)
