"""`deelwijzer bewijs`, in this process."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from app.cli import GOOD, MISUSED, REFUSED, main
from app.cli_proof import laws
from app.composition import compose
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the law."""
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", folder, ignore=shutil.ignore_patterns("scenarios"))
    monkeypatch.setenv("DEELWIJZER_POLICIES", str(folder))
    monkeypatch.setenv("DEELWIJZER_CACHE", str(tmp_path / "cache"))
    return folder


def test_what_holds_is_said_with_the_number_of_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bewijs"]) == GOOD
    shown = capsys.readouterr().out
    assert "geldt over alle" in shown
    assert "135.252 stromen: nooit bijzondere gegevens om de bijstand uit te voeren" in shown
    assert "alles is bewezen" in shown


def test_what_does_not_hold_is_shown_with_a_question_to_post(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = law / "oud" / "oud.dl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("(Jaren < 23)\n    & lang_verzuim", "(Jaren < 24)\n    & lang_verzuim"), encoding="utf-8"
    )

    assert main(["bewijs"]) == REFUSED
    shown = capsys.readouterr().out
    assert "GELDT NIET ALTIJD: niets op normen voor schoolverlaters" in shown
    assert "1 niet bewezen" in shown
    question, _ = json.JSONDecoder().raw_decode(shown[shown.index("{") :])
    assert question["jongere"]["leeftijd"] == 23
    assert question["delingen"][0]["gegevens"] == ["verzuimgegevens"]


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["bewijs"]) == MISUSED
    assert "deelwijzer[analyse]" in capsys.readouterr().err


def test_an_example_is_sought_while_the_law_is_in_force() -> None:
    book = compose(Settings()).book
    assert list(laws(book)) == [(2022_01_01, 2025_12_31), (2026_01_01, 2030_01_01)]
