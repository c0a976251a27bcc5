"""`deelwijzer vergelijk`, in this process: the law against an edited copy, one day against another, real questions."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli_compare import DIFFERENT, MISUSED, SAME

ROOT = Path(__file__).resolve().parents[2]
TERM = "# uitleg: De jongere verliet {Opleiding} op {Datum}, korter"
WITHIN = "(Dag < Datum + Jaren jaar)"


@pytest.fixture
def laws(tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the law."""
    folders = tmp_path / "a", tmp_path / "b"
    for folder in folders:
        shutil.copytree(ROOT / "policies", folder / "policies", ignore=shutil.ignore_patterns("scenarios"))
        shutil.copytree(ROOT / "facts", folder / "facts")
    return folders


def _edit(law: Path, file: str, old: str, new: str, after: str = "") -> None:
    path = law / file
    text = path.read_text(encoding="utf-8")
    start = text.index(after)
    assert old in text[start:]
    path.write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")


def _compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    main(["vergelijk", *arguments, "--json"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["vergelijkingen"]
    return found


def test_a_rewrite_that_changes_nothing_is_said_to_change_nothing(
    laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(laws[1], "policies/oud/oud.dl", "(Jaren < 23)", "(Jaren <= 22)")
    _edit(laws[1], "policies/nieuw/schoolverlaters.dl", "korter dan", "minder dan")
    assert main(["vergelijk", *map(str, laws)]) == SAME
    shown = capsys.readouterr().out
    assert shown.count("Geen verschil over alle ") == 2
    assert shown.count("gevallen van 135.252 stromen, volledig of onvolledig bekend.") == 2


def test_a_term_that_ends_a_day_sooner_differs_on_that_day_only(
    laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(laws[0], "policies/nieuw/schoolverlaters.dl", WITHIN, WITHIN.replace("<", "<="), TERM)
    assert main(["vergelijk", *map(str, laws), "--met", "2026-03-01", "--op", "2026-03-01"]) == DIFFERENT
    shown = capsys.readouterr().out
    terms = set(re.findall(r"de peildatum is (.*?) de dag waarop de jongere van school ging", shown))
    assert terms == {"precies 1 jaar na", "precies 2 jaar na"}
    assert "Ruimer: mag vaker (120 van 135.252 stromen)" in shown
    assert "Strenger: mag minder vaak (geen)" in shown
    assert "Geen voorbeeld" not in shown
    question, _ = json.JSONDecoder().raw_decode(shown[shown.index('{"peildatum"') :])
    assert question["jongere"]["uitstroomdatum"][4:] == "-03-01"


def test_what_differs_only_while_something_is_unknown_is_asked_otherwise(
    laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = laws[1] / "policies/oud/oud.dl"
    text = path.read_text(encoding="utf-8")
    start = text.index("# norm: MON-1")
    end = text.index("\n\n", start)
    rule = text[start:end]
    assert rule.endswith("(Jaren < 23)\n)")
    both = [rule.removesuffix(")") + f"    & heeft_werk(Casus, '{word}')\n)\n" for word in ("ja", "nee")]
    path.write_text(text[:start] + "\n".join(both) + text[end:], encoding="utf-8")
    (found,) = _compared(capsys, *map(str, laws), "--op", "2025-06-01")
    assert [group["richting"] for group in found["groepen"]] == ["anders_gevraagd"]
    (group,) = found["groepen"]
    assert group["alleen_onvolledig"]
    road = {"verstrekker": "duo", "ontvanger": "doorstroompunt", "doel": "vangnet_monitoring"}
    assert sorted(group["stromen"], key=lambda one: one["gegeven"]) == [
        {**road, "gegeven": "bsn"},  # goes along (BSN-1)
        {**road, "gegeven": "inschrijfgegevens"},
    ]
    for region in group["gebieden"]:
        assert any(condition.startswith("niet bekend is") for condition in region["voorwaarden"])
        assert region["voorbeeld"]["van"] != region["voorbeeld"]["naar"]


def test_a_memo_has_headings_and_questions_to_post(laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    _edit(laws[0], "policies/oud/oud.dl", "(Jaren < 23)\n    & lang_verzuim", "(Jaren < 22)\n    & lang_verzuim")
    assert main(["vergelijk", *map(str, laws), "--op", "2025-06-01", "--markdown"]) == DIFFERENT
    shown = capsys.readouterr().out
    assert shown.startswith("# Vergelijking van twee keer recht")
    assert "## Ruimer: mag vaker (" in shown
    assert "## Strenger: mag minder vaak (geen)" in shown
    assert set(re.findall(r"- de leeftijd van de jongere is (.*)", shown)) == {"precies 22"}
    question = json.loads(shown.split("```json")[1].split("```")[0])
    assert question["jongere"]["leeftijd"] == 22


def test_a_question_that_only_one_law_refuses_is_a_difference(
    laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = next(
        path
        for path in sorted((laws[1] / "policies").rglob("*.dl"))
        if "\nstrijdig(" in path.read_text(encoding="utf-8")
    )
    rules = text.read_text(encoding="utf-8")
    start = rules.index("\nstrijdig(")
    end = rules.index("\n\n", start)
    text.write_text(rules[: rules.rindex("\n\n", 0, start)] + rules[end:], encoding="utf-8")
    (found,) = _compared(capsys, *map(str, laws), "--op", "2026-03-01")
    changes = {(one["van"], one["naar"]) for g in found["groepen"] for r in g["gebieden"] for one in r["oordelen"]}
    assert ("spreekt_zich_tegen", "") in changes


def test_real_questions_are_counted_and_what_cannot_be_read_is_said(
    laws: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(laws[0], "policies/oud/oud.dl", "(Jaren < 23)\n    & lang_verzuim", "(Jaren < 22)\n    & lang_verzuim")
    flow = {
        "verstrekker": "school",
        "ontvanger": "doorstroompunt",
        "gegevens": ["verzuimgegevens"],
        "doel": "verzuimbestrijding",
    }
    young: dict[str, Any] = {"opleiding": "mbo_2_bol", "startkwalificatie": False, "ingeschreven": True}
    questions: list[dict[str, Any]] = [
        {
            "kenmerk": "geheim",
            "peildatum": "2025-06-01",
            "jongere": young | {"leeftijd": age},
            "verzuim": {"weken": 5, "geldige_reden": False},
            "delingen": [flow],
        }
        for age in (21, 22, 24)
    ]
    lines = [json.dumps(one) for one in questions]
    file = tmp_path / "vragen.jsonl"
    file.write_text("\n".join([*lines, "geen json", '{"jongere": {"leeftijd": 999}}']), encoding="utf-8")
    assert main(["vergelijk", *map(str, laws), "--jongeren", str(file)]) == DIFFERENT
    shown = capsys.readouterr().out
    assert "3 vragen beantwoord; bij 1 verandert minstens één advies." in shown
    assert "1 × alleen_met_toestemming → toegestaan" in shown
    assert "regel 4 is niet meegeteld" in shown
    assert "regel 5 is niet meegeteld: jongere.leeftijd" in shown
    assert "geheim" not in shown
    assert "999" not in shown


def test_a_question_of_which_an_answer_crosses_a_red_line_is_not_counted(
    laws: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(laws[0], "policies/oud/oud.dl", "(Jaren < 23)\n    & lang_verzuim", "(Jaren < 24)\n    & lang_verzuim")
    flow = {"verstrekker": "school", "ontvanger": "doorstroompunt", "gegevens": ["verzuimgegevens"]}
    question = {
        "peildatum": "2025-06-01",
        "jongere": {"opleiding": "mbo_2_bol", "startkwalificatie": False, "ingeschreven": True, "leeftijd": 23},
        "verzuim": {"weken": 5, "geldige_reden": False},
        "delingen": [flow | {"doel": "verzuimbestrijding"}],
    }
    file = tmp_path / "vragen.jsonl"
    file.write_text(json.dumps(question), encoding="utf-8")
    assert main(["vergelijk", *map(str, laws), "--jongeren", str(file)]) == SAME
    shown = capsys.readouterr().out
    assert "0 vragen beantwoord" in shown
    assert "regel 1 is niet meegeteld: het antwoord zou een rode lijn overschrijden: te_oud_voor_norm" in shown


@pytest.mark.parametrize("arguments", [[], ["x"], ["--op", "2026-01-01"]])
def test_it_says_what_to_name(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vergelijk", *arguments]) == MISUSED
    assert "noem twee mappen A en B, of twee dagen met --op en --met" in capsys.readouterr().err


def test_laws_that_read_other_questions_are_not_compared(
    laws: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(laws[1], "facts/domeinen.toml", 'hbo = "het hbo"', 'hbo = "het hbo"\nad = "een associate degree"')
    assert main(["vergelijk", *map(str, laws)]) == MISUSED
    assert "domein opleiding: is in A anders dan in B" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["vergelijk", "--op", "2025-12-31", "--met", "2026-01-01"]) == MISUSED
    assert "deelwijzer[analyse]" in capsys.readouterr().err
