"""The law and its scenarios, made ready once."""

from __future__ import annotations

import pytest

from app.composition import Composition, compose
from app.settings import Settings


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    return compose(Settings(cache=tmp_path_factory.mktemp("cache")))
