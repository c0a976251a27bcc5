"""What the service answers from at this moment: one edition of the law, made ready.

Goes in: desks and books made by the composition root. Comes out: one object that a call takes once and keeps
to its end, so that the law can be replaced while calls are being answered.
Must not know: where the law comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic_core import to_json

from app.web.authzen.desk import AuthzenDesk
from app.web.authzen.openapi import document as authzen_document
from app.web.desk import Desk
from app.web.openapi import document
from app.web.openapi_examples import Example
from app.web.pages import Cases, LawPages, Page
from app.web.policy_view import Book
from app.web.queries import QueryDesk
from app.web.quoting import Texts


@dataclass(frozen=True)
class Serving:
    """One edition of the law. `hash`: of the whole policy set, as the log keeps it.

    `restricted`: whether callers must show who they are.
    `authzen`: None where the policy set does not say what AuthZEN's words stand for.
    """

    desk: Desk
    queries: QueryDesk
    book: Book
    hash: str
    engine: str
    version: str
    examples: tuple[Example, ...] = ()
    restricted: bool = False
    authzen: AuthzenDesk | None = None
    cases: Cases = ()
    texts: Texts | None = None

    @cached_property
    def pages(self) -> LawPages:
        """What anyone may read of this edition of the law."""
        return LawPages(self.book, self.cases, self.texts)

    @cached_property
    def description(self) -> Page:
        """The OpenAPI document; a file like any other, it ends with a line end."""
        return Page.of(to_json(document(self.desk, self.version, self.examples, self.restricted), indent=2) + b"\n")

    @cached_property
    def authzen_description(self) -> Page:
        """The OpenAPI document of the AuthZEN routes."""
        assert self.authzen is not None
        made = authzen_document(self.authzen, self.version, self.examples, self.restricted)
        return Page.of(to_json(made, indent=2) + b"\n")


class Current:
    """Holds the edition that new calls get."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def replace(self, serving: Serving) -> Serving:
        """Let new calls get another edition; returns the one before, which calls may still be using."""
        before, self.serving = self.serving, serving
        return before
