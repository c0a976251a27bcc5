"""A law that crosses a red line: no answer is given of it, whichever way it is asked, and the log says why.

Goes in: a copy of the law with one condition left out, served without having been proved. Comes out: a 500 of its own.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.composition import check_oordelen, compose
from app.main import assemble
from app.settings import NO_LOG, Settings
from app.store.policies import PolicyFault
from app.web.problems import RED_LINE
from tests.contract.asking import ask, problem

ROOT = Path(__file__).resolve().parents[2]
CROSSING: dict[str, Any] = {
    "peildatum": "2026-03-01",
    "jongere": {"leeftijd": 19},
    "delingen": [
        {
            "verstrekker": "arts",
            "ontvanger": "werkgever",
            "gegevens": ["gezondheidsgegevens"],
            "doel": "noodsituatie",
            "afweging": {
                "gegevens": {"gezondheidsgegevens": "noodzakelijk"},
                "alternatief": "geen",
                "leven_of_gezondheid_in_gevaar": True,
            },
        }
    ],
}
ABSENT: dict[str, Any] = {
    "peildatum": "2026-03-01",
    "jongere": {"leeftijd": 27, "startkwalificatie": False},
}
"""No flows are proposed: DUO may tell the Doorstroompunt of who is 27, by the broken law."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("law") / "policies"
    shutil.copytree(ROOT / "policies", folder)
    _without(folder / "algemeen" / "grondslagen.dl", "& gegeven(Deling, Gegeven)\n    & ~gevoelige_deling(Deling)")
    mon_1 = "& (Gegeven != 'diplomagegevens')\n    & startkwalificatie(Casus, 'nee')\n    & leeftijd(Casus, Jaren)"
    _without(folder / "nieuw" / "monitoring.dl", f"{mon_1}\n    & (Jaren < 27)", mon_1)
    return Settings(policies=folder, cache=tmp_path_factory.mktemp("cache"), log_url=NO_LOG, advice_seconds=60.0)


def _without(path: Path, text: str, instead: str = "& gegeven(Deling, Gegeven)") -> None:
    before = path.read_text(encoding="utf-8")
    assert text in before
    path.write_text(before.replace(text, instead, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def client(broken: Settings) -> Iterator[TestClient]:
    service = assemble(compose(broken), broken)
    with TestClient(service, "http://localhost", client=("127.0.0.1", 1)) as made:
        yield made


@pytest.mark.parametrize(("question", "line"), [(CROSSING, "gevoelig_in_nood_met_keus"), (ABSENT, "te_oud_voor_norm")])
def test_an_answer_that_crosses_a_red_line_is_never_given(
    client: TestClient, caplog: pytest.LogCaptureFixture, question: dict[str, Any], line: str
) -> None:
    with caplog.at_level(logging.ERROR, "deelwijzer"):
        refused = ask(client, question)

    shown = problem(refused, 500)
    assert (shown["type"], shown["title"]) == (RED_LINE, "Het antwoord overschreed een rode lijn")
    assert "toegestaan" not in refused.text
    assert f"no advice: it would cross red lines: {line}" in caplog.text


def test_in_a_series_only_that_answer_is_missing(client: TestClient) -> None:
    other = {"peildatum": "2026-03-01", "delingen": [{**CROSSING["delingen"][0], "afweging": {}}]}
    given = ask(client, {"casussen": [CROSSING, other]}, "/v1/advies/reeks").json()["resultaten"]
    assert given[0]["probleem"]["type"] == RED_LINE
    assert given[1]["advies"]["adviezen"][0]["oordeel"] != "toegestaan"


def test_a_law_that_crosses_one_in_a_scenario_is_not_served(broken: Settings) -> None:
    with pytest.raises(PolicyFault, match="oordelen are not as the scenarios expect"):
        check_oordelen(compose(broken), broken)
