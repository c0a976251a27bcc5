"""What every test shares: how many examples Hypothesis tries, and a decision log that is not the user's own.

`HYPOTHESIS_PROFILE=all` (make test-all) tries far more, with other examples every time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import KINDS, new_database, postgres_server

_TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

# The same examples every time: a failure on CI is a failure at home. A law that is broken mostly fails among the first
# dozens; what only rare cases show is for `make test-all`.
settings.register_profile("default", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_TOO_SLOW)
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=_TOO_SLOW)
settings.register_profile("all", max_examples=20_000, deadline=None, suppress_health_check=_TOO_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

PROCESSES = (
    "tests/faults/",
    "tests/contract/test_deploy.py",
    "tests/contract/test_reload.py",
    "tests/contract/test_schemathesis.py",
    "tests/contract/test_workers.py",
)
"""Where tests start services as they really run, kill them, and wait: `make test-processes`, which CI runs too."""


CALLERS = "tests/callers/"
"""Where tests run the tools of callers, which they install first: `make test-callers`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start processes and those that run tools of callers, by where they stand."""
    for item in items:
        if item.nodeid.startswith(PROCESSES):
            item.add_marker("processes")
        if item.nodeid.startswith(CALLERS):
            item.add_marker("callers")


_LOG = Path(tempfile.mkdtemp(prefix="deelwijzer-tests-")) / "log.db"
os.environ["DEELWIJZER_LOG_URL"] = f"sqlite:///{_LOG}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server; the URL of its first database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=KINDS)
def log_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return new_database(request.getfixturevalue("postgres"))
