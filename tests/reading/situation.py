"""A question, as facts that are known or not: one young person, and one flow of one item.

Goes in: the JSON of POST /v1/advies, checked. Comes out: `Case` and `Flow`, whose facts are three-valued.
Must not know: what any norm makes of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.reading.kleene import NO, UNKNOWN, YES, Kleene, known
from tests.reading.words import BSN, DOCUMENT, GEEFT_STARTKWALIFICATIE

NIEUW = 2026_01_01
YEAR = 1_00_00

Json = Mapping[str, Any]


def day_of(text: str | None) -> int | None:
    """Take a date as one number, yyyymmdd: a year later is the same month and day, 29 February or not.

    >>> day_of("2026-03-15")
    20260315
    """
    return None if text is None else int(text.replace("-", ""))


@dataclass(frozen=True)
class Case:
    """What a question says of one young person on the peildatum."""

    question: Json
    peildatum: int

    @property
    def nieuw(self) -> bool:
        """Whether the law from 2026-01-01 holds."""
        return self.peildatum >= NIEUW

    def says(self, field: str, part: str = "jongere") -> Kleene:
        """Answer a yes/no field: absent is unknown."""
        return known(self._part(part).get(field))

    def asserts(self, field: str, part: str = "jongere") -> Kleene:
        """Answer a closed yes/no field: absent is not so."""
        return known(bool(self._part(part).get(field)))

    def number(self, field: str, part: str = "jongere") -> int | None:
        """Return a number, or None while it is unknown."""
        found: int | None = self._part(part).get(field)
        return found

    def _part(self, part: str) -> Json:
        found: Json = self.question if part == "" else self.question.get(part, {})
        return found

    @property
    def geboortedatum(self) -> int | None:
        """The day of birth."""
        return day_of(self._part("jongere").get("geboortedatum"))

    @property
    def uitstroomdatum(self) -> int | None:
        """The day of leaving."""
        return day_of(self._part("jongere").get("uitstroomdatum"))

    @property
    def opleiding(self) -> str | None:
        """The opleiding, current or last."""
        found: str | None = self._part("jongere").get("opleiding")
        return found

    def opleiding_in(self, words: Collection[str]) -> Kleene:
        """Whether the opleiding is one of some."""
        return UNKNOWN if self.opleiding is None else known(self.opleiding in words)

    @property
    def diploma(self) -> Kleene:
        """Whether the diploma of the opleiding was obtained; what would be a contradiction is not so."""
        if self.opleiding == "geen":
            return NO
        no_startkwalificatie = self.says("startkwalificatie") is NO
        if no_startkwalificatie and self.opleiding in GEEFT_STARTKWALIFICATIE:
            return NO
        return self.says("diploma_behaald")

    @property
    def ingeschreven(self) -> Kleene:
        """Whether enrolled: said so, or (a contradiction otherwise) because someone is still to leave."""
        if self.opleiding == "geen":
            return NO
        if self.uitstroomdatum is not None and self.uitstroomdatum > self.peildatum:
            return YES
        return self.says("ingeschreven")

    @property
    def inhoud(self) -> Collection[str] | None:
        """What the overgangsdocument holds; None while that is unknown."""
        found: Collection[str] | None = self._part("overgangsdocument").get("inhoud")
        return found

    def inhoud_holds(self, words: Collection[str]) -> Kleene:
        """Whether the overgangsdocument holds one of some items."""
        return UNKNOWN if self.inhoud is None else known(any(one in words for one in self.inhoud))

    def mandaat(self, van: str, aan: str, taak: str) -> Kleene:
        """Whether there is a mandaat; a list that is there is the whole list."""
        mandaten = self.question.get("mandaten")
        wanted = {"van": van, "aan": aan, "taak": taak}
        return UNKNOWN if mandaten is None else known(wanted in [dict(one) for one in mandaten])


@dataclass(frozen=True)
class Flow:
    """One item of one proposed deling."""

    case: Case
    verstrekker: str
    ontvanger: str
    gegeven: str
    doel: str
    afweging: Json

    def fits(
        self, van: Collection[str], naar: Collection[str], gegevens: Collection[str], doelen: Collection[str]
    ) -> bool:
        """Whether a norm from some parties to some, of some items for some purposes, speaks of it."""
        return self.between(van, naar) and self.gegeven in gegevens and self.doel in doelen

    def between(self, van: Collection[str], naar: Collection[str]) -> bool:
        """Whether it goes from one of some parties to one of some."""
        return self.verstrekker in van and self.ontvanger in naar

    def party(self, word: str) -> bool:
        """Whether a party gives or receives."""
        return word in (self.verstrekker, self.ontvanger)

    def is_or_holds(self, words: Collection[str]) -> Kleene:
        """Whether the item is one of some, or an overgangsdocument that holds one of them (I-14)."""
        if self.gegeven in words:
            return YES
        return self.case.inhoud_holds(words) if self.gegeven == DOCUMENT else NO

    def document_with_bsn(self) -> Kleene:
        """Whether it is an overgangsdocument that holds the bsn."""
        return self.case.inhoud_holds({BSN}) if self.gegeven == DOCUMENT else NO

    def weighs(self, field: str) -> Kleene:
        """Answer a closed yes/no field of the afweging: absent is not so."""
        return known(bool(self.afweging.get(field)))

    @property
    def noodzakelijk(self) -> Kleene:
        """Whether the item is necessary; not said is open."""
        said = self.afweging.get("gegevens", {}).get(self.gegeven)
        return known(None if said is None else said == "noodzakelijk")

    @property
    def geen_alternatief(self) -> Kleene:
        """Whether there is no other way; not said is open."""
        said = self.afweging.get("alternatief")
        return known(None if said is None else said == "geen")

    @property
    def toestemmingen(self) -> list[Json]:
        """The recorded consents and refusals for exactly this flow."""
        return [
            one
            for one in self.case.question.get("toestemmingen", ())
            if (one["verstrekker"], one["ontvanger"], one["doel"]) == (self.verstrekker, self.ontvanger, self.doel)
            and self.gegeven in one["gegevens"]
        ]

    @property
    def herkomst(self) -> set[str]:
        """The purposes for which the item was collected, as far as said."""
        return {one["doel"] for one in self.case.question.get("herkomst", ()) if one["gegeven"] == self.gegeven}


def flows_of(question: Json, peildatum: int) -> Iterator[Flow]:
    """List the flows of a question: one per deling and item, in the order asked."""
    case = Case(question, peildatum)
    for deling in question.get("delingen", ()):
        for gegeven in deling["gegevens"]:
            yield Flow(
                case, deling["verstrekker"], deling["ontvanger"], gegeven, deling["doel"], deling.get("afweging", {})
            )
