"""JSON text, read strictly."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.json_text import MAX_DEPTH, NotJson, parse

text = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner),
    max_leaves=20,
)


@given(plain)
def test_what_json_writes_is_read_back(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    # Anything but NotJson would fail this test.
    with suppress(NotJson):
        json.dumps(parse(raw))


@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, 5000, 200_000])
def test_nesting_ends_at_the_limit(depth: int) -> None:
    raw = b"[" * depth + b"]" * depth
    if depth <= MAX_DEPTH:
        parse(raw)
        return
    with pytest.raises(NotJson, match="dieper genest"):
        parse(raw)


@pytest.mark.parametrize("raw", [b'{"a":1,"a":1}', b'{"b":[{"a":1,"\\u0061":2}]}'])
def test_a_name_may_stand_once_however_it_is_written(raw: bytes) -> None:
    with pytest.raises(NotJson, match="twee keer"):
        parse(raw)
