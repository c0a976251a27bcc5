"""The chain: every record is sealed together with the one before it, so that a change shows.

Goes in: the plain fields of a record. Comes out: SHA-256 hashes in hexadecimal.
Must not know: databases. docs/decision-log.md says the same in words, for a verifier of another make.

What is personal enters the seal only as a salted commitment (`afdruk`). Without the salt nothing can be
guessed from it, so taking salt and text away erases them, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

FORM: Final = "deelwijzer-log/1"
ROOT: Final = "0" * 64
"""What the first record is linked to."""
SALT_SIZE: Final = 16

Plain = str | int | None


def commitment(salt: bytes, text: str) -> str:
    """Commit to a text without telling it: the hash of salt and UTF-8 bytes."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def seal(previous: str, record: Sequence[Plain], parts: Sequence[Sequence[Plain]]) -> str:
    """Seal a record and its parts to the record before it: the hash of their JSON array, without spaces.

    >>> seal(ROOT, (1, "x"), ()) == seal(ROOT, (1, "x"), ()) != seal(ROOT, (2, "x"), ())
    True
    """
    text = json.dumps([FORM, previous, list(record), [list(part) for part in parts]], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
