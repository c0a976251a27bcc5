"""The clocks: the input that says what day it is and how old someone is.

Goes in: a vocabulary. Comes out: the names of its clocks. Must not know: any of those names.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.lang.vocabulary import Clock, Vocabulary


@dataclass(frozen=True, slots=True)
class Clocks:
    """The names of the predicates that tell the time; None where the vocabulary has none."""

    peildatum: str
    leeftijd: str | None
    geboortedatum: str | None
    schooljaar: str | None


def clocks_of(vocabulary: Vocabulary) -> Clocks:
    """Find the clocks a vocabulary declares; KeyError without a peildatum."""
    found: dict[Clock, str] = {p.clock: p.name for p in vocabulary.predicates.values() if p.clock is not None}
    return Clocks(found["peildatum"], found.get("leeftijd"), found.get("geboortedatum"), found.get("schooljaar"))
