"""A service that runs, its two descriptions as files, and the question of the README."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.processes import Running, running
from tests.contract.test_docs import README, blocks, curl_request

DOCUMENTS: Final = {"advies": "/v1/openapi.json", "authzen": "/access/v1/openapi.json"}


@dataclass(frozen=True, slots=True)
class Published:
    """A running service and what it publishes of itself: `folder` has a file per description."""

    service: Running
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.json"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("beschrijvingen")
    with running(DEELWIJZER_LOG_URL=f"sqlite:///{folder / 'log.db'}") as service:
        for name, path in DOCUMENTS.items():
            status, text = service.ask("GET", path)
            assert status == 200
            (folder / f"{name}.json").write_bytes(text)
        yield Published(service, folder)


@pytest.fixture(params=DOCUMENTS)
def described(request: pytest.FixtureRequest, published: Published) -> Path:
    """The file of either description."""
    return published.file(request.param)


@pytest.fixture(scope="session")
def question() -> Any:
    """The question that the README asks."""
    return json.loads(curl_request(blocks(README, "sh")[0])[2])
