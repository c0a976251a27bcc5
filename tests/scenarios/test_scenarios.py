"""Every scenario beside the law: through both engines, over HTTP and on the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

import app.cli
from app.cli import main
from app.main import Composition, assemble, cases_of
from app.settings import Settings
from app.store import selfcheck
from app.store.scenarios import Expected, Scenario, read_scenarios

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


def test_both_engines_give_the_expected_oordelen(composed: Composition) -> None:
    """`deelwijzer check`, which `make test` runs too, compares every other output, certain and possible."""
    report = selfcheck.oordelen(cases_of(composed), (composed.book, composed.other))

    assert report.faults == ()
    assert report.cases == len([one for one in SCENARIOS if one.fout is None])
    assert report.facts == 2 * sum(len(one.verwacht) for one in SCENARIOS)


def test_what_may_not_be_there_is_a_word_that_could_be(composed: Composition) -> None:
    """A word that is spelled wrong is never there, and so would expect nothing."""
    domains = composed.book.policies.vocabulary.domains
    # A detour is named by the party in between.
    beside = {
        word for name in ("kanttekening", "verplichting", "gegeven", "route", "partij") for word in domains[name].values
    }
    for scenario in SCENARIOS:
        assert {word for one in scenario.verwacht for word in one.zonder} <= beside, scenario.id
        assert set(scenario.zonder_taken) <= set(domains["taak"].values), scenario.id


def as_expected(scenario: Scenario, answer: Mapping[str, Any]) -> None:
    """Hold an answer to everything its scenario expects."""
    if scenario.verwacht:
        assert len(answer["adviezen"]) == len(scenario.verwacht), scenario.id
    for expected, given in zip(scenario.verwacht, answer["adviezen"], strict=bool(scenario.verwacht)):
        assert summary(expected, given) == expectation(expected), scenario.id
        assert not set(expected.zonder) & set(said_beside(given)), scenario.id
    for path, value in scenario.jongere.items():
        assert at(answer["jongere"], path) == (None if value == "" else value), (scenario.id, path)
    taken = {taak["taak"] for taak in answer["taken"]}
    assert set(scenario.taken) <= taken, scenario.id
    assert not set(scenario.zonder_taken) & taken, scenario.id
    if scenario.stromen is not None:
        given_rows = {
            (one["norm"], one["verstrekker"], one["ontvanger"], one["doel"], one["oordeel"])
            for one in answer["stromen"]
        }
        rows = {(one.norm, one.verstrekker, one.ontvanger, one.doel, one.oordeel) for one in scenario.stromen}
        assert rows <= given_rows if rows else not given_rows, scenario.id


def expectation(expected: Expected) -> dict[str, Any]:
    """Write down what is expected, leaving out what is not looked at."""
    looked_at: dict[str, Any] = {
        "oordeel": expected.oordeel,
        "grondslag": expected.grondslag,
        "norm": expected.norm,
        "alternatief": expected.alternatief,
        "kanttekeningen": expected.kanttekeningen,
        "verplichtingen": expected.verplichtingen,
        "ontbrekend": expected.ontbrekend,
        "geldig_tot": expected.geldig_tot,
    }
    return {name: value for name, value in looked_at.items() if value is not None}


def summary(expected: Expected, given: Mapping[str, Any]) -> dict[str, Any]:
    """Write down the same of what was given; of lists only what was expected to be among them."""
    grounds = given["grondslagen"]
    ways = [one.get("gegeven") or one.get("route") for one in given["alternatieven"]]
    notes = [one["kanttekening"] for one in given["kanttekeningen"]]
    found: dict[str, Any] = {
        "oordeel": given["oordeel"],
        "grondslag": among(expected.grondslag, [one["grondslag"] for one in grounds]),
        "norm": among(expected.norm, [one["norm"] for one in grounds]),
        "alternatief": among(expected.alternatief, ways),
        "kanttekeningen": tuple(one for one in expected.kanttekeningen or () if one in notes),
        "verplichtingen": tuple(one for one in expected.verplichtingen or () if one in given["verplichtingen"]),
        "ontbrekend": tuple(one["feit"] for one in given["ontbrekend"]),
        "geldig_tot": given["geldig_tot"] or "",
    }
    return {name: value for name, value in found.items() if name in expectation(expected)}


def said_beside(given: Mapping[str, Any]) -> list[str]:
    """Every word that stands beside an oordeel: kanttekeningen, verplichtingen, alternatieven."""
    notes = [one["kanttekening"] for one in given["kanttekeningen"]]
    ways = [one.get("gegeven") or one["route"] for one in given["alternatieven"]]
    return [*notes, *given["verplichtingen"], *ways]


def among(wanted: str | None, given: list[Any]) -> Any:
    """Return what was wanted when it is there, else everything there is, to be shown."""
    return wanted if wanted in given else given


def at(value: Any, path: str) -> Any:
    """Follow a dotted path."""
    for part in path.split("."):
        value = value[part]
    return value
