"""A small vocabulary, read from `words/` as the real one is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.lang.diagnostics import Diagnostics, render
from app.lang.vocabulary import Vocabulary
from app.lang.vocabulary_reader import read_vocabulary

WORDS = Path(__file__).parent / "words"
Documents = dict[str, dict[str, object]]


@pytest.fixture
def documents() -> Documents:
    """The tables of `words/`, fresh for every test."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(WORDS.glob("*.toml"))}


@pytest.fixture
def words(documents: Documents) -> Vocabulary:
    """The vocabulary of `words/`."""
    found = read_vocabulary(documents)
    assert not isinstance(found, Diagnostics), render(found, [])
    return found
