"""One kenmerk, however it is encoded: found by whoever looks for it, or refused with a reason."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.log.journal import Pseudonyms
from app.log.kenmerk_form import KenmerkFault, has_only_seen, kenmerk_of, normal_form
from tests.unit.log.entries import entry, opened, stuk

BOM = b"\xef\xbb\xbf"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
UNSEEN = [
    "\x00", "\t", "\n", "\r", "\x7f", "\x85", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b",
    "\u200d",
    "\u200e", "\u2028", "\u2029", "\u202e", "\u2060", "\u2066", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0",
    "\U000e0041",
    "\U000e0100",
]  # fmt: skip
"""Controls, bidi marks, zero-width signs, separators, special spaces, tags."""


@given(text=st.text(max_size=30))
def test_the_normal_form_is_one_form(text: str) -> None:
    once = normal_form(text)
    assert normal_form(once) == once
    assert has_only_seen(once)
    assert normal_form(unicodedata.normalize("NFD", once)) == once
    assert unicodedata.is_normalized("NFC", once)


@given(
    text=st.text(max_size=30), form=st.sampled_from(FORMS[:2]), unseen=st.sampled_from(UNSEEN), place=st.integers(0, 30)
)
def test_texts_that_look_the_same_have_one_pseudonym(text: str, form: str, unseen: str, place: int) -> None:
    pseudonyms = Pseudonyms(b"key")
    seen = normal_form(text)
    assert pseudonyms.of(seen) == pseudonyms.of(unicodedata.normalize("NFD", seen))
    if unicodedata.category(unseen) != "Zs":
        hidden = seen[:place] + unseen + seen[place:]
        assert normal_form(hidden).replace(" ", "") == normal_form(normal_form(hidden)).replace(" ", "")
        assert has_only_seen(normal_form(hidden))


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_sign_that_cannot_be_seen_is_no_part_of_a_kenmerk(sign: str) -> None:
    assert not has_only_seen(f"zaak{sign}77")
    assert normal_form(f"zaak{sign}77") in ("zaak77", "zaak 77")
    with pytest.raises(KenmerkFault):
        kenmerk_of(f"zaak{sign}77".encode())


@pytest.mark.parametrize("text", ["2026-00123", "zaak 77 é", "ζ-7", "案件 7", "a/b\\c'\"", "🙂"])
def test_a_sign_that_can_be_seen_is(text: str) -> None:
    assert has_only_seen(text)
    for raw in (text.encode(), BOM + text.encode(), f"{text}\n".encode(), BOM + f"{text}\r\n".encode()):
        assert kenmerk_of(raw) == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "leeg"),
        (BOM, "leeg"),
        (b"\n", "leeg"),
        (b"a\nb", "meer dan één regel"),
        (b"a\rb", "meer dan één regel"),
        (b"a\n\n", "meer dan één regel"),
        (b"a\tb", "niet te zien"),
        (BOM + BOM + b"a", "niet te zien"),
        ("zaak".encode("utf-16"), "UTF-8"),
        ("é".encode("latin-1"), "UTF-8"),
        (b"x" * 101, "hooguit 100"),
        (b"x" * 10_000, "te groot"),
    ],
)
def test_a_file_that_holds_no_kenmerk_is_refused_by_reason(
    raw: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{tmp_path / 'log.db'}")
    file = tmp_path / "kenmerk"
    file.write_bytes(raw)
    with opened(url) as book:
        book.journal.append([entry(stuk("a"), stuk("a\nb"))])
        for command in ("erase", "export"):
            assert main(["log", command, "--kenmerk", str(file)]) == 2
            said = capsys.readouterr()
            assert said.out == ""
            assert str(file) in said.err
            assert reason in said.err
        assert all(part.vraag for record in book.reader.records() for part in record.stukken)


def test_every_form_of_a_kenmerk_is_erased_and_exported_by_every_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{tmp_path / 'log.db'}")
    file = tmp_path / "kenmerk"
    for asked in ("NFC", "NFD"):
        for recorded in ("NFC", "NFD"):
            with opened(url) as book:
                book.journal.append([entry(stuk(unicodedata.normalize(recorded, "zaak é")))])
                file.write_bytes(BOM + unicodedata.normalize(asked, "zaak é").encode() + b"\r\n")
                assert main(["log", "export", "--kenmerk", str(file)]) == 0
                assert len(capsys.readouterr().out.splitlines()) == 1
                assert main(["log", "erase", "--kenmerk", str(file)]) == 0
                assert "de inhoud van 1 advies is gewist" in capsys.readouterr().out


def test_an_export_that_found_nothing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url := f"sqlite:///{tmp_path / 'log.db'}")
    file = tmp_path / "kenmerk"
    file.write_bytes(b"zaak 78")
    with opened(url) as book:
        book.journal.append([entry(stuk("zaak 77"))])
        assert main(["log", "export", "--kenmerk", str(file)]) == 0
        said = capsys.readouterr()
        assert (said.out, "niets gevonden" in said.err) == ("", True)
        assert main(["log", "export", "--since", "2026-01-01"]) == 0
        assert "niets gevonden" in capsys.readouterr().err
