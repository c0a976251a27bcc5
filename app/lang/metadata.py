"""What the comments above a rule say: norm, bron, uitleg, interpretatie, voorrang.

Goes in: the comment lines directly above a rule. Comes out: `Metadata`, with faults of form.
Must not know: which norms and sources exist, or which variables the rule has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from app.lang.ast import Atom, Constant, Metadata, Reference, Rule, Span, Term, Variable
from app.lang.diagnostics import Diagnostic, nearest
from app.lang.layout import Chunk, Comment

KEYS: Final = ("norm", "bron", "uitleg", "interpretatie", "voorrang")
_KEY: Final = re.compile(r"# ?([a-z]+):[ ]*")
_WHEN: Final = " bij "
"""Between a source and the table that must hold for it."""
_CONDITION: Final = re.compile(r"([a-z][a-z0-9_]*)\((.*)\)", re.ASCII)
_TERM: Final = re.compile(
    r"(?P<variable>[A-Z][A-Za-z0-9_]*)|'(?P<word>[A-Za-z0-9][A-Za-z0-9_-]*)'|(?P<number>0|[1-9][0-9]{0,11})", re.ASCII
)
_VOORRANG: Final = re.compile(r"[1-9][0-9]?", re.ASCII)
_CONTINUATION: Final = re.compile(r"#[ ]{3,}")


@dataclass(slots=True)
class _Entry:
    """The text of one key, gathered over its lines, with the place of its first line."""

    span: Span
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


def read_metadata(chunk: Chunk, faults: list[Diagnostic]) -> Metadata | None:
    """Read the comments above a clause; None when they say nothing about it."""
    lines = [comment for comment in chunk.comments if not comment.text.startswith("##")]
    if not lines:
        return None
    entries: dict[str, _Entry] = {}
    current: _Entry | None = None
    for comment in lines:
        current = _take(chunk.file, comment, entries, current, faults)
    span = Span(chunk.file, lines[0].line, 1, lines[-1].line, len(lines[-1].text) + 1)
    empty = _Entry(span)
    found = {key: entries.get(key, empty) for key in KEYS}
    return Metadata(
        norm=found["norm"].text,
        references=_references(found["bron"], faults),
        uitleg=found["uitleg"].text,
        interpretaties=tuple(filter(None, (code.strip() for code in found["interpretatie"].text.split(",")))),
        voorrang=_voorrang(entries.get("voorrang"), faults),
        span=span,
        norm_span=found["norm"].span,
        uitleg_span=found["uitleg"].span,
        interpretaties_span=found["interpretatie"].span,
        voorrang_span=found["voorrang"].span,
    )


def references_of(rule: Rule) -> tuple[Reference, ...]:
    """Return the sources that stand above a rule."""
    return () if rule.metadata is None else rule.metadata.references


def _take(
    file: str, comment: Comment, entries: dict[str, _Entry], current: _Entry | None, faults: list[Diagnostic]
) -> _Entry | None:
    text = comment.text
    span = Span(file, comment.line, 1, comment.line, len(text) + 1)
    if match := _CONTINUATION.match(text):
        if current is not None:
            current.parts.append(text[match.end() :])
            return current
        faults.append(Diagnostic("metadata", "this line continues nothing", span, "start with a key: `# uitleg: …`"))
        return None
    match = _KEY.match(text)
    if match is None:
        message = "this comment is neither metadata nor its continuation"
        help_line = "start free text with `##`; continue a key with `#   `"
        faults.append(Diagnostic("metadata", message, span, help_line))
        return current
    key = match.group(1)
    key_span = Span(file, comment.line, match.start(1) + 1, comment.line, match.end(1) + 1)
    if key not in KEYS:
        help_line = nearest(key, KEYS) or f"the keys are {', '.join(KEYS)}; start free text with `##`"
        faults.append(Diagnostic("metadata", f"`{key}` is not a key of metadata", key_span, help_line))
        return None
    if key in entries:
        faults.append(Diagnostic("metadata", f"`{key}` is said twice", key_span, "continue a key with `#   `"))
        return None
    value_start = min(match.end(), len(text) - 1)
    entries[key] = _Entry(Span(file, comment.line, value_start + 1, comment.line, len(text) + 1))
    entries[key].parts.append(text[match.end() :])
    return entries[key]


def _voorrang(entry: _Entry | None, faults: list[Diagnostic]) -> int | None:
    if entry is None:
        return None
    if _VOORRANG.fullmatch(entry.text):
        return int(entry.text)
    message = "`voorrang` is a whole number from 1 to 99"
    faults.append(Diagnostic("metadata", message, entry.span, "of rules for one fact the lowest number goes first"))
    return None


def _references(entry: _Entry, faults: list[Diagnostic]) -> tuple[Reference, ...]:
    references = []
    for part in filter(None, (piece.strip() for piece in entry.text.split(";"))):
        said, _, when = part.partition(_WHEN)
        source, _, place = said.strip().partition(" ")
        condition = _condition(when.strip(), entry.span) if when else None
        if when and condition is None:
            message = f"`{when.strip()}` does not say when this source is cited"
            faults.append(Diagnostic("source", message, entry.span, "write `WEB 9.2.12 bij tabel(Variabele, 'woord')`"))
        references.append(Reference(source, place, entry.span, condition))
    return tuple(references)


def _condition(text: str, span: Span) -> Atom | None:
    """Read the table on which a source depends; None where it is not written as one."""
    match = _CONDITION.fullmatch(text)
    if match is None:
        return None
    terms: list[Term] = []
    for argument in match.group(2).split(","):
        found = _TERM.fullmatch(argument.strip())
        if found is None:
            return None
        if variable := found.group("variable"):
            terms.append(Variable(variable, span))
        else:
            terms.append(Constant(found.group("word") or int(found.group("number")), span))
    return Atom(match.group(1), tuple(terms), span)
