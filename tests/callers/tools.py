"""The tools that callers use, each installed once in a folder of its own under .cache, at the versions pinned here.

Goes in: package-lock.json and requirements.txt. Comes out: folders with programs in them. A change of a file of pins is
another folder. Nothing here is installed beside the service.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
_CACHE: Final = ROOT / ".cache" / "callers"
_QUIET: Final = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1", "CI": "1"}
_LONGEST: Final = 300
"""Seconds a program may take, an installation too."""


def node_tools() -> Path:
    """Install the tools of package.json, when that was not done yet; skips where there is no Node."""
    if shutil.which("npm") is None:
        pytest.skip("these tests need Node and npm")

    def install(folder: Path) -> None:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return _installed("node", ("package.json", "package-lock.json"), install) / "node_modules" / ".bin"


def python_tools() -> Path:
    """Install the generators of requirements.txt in an environment of their own, when that was not done yet."""

    def install(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)], folder)
        pins = str(HERE / "requirements.txt")
        run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", pins], folder)

    return _installed("python", ("requirements.txt",), install) / "bin"


def run(command: Sequence[str], folder: Path, codes: Sequence[int] = (0,)) -> str:
    """Run a program to its end and return its stdout; AssertionError with all it wrote for any other exit code."""
    environment = {**os.environ, **_QUIET}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False
    )
    assert done.returncode in codes, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _installed(kind: str, pins: Sequence[str], install: Callable[[Path], None]) -> Path:
    """Return the folder for these pins; it is only there once it is whole, also with several test processes."""
    digest = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in pins)).hexdigest()[:16]
    folder = _CACHE / f"{kind}-{digest}"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / f"{kind}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / ".installed"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            install(folder)
            done.touch()
    return folder
