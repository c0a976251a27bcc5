"""A small law on disk that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.settings import Settings


@pytest.fixture
def law(tmp_path: Path) -> Settings:
    """Copy the real law, so that a test can break it."""
    plain = Settings()
    facts, policies = tmp_path / "facts", tmp_path / "policies"
    shutil.copytree(plain.facts, facts)
    shutil.copytree(plain.policies, policies)
    return Settings(facts=facts, policies=policies, cache=tmp_path / "cache")
