"""References to the law, with links a jurist can follow."""

from __future__ import annotations

from app.advice.law.sources import bron, geldigheid
from app.lang.ast import Reference
from app.lang.program import Validity
from app.lang.vocabulary import Source

SOURCES = {
    "WEB": Source("WEB", "Wet educatie", "BWBR0007625", None),
    "AVG": Source("AVG", "Verordening", None, "https://eur-lex.europa.eu/x"),
    "SD": Source("SD", "Servicedocument", None, None),
}


def test_an_article_of_a_consolidated_law_has_a_juriconnect_link() -> None:
    found = bron(Reference("WEB", "9.2.12 lid 3"), SOURCES)
    assert found.juriconnect == "jci1.3:c:BWBR0007625&artikel=9.2.12&lid=3"
    assert found.url == "https://wetten.overheid.nl/jci1.3:c:BWBR0007625&artikel=9.2.12&lid=3"
    assert found.artikel == "artikel 9.2.12, lid 3"
    assert bron(Reference("WEB", "21a"), SOURCES).juriconnect == "jci1.3:c:BWBR0007625&artikel=21a"


def test_the_link_is_to_the_text_of_the_rules_own_time() -> None:
    place = Reference("WEB", "8.3.1")
    ended = bron(place, SOURCES, Validity(None, 20260101)).juriconnect
    assert ended == "jci1.3:c:BWBR0007625&artikel=8.3.1&g=2025-12-31"
    begun = bron(place, SOURCES, Validity(20260101, None)).juriconnect
    assert begun == "jci1.3:c:BWBR0007625&artikel=8.3.1&g=2026-01-01"


def test_other_sources_keep_their_own_address_or_none() -> None:
    assert bron(Reference("AVG", "6 lid 1"), SOURCES).url == "https://eur-lex.europa.eu/x"
    document = bron(Reference("SD", "§3.1.2"), SOURCES)
    assert (document.artikel, document.url, document.juriconnect) == ("§3.1.2", None, None)
    whole = bron(Reference("WEB", "hoofdstuk 9"), SOURCES)
    assert (whole.url, whole.juriconnect) == ("https://wetten.overheid.nl/BWBR0007625", None)


def test_validity_is_written_with_its_last_day() -> None:
    assert geldigheid(Validity(20240101, 20260101)).tot == "2025-12-31"
    assert geldigheid(Validity(None, None)).vanaf is None


def test_a_part_of_an_article_is_named_after_it() -> None:
    assert bron(Reference("AVG", "4, onder 11"), SOURCES).artikel == "artikel 4, onder 11"
    assert bron(Reference("WEB", "1 lid 2, onder f"), SOURCES).artikel == "artikel 1, lid 2, onder f"
