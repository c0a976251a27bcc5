"""What a reference may be: not a BSN in any way of writing it, and nothing that is lost at its edges."""

from __future__ import annotations

import pytest

from app.web.kenmerk import has_clean_edges, is_bsn, is_kenmerk


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "zaak-123456782",
        "a123456782b",
        "123.456.782",
        "123 45 67 82",
        "1112.22.333",
        "2012.34.567",  # begins as a year does, but is written as a BSN is
        "2026 111222333",
        "2026.111222333",
        "2026-111222333",
        "zaak 7 111222333",
        "111222333 2",
        "111222333.1",
        "1 111 222 333 2",
        "111-222-333",
        "111_222_333",
        "111/222/333",
        "111–222–333",
        "111  222  333",
        "111 - 222 - 333",
        "111\u00a0222\u00a0333",
        "111\u200b222\u200b333",
        "１１１２２２３３３",
        "１１１ 222 ٣٣٣",
    ],
)
def test_a_bsn_is_recognised_however_it_is_written(text: str) -> None:
    assert is_bsn(text)
    assert not is_kenmerk(text)


@pytest.mark.parametrize(
    "text",
    ["111222334", "000000000", "1234567820", "2026-00123", "", "06-12345678", "111a222b333", "12    3456789"],
)
def test_what_is_no_bsn_is_let_through(text: str) -> None:
    assert not is_bsn(text)


@pytest.mark.parametrize("shape", ["2026-{:05}", "2026/{:05}", "2026.{:05}", "{:05}-2026", "2026-03-{:03}"])
def test_no_number_of_a_year_is_taken_for_a_bsn(shape: str) -> None:
    assert not any(is_bsn(shape.format(number)) for number in range(1000))


@pytest.mark.parametrize("text", [" a", "a ", "a\n", "\ta", "a\u00a0", "\u200ba", "a\x00"])
def test_an_edge_that_cannot_be_seen_is_refused(text: str) -> None:
    assert not has_clean_edges(text)
    assert not is_kenmerk(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("", False), ("x" * 101, False), ("x" * 100, True), ("zaak 77 é", True)]
)
def test_a_reference_has_a_length(text: str, expected: bool) -> None:
    assert is_kenmerk(text) is expected
