"""The chain: every record is sealed together with the one before it, so that a change shows.

Goes in: the plain fields of a record. Comes out: SHA-256 hashes in hexadecimal.
Must not know: databases. docs/decision-log.md says the same in words, for a verifier of another make.

What is personal enters the seal only as a salted commitment (`afdruk`). Without the salt nothing can be
guessed from it, so taking salt and text away erases them, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

FORM: Final = "deelwijzer-log"
NEWEST: Final = 2
"""The form that new records get; each form covers all that the one before it covers."""
SEALED: Final = (
    "nr", "trace_id", "span_id", "parent_span_id", "event_name", "begin_ms", "einde_ms", "status", "aanroeper",
    "beleid", "engine", "versie", "verwerking", "bewaard", "bijzonderheden", "sleutel",
)  # fmt: skip
"""The columns of a record that its seal covers, in order; form 1 is without the last."""
SEALED_PARTS: Final = ("id", "plaats", "soort", "peildatum", "vraag_afdruk", "antwoord_afdruk", "betrokkene_afdruk")
"""The columns of a part that the seal covers, in order; form 1 is without the last."""
ROOT: Final = "0" * 64
"""What the first record is linked to."""
SALT_SIZE: Final = 16

Plain = str | int | None


def commitment(salt: bytes, text: str) -> str:
    """Commit to a text without telling it: the hash of salt and UTF-8 bytes."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def seal(previous: str, record: Sequence[Plain], parts: Sequence[Sequence[Plain]], form: int = NEWEST) -> str:
    """Seal a record and its parts to the record before it: the hash of their JSON array, without spaces.

    >>> seal(ROOT, (1, "x"), ()) == seal(ROOT, (1, "x"), ()) != seal(ROOT, (2, "x"), ())
    True
    """
    named = f"{FORM}/{form}"
    text = json.dumps([named, previous, list(record), [list(part) for part in parts]], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def sealed(record: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> str:
    """Seal a record as it stands in the tables, by the form that it says it has."""
    form = record["vorm"]
    names, part_names = (SEALED, SEALED_PARTS) if form != 1 else (SEALED[:-1], SEALED_PARTS[:-1])
    rows = [[part[name] for name in part_names] for part in parts]
    return seal(record["vorige"], [record[name] for name in names], rows, form)
