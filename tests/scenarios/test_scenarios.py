"""Every scenario beside the law: through every engine, over HTTP and on the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

import app.cli
from app.cli import main
from app.composition import Composition, cases_of
from app.main import assemble
from app.settings import Settings
from app.store import selfcheck
from app.store.expectations import unmet
from app.store.scenarios import Scenario, read_scenarios

SCENARIOS = read_scenarios(Settings().policies)


@pytest.fixture(scope="module")
def client(composed: Composition) -> Iterator[TestClient]:
    with TestClient(assemble(composed, Settings(log_url="geen"))) as made:
        yield made


def test_there_are_scenarios_of_every_part_of_the_law() -> None:
    assert len(SCENARIOS) > 300
    assert {scenario.file.split("/")[1] for scenario in SCENARIOS} == {"algemeen", "nieuw", "oud"}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_over_http(scenario: Scenario, client: TestClient) -> None:
    response = client.post("/v1/advies", json=dict(scenario.vraag))

    if scenario.fout is not None:
        assert response.status_code == 400
        assert scenario.fout in [fout["veld"] for fout in response.json()["fouten"]]
        return
    assert response.status_code == 200, response.text
    as_expected(scenario, response.json())


def test_on_the_command_line(
    composed: Composition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The law is read once here and not again for every scenario; the rest is the command as it is.
    monkeypatch.setattr(app.cli, "compose", lambda _: composed)
    for scenario in SCENARIOS:
        question = io.TextIOWrapper(io.BytesIO(json.dumps(scenario.vraag).encode()))
        monkeypatch.setattr("sys.stdin", question)
        code = main(["advies", "-"])
        answer = json.loads(capsys.readouterr().out)
        assert code == (0 if scenario.fout is None else 1), scenario.id
        if scenario.fout is None:
            as_expected(scenario, answer)
        else:
            assert scenario.fout in [fout["veld"] for fout in answer["fouten"]], scenario.id


def test_every_engine_gives_the_expected_oordelen(composed: Composition) -> None:
    """`deelwijzer check`, which `make test` runs too, compares every other output, certain and possible."""
    report = selfcheck.oordelen(cases_of(composed), (composed.book, *composed.others))

    assert report.faults == ()
    assert report.cases == len([one for one in SCENARIOS if one.fout is None])
    assert report.facts == 3 * sum(len(one.verwacht) for one in SCENARIOS)


def as_expected(scenario: Scenario, answer: Mapping[str, Any]) -> None:
    """Hold an answer to everything its scenario expects."""
    assert list(unmet(scenario, answer)) == []
