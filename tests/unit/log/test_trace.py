"""Identifiers of traces and spans."""

from __future__ import annotations

import pytest

from app.log.entry import trace_of

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


def test_a_trace_of_our_own_has_two_identifiers_that_never_come_again() -> None:
    made = [trace_of(None) for _ in range(100)]
    assert {(len(one.trace_id), len(one.span_id), one.parent_span_id) for one in made} == {(32, 16, None)}
    assert len({one.trace_id for one in made} | {one.span_id for one in made}) == 200
    assert not any(one.trace_id.endswith(one.span_id) for one in made)


@pytest.mark.parametrize("zeros", ["0" * 48, "0" * 32 + "1" * 16, "1" * 32 + "0" * 16])
def test_no_identifier_is_all_zeros(zeros: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [zeros, "ab" * 24]
    monkeypatch.setattr("secrets.token_hex", lambda _: given.pop(0))
    made = trace_of(None)
    assert (made.trace_id, made.span_id) == ("ab" * 16, "ab" * 8)


def test_a_span_in_the_trace_of_a_caller_is_never_all_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["0" * 16, "ab" * 8]
    monkeypatch.setattr("secrets.token_hex", lambda _: given.pop(0))
    made = trace_of(PARENT)
    assert (made.trace_id, made.span_id, made.parent_span_id) == ("a" * 32, "ab" * 8, "b" * 16)
