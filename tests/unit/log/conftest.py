"""A log of either kind, and entries to put in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.log.journal import Bewaard
from app.logbook import LogBook, open_log
from app.settings import Settings
from tests.unit.log.entries import opened


@pytest.fixture
def book(log_url: str) -> Iterator[LogBook]:
    with opened(log_url) as made:
        yield made


@pytest.fixture
def committed(log_url: str) -> Iterator[LogBook]:
    """A log that keeps commitments only."""
    kept: Bewaard = "afdruk"
    made = open_log(Settings(log_url=log_url, log_content=kept))
    yield made
    made.close()
