"""One question about one young person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Casus:
    """A validated question.

    `peildatum` is yyyymmdd. `data` is the question's JSON as it was checked: absent fields left out
    (no None), dates still ISO text, booleans still booleans.
    """

    kenmerk: str | None
    peildatum: int
    data: Mapping[str, Any]
