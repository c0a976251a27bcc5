"""What may stand in a clause at all, before Python's own parser sees it.

Goes in: the text of one clause. Comes out: faults; none means the text is safe to parse.
Must not know: the grammar.

Only a small ASCII set passes: no backslashes, prefixes, keywords, floats or deep nesting. So columns
are right (bytes are characters), `ast.parse` has nothing to warn about, and its stack stays shallow.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Final

from app.lang.ast import Span
from app.lang.date_sums import YEARS
from app.lang.diagnostics import Diagnostic
from app.lang.layout import Chunk

LONGEST_CLAUSE: Final = 10_000
DEEPEST_NESTING: Final = 20
MOST_DIGITS: Final = 12
YES_AND_NO: Final = "yes and no are the words 'ja' and 'nee'"
WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What may stand between quotes: a value of a domain."""

_TOKEN: Final = re.compile(
    r"(?P<space>[ ]+)|(?P<newline>\n)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]+)"
    r"|(?P<string>'[^'\n]*')|(?P<operator><=|>=|==|!=|//|[-+*<>&~(),])"
)
_PREFIXES: Final = frozenset("~+-*")


def faults_in(chunk: Chunk) -> Iterator[Diagnostic]:
    """Yield what is wrong with the words and signs of a clause."""
    if len(chunk.text) > LONGEST_CLAUSE:
        yield Diagnostic(
            "too-long",
            f"this clause is longer than {LONGEST_CLAUSE} characters",
            chunk.span(0, 0, 0, 1),
            "split it into several rules",
        )
        return
    line = start_of_line = position = depth = 0
    before: tuple[str, str, int] = ("", "", 0)
    while position < len(chunk.text):
        match = _TOKEN.match(chunk.text, position)
        column = position - start_of_line
        if match is None:
            yield _unreadable(chunk, line, column, chunk.text[position])
            return
        kind, token = match.lastgroup or "", match.group()
        span = chunk.span(line, column, line, column + len(token))
        position = match.end()
        if kind == "newline":
            line, start_of_line = line + 1, position
        if kind in ("space", "newline"):
            continue
        fault = _fault_of(kind, token, before, match.start())
        if fault is not None:
            yield Diagnostic(fault[0], fault[1], span, fault[2])
            return
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0:
            yield Diagnostic("parenthesis", "this `)` closes nothing", span, "remove it, or open it with `(`")
            return
        if depth > DEEPEST_NESTING:
            yield Diagnostic("too-deep", f"more than {DEEPEST_NESTING} parentheses deep", span, "split the rule")
            return
        before = (kind, token, position)
    if depth:
        yield Diagnostic(
            "parenthesis",
            "a `(` of this clause is never closed",
            _last_character(chunk),
            "close it with `)`; every line after the first is indented or starts with `)`",
        )


def _last_character(chunk: Chunk) -> Span:
    lines = chunk.text.split("\n")
    return chunk.span(len(lines) - 1, max(0, len(lines[-1]) - 1), len(lines) - 1, len(lines[-1]))


def _unreadable(chunk: Chunk, line: int, column: int, char: str) -> Diagnostic:
    span = chunk.span(line, column, line, column + 1)
    helps = {
        "'": "this quote is never closed on its line",
        '"': "use single quotes: 'school'",
        "|": "write two rules instead of `|`",
        "=": "compare with `==`; a rule is written `head <= body`",
        ".": "whole numbers only",
    }
    return Diagnostic("character", f"`{char}` is not allowed here", span, helps.get(char, ""))


def _fault_of(kind: str, token: str, before: tuple[str, str, int], start: int) -> tuple[str, str, str] | None:
    kind_before, token_before, end_before = before
    if kind == "name" and keyword.iskeyword(token):
        return "reserved", f"`{token}` is not a word of rules", YES_AND_NO
    if kind == "string" and not WORD.fullmatch(token[1:-1]):
        return "word", f"`{token}` is not a word", "a value is letters, digits, `_` and `-`: 'mbo_entree'"
    if kind == "number" and (len(token) > MOST_DIGITS or (len(token) > 1 and token.startswith("0"))):
        return "number", "this is not a number of rules", f"at most {MOST_DIGITS} digits, without leading zeros"
    if token_before == ")" and (  # noqa: S105 - a sign of the language
        (kind in ("name", "number", "string") and token != YEARS) or token in ("(", "~")
    ):
        return "syntax", "`&` is missing before this condition", "conditions are joined by `&`: `p(X) & q(X)`"
    if end_before == start and kind in ("name", "number", "string") and kind_before in ("name", "number", "string"):
        return "syntax", f"`{token}` cannot follow directly on `{token_before}`", ""
    if kind == kind_before == "string":
        return "syntax", "two values in a row", "separate them with a comma"
    if token in _PREFIXES and token_before in _PREFIXES:
        return "syntax", f"`{token}` cannot follow on `{token_before}`", ""
    return None
