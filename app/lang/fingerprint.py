"""The fingerprint of a law: a hash over its texts, to the letter.

Goes in: texts. Comes out: "sha256:…". Must not know: what a text says, or how the program represents it: no parser,
no syntax tree and no `repr` has a part in it, so a refactoring of this program cannot change a fingerprint.

The recipe, which anyone can follow: SHA-256 of a JSON array, in ASCII (other characters as `\\uXXXX`), without spaces.
It holds `["deelwijzer-beleid/1", [name, text, valid_from, valid_until], …]`, the texts by name; the line endings of a
text are those of Unix, the two days are yyyymmdd or null.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final

from app.lang.source_text import SourceText

_FORM: Final = "deelwijzer-beleid/1"


def fingerprint(texts: Iterable[SourceText]) -> str:
    """Hash texts and the days on which they are law; in whatever order they are given.

    >>> one, other = SourceText("a.dl", "+ a(1)"), SourceText("b.dl", "+ b(1)")
    >>> fingerprint([one, other]) == fingerprint([other, one])
    True
    """
    ordered = sorted(texts, key=lambda one: one.name)
    parts = [[one.name, _unix(one.text), one.valid_from, one.valid_until] for one in ordered]
    written = json.dumps([_FORM, *parts], ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(written.encode('ascii')).hexdigest()}"


def _unix(text: str) -> str:
    """A checkout on Windows has other line endings than one on Linux; both are the same law."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
