"""The document's own cases, as the table of domein.md §5 has them.

Goes in: nothing. Comes out: per row a question with the oordeel and ground the table names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.reading.situation import Json
from tests.reading.words import (
    ALB,
    BIJSTAND,
    DP,
    JEUGDZORG,
    JONGERE,
    LEERBAARHEID,
    NAAR_WERK,
    ONDERSTEUNEN,
    SCHOOL,
    VEILIGHEID,
    WERKGEVER,
    WI,
)

OUD_3_1_1, OUD, NIEUW = "2024-11-01", "2025-10-01", "2026-03-01"
BELANG, TOESTEMMING = "algemeen_belang", "toestemming"


@dataclass(frozen=True)
class Row:
    """One row of the table; a row with two flows or two days is here once for each."""

    name: str
    question: Json
    oordeel: str
    grondslag: str | None


def flow(van: str, naar: str, gegeven: str, doel: str = NAAR_WERK, weging: bool = False, **afweging: Any) -> Json:
    """Propose to share one item; "weging" is what the table calls so."""
    if weging:
        afweging = {"gegevens": {gegeven: "noodzakelijk"}, "alternatief": "geen", **afweging}
    asked = {"verstrekker": van, "ontvanger": naar, "gegevens": [gegeven], "doel": doel}
    return {**asked, "afweging": afweging} if afweging else asked


def consent(about: Json, **said: Any) -> Json:
    """Record valid consent for a flow, but for what is said otherwise."""
    valid = dict.fromkeys(("gegeven", "vrij", "geinformeerd", "ondubbelzinnig", "uitdrukkelijk"), True)
    of = {name: word for name, word in about.items() if name != "afweging"}
    return {**of, **valid, "door": "jongere", **said}


def question(day: str, jongere: Json, about: Json, refused: bool = False, **rest: Any) -> Json:
    """Ask about one flow."""
    asked = {"peildatum": day, "jongere": jongere, **rest, "delingen": [about]}
    return {**asked, "toestemmingen": [consent(about, gegeven=False)]} if refused else asked


def rows() -> Iterator[Row]:
    """List the rows, top to bottom."""
    yield from _school_to_wi()
    yield from _werkgever()
    yield from _jeugdzorg()
    yield from _leerbaarheid()
    yield from _overdracht()
    yield from _doorstroompunt()


DOCUMENT = {"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": ["stagegegevens"]}
NOT_KNOWN = {"vastgesteld_in_regio": True, "inhoud": ["stagegegevens"]}
OVERGANG = flow(SCHOOL, WI, "overgangsdocument", ALB)
LAST_YEAR = {"leeftijd": 18, "opleiding": "mbo_2_bol", "ingeschreven": True}
USES = {"gebruik_aanvullende_loopbaanbegeleiding": True, "stemt_in_met_begeleiding_gemeente": True}
ENTREE = {
    "leeftijd": 18,
    "opleiding": "mbo_entree",
    "diploma_behaald": True,
    "ingeschreven": False,
    "uitstroomdatum": "2025-07-11",
}


def _school_to_wi() -> Iterator[Row]:
    loket = flow(SCHOOL, "leerwerkloket", "begeleidingsgegevens", weging=True)
    yield Row("3.1.1 oud", question(OUD_3_1_1, LAST_YEAR, loket), "alleen_met_toestemming", None)
    yield Row("3.1.1 oud, refused", question(OUD_3_1_1, LAST_YEAR, loket, True), "niet_toegestaan", None)
    for name, jongere in (
        ("mbo", LAST_YEAR),
        ("pro", {**LAST_YEAR, "opleiding": "pro"}),
        ("pro 17", {**LAST_YEAR, "opleiding": "pro", "leeftijd": 17, "instemming_ouders": True}),
        ("vso", {**LAST_YEAR, "opleiding": "vso_arbeid"}),
        ("vso 17", {**LAST_YEAR, "opleiding": "vso_arbeid", "leeftijd": 17, "instemming_ouders": True}),
    ):
        asked = question(NIEUW, {**jongere, **USES}, OVERGANG, overgangsdocument=DOCUMENT)
        yield Row(f"3.1.1 nieuw, {name}", asked, "toegestaan", BELANG)
    asked = question(NIEUW, {**LAST_YEAR, **USES}, OVERGANG, overgangsdocument=NOT_KNOWN)
    yield Row("3.1.1 nieuw, akkoord not known yet", asked, "onder_voorwaarden", None)
    stage = flow(SCHOOL, WI, "stagegegevens", weging=True)
    unused = {**ENTREE, "gebruik_aanvullende_loopbaanbegeleiding": False}
    yield Row("3.1.2 oud", question(OUD, ENTREE, stage), "alleen_met_toestemming", None)
    yield Row("3.1.2 nieuw", question(NIEUW, unused, stage), "alleen_met_toestemming", None)
    asked = question(NIEUW, unused, stage, toestemmingen=[consent(stage)])
    yield Row("3.1.2 nieuw, consent", asked, "toegestaan", TOESTEMMING)


def _werkgever() -> Iterator[Row]:
    jongere = {"leeftijd": 22, "opleiding": "mbo_4_bol", "diploma_behaald": True}
    for item in ("gezondheidsgegevens", "ondersteuningsbehoefte"):
        about = flow(SCHOOL, WERKGEVER, item, weging=True)
        for day in (OUD, NIEUW):
            yield Row(f"3.1.3 {day} {item}, refused", question(day, jongere, about, True), "niet_toegestaan", None)
        asked = question(NIEUW, jongere, about, toestemmingen=[consent(about, uitdrukkelijk=False)])
        ordinary = item == "ondersteuningsbehoefte"
        oordeel, ground = ("toegestaan", TOESTEMMING) if ordinary else ("niet_toegestaan", None)
        yield Row(f"3.1.3 nieuw {item}, not explicit", asked, oordeel, ground)
    offered = {"leeftijd": 22, "opleiding": "mbo_4_bol", "ingeschreven": True, **USES}
    offered["aanbod_aanvullende_loopbaanbegeleiding"] = True
    document = {**DOCUMENT, "inhoud": ["ondersteuningsbehoefte"]}
    for naar, doel, weging, oordeel, ground in (
        (WI, ALB, False, "toegestaan", BELANG),
        (WERKGEVER, NAAR_WERK, True, "alleen_met_toestemming", None),
    ):
        about = flow(SCHOOL, naar, "ondersteuningsbehoefte", doel, weging)
        yield Row(
            f"3.1.3 nieuw, to {naar}", question(NIEUW, offered, about, overgangsdocument=document), oordeel, ground
        )


def _jeugdzorg() -> Iterator[Row]:
    jongere = {"leeftijd": 19}
    for day in (OUD, NIEUW):
        about = flow(JEUGDZORG, WI, "gezondheidsgegevens", BIJSTAND)
        yield Row(f"3.2.1 {day}", question(day, jongere, about, True), "niet_toegestaan", None)
        about = flow(JONGERE, WI, "medische_verklaring", BIJSTAND)
        yield Row(f"3.2.1 {day} jongere", question(day, jongere, about), "toegestaan", "jongere_zelf")
        weighs: Json = {"gerechtvaardigd_belang_weegt_zwaarder": True, "alternatief": "anoniem"}
        about = flow(JEUGDZORG, WERKGEVER, "begeleidingsgegevens", VEILIGHEID, **weighs)
        yield Row(f"3.2.2 safety {day}", question(day, jongere, about, True), "niet_toegestaan", None)
        about = flow(JEUGDZORG, WERKGEVER, "geanonimiseerde_informatie", VEILIGHEID)
        yield Row(f"3.2.2 anonymous {day}", question(day, jongere, about), "toegestaan", "geen_persoonsgegevens")
        about = flow(JEUGDZORG, WERKGEVER, "begeleidingsgegevens", "behoud_van_werk")
        yield Row(f"3.2.2 job {day}", question(day, jongere, about, True), "niet_toegestaan", None)


def _leerbaarheid() -> Iterator[Row]:
    jongere = {"leeftijd": 24, "startkwalificatie": True}
    mandaat = [{"van": WI, "aan": DP, "taak": LEERBAARHEID}]
    for van, naar, item in (
        (WI, DP, "contactgegevens"),
        (DP, WI, "testuitslag"),
        (DP, WI, "gespreksverslag"),
    ):
        about = flow(van, naar, item, LEERBAARHEID, weging=True)
        consent_only = "alleen_met_toestemming"
        yield Row(f"3.3.1 oud {item}", question(OUD, jongere, about), consent_only, None)
        yield Row(f"3.3.1 nieuw {item}", question(NIEUW, jongere, about, mandaten=[]), consent_only, None)
        asked = question(NIEUW, jongere, about, mandaten=mandaat)
        yield Row(f"3.3.1 nieuw {item}, mandaat", asked, "toegestaan", BELANG)
        yield Row(f"3.3.1 nieuw {item}, mandaat not said", question(NIEUW, jongere, about), "onder_voorwaarden", None)


def _overdracht() -> Iterator[Row]:
    jongere: Mapping[str, Any] = {"leeftijd": 18, "opleiding": "mbo_entree"}
    for naar in (WI, DP):
        about = flow(SCHOOL, naar, "stagegegevens", weging=True)
        asked = question(OUD, jongere, about, toestemmingen=[consent(about)])
        yield Row(f"3.3.2 oud to {naar}", asked, "toegestaan", TOESTEMMING)
    actief = {**jongere, "ingeschreven": True, **USES}
    asked = question(NIEUW, actief, OVERGANG, overgangsdocument=DOCUMENT)
    yield Row("3.3.2 nieuw to W&I", asked, "toegestaan", BELANG)
    no_task = {**DOCUMENT, "taak_doorstroompunt": False}
    to_dp = flow(SCHOOL, DP, "overgangsdocument", ALB)
    asked = question(NIEUW, actief, to_dp, True, overgangsdocument=no_task)
    yield Row("3.3.2 nieuw to DP, no task", asked, "niet_toegestaan", None)
    left = {
        "leeftijd": 19,
        "opleiding": "mbo_entree",
        "uitstroomdatum": "2024-06-01",
        "ingeschreven": False,
        "startkwalificatie": False,
        "gebruik_aanvullende_loopbaanbegeleiding": False,
    }
    about = flow(SCHOOL, DP, "stagegegevens", ONDERSTEUNEN, weging=True)
    yield Row("3.3.2 nieuw, left 2024", question(NIEUW, left, about), "toegestaan", BELANG)


def _doorstroompunt() -> Iterator[Row]:
    stopped = {"leeftijd": 18, "opleiding": "mbo_entree"}
    about = flow(DP, WI, "begeleidingsgegevens", weging=True)
    yield Row("3.3.3 oud", question(OUD, stopped, about), "alleen_met_toestemming", None)
    present = flow(DP, WI, "begeleidingsgegevens", weging=True, jongere_aanwezig=True)
    yield Row("3.3.3 oud, present", question(OUD, stopped, present), "toegestaan", "jongere_zelf")
    left = {
        **stopped,
        "uitstroomdatum": "2025-10-01",
        "diploma_behaald": False,
        "ingeschreven": False,
        "startkwalificatie": False,
        "gebruik_aanvullende_loopbaanbegeleiding": False,
        "stemt_in_met_begeleiding_gemeente": True,
    }
    for doel in (ONDERSTEUNEN, NAAR_WERK):
        about = flow(DP, WI, "begeleidingsgegevens", doel, weging=True)
        asked = question(NIEUW, left, about, overleg_met_school=True)
        yield Row(f"3.3.3 nieuw {doel}", asked, "toegestaan", BELANG)
        against = {**left, "stemt_in_met_begeleiding_gemeente": False}
        asked = question(NIEUW, against, about, True, overleg_met_school=True)
        yield Row(f"3.3.3 nieuw {doel}, refused", asked, "niet_toegestaan", None)
