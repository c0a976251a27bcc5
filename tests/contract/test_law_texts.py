"""Official texts beside the rules and in a derivation, of the day asked; the texts here are our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.logbook import open_log
from app.main import create_app
from app.replay import Replayer
from app.settings import Settings
from tests.contract.asking import QUESTION, ask

BWB = "BWBR0007625"
EXPLAINED = "/v1/advies?uitleg=volledig"


def put(folder: Path, day: str, text: str) -> None:
    lid = f"<lid><lidnr>3</lidnr><al>{text}</al></lid>"
    xml = f'<toestand bwb-id="{BWB}"><artikel><kop><nr>9.2.13</nr></kop>{lid}</artikel></toestand>'
    (folder / f"{BWB}_{day}_0.xml").write_text(xml, encoding="utf-8")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("texts")
    texts = folder / "teksten"
    texts.mkdir()
    put(texts, "2026-01-01", "De school geeft het voorbeeld.")
    put(texts, "2026-03-01", "De school geeft een ander voorbeeld.")
    (texts / f"{BWB}_2020-01-01_0.xml").write_text("geen XML", encoding="utf-8")
    return Settings(cache=folder / "cache", log_url=f"sqlite:///{folder / 'log.db'}", law_texts=texts)


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as made:
        yield made


def article(service: TestClient, day: str) -> dict[str, Any]:
    norm = service.get(f"/v1/beleid/ALB-1?peildatum={day}").json()
    (found,) = [one for one in norm["artikelen"] if one["artikel"] == "artikel 9.2.13, lid 3"]
    shown: dict[str, Any] = found
    return shown


@pytest.mark.parametrize(
    ("day", "text", "since"),
    [
        ("2026-02-28", "3 De school geeft het voorbeeld.", "2026-01-01"),
        ("2026-03-01", "3 De school geeft een ander voorbeeld.", "2026-03-01"),
        ("2026-01-01", "3 De school geeft het voorbeeld.", "2026-01-01"),
    ],
)
def test_the_text_of_the_day_stands_beside_the_rule(service: TestClient, day: str, text: str, since: str) -> None:
    shown = article(service, day)

    assert (shown["tekst"], shown["tekst_vanaf"]) == (text, since)
    assert shown["inhoud"], "our own words stay"
    norms = service.get(f"/v1/beleid?peildatum={day}").json()["normen"]
    others = [one for norm in norms for one in norm["artikelen"] if one["bron"] != "WEB"]
    assert {one["tekst"] for one in others} == {None}


def test_a_derivation_quotes_each_article_once(service: TestClient) -> None:
    (advies,) = ask(service, QUESTION, EXPLAINED).json()["adviezen"]
    (quoted,) = [one for one in advies["afleiding"]["teksten"] if one["artikel"] == "artikel 9.2.13, lid 3"]

    assert quoted["tekst"] == "3 De school geeft een ander voorbeeld."
    assert quoted["vanaf"] == "2026-03-01"
    assert quoted["titel"] == "Wet educatie en beroepsonderwijs"
    earlier = {**QUESTION, "peildatum": "2026-02-01"}
    (before,) = ask(service, earlier, EXPLAINED).json()["adviezen"]
    assert {one["vanaf"] for one in before["afleiding"]["teksten"]} == {"2026-01-01"}
    (plain,) = ask(service, QUESTION).json()["adviezen"]
    assert "afleiding" not in plain


def test_without_a_folder_there_are_no_texts(client: TestClient) -> None:
    (advies,) = ask(client, QUESTION, EXPLAINED).json()["adviezen"]

    assert "teksten" not in advies["afleiding"]
    assert article(client, "2026-03-01")["tekst"] is None


def test_a_replay_does_not_look_at_the_texts(service: TestClient, settings: Settings) -> None:
    """They decide nothing, and the folder may hold others by now."""
    given = ask(service, QUESTION, EXPLAINED).json()
    book = open_log(settings)
    found = book.reader.part(given["id"])
    assert found is not None
    for folder in (settings.law_texts, None):
        later = Settings(cache=settings.cache, log_url=settings.log_url, law_texts=folder)
        assert Replayer(book.archive, later).again(*found).verdict == "gelijk"
    book.close()
