"""`deelwijzer wetteksten`: the alarm when an article is not what it was when its rules were written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.cli import GOOD, REFUSED, main
from app.settings import Settings
from app.store.toestand import hash_of

BWB = "BWBR0007625"
ENTRY = '[WEB.artikelen."9.2.3"]\n'


def put(folder: Path, day: str, text: str, number: str = "9.2.3") -> None:
    xml = f'<toestand bwb-id="{BWB}"><artikel><kop><nr>{number}</nr></kop><al>{text}</al></artikel></toestand>'
    (folder / f"{BWB}_{day}_0.xml").write_text(xml, encoding="utf-8")


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of official texts, beside facts in which the hash of one article is recorded."""
    folder = tmp_path / "teksten"
    folder.mkdir()
    shutil.copytree(Settings().facts, tmp_path / "facts")
    sources = tmp_path / "facts" / "bronnen.toml"
    written = sources.read_text(encoding="utf-8")
    assert written.count(ENTRY) == 1
    recorded = written.replace(ENTRY, f'{ENTRY}tekst_hash = "{hash_of("Zoals gelezen.")}"\n')
    sources.write_text(recorded, encoding="utf-8")
    monkeypatch.setenv("DEELWIJZER_FACTS", str(tmp_path / "facts"))
    monkeypatch.setenv("DEELWIJZER_WETTEKSTEN", str(folder))
    return folder


def run(capsys: pytest.CaptureFixture[str], day: str = "2026-03-01") -> tuple[int, list[str], str]:
    code = main(["wetteksten", "--peildatum", day])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err


def test_the_same_text_is_no_alarm(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(texts, "2026-01-01", "Zoals   gelezen.")
    code, lines, _ = run(capsys)

    assert code == GOOD
    assert f"WEB 9.2.3: gelijk; {hash_of('Zoals gelezen.')} (tekst sinds 2026-01-01)" in lines
    assert "Lpw 21a: niet gevonden" in lines
    assert not any(line.startswith(("SD ", "AVG ")) for line in lines), "only laws have consolidated texts"
    assert lines[-1].endswith("1 gevonden, 0 opnieuw te lezen, 0 onleesbare bestanden")


@pytest.mark.parametrize(("day", "expected"), [("2026-06-30", GOOD), ("2026-07-01", REFUSED)])
def test_another_text_is_an_alarm_from_its_first_day(
    texts: Path, capsys: pytest.CaptureFixture[str], day: str, expected: int
) -> None:
    put(texts, "2026-01-01", "Zoals gelezen.")
    put(texts, "2026-07-01", "Niet zoals gelezen.")
    code, lines, _ = run(capsys, day)

    assert code == expected
    changed = f"WEB 9.2.3: anders; {hash_of('Niet zoals gelezen.')} (tekst sinds 2026-07-01)"
    assert (changed in lines) == (expected == REFUSED)


def test_an_article_that_is_gone_is_an_alarm(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(texts, "2026-01-01", "Iets anders.", number="9.2.99")
    code, lines, _ = run(capsys)

    assert code == REFUSED
    assert "WEB 9.2.3: niet gevonden" in lines


def test_a_text_that_nobody_recorded_is_shown_with_its_hash(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xml = '<toestand bwb-id="BWBR0002628"><artikel><kop><nr>21a</nr></kop><al>Een voorbeeld.</al></artikel></toestand>'
    (texts / "BWBR0002628_2024-01-01_0.xml").write_text(xml, encoding="utf-8")
    put(texts, "2026-01-01", "Zoals gelezen.")
    code, lines, _ = run(capsys)

    assert code == GOOD
    assert f"Lpw 21a: nog niet vastgelegd; {hash_of('Een voorbeeld.')} (tekst sinds 2024-01-01)" in lines


def test_a_file_that_cannot_be_read_is_an_alarm(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(texts, "2026-01-01", "Zoals gelezen.")
    (texts / f"{BWB}_2025-01-01_0.xml").write_text("geen XML", encoding="utf-8")
    code, _, said = run(capsys)

    assert code == REFUSED
    assert f"{BWB}_2025-01-01_0.xml: is no XML" in said


def test_without_a_folder_it_says_which_setting_names_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DEELWIJZER_WETTEKSTEN", raising=False)

    assert main(["wetteksten"]) == REFUSED
    assert "DEELWIJZER_WETTEKSTEN is not set" in capsys.readouterr().err
