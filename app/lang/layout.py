"""Where clauses begin and end, and which comments stand above them.

Goes in: the text of a file. Comes out: chunks of text, one clause each, with their comment lines.
Must not know: the grammar of a clause, or what a comment says.

A clause starts in column 1 and goes on over lines that are indented or start with `)`. So one
broken clause never hides the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.lang.ast import Span
from app.lang.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line as written, `#` included."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """The text of one clause, its lines whole, so that columns are those of the file."""

    file: str
    line: int
    text: str
    comments: tuple[Comment, ...]

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """Return a span of the file; lines are counted from 0 in this chunk, columns from 0."""
        return Span(self.file, self.line + line, column + 1, self.line + end_line, end_column + 1)


@dataclass(slots=True)
class _Layout:
    """The state of a walk over lines: the clause that is open and the comments waiting for one."""

    file: str
    chunks: list[Chunk]
    faults: list[Diagnostic]
    comments: list[Comment]
    open_line: int = 0
    open_lines: list[str] | None = None
    open_comments: tuple[Comment, ...] = ()

    def close(self) -> None:
        if self.open_lines is not None:
            text = "\n".join(self.open_lines).rstrip()
            self.chunks.append(Chunk(self.file, self.open_line, text, self.open_comments))
        self.open_lines = None

    def fault(self, code: str, message: str, line: int, start: int, end: int, help_line: str) -> None:
        self.faults.append(Diagnostic(code, message, Span(self.file, line, start + 1, line, end + 1), help_line))

    def take(self, number: int, line: str) -> None:
        if line.startswith("#"):
            self.close()
            self.comments.append(Comment(number, line))
        elif not line.strip(" "):
            self.comments.clear()
            if self.open_lines is not None:
                self.open_lines.append("")
        elif line.startswith((" ", ")")):
            self.continue_clause(number, line)
        else:
            self.close()
            self.open_line, self.open_lines = number, [line]
            self.open_comments = tuple(self.comments)
            self.comments.clear()

    def continue_clause(self, number: int, line: str) -> None:
        if self.open_lines is not None:
            self.open_lines.append(line)
            return
        start = len(line) - len(line.lstrip(" "))
        self.fault(
            "layout",
            "this line belongs to no clause",
            number,
            start,
            len(line),
            "a clause starts in column 1; its other lines are indented",
        )


def split(file: str, text: str) -> tuple[list[Chunk], list[Diagnostic]]:
    """Split a text into chunks of one clause; report characters and lines that fit nowhere."""
    layout = _Layout(file, [], [], [])
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        bad = next((index for index, char in enumerate(line) if not char.isprintable()), None)
        if bad is not None:
            code_point = f"U+{ord(line[bad]):04X}"
            layout.fault(
                "character",
                f"the invisible character {code_point} is not allowed",
                number,
                bad,
                bad + 1,
                "use spaces, and only characters one can see",
            )
            line = "".join(char if char.isprintable() else " " for char in line)
        if not line.startswith("#") and "#" in line:
            start = line.index("#")
            layout.fault(
                "comment",
                "a comment stands on a line of its own, in column 1",
                number,
                start,
                len(line),
                "move it above the clause, after `##`",
            )
            line = line[:start]
        layout.take(number, line)
    layout.close()
    return layout.chunks, layout.faults
