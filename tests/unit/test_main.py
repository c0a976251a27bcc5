"""Putting everything together, and refusing to start."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.cli_serve import prepare_workers
from app.composition import cases_of, check_oordelen, compose
from app.examples import examples_of
from app.main import create_app, warn_of_retention
from app.settings import Settings, SettingsFault
from app.store import selfcheck
from app.store.policies import PolicyFault
from app.store.policy_book import PolicyBook

ONE_SCENARIO = """
[[scenario]]
id = "een"
verhaal = "Een verhaal."
sectie = "1"
[scenario.vraag]
peildatum = "2026-03-15"
[[scenario.vraag.delingen]]
verstrekker = "jongere"
ontvanger = "school"
gegevens = ["contactgegevens"]
doel = "begeleiding_naar_werk"
[[scenario.verwacht]]
oordeel = "toegestaan"
"""


@pytest.fixture
def law(tmp_path: Path) -> Settings:
    """Copy the real law with one scenario only, so that every start is quick."""
    plain = Settings()
    shutil.copytree(plain.policies, tmp_path / "policies", ignore=shutil.ignore_patterns("scenarios"))
    folder = tmp_path / "policies" / "nieuw" / "scenarios"
    folder.mkdir()
    (folder / "een.toml").write_text(ONE_SCENARIO, encoding="utf-8")
    return replace(plain, policies=tmp_path / "policies", cache=tmp_path / "cache", log_url="geen")


def rewrite(law: Settings, old: str, new: str) -> None:
    path = law.policies / "nieuw" / "scenarios" / "een.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_the_first_start_checks_and_the_next_remembers(law: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    create_app(law)
    assert (law.cache / selfcheck.VERDICT_FILE).is_file()

    def never(*_: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(selfcheck, "oordelen", never)
    create_app(law)


def test_another_expectation_is_checked_again_and_stops_the_start(law: Settings) -> None:
    create_app(law)
    rewrite(law, '"toegestaan"', '"niet_toegestaan"')

    with pytest.raises(PolicyFault, match="expected niet_toegestaan, got"):
        create_app(law)


def test_a_scenario_whose_question_is_refused_stops_the_start(law: Settings) -> None:
    rewrite(law, '"jongere"', '"jonger"')

    with pytest.raises(PolicyFault, match=r"een: refused: delingen\[0\]\.verstrekker: Deze waarde bestaat niet"):
        cases_of(compose(law))


def test_every_engine_is_held_to_the_scenarios(law: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whichever process an engine decides in, what it gets wrong stops the start.
    def spy(cases: list[selfcheck.Case], books: tuple[PolicyBook, ...]) -> selfcheck.Report:
        return selfcheck.Report(len(cases), 0, tuple(type(book.on(20260315)).__name__ for book in books))

    monkeypatch.setattr(selfcheck, "oordelen", spy)
    with pytest.raises(PolicyFault) as refused:
        check_oordelen(compose(law), law)

    assert str(refused.value).splitlines()[1:] == ["KernDecider", "CompiledDecider", "PyDatalogDecider"]


def test_the_setting_chooses_the_engine(law: Settings) -> None:
    chosen = replace(law, engine="pydatalog")
    composed = compose(chosen)

    assert type(composed.book.on(20260315)).__name__ == "PyDatalogDecider"
    answer = composed.desk.answer_value(dict(composed.scenarios[0].vraag))
    assert answer["adviezen"][0]["oordeel"] == "toegestaan"


def test_the_environment_is_read_when_no_settings_are_given(law: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEELWIJZER_POLICIES", str(law.policies))
    monkeypatch.setenv("DEELWIJZER_CACHE", str(law.cache))

    assert create_app().routes


def test_the_start_says_which_law_and_engine(law: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "deelwijzer"):
        create_app(law)

    assert "engine kern" in caplog.messages[-1]


def test_examples_are_scenarios_with_a_proposed_flow(law: Settings) -> None:
    (example,) = examples_of(compose(law).scenarios)

    assert example.name == "een"
    rewrite(law, "[[scenario.verwacht]]\noordeel", "[scenario.verwacht_jongere]\nrol_doorstroompunt")
    assert examples_of(compose(law).scenarios) == ()


def test_the_cases_of_the_source_itself_come_first_by_section_and_by_the_newest_law() -> None:
    examples = examples_of(compose(Settings(log_url="geen")).scenarios)
    sections = [one.title.partition(":")[0] for one in examples]

    assert sections[:3] == ["§3.1.1", "§3.1.2", "§3.1.3"]
    assert sections[:-1] == sorted(set(sections[:-1]))
    assert all(one.question["peildatum"] >= "2026-01-01" for one in examples)
    assert ["delingen" in one.question for one in examples] == [True] * (len(examples) - 1) + [False]
    assert all(one.title.endswith(".") and one.title.partition(": ")[2] in one.story for one in examples)


@pytest.mark.parametrize(("name", "says"), [("weg.json", "No such file"), ("leeg.json", "no JSON")])
def test_a_key_set_in_a_file_is_read_before_anyone_is_answered(law: Settings, name: str, says: str) -> None:
    (law.cache.parent / "leeg.json").write_text("", encoding="utf-8")
    file, log = law.cache.parent / name, f"sqlite:///{law.cache.parent / 'log.db'}"
    settings = replace(
        law, log_url=log, access=("oauth",), jwks=str(file), jwt_issuer="https://i.example", jwt_audience="d"
    )
    with pytest.raises(SettingsFault, match=f"DEELWIJZER_JWKS: the file .*{name} .*{says}"):
        create_app(settings)
    with pytest.raises(SettingsFault, match=says):
        prepare_workers(settings, law.cache.parent)


def test_an_issuer_that_is_away_for_a_moment_does_not_stop_the_start(law: Settings) -> None:
    log = f"sqlite:///{law.cache.parent / 'log.db'}"
    away = "https://127.0.0.1:1/jwks"
    oauth = replace(law, log_url=log, access=("oauth",), jwks=away, jwt_issuer="https://i.example", jwt_audience="d")
    assert any(getattr(route, "path", "") == "/readyz" for route in create_app(oauth).routes)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "in full"), ({"log_content": "afdruk"}, "without their texts"), ({"retention_days": 365}, None)],
)
def test_a_log_without_a_term_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, settings: dict[str, Any], said: str | None
) -> None:
    warn_of_retention(Settings(log_url=f"sqlite:///{tmp_path / 'log.db'}", **settings))
    warn_of_retention(Settings(log_url="geen"))
    assert len(caplog.messages) == (said is not None)
    for line in caplog.messages:
        assert said is not None
        assert said in line
        assert "DEELWIJZER_BEWAARTERMIJN_DAGEN" in line
