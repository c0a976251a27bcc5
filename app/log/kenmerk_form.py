"""The one normal form of a kenmerk: two texts that look the same are the same.

Goes in: text, or the bytes of a file that holds a kenmerk. Comes out: the normal form, or what is wrong with it.
Must not know: where the text came from, or what is said to whom about a fault.

The normal form is Unicode NFC without signs that nobody can see. New questions hold no such signs (the web layer
refuses them); `normal_form` drops them all the same, so that a log of an older version is found by the same text.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 100
"""Characters of a kenmerk."""
MOST_BYTES: Final = 4 * LONGEST + 5
"""Bytes of a file that holds a kenmerk: its text in UTF-8, a byte order mark and a line end."""
_BOM: Final = b"\xef\xbb\xbf"
_INVISIBLE_LETTERS: Final = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Signs that Unicode counts as marks or letters, and that are drawn as nothing (Default_Ignorable_Code_Point)."""


class KenmerkFault(ValueError):
    """The bytes hold no kenmerk; the message says why, in Dutch, without repeating any of them."""


def is_seen(sign: str) -> bool:
    """Whether a reader sees this sign, or it is a plain space.

    Controls, bidi marks, zero-width signs, line and paragraph separators and special spaces are not.
    """
    return (sign == " " or sign.isprintable()) and sign not in _INVISIBLE_LETTERS


def has_only_seen(text: str) -> bool:
    r"""Whether every sign of a text can be seen.

    >>> has_only_seen("zaak 77"), has_only_seen("zaak\u200b77"), has_only_seen("zaak\n77")
    (True, False, False)
    """
    if text.isascii():  # most are
        return text.isprintable()
    return all(map(is_seen, text))


def normal_form(text: str) -> str:
    r"""Return the text as it is looked for: NFC, special spaces as plain ones, no signs that cannot be seen.

    >>> ascii(normal_form("re\u0301s\u200bume\u0301"))
    "'r\\xe9sum\\xe9'"
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = (" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return unicodedata.normalize("NFC", "".join(sign for sign in spaced if is_seen(sign)))


def kenmerk_of(raw: bytes) -> str:
    """Read the kenmerk that a file holds: one line of UTF-8, with or without BOM and line end; raises KenmerkFault."""
    if len(raw) > MOST_BYTES:
        raise KenmerkFault(f"dit bestand is te groot voor een kenmerk van hooguit {LONGEST} tekens")
    try:
        text = raw.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        raise KenmerkFault("dit bestand is geen UTF-8; bewaar het als UTF-8") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise KenmerkFault("dit bestand is leeg; zet er het kenmerk in")
    if "\n" in text or "\r" in text:
        raise KenmerkFault("in dit bestand staat meer dan één regel; zet er één kenmerk in")
    if not has_only_seen(text):
        raise KenmerkFault(
            "in dit kenmerk staat een teken dat niet te zien is, zoals een tab of een teken zonder breedte; "
            "haal het weg"
        )
    if len(text) > LONGEST:
        raise KenmerkFault(f"een kenmerk heeft hooguit {LONGEST} tekens")
    return text
