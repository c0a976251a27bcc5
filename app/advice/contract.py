"""The predicates the advice layer reads: the output every policy set declares.

Goes in: nothing. Comes out: their names. Must not know: any other predicate, because the law is
data and lives in policies/ and facts/.
"""

from __future__ import annotations

REGELT = "regelt"
BETREFT = "betreft"
STAP = "stap"
MAG = "mag"
GRONDSLAG = "grondslag"
AVG = "avg"
AVG_VAN_NORM = "avg_van_norm"
GENOEMD_ALS = "genoemd_als"
OORDEEL = "oordeel"
VERPLICHTING = "verplichting"
ALTERNATIEF_GEGEVEN = "alternatief_gegeven"
ALTERNATIEF_ROUTE = "alternatief_route"
OMWEG = "omweg"
KANTTEKENING = "kanttekening"
DOEL_VERVALT = "doel_vervalt"
"""Not every policy set declares it: those from before version 2 of the law do not."""
RECHT = "recht"
MEDEDELING = "mededeling"
VOORTIJDIG_SCHOOLVERLATER = "voortijdig_schoolverlater"
AANBOD = "loopbaanbegeleiding_aanbod"
BEGELEIDING_TOT = "loopbaanbegeleiding_tot"
ROL = "rol_doorstroompunt"
TAAK = "taak"
TAAK_TOT = "taak_tot"
STRIJDIG = "strijdig"
RODE_LIJN = "rode_lijn"
DELING = "deling"
STROOM = "stroom"

TOESTEMMING = "toestemming"
"""The ground that is consent."""

TOEGESTAAN = "toegestaan"
ONDER_VOORWAARDEN = "onder_voorwaarden"
ALLEEN_MET_TOESTEMMING = "alleen_met_toestemming"
NIET_TOEGESTAAN = "niet_toegestaan"

STAPPEN = ("grondslag", "doel", "proportionaliteit", "subsidiariteit")
"""The names of the four steps (SD §2), step 1 first."""

NORM_DOMAIN = "norm"
"""The domain of norm codes, by which rules are told apart per norm."""
