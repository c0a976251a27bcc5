"""The engines there are, by name.

Goes in: a name, as in a setting. Comes out: an `Engine`. Must not know: who asks.
"""

from __future__ import annotations

from typing import Final

from app.engine.model import Engine

NAMES: Final = ("compiled", "pydatalog")


def engine_named(name: str) -> Engine:
    """The engine with this name; ValueError for a name that is not one of NAMES."""
    match name:
        case "compiled":
            from app.engine.compiled import CompiledEngine

            return CompiledEngine()
        case "pydatalog":
            # Imported when asked for: a service on the other engine need not carry pyDatalog in memory.
            from app.engine.pydatalog import PyDatalogEngine

            return PyDatalogEngine()
    raise ValueError(f"{name!r} is no engine; known are {', '.join(NAMES)}")
