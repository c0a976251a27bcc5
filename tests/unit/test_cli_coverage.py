"""`deelwijzer dekking`, in this process."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from app.cli import GOOD, MISUSED, REFUSED, main

ROOT = Path(__file__).resolve().parents[2]
DEAD = """
# norm: VSV-4
# bron: SD §1.2; SUWI 9
# uitleg: Dit geldt nooit.
overleg_nodig(Deling) <= (
    verstrekker(Deling, Verstrekker)
    & (Verstrekker == 'school')
    & (Verstrekker == 'duo')
)
"""


@pytest.fixture(autouse=True)
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the law with a few scenarios."""
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", folder, ignore=shutil.ignore_patterns("scenarios"))
    (folder / "nieuw" / "scenarios").mkdir()
    shutil.copy(ROOT / "policies/nieuw/scenarios/casussen.toml", folder / "nieuw" / "scenarios")
    monkeypatch.setenv("DEELWIJZER_POLICIES", str(folder))
    monkeypatch.setenv("DEELWIJZER_CACHE", str(tmp_path / "cache"))
    return folder


def test_a_norm_is_shown_with_what_no_scenario_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dekking", "--norm", "VSV-4"]) == GOOD
    shown = capsys.readouterr().out
    assert shown.startswith("VSV-4: 7 regels; ")
    assert "beslissend, en geen scenario toont dit" in shown
    assert "WEB 9.2.5 lid 5: 1 regel, geen scenario" in shown


def test_a_file_is_shown_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dekking", "nieuw/monitoring.dl", "--json"]) == GOOD
    shown = json.loads(capsys.readouterr().out)
    assert {rule["plaats"].rpartition(":")[0] for rule in shown["regels"]} == {"policies/nieuw/monitoring.dl"}
    permits = next(rule for rule in shown["regels"] if rule["kop"] == "stap(Deling, 'MON-1', 1)")
    assert permits["soort"] == "beslissend"
    assert ("SD", "§3.3.2") in {(one["bron"], one["plaats"]) for one in shown["artikelen"]}
    assert shown["dode_regels"] == []


def test_a_rule_that_never_applies_is_refused(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = law / "nieuw" / "schoolverlaters.dl"
    path.write_text(path.read_text(encoding="utf-8") + DEAD, encoding="utf-8")
    assert main(["dekking", "--norm", "VSV-4"]) == REFUSED
    shown = capsys.readouterr().out
    assert "deze regel geldt nooit: overleg_nodig(Deling)" in shown
    assert "SUWI 9: 1 regel, geen scenario" in shown


@pytest.mark.parametrize("asked", [["--norm", "VSV-99"], ["nergens.dl"]])
def test_what_is_not_there_is_named(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dekking", *asked]) == MISUSED
    assert asked[-1] in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["dekking"]) == MISUSED
    assert "deelwijzer[analyse]" in capsys.readouterr().err
