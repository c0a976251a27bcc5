"""What is wrong with a text, where, and what would be right.

Goes in: faults found by the reader, the parser and the checks. Comes out: text for people.
Must not know: which rule of the language was broken.

A diagnostic has no severity: every fault refuses the whole program.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.lang.ast import Span
from app.lang.source_text import SourceText

SHORTEST_BEGIN = 3
MOST_BEGUN = 9
LONGEST_QUOTE = 160
"""Source lines longer than this are cut in the rendering: a hostile line must not fill a terminal."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: a stable code, a lower-case message, its place, and how to mend it."""

    code: str
    message: str
    span: Span
    help: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """All faults of a text, in order of place; never empty."""

    items: tuple[Diagnostic, ...]

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def whole_file(name: str) -> Span:
    """Return the span of a fault that belongs to a file but to no line of it."""
    return Span(name, 1, 1, 1, 1)


def in_order(found: Iterable[Diagnostic], files: Iterable[str]) -> Diagnostics:
    """Sort faults by file (in the given order) and place, and drop those said twice."""
    rank = {name: index for index, name in enumerate(files)}

    def place(one: Diagnostic) -> tuple[int, str, int, int, str]:
        span = one.span
        return (rank.get(span.file, len(rank)), span.file, span.line, span.column, one.code)

    return Diagnostics(tuple(sorted(dict.fromkeys(found), key=place)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a help line that names the nearest known word, or "" when none is near.

    A word that begins others was probably cut short: those come before one that merely looks like it.

    >>> nearest("leeftjd", ["leeftijd", "opleiding"])
    'did you mean `leeftijd`?'
    >>> nearest("mbo", ["mbo_entree", "mbo_2_bol", "hbo"])
    'did you mean one of `mbo_entree`, `mbo_2_bol`?'
    """
    words = list(known)
    begun = [one for one in words if len(word) >= SHORTEST_BEGIN and one.startswith(word)][:MOST_BEGUN]
    if len(begun) > 1:
        return f"did you mean one of {', '.join(f'`{one}`' for one in begun)}?"
    # A long word would make the comparison slow; no declared word comes near that length.
    match = begun or difflib.get_close_matches(word[:80], words, n=1, cutoff=0.6)
    return f"did you mean `{match[0]}`?" if match else ""


def nearest_or_new(word: str, known: Iterable[str], file: str) -> str:
    """Return a help line that names the nearest known word, and where a new one is declared.

    >>> nearest_or_new("VSW-1", ["VSV-1"], "normen.toml")
    'did you mean `VSV-1`? A new one is declared in normen.toml'
    """
    near = nearest(word, known)
    return f"{near} A new one is declared in {file}" if near else f"declare it in {file}"


def render(diagnostics: Iterable[Diagnostic], sources: Iterable[SourceText]) -> str:
    """Return the faults as text: place, message, the source line underlined, and help."""
    texts = {source.name: source.text for source in sources}
    return "\n\n".join(_render_one(one, texts.get(one.span.file)) for one in diagnostics)


def _render_one(one: Diagnostic, text: str | None) -> str:
    span = one.span
    if text is None or (span.line, span.column) == (span.end_line, span.end_column):
        place = span.file if span == whole_file(span.file) else f"{span.file}:{span.line}:{span.column}"
        lines = [f"{place}: {one.message} [{one.code}]"]
    else:
        lines = [f"{span.file}:{span.line}:{span.column}: {one.message} [{one.code}]", *_excerpt(span, text)]
    if one.help:
        lines.append(f"  help: {one.help}")
    return "\n".join(lines)


def _excerpt(span: Span, text: str) -> list[str]:
    lines = text.split("\n")
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    end = span.end_column if span.end_line == span.line else len(line) + 1
    shown = "".join(char if char.isprintable() else "·" for char in line[:LONGEST_QUOTE])
    width = max(1, min(end, LONGEST_QUOTE + 1) - span.column)
    gutter = str(span.line)
    return [
        f"  {gutter} | {shown}",
        f"  {' ' * len(gutter)} | {' ' * min(span.column - 1, LONGEST_QUOTE)}{'^' * width}",
    ]
