"""Every test of an engine runs on each of them."""

from __future__ import annotations

import pytest

from app.engine.model import Engine
from app.engine.registry import NAMES, engine_named


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine."""
    return engine_named(request.param)
