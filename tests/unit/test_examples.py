"""The examples in docstrings say what really happens."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
EXAMPLES = [path for path in sorted(APP.rglob("*.py")) if "\n    >>> " in path.read_text(encoding="utf-8")]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 10


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(APP)))
def test_an_example_is_true(path: Path) -> None:
    name = ".".join(("app", *path.relative_to(APP).with_suffix("").parts))
    found = doctest.testmod(import_module(name))

    assert found.attempted
    assert not found.failed
