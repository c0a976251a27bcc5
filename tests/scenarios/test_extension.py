"""The law grows by text files alone: a partij, a gegeven, an open fact and a norm, added from outside app/.

The start of the service checks the new scenario with both engines; here the questions come over HTTP.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.store.policies import PolicyFault

PARTIJ = 'jongerenwerk = "het jongerenwerk"\n'
GEGEVEN = 'vrijetijdswensen = "wensen voor de vrije tijd"\n'
TABLE = "+ gewoon('vrijetijdswensen')\n"
NORM = '[TOETS-1]\ntitel = "Wensen voor de vrije tijd naar het jongerenwerk"\n'
FACT = """
[zoekt_vrijetijdsbesteding]
argumenten = ["Casus casus", "Waarde ja_nee"]
soort = "invoer"
open = true
enkelvoudig = true
zinnen = { ja = "de jongere zoekt iets om te doen", nee = "de jongere zoekt niets om te doen" }
"""
FIELD = """
["jongere.zoekt_vrijetijdsbesteding"]
domein = "ja_nee"
predicaat = "zoekt_vrijetijdsbesteding"
vraag = "Zoekt de jongere iets om te doen in de vrije tijd?"
omschrijving = "Of de jongere iets zoekt om te doen in de vrije tijd."
"""
RULES = """## A norm that exists in this test only.

+ grondslag('TOETS-1', 'algemeen_belang')

# norm: TOETS-1
# bron: TST §7
# uitleg: De school mag {Gegeven} geven aan het jongerenwerk, voor {Doel}.
regelt('TOETS-1', 'school', 'jongerenwerk', Gegeven, Doel) <= (
    gewoon(Gegeven)
    & (Gegeven == 'vrijetijdswensen')
    & doel_van_loopbaanbegeleiding(Doel)
)

# norm: TOETS-1
# bron: TST §7
# uitleg: De jongere is {Jaren} jaar en zoekt iets om te doen.
stap(Deling, 'TOETS-1', 1) <= (
    betreft(Deling, 'TOETS-1')
    & bij(Deling, Casus)
    & zoekt_vrijetijdsbesteding(Casus, 'ja')
    & leeftijd(Casus, Jaren)
    & (Jaren < 27)
)
"""
SOURCE = '[TST]\ntitel = "Een bron die alleen in een toets bestaat"\nurl = "https://example.org/toets"\n'
SCENARIO = """titel = "De nieuwe norm"
bron = "Deze toets"

[[scenario]]
id = "toets-1"
verhaal = "Een jongere van 19 jaar zoekt iets om te doen."

[scenario.vraag]
peildatum = "2026-03-01"
jongere = { leeftijd = 19, zoekt_vrijetijdsbesteding = true }

[[scenario.vraag.delingen]]
verstrekker = "school"
ontvanger = "jongerenwerk"
gegevens = ["vrijetijdswensen"]
doel = "begeleiding_naar_werk"
afweging = { gegevens = { vrijetijdswensen = "noodzakelijk" }, alternatief = "geen" }

[[scenario.verwacht]]
oordeel = "OORDEEL"
"""


def settings_with(folder: Path, oordeel: str = "toegestaan") -> Settings:
    """Copy the law to a folder and add everything to the copy."""
    plain = Settings()
    facts, policies = folder / "facts", folder / "policies"
    shutil.copytree(plain.facts, facts)
    shutil.copytree(plain.policies, policies)
    _after(facts / "domeinen.toml", "[partij.waarden]\n", PARTIJ)
    _after(facts / "domeinen.toml", "[gegeven.waarden]\n", GEGEVEN)
    for name, text in (("gegevens.dl", TABLE), ("normen.toml", NORM), ("bronnen.toml", SOURCE)):
        _at_end(facts / name, text)
    _at_end(facts / "predicaten.toml", FACT)
    _at_end(facts / "casus.toml", FIELD)
    (policies / "nieuw" / "toets.dl").write_text(RULES, encoding="utf-8")
    scenario = SCENARIO.replace("OORDEEL", oordeel)
    (policies / "nieuw" / "scenarios" / "toets.toml").write_text(scenario, encoding="utf-8")
    return Settings(facts=facts, policies=policies, cache=folder / "cache", log_url="geen")


def _after(path: Path, line: str, text: str) -> None:
    before, found, rest = path.read_text(encoding="utf-8").partition(line)
    assert found
    path.write_text(before + found + text + rest, encoding="utf-8")


def _at_end(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with TestClient(create_app(settings_with(tmp_path_factory.mktemp("grown")))) as made:
        yield made


def ask(client: TestClient, jongere: dict[str, Any], peildatum: str = "2026-03-01", **changed: Any) -> Any:
    deling = {
        "verstrekker": "school",
        "ontvanger": "jongerenwerk",
        "gegevens": ["vrijetijdswensen"],
        "doel": "begeleiding_naar_werk",
        "afweging": {"gegevens": {"vrijetijdswensen": "noodzakelijk"}, "alternatief": "geen"},
    }
    question = {"peildatum": peildatum, "jongere": jongere, "delingen": [{**deling, **changed}]}
    return client.post("/v1/advies", json=question)


def test_the_new_norm_permits_with_its_own_words_and_source(client: TestClient) -> None:
    (advies,) = ask(client, {"leeftijd": 19, "zoekt_vrijetijdsbesteding": True}).json()["adviezen"]

    assert advies["oordeel"] == "toegestaan"
    (ground,) = advies["grondslagen"]
    assert (ground["norm"], ground["grondslag"]) == ("TOETS-1", "algemeen_belang")
    assert ground["bronnen"] == [
        {
            "titel": "Een bron die alleen in een toets bestaat",
            "artikel": "§7",
            "url": "https://example.org/toets",
            "juriconnect": None,
        }
    ]
    assert advies["stappen"][0]["toelichting"] == "De jongere is 19 jaar en zoekt iets om te doen."
    assert "het jongerenwerk" in advies["toelichting"]
    assert "wensen voor de vrije tijd" in advies["toelichting"]


def test_the_new_fact_is_asked_for_when_nobody_said_it(client: TestClient) -> None:
    (advies,) = ask(client, {"leeftijd": 19}).json()["adviezen"]

    assert advies["oordeel"] == "onder_voorwaarden"
    assert advies["ontbrekend"] == [
        {
            "feit": "jongere.zoekt_vrijetijdsbesteding",
            "soort": "feit",
            "gunstig": [True],
            "vraag": "Zoekt de jongere iets om te doen in de vrije tijd?",
        }
    ]


def test_the_new_fact_can_close_the_way(client: TestClient) -> None:
    (advies,) = ask(client, {"leeftijd": 19, "zoekt_vrijetijdsbesteding": False}).json()["adviezen"]

    assert advies["oordeel"] == "alleen_met_toestemming"


def test_the_new_norm_is_law_of_its_regime_only(client: TestClient) -> None:
    known = {"leeftijd": 19, "zoekt_vrijetijdsbesteding": True}

    (advies,) = ask(client, known, peildatum="2025-12-31").json()["adviezen"]
    assert advies["oordeel"] == "alleen_met_toestemming"
    assert advies["geldig_tot"] == "2025-12-31"


def test_the_new_words_are_checked_like_the_old(client: TestClient) -> None:
    response = ask(client, {"zoekt_vrijetijdsbestedin": True}, ontvanger="jongerenwerkk")

    assert response.status_code == 400
    said = {fout["veld"]: fout["melding"] for fout in response.json()["fouten"]}
    assert "zoekt_vrijetijdsbesteding" in said["jongere.zoekt_vrijetijdsbestedin"]
    assert "jongerenwerk" in said["delingen[0].ontvanger"]
    assert ask(client, {"zoekt_vrijetijdsbesteding": "ja"}).status_code == 400


def test_the_new_norm_is_listed_and_published(client: TestClient) -> None:
    listed = client.post(
        "/v1/advies", json={"peildatum": "2026-03-01", "jongere": {"leeftijd": 19, "zoekt_vrijetijdsbesteding": True}}
    ).json()["stromen"]
    assert [one["gegevens"] for one in listed if one["norm"] == "TOETS-1"] == [["vrijetijdswensen"]] * 2
    new, old = (client.get(f"/v1/beleid?peildatum={day}").json() for day in ("2026-01-01", "2025-12-31"))
    assert "TOETS-1" in str(new["normen"])
    assert "TOETS-1" not in str(old["normen"])
    norm = client.get("/v1/beleid/TOETS-1?peildatum=2026-03-01").json()
    assert len(norm["regels"]) == 2
    schema = str(client.get("/v1/openapi.json").json())
    assert all(word in schema for word in ("zoekt_vrijetijdsbesteding", "vrijetijdswensen", "jongerenwerk"))


def test_a_scenario_that_expects_something_else_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyFault, match="toets-1"):
        create_app(settings_with(tmp_path, oordeel="niet_toegestaan"))
