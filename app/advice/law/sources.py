"""Legal sources: from a rule's references to something a jurist can click.

Goes in: `Reference`s, the declared sources and the validity of the rule's file. Comes out: `Bron`s.
Must not know: which rule cites what.

Juriconnect (jci 1.3) names an article of a consolidated law, `g` the day whose text is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.advice import dates
from app.advice.advies import Bron, Geldigheid
from app.lang.ast import Reference
from app.lang.program import Validity
from app.lang.vocabulary import Source

ALWAYS = Validity(None, None)
WETTEN = "https://wetten.overheid.nl/"
_JURICONNECT = re.compile(r"jci1\.3:c:(\w+)&artikel=([^&]+)(?:&lid=([^&]+))?")
_PLACE = re.compile(r"^(\d+(?:[.:]\d+)*[a-z]*)(?: lid (\d+[a-z]*))?(?:, onder (\w+))?$")


def geldigheid(validity: Validity) -> Geldigheid:
    """Write a validity with its first and last day."""
    start, end = validity.start, validity.until
    return Geldigheid(
        None if start is None else dates.iso(start), None if end is None else dates.iso(dates.before(end))
    )


def bron(reference: Reference, sources: Mapping[str, Source], validity: Validity = ALWAYS) -> Bron:
    """Describe one reference; KeyError for a source nobody declared.

    The link is to the text of the rule's first day of validity, or of its last day for law that ended.
    """
    source = sources[reference.source]
    place = _PLACE.match(reference.place)
    if source.bwb is None:
        artikel = reference.place if place is None else _article(place)
        return Bron(source.title, artikel, source.url, None)
    if place is None:
        return Bron(source.title, reference.place, f"{WETTEN}{source.bwb}", None)
    start, end = validity.start, validity.until
    juriconnect = f"jci1.3:c:{source.bwb}&artikel={place.group(1)}"
    if place.group(2):
        juriconnect += f"&lid={place.group(2)}"
    day = start if end is None else dates.before(end)
    if day is not None:
        juriconnect += f"&g={dates.iso(day)}"
    return Bron(source.title, _article(place), WETTEN + juriconnect, juriconnect)


def place_of(reference: Reference, sources: Mapping[str, Source]) -> tuple[str, str, str | None] | None:
    """Name the place of a reference by the BWB-id of its law, the article and perhaps a lid; None outside laws."""
    bwb, place = sources[reference.source].bwb, _PLACE.match(reference.place)
    return None if bwb is None or place is None else (bwb, place.group(1), place.group(2))


def place_in(juriconnect: str | None) -> tuple[str, str, str | None] | None:
    """Name the place that a Juriconnect of `bron` refers to, as `place_of` does.

    >>> place_in("jci1.3:c:BWBR0007625&artikel=9.2.12&lid=3&g=2026-01-01")
    ('BWBR0007625', '9.2.12', '3')
    """
    found = None if juriconnect is None else _JURICONNECT.match(juriconnect)
    return None if found is None else (found[1], found[2], found[3])


def _article(place: re.Match[str]) -> str:
    number, lid, part = place.groups()
    return f"artikel {number}" + (f", lid {lid}" if lid else "") + (f", onder {part}" if part else "")
