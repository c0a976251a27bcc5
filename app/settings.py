"""The settings, read once from the environment.

Goes in: environment variables. Comes out: one frozen `Settings`, or SettingsFault.
Must not know: what anyone does with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.engine.registry import NAMES

VERSION: Final = "0.1.0"
"""The version of this software and its API; the top entry of CHANGELOG.md has the same."""
_ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsFault(ValueError):
    """A setting that cannot be right; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which engine decides, where the law is, where the service listens, how long a query may take."""

    engine: str = "compiled"
    policies: Path = _ROOT / "policies"
    facts: Path = _ROOT / "facts"
    cache: Path = _ROOT / ".cache"
    host: str = "127.0.0.1"
    port: int = 8000
    query_seconds: float = 2.0


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as absent."""
    given = {name: value for name, value in environment.items() if value}
    plain = Settings()
    engine = given.get("DEELWIJZER_ENGINE", plain.engine)
    if engine not in NAMES:
        raise SettingsFault(f"DEELWIJZER_ENGINE is one of {', '.join(NAMES)}")
    port = given.get("PORT", str(plain.port))
    if not (port.isascii() and port.isdigit() and 0 <= int(port) <= 65535):
        raise SettingsFault("PORT is a number from 0 to 65535")
    seconds = given.get("DEELWIJZER_VRAAG_SECONDEN", str(plain.query_seconds))
    if not (re.fullmatch(r"[0-9]{1,2}([.][0-9])?", seconds, re.ASCII) and 0 < float(seconds) <= 60):
        raise SettingsFault("DEELWIJZER_VRAAG_SECONDEN is a number of seconds from 0.1 to 60, such as 2 or 0.5")
    return Settings(
        engine=engine,
        policies=Path(given.get("DEELWIJZER_POLICIES", plain.policies)),
        facts=Path(given.get("DEELWIJZER_FACTS", plain.facts)),
        cache=Path(given.get("DEELWIJZER_CACHE", plain.cache)),
        host=given.get("HOST", plain.host),
        port=int(port),
        query_seconds=float(seconds),
    )
