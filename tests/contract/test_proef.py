"""A trial, `?proef=ja`: the same answer, marked as provisional, of which nothing is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.caller import Caller
from app.main import create_app
from app.settings import Settings
from app.web.gate import LoopbackGate
from tests.contract.asking import QUESTION, ask, problem

TRIAL = "/v1/advies?proef=ja"
SERIES = "/v1/advies/reeks?proef=ja"
ACTIVITY = "https://register.example/1"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("trials")
    settings = Settings(cache=folder / "cache", log_url=f"sqlite:///{folder / 'log.db'}", processing_activity=ACTIVITY)
    with TestClient(create_app(settings)) as made:
        yield made


def kept(service: TestClient) -> list[Any]:
    found: list[Any] = ask(service, {}, "/v1/adviezen/_zoek").json()["adviezen"]
    return found


@pytest.mark.parametrize("more", ["", "&uitleg=volledig", "&kantelpunten=ja&stromen=ja"])
def test_a_trial_is_the_same_answer_but_for_its_id_and_mark(service: TestClient, more: str) -> None:
    trial = ask(service, QUESTION, f"{TRIAL}{more}")
    plain = ask(service, QUESTION, f"/v1/advies?{more[1:]}")

    assert trial.status_code == 200
    body = trial.json()
    assert list(body)[:2] == ["id", "voorlopig"]
    assert body.pop("voorlopig") is True
    assert body["id"] is None
    assert body == {**plain.json(), "id": None}
    assert "voorlopig" not in plain.json()
    assert "content-location" in plain.headers
    assert "content-location" not in trial.headers


def test_nothing_of_a_trial_is_kept(
    service: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("deelwijzer.ldv"), "propagate", True)
    before = len(kept(service))
    with caplog.at_level(logging.INFO, "deelwijzer.ldv"):
        ask(service, QUESTION, TRIAL)
        ask(service, {"casussen": [QUESTION, {}]}, SERIES)
    assert [one for one in caplog.records if one.name == "deelwijzer.ldv"] == []
    assert len(kept(service)) == before
    ask(service, QUESTION)
    assert len(kept(service)) == before + 1


def test_a_series_on_trial_is_provisional_throughout(service: TestClient) -> None:
    bad = {"jongere": {"leeftijd": "achttien"}}
    first, second, third = ask(service, {"casussen": [QUESTION, bad, {}]}, SERIES).json()["resultaten"]

    for one in (first, third):
        assert one["advies"]["id"] is None
        assert one["advies"]["voorlopig"] is True
    assert second["probleem"]["status"] == 400


def test_a_trial_counts_in_the_limits(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count(_: LoopbackGate, caller: Caller, flows: int, units: int) -> int:
        counted.append(units)
        return units

    monkeypatch.setattr(LoopbackGate, "count", count)
    for more in ("", "&stromen=ja"):
        counted.clear()
        ask(service, {**QUESTION, "delingen": QUESTION["delingen"] * 2}, f"/v1/advies?{more[1:]}")
        plain = counted[:]
        counted.clear()
        ask(service, {**QUESTION, "delingen": QUESTION["delingen"] * 2}, f"{TRIAL}{more}")
        assert counted == plain != []


def test_authzen_knows_no_trial(service: TestClient) -> None:
    for path in ("/access/v1/evaluation", "/access/v1/evaluations"):
        refused = service.post(f"{path}?proef=ja", json={})
        assert "proef" in {fout["veld"] for fout in problem(refused, 400)["fouten"]}
