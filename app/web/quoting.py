"""The official text of articles beside a derivation, where the operator keeps those texts.

Goes in: an adviser and the texts. Comes out: an adviser whose derivations hold the text of every article they rest on,
as it is on the peildatum. Must not know: where the texts come from, or why a rule rests on an article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Protocol

from app.advice import dates
from app.advice.advies import Advies, Afleiding, Bron, Contradiction, DelingAdvies, Wettekst
from app.advice.budget import Check
from app.advice.law.sources import place_in
from app.advice.question.casus import Casus
from app.advice.question.extras import Extras
from app.web.desk import Adviser


class Text(Protocol):
    """What stands in a place of the law."""

    @property
    def text(self) -> str: ...
    @property
    def since(self) -> int: ...


class Texts(Protocol):
    """Official texts by place and day."""

    def text(self, place: tuple[str, str, str | None], date: int) -> Text | None:
        """What stands in a place on a day (yyyymmdd), None where that is not known."""

    def edition(self, date: int) -> object:
        """Which texts are those of a day: equal for days with the same texts."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """An adviser whose derivations quote the law."""

    adviser: Adviser
    texts: Texts

    def advise(self, casus: Casus, extras: Extras, check: Check) -> Advies | Contradiction:
        """Decide a casus; its derivations, where asked for, hold the texts of the articles."""
        found = self.adviser.advise(casus, extras, check)
        if not extras.uitleg or isinstance(found, Contradiction):
            return found
        return replace(found, adviezen=tuple(self._quoted(one, casus.peildatum, check) for one in found.adviezen))

    def _quoted(self, advies: DelingAdvies, date: int, check: Check) -> DelingAdvies:
        check()
        if advies.afleiding is None:
            return advies
        return replace(advies, afleiding=replace(advies.afleiding, teksten=tuple(self._texts(advies.afleiding, date))))

    def _texts(self, afleiding: Afleiding, date: int) -> Iterator[Wettekst]:
        """Each place once, in the order in which they are first referred to."""
        seen: set[tuple[str, str, str | None]] = set()
        for bron in _bronnen(afleiding):
            place = place_in(bron.juriconnect)
            if place is None or bron.juriconnect is None or place in seen:
                continue
            seen.add(place)
            text = self.texts.text(place, date)
            if text is not None:
                yield Wettekst(bron.titel, bron.artikel, bron.juriconnect, text.text, dates.iso(text.since))


def _bronnen(value: Any) -> Iterator[Bron]:
    """Go through every source that a record refers to, however deep."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, Bron):
            yield one
        elif isinstance(one, tuple):
            todo.extend(reversed(one))
        elif is_dataclass(one):
            todo.extend(getattr(one, field.name) for field in reversed(fields(one)))
