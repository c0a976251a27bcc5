"""The folder with official texts: which text is that of a day, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import law_texts
from app.store.law_texts import Text, read_law_texts

BWB = "BWBR0007625"
PLACES = [(BWB, "1", None), (BWB, "1", "2"), ("BWBR0002628", "3", None)]


def law(text: str, bwb: str = BWB) -> str:
    lid = f"<lid><lidnr>2</lidnr><al>{text}</al></lid>"
    return f'<toestand bwb-id="{bwb}"><artikel><kop><nr>1</nr></kop>{lid}</artikel></toestand>'


def test_the_text_of_a_day_is_the_youngest_that_had_begun(tmp_path: Path) -> None:
    (tmp_path / f"{BWB}_2025-08-01_0.xml").write_text(law("oud"), encoding="utf-8")
    (tmp_path / f"{BWB}_2026-01-01_0.xml").write_text(law("eerst"), encoding="utf-8")
    (tmp_path / f"{BWB}_2026-01-01_1.xml").write_text(law("nieuw"), encoding="utf-8")
    (tmp_path / f"{BWB}_2027-01-01.xml").write_text(law("later"), encoding="utf-8")
    texts = read_law_texts(tmp_path, PLACES)

    assert texts.faults == ()
    assert texts.text((BWB, "1", None), 20250731) is None
    assert texts.text((BWB, "1", None), 20250801) == texts.text((BWB, "1", "2"), 20251231) == Text("2 oud", 20250801)
    assert texts.text((BWB, "1", None), 20260101) == Text("2 nieuw", 20260101)
    assert texts.text((BWB, "1", None), 20270101) == Text("2 later", 20270101)
    assert texts.text((BWB, "1", "3"), 20260101) is None
    assert texts.text((BWB, "2", None), 20260101) is None
    assert texts.text(("BWBR0002628", "3", None), 20260101) is None
    assert texts.edition(20260101) == texts.edition(20261231) != texts.edition(20251231)
    assert texts.edition(20240101) == ()


def test_files_of_other_laws_and_names_are_not_read(tmp_path: Path) -> None:
    for name in ("BWBR0000001_2026-01-01_0.xml", f"{BWB}.xml", f"{BWB}_2026-01-01_0.wti", "LEESMIJ"):
        (tmp_path / name).write_text("geen XML", encoding="utf-8")
    assert read_law_texts(tmp_path, PLACES) == law_texts.LawTexts({})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{BWB}_2025-01-01_0.xml").write_text("geen XML", encoding="utf-8")
    (tmp_path / f"{BWB}_2025-02-01_0.xml").mkdir()
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders" / "x").write_text(law("elders"), encoding="utf-8")
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / f"{BWB}_2025-03-01_0.xml").symlink_to(tmp_path / "elders" / "x")
    (folder / f"{BWB}_2025-04-01_0.xml").write_text(law("goed"), encoding="utf-8")

    first, second = read_law_texts(tmp_path, PLACES).faults
    assert first.startswith(f"{BWB}_2025-01-01_0.xml: is no XML")
    assert second == f"{BWB}_2025-02-01_0.xml: is a folder; only regular files are read"
    texts = read_law_texts(folder, PLACES)
    (linked,) = texts.faults
    assert "outside its folder" in linked
    assert texts.text((BWB, "1", None), 20260101) == Text("2 goed", 20250401)

    monkeypatch.setattr(law_texts, "LARGEST_FILE", 10)
    assert any("larger than 10 bytes" in one for one in read_law_texts(folder, PLACES).faults)
    monkeypatch.setattr(law_texts, "MOST_FILES", 1)
    assert read_law_texts(folder, PLACES).faults == (f"{folder}: holds more than 1 files, the most that is read",)
    (gone,) = read_law_texts(tmp_path / "weg", PLACES).faults
    assert gone.startswith(f"{tmp_path / 'weg'}: cannot be read")
