"""One file of rules or facts, as text.

Goes in: what a reader found. Comes out: a frozen value that parser, checks and renderer share.
Must not know: where the file stood, or what its folder is called.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceText:
    """A named text with the days on which it is law: yyyymmdd, `valid_until` exclusive."""

    name: str
    text: str
    valid_from: int | None = None
    valid_until: int | None = None

    def in_force(self, date: int) -> bool:
        """Whether this text is law on a day (yyyymmdd)."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_until is None or date < self.valid_until
        )

    def overlaps(self, other: SourceText) -> bool:
        """Whether there is a day on which both texts are law."""
        return _before(self.valid_from, other.valid_until) and _before(other.valid_from, self.valid_until)


def _before(start: int | None, end: int | None) -> bool:
    return start is None or end is None or start < end
