"""What the query worker and its process say to each other.

Goes in: nothing. Comes out: frozen messages that can be pickled. Must not know: pyDatalog, so that only
the process that needs it carries it in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.facts import FactSet
from app.engine.model import ModelRow
from app.lang.ast import Literal
from app.lang.program import Program


@dataclass(frozen=True, slots=True)
class Load:
    """Make a program ready; answered with `Loaded`."""

    program: Program


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer a query about a case; answered with `Found` or `Failed`.

    `seconds`: after this long the process ends itself, should nobody have ended it before.
    """

    program_hash: str
    facts: FactSet
    literals: tuple[Literal, ...]
    variables: tuple[str, ...]
    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Loaded:
    """The program is ready."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first answers in their order, whether there are more, and the processor time they took in seconds."""

    rows: tuple[ModelRow, ...]
    more: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer; the kind of fault only, because its words could hold facts of a case."""

    fault: str


Reply = Loaded | Found | Failed
