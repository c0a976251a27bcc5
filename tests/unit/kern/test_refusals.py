"""What the kern does not understand, on example files: each gives exactly the faults in its `.txt`.

Rewrite the expected texts with `UPDATE_GOLDENS=1 pytest tests/unit/kern`, and read the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.cli import REFUSED, main
from app.lang.diagnostics import render
from app.lang.program import Program, check
from app.lang.source_text import SourceText
from app.store.policies import read_policies
from app.store.understood import refusals

ROOT = Path(__file__).resolve().parents[3]
BAD = sorted((Path(__file__).parent / "bad").glob("*.dl"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_example_gives_exactly_its_diagnostics(path: Path) -> None:
    source = SourceText(path.name, path.read_text(encoding="utf-8"))
    program = check([source], read_policies(ROOT / "facts", ROOT / "policies").vocabulary, whole=False)
    assert isinstance(program, Program), render(program, [source])
    text = render(refusals(program), [source]) + "\n"
    golden = path.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["check", "bewijs"])
def test_the_command_line_shows_them(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    rules = (Path(__file__).parent / "bad" / "flow_product.dl").read_text(encoding="utf-8")
    (tmp_path / "policies" / "nieuw" / "telt.dl").write_text(rules, encoding="utf-8")
    monkeypatch.setenv("DEELWIJZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DEELWIJZER_POLICIES", str(tmp_path / "policies"))

    assert main([command]) == REFUSED
    shown = capsys.readouterr().err
    assert "telt.dl:" in shown
    assert "[kern]" in shown
    assert "help: " in shown
