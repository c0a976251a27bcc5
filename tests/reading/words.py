"""The words of domein.md that the reading needs, in the groups that its norms speak of.

Goes in: nothing. Comes out: groups of words. Must not know: any rule or fact of the product.
"""

from __future__ import annotations

SCHOOL, ANDERE_SCHOOL, DP = "school", "andere_school", "doorstroompunt"
WI, LP = "gemeente_participatie", "gemeente_leerplicht"
DUO, UWV, BIDN, WERKGEVER = "duo", "uwv", "bidn", "werkgever"
JEUGDZORG, VEILIG_THUIS, OUDERS, JONGERE = "jeugdzorg", "veilig_thuis", "ouders", "jongere"

ZORG = {JEUGDZORG, "arts", "behandelaar"}
"""Who gives with a professional secrecy that is owed to the jongere from 12 (TST-1, INZ-1)."""
WEEGT_INZAGE_OUDERS = {*ZORG, "wijkteam", VEILIG_THUIS}
OVERHEID = {DP, WI, LP, UWV, DUO, BIDN, "leerwerkloket", "werkcentrum", "wijkteam", VEILIG_THUIS}
"""DEF-6."""

GEWOON = {
    "contactgegevens",
    "inschrijfgegevens",
    "diplomagegevens",
    "verzuimgegevens",
    "overgangsdocument",
    "stagegegevens",
    "ondersteuningsbehoefte",
    "begeleidingsgegevens",
    "loopbaanbegeleiding_status",
    "inkomensgegevens",
    "testuitslag",
    "leerbaarheidsadvies",
    "gespreksverslag",
}
BIJZONDER = {
    "gezondheidsgegevens",
    "medische_verklaring",
    "behandelstatus",
    "etniciteit",
    "politieke_opvattingen",
    "religie_levensovertuiging",
    "vakbondslidmaatschap",
    "seksueel_gedrag",
    "genetische_gegevens",
    "biometrische_gegevens",
}
STRAFRECHTELIJK = {"strafrechtelijke_gegevens"}
GEVOELIG = BIJZONDER | STRAFRECHTELIJK
BSN = "bsn"
ANONIEM = "geanonimiseerde_informatie"
DOCUMENT = "overgangsdocument"
INKOMEN = "inkomensgegevens"

CONTACT_EN_INSCHRIJVING = {"contactgegevens", "inschrijfgegevens"}
UITWISSELBAAR = {
    *CONTACT_EN_INSCHRIJVING,
    "diplomagegevens",
    "verzuimgegevens",
    "stagegegevens",
    "ondersteuningsbehoefte",
    "begeleidingsgegevens",
    "loopbaanbegeleiding_status",
}
"""DEF-8, between whoever exchanges."""
ONDERZOEK = {"testuitslag", "leerbaarheidsadvies", "gespreksverslag"}
"""DEF-8, only between DP and W&I."""

VSO = {"vso_arbeid", "vso_dagbesteding", "vso_vervolgonderwijs"}
MBO_2 = {"mbo_2_bol", "mbo_2_bbl"}
MBO = {"mbo_entree", *MBO_2, "mbo_3_bol", "mbo_3_bbl", "mbo_4_bol", "mbo_4_bbl"}
GEEFT_STARTKWALIFICATIE = (MBO - {"mbo_entree"}) | {"hbo", "wo"}
AANBOD_VERPLICHT = {"pro", "vso_arbeid", "mbo_entree", "mbo_2_bol"}
AANBOD_MOGELIJK = {"mbo_2_bbl", "mbo_3_bol", "mbo_3_bbl", "mbo_4_bol", "mbo_4_bbl"}
TWEE_JAAR = {"pro", "vso_arbeid"}
"""Whose term runs two years from leaving; for mbo it is one year."""

ALB, NAAR_WERK = "aanvullende_loopbaanbegeleiding", "begeleiding_naar_werk"
VOORKOMEN, ONDERSTEUNEN = "voorkomen_voortijdig_schoolverlaten", "ondersteunen_voortijdig_schoolverlater"
VERZUIM, LEERPLICHT = "verzuimbestrijding", "leerplichttoezicht"
OVERSTAP, STUDIEFINANCIERING = "overstap_vervolgopleiding", "studiefinanciering"
MONITORING, LEERBAARHEID = "vangnet_monitoring", "leerbaarheidsonderzoek"
BIJSTAND, VEILIGHEID, NOOD = "uitvoeren_bijstand", "veiligheid_derden", "noodsituatie"
OVEREENKOMST, INZAGE = "uitvoering_overeenkomst", "inzage_jongere"
KETEN = {VERZUIM, LEERPLICHT, VOORKOMEN, ONDERSTEUNEN, MONITORING, LEERBAARHEID, ALB, NAAR_WERK}
"""The chain of step 2."""
