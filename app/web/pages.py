"""Pages that anyone may read, written once per law: the law of a day, one norm, the words, the OpenAPI documents.

Goes in: a policy book, or JSON text. Comes out: `Page`s, and the response to a request for one: whole, or a 304.
Must not know: which routes there are, or what any rule says.

The text of a law is large and the same for every day between two changes, so only the few members that name the day
are written per request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.lang.program import Program
from app.web.policy_view import NORMS, Book, choices_view, law_head, norm_head, norms_of
from app.web.quoting import Texts
from app.web.reading import JSON, header
from app.web.words import words_view

Cases = Sequence[Mapping[str, Any]]
"""The document's own cases, fit for JSON."""
SECONDS: Final = 300
"""How long a client or proxy may use a page without asking: so long the law before a reload can still be seen."""
FOR_ANY_PAGE: Final = {"access-control-allow-origin": "*"}
"""A header that lets scripts of every web page read a page."""
CACHED: Final = f"public, max-age={SECONDS}"


@dataclass(frozen=True, slots=True)
class Page:
    """JSON text and its strong entity tag, quotes included (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Page:
        """Make the page of a text."""
        return cls(body, _tag(body))

    def answer(self, request: Request, **headers: str) -> Response:
        """Answer with the page, or with a 304 for a client that has it."""
        own = {"etag": self.etag, "cache-control": CACHED, **headers}
        if _has(header(request, b"if-none-match"), self.etag):
            return Response(status_code=304, headers=own)
        return Response(self.body, media_type=JSON, headers=own)


class LawPages:
    """The pages of one edition of the law. Belongs to the event loop; keeps a text per program and edition of the
    official texts, never per day."""

    def __init__(self, book: Book, cases: Cases = (), texts: Texts | None = None) -> None:
        self._book = book
        self._cases = cases
        self._texts = texts
        self._norms: dict[tuple[int, object], tuple[Program, dict[str, Page], Page]] = {}
        self._words: Page | None = None
        self._choices: Page | None = None
        self._scenarios: Page | None = None

    def law(self, date: int) -> Page:
        """All law in force on a day (yyyymmdd)."""
        _, all_norms = self._of(date)
        return _joined(law_head(self._book, date), b'"%s":' % NORMS.encode() + all_norms.body, all_norms.etag)

    def norm(self, code: str, date: int) -> Page | None:
        """One norm as it is on a day, or None when there is no such norm then."""
        norm = self._of(date)[0].get(code)
        return None if norm is None else _joined(norm_head(self._book, date), norm.body[1:-1], norm.etag)

    def words(self, date: int) -> Page:
        """The words with their labels; they are the same on every day of an edition."""
        if self._words is None:
            self._words = Page.of(to_json(words_view(self._book, date)))
        return self._words

    def choices(self, date: int) -> Page:
        """The interpretations; they are the same on every day of an edition."""
        if self._choices is None:
            self._choices = Page.of(to_json(choices_view(self._book, date)))
        return self._choices

    def scenarios(self) -> Page:
        """The document's own cases with the answer that is expected."""
        if self._scenarios is None:
            self._scenarios = Page.of(to_json({"versie": self._book.version, "scenarios": list(self._cases)}))
        return self._scenarios

    def _of(self, date: int) -> tuple[dict[str, Page], Page]:
        """Every norm of the law of a day by itself, and all of them as one list."""
        decider = self._book.on(date)
        program = decider.program
        key = (id(program), None if self._texts is None else self._texts.edition(date))
        kept = self._norms.get(key)
        if kept is None:
            norms = {norm["norm"]: Page.of(to_json(norm)) for norm in norms_of(decider, date, self._texts)}
            every = Page.of(b"[" + b",".join(one.body for one in norms.values()) + b"]")
            # With its program: an id is one object's for as long as that lives.
            kept = self._norms[key] = (program, norms, every)
        return kept[1:]


def _joined(head: dict[str, Any], members: bytes, of_members: str) -> Page:
    """Make an object of the members of two, the second written already; `of_members` is the tag of that text."""
    begin = to_json(head)
    return Page(begin[:-1] + b"," + members + b"}", _tag(begin + of_members.encode()))


def _tag(text: bytes) -> str:
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def _has(asked: str | None, etag: str) -> bool:
    """Whether If-None-Match names a tag; a proxy may have made it a weak one (RFC 9110, 13.1.2)."""
    if asked is None:
        return False
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in asked.split(","))
