"""The deciders there are, by name: the kern, which serves, and the engines it is held to.

Goes in: a name, as in a setting. Comes out: an `Engine`. Must not know: who asks.
"""

from __future__ import annotations

from typing import Final

from app.engine import registry
from app.engine.model import Engine
from app.kern.decider import KernEngine

NAMES: Final = (KernEngine.name, *registry.NAMES)


def engine_named(name: str) -> Engine:
    """The engine with this name; ValueError for a name that is not one of NAMES."""
    return KernEngine() if name == KernEngine.name else registry.engine_named(name)
