"""The caller's own reference: it can be found again as it was given, and it names nobody.

Goes in: text. Comes out: whether it may be a kenmerk. Must not know: where it stands, or what is said about a fault.
"""

from __future__ import annotations

import re
import unicodedata
from operator import mul
from typing import Final

from app.log.kenmerk_form import LONGEST, has_only_seen

_DIGITS: Final = 9
_ELFPROEF: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_OF_ZEROS: Final = sum(_ELFPROEF) * ord("0")
_NINE: Final = re.compile(r"(?<![0-9])(?=([0-9](?:[^0-9A-Za-z]{0,3}[0-9]){8})(?![0-9]))", re.ASCII)
"""Whole groups of digits, nine together, with at most three signs between two of them, none of which is a letter."""
_BETWEEN: Final = re.compile(r"[^0-9]+", re.ASCII)
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)


def is_kenmerk(text: str) -> bool:
    r"""Whether this may be a reference.

    >>> is_kenmerk("2026-00123"), is_kenmerk(" 2026-00123"), is_kenmerk("2026\u200b-00123"), is_kenmerk("")
    (True, False, False, False)
    """
    return 0 < len(text) <= LONGEST and has_clean_edges(text) and has_only_seen(text) and not is_bsn(text)


def has_clean_edges(text: str) -> bool:
    """Whether a text that is not empty begins and ends with what can be seen.

    A space or line end at an edge is lost in a file or on a screen, and then nobody finds the text again.
    """
    return " " not in (text[0], text[-1]) and text[0].isprintable() and text[-1].isprintable()


def is_bsn(text: str) -> bool:
    """Whether nine digits pass the elfproef: in a row, or in groups with at most three signs between them.

    >>> is_bsn("zaak 7 111222333"), is_bsn("111-222-333"), is_bsn("2026-00129")
    (True, True, False)
    """
    if len(text) < _DIGITS:
        return False
    for found in _NINE.findall(text if text.isascii() else text.translate(_SIGNS)):
        if _passes(found) and not _of_a_year(found):
            return True
    return False


def _passes(grouped: str) -> bool:
    nine = grouped if len(grouped) == _DIGITS else _BETWEEN.sub("", grouped)
    total = sum(map(mul, _ELFPROEF, nine.encode("ascii"))) - _OF_ZEROS
    return total % 11 == 0 and nine != "000000000"


def _of_a_year(grouped: str) -> bool:
    """Whether groups are a number of a year, such as 2026-00129 or 2026/03/129: one in eleven passes the elfproef.

    Three groups with only dots or spaces between are no such number: a BSN is written so, also one that begins
    as a year does.
    """
    groups, signs = _BETWEEN.split(grouped), _BETWEEN.findall(grouped)
    return any(map(_YEAR.fullmatch, groups)) and (len(groups) == 2 or any(sign.strip(" .") for sign in signs))


class _Signs(dict[int, str]):
    """What a sign counts as: a digit as its value in any script, a letter, a dot, a space, or any other."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        value = unicodedata.digit(sign, None)
        if value is not None:
            return str(value)
        if sign.isalnum():
            return "x"
        return sign if sign == "." else " " if sign.isspace() else "-"


_SIGNS: Final = _Signs()
