"""A real service with the real law, asked through its ASGI interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web import costs


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("service")
    settings = Settings(cache=folder / "cache", log_url=f"sqlite:///{folder / 'log.db'}")
    with TestClient(create_app(settings), raise_server_exceptions=True) as made:
        yield made


@pytest.fixture
def only_flows_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processor time use up no limit: on a slow machine that of one question can be a whole limit of three."""
    monkeypatch.setattr(costs, "UNIT_SECONDS", float("inf"))
