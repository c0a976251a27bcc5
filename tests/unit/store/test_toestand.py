"""Official texts in the schema of the Basiswettenbestand; every text here is our own."""

from __future__ import annotations

import pytest

from app.store import toestand
from app.store.toestand import ArticleText, ToestandFault, hash_of, read_articles

BWB = "BWBR0007625"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<toestand bwb-id="BWBR0007625" inwerkingtreding="2026-01-01"><wetgeving soort="wet">
 <intitule>Een voorbeeld</intitule><wet-besluit><wettekst>
  <hoofdstuk><kop><label>Hoofdstuk</label><nr>9</nr><titel>Voorbeelden</titel></kop>
   <artikel label="Artikel 9.2.5">
    <kop><label>Artikel</label> <nr>9.2.5</nr><titel>Appels</titel>
     <meta-data><jcis><jci verwijzing="x"/></jcis></meta-data></kop>
    <lid><lidnr>1</lidnr><al>Het kind   telt de
       <extref doc="jci1.3:c:BWBR0000001">appels</extref>.</al></lid>
    <lid status="goed"><lidnr>2a.</lidnr><al>Er tellen mee:</al>
     <lijst><li><li.nr>a.</li.nr><al>rode appels;</al></li>
       <li><li.nr>b.</li.nr><al>groene appels:</al><lijst><li><li.nr>1°.</li.nr><al>kleine.</al></li></lijst>
       <meta-data><jcis><jci verwijzing="y">niet tonen</jci></jcis></meta-data></li></lijst></lid>
   </artikel>
   <artikel><kop><label>Artikel</label><nr>9.2.7</nr></kop>
    <al>Peren tellen niet mee.</al><al>Pruimen ook niet.</al></artikel>
   <artikel><kop><label>Artikel</label><nr>9.2.8</nr></kop><al>Dit wil niemand weten.</al></artikel>
  </hoofdstuk></wettekst></wet-besluit>
 <bijlage><artikel><kop><nr>9.2.7</nr></kop><al>Een ander artikel met dit nummer.</al></artikel></bijlage>
</wetgeving></toestand>""".encode()


def test_articles_are_read_with_a_line_per_lid_and_onderdeel() -> None:
    found = read_articles(XML, BWB, {"9.2.5", "9.2.7", "1.1"})

    first, second = "1 Het kind telt de appels.", "2a. Er tellen mee:\na. rode appels;\nb. groene appels:\n1°. kleine."
    assert found == {
        "9.2.5": ArticleText(f"{first}\n{second}", {"1": first, "2a": second}),
        "9.2.7": ArticleText("Peren tellen niet mee.\nPruimen ook niet.", {}),
    }
    assert found["9.2.5"].of("2a") == second
    assert found["9.2.5"].of(None) == found["9.2.5"].text
    assert found["9.2.5"].of("3") is None


def test_only_the_words_make_the_hash() -> None:
    spaced = XML.replace(b"telt de", b"telt\n\t de").replace(b'status="goed"', b'status="nieuw" inwerking="2026-01-01"')
    text = read_articles(XML, BWB, {"9.2.5"})["9.2.5"].text
    assert hash_of(read_articles(spaced, BWB, {"9.2.5"})["9.2.5"].text) == hash_of(text)
    other = read_articles(XML.replace(b"kleine", b"grote"), BWB, {"9.2.5"})["9.2.5"].text
    assert hash_of(other) != hash_of(text)


ENTITY = b'<!DOCTYPE toestand [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = b'<!DOCTYPE toestand [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("doctype", [ENTITY, LAUGHS, b'<!DOCTYPE toestand SYSTEM "http://example.org/x.dtd">'])
def test_a_document_type_is_refused_so_no_entity_is_ever_expanded(doctype: bytes) -> None:
    declared = XML.replace(b"<toestand ", doctype + b"<toestand ", 1).replace(b"kleine", b"&x;")
    with pytest.raises(ToestandFault, match="document type"):
        read_articles(declared, BWB, {"9.2.5"})


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        (b"", "is no XML"),
        (b"<toestand", "is no XML"),
        (XML.replace(b"BWBR0007625", b"BWBR0000001"), "is no `toestand` of BWBR0007625"),
        (b"<html/>", "is no `toestand` of BWBR0007625"),
        (XML.replace(b"kleine", b"&x;"), "is no XML"),
        (XML.replace(b"<al>kleine", b"<x>" * 250 + b"</x>" * 250 + b"<al>kleine"), "more than 200 elements"),
    ],
)
def test_what_is_no_such_text_is_said(xml: bytes, fault: str) -> None:
    with pytest.raises(ToestandFault, match=fault):
        read_articles(xml, BWB, {"9.2.5"})


def test_an_article_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toestand, "LONGEST", 20)
    with pytest.raises(ToestandFault, match="more than 20 characters"):
        read_articles(XML, BWB, {"9.2.5"})
