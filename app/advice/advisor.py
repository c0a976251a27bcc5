"""The adviser: one casus in, one advies (or the contradiction in it) out.

Goes in: a `Casus` and the policies in force on its date. Comes out: `Advies | Contradiction`.
Must not know: HTTP, files, or any predicate that the vocabulary does not declare as output.
"""

from __future__ import annotations

from typing import Protocol

from app.advice.advies import Advies, Contradiction
from app.advice.casus import Casus
from app.engine.model import Decider, Engine


class PolicyBook(Protocol):
    """The law by date. Dates are yyyymmdd."""

    version: str

    def on(self, date: int) -> Decider:
        """The decider of the regimes in force on a date; the same object for the same program."""

    def next_change(self, date: int) -> int | None:
        """The first day after `date` on which other regimes are in force; None when that never happens."""


class Advisor:
    """Advises on cases. Safe to share between threads and coroutines; keeps no answers."""

    def __init__(self, policies: PolicyBook, engine: Engine | None = None) -> None:
        self._policies = policies
        self._engine = engine

    def advise(self, casus: Casus, explain: bool = False) -> Advies | Contradiction:
        """Decide a casus; any failure is an exception, never an answer."""
        raise NotImplementedError
