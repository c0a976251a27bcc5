"""The articles of one official consolidated text: a `toestand` of the Basiswettenbestand (toestand_2016-1.xsd).

Goes in: the XML, as bytes, and the numbers of the articles wanted. Comes out: those articles as plain text, by lid
too, or a `ToestandFault`. Must not know: files, or which rule rests on an article.

The parser is expat itself, from the standard library, with one rule added: a document type is refused. Entities can
only be declared in one, so none is expanded and nothing outside the text is ever fetched; the published files have
none. No tree is built: of a law of megabytes only the articles wanted are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

DEEPEST: Final = 200
"""Elements inside each other; a law has some fifteen."""
LONGEST: Final = 200_000
"""Characters of one article; the longest is some 20,000."""
ARTICLE: Final = "artikel"
LID: Final = "lid"
_ROOT: Final = "toestand"
_ABSENT: Final = frozenset({"kop", "meta-data", "noot", "redactie"})
"""What stands in an article and is no text of it."""
_BLOCKS: Final = frozenset({LID, "al", "li", "tekst"})
_NUMBERS: Final = frozenset({"lidnr", "li.nr"})


class ToestandFault(ValueError):
    """This is no toestand that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of an article, a line per lid, onderdeel or paragraph; and that of each lid by its number."""

    text: str
    leden: Mapping[str, str]

    def of(self, lid: str | None) -> str | None:
        """The text of one lid, or of the whole article; None where there is no such lid."""
        return self.text if lid is None else self.leden.get(lid)


def hash_of(text: str) -> str:
    """Hash a text as `facts/bronnen.toml` has it in `tekst_hash`.

    >>> hash_of("Artikel")[:14]
    'sha256:4435fcc'
    """
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read_articles(xml: bytes, bwb: str, wanted: Collection[str]) -> dict[str, ArticleText]:
    """Read some articles of a law, of each number the first; raises ToestandFault."""
    reader = _Reader(bwb, wanted)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as fault:
        raise ToestandFault(f"is no XML (line {fault.lineno})") from None
    return reader.found


def _refuse_doctype(*_: object) -> None:
    raise ToestandFault("has a document type, which is not read: a text of the Basiswettenbestand has none")


@dataclass(slots=True)
class _Text:
    """Text that is being put together, in blocks."""

    blocks: list[list[str]] = field(default_factory=lambda: [[]])
    numbered: bool = False
    size: int = 0

    def block(self) -> None:
        """Begin a new line, but not between a number and what it numbers."""
        if not self.numbered:
            self.blocks.append([])

    def add(self, characters: str) -> None:
        """Add characters to the line."""
        self.size += len(characters)
        if self.size > LONGEST:
            raise ToestandFault(f"has an article of more than {LONGEST} characters")
        if not characters.isspace():
            self.numbered = False
        self.blocks[-1].append(characters)

    def number_ends(self) -> None:
        """Let what follows stand on the line of its number."""
        self.blocks[-1].append(" ")
        self.numbered = True

    def written(self) -> str:
        """Write the lines, each with single spaces."""
        lines = (" ".join("".join(block).split()) for block in self.blocks)
        return "\n".join(line for line in lines if line)


class _Reader:
    """Follows the elements of one document."""

    def __init__(self, bwb: str, wanted: Collection[str]) -> None:
        self.found: dict[str, ArticleText] = {}
        self._bwb = bwb
        self._wanted = wanted
        self._path: list[str] = []
        self._article: int | None = None
        """How deep the article stands that is being read; None outside one."""
        self._skipping: int | None = None
        self._number = ""
        self._lid_number = ""
        self._whole = _Text()
        self._lid: _Text | None = None
        self._leden: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self._path and (name, attributes.get("bwb-id")) != (_ROOT, self._bwb):
            raise ToestandFault(f"is no `{_ROOT}` of {self._bwb}")
        self._path.append(name)
        depth = len(self._path)
        if depth > DEEPEST:
            raise ToestandFault(f"has more than {DEEPEST} elements inside each other")
        if self._article is None:
            if name == ARTICLE:
                self._begin(depth)
        elif self._skipping is None:
            if name in _ABSENT:
                self._skipping = depth
            elif name == LID and depth == self._article + 1:
                self._lid, self._lid_number = _Text(), ""
                self._whole.block()
            elif name in _BLOCKS:
                for text in self._texts():
                    text.block()

    def end(self, name: str) -> None:
        """An element ends."""
        depth = len(self._path)
        if self._article == depth:
            self._keep()
        elif self._skipping == depth:
            self._skipping = None
        elif self._article is not None and self._skipping is None:
            if name in _NUMBERS:
                for text in self._texts():
                    text.number_ends()
            elif name == LID and depth == self._article + 1 and self._lid is not None:
                self._leden.setdefault(_plain(self._lid_number), self._lid.written())
                self._lid = None
        self._path.pop()

    def characters(self, characters: str) -> None:
        """Text stands here."""
        if self._article is None:
            return
        inside = self._path[self._article :]
        if inside == ["kop", "nr"]:
            self._number += characters
        elif self._skipping is None:
            if inside == [LID, "lidnr"]:
                self._lid_number += characters
            for text in self._texts():
                text.add(characters)

    def _texts(self) -> tuple[_Text, ...]:
        return (self._whole,) if self._lid is None else (self._whole, self._lid)

    def _begin(self, depth: int) -> None:
        self._article, self._number = depth, ""
        self._whole, self._lid, self._leden = _Text(), None, {}

    def _keep(self) -> None:
        number = _plain(self._number)
        if number in self._wanted and number not in self.found:
            self.found[number] = ArticleText(self._whole.written(), self._leden)
        self._article = None


def _plain(number: str) -> str:
    return number.strip().rstrip(".")
