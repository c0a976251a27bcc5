"""Putting everything together, and refusing to start."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.composition import cases_of, check_oordelen, compose
from app.examples import examples_of
from app.main import create_app
from app.settings import Settings
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


def test_both_engines_are_held_to_the_scenarios(law: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whichever process an engine decides in, what it gets wrong stops the start.
    def spy(cases: list[selfcheck.Case], books: tuple[PolicyBook, ...]) -> selfcheck.Report:
        return selfcheck.Report(len(cases), 0, tuple(type(book.on(20260315)).__name__ for book in books))

    monkeypatch.setattr(selfcheck, "oordelen", spy)
    with pytest.raises(PolicyFault) as refused:
        check_oordelen(compose(law), law)

    assert str(refused.value).splitlines()[1:] == ["CompiledDecider", "PyDatalogDecider"]


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

    assert "engine compiled" in caplog.messages[-1]


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
