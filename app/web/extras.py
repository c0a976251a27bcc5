"""What a call asks besides the advice: as parameters of an address, and as the kind of record in the decision log.

Goes in: parameters, or a kind of record. Comes out: `Wanted` or `Extras`, or a Problem; and the kind of record of
some extras.
Must not know: how an extra is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.advice.question.extras import NO_EXTRAS, Extras
from app.log.entry import ADVIES
from app.web.problems import Fout, bad_question

PARAMETERS: Final[Mapping[str, str]] = {"uitleg": "volledig", "kantelpunten": "ja", "stromen": "ja"}
"""Per extra, named as in `Extras`, the one value that its parameter takes."""
TRIAL: Final = "proef"
VALUES: Final[Mapping[str, str]] = {**PARAMETERS, TRIAL: "ja"}
"""Per parameter of a question the one value that it takes."""
_WITH: Final = f"{ADVIES} met "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller asks besides the advice. `trial`: an answer that is only provisional, so it is not recorded."""

    extras: Extras = NO_EXTRAS
    trial: bool = False


PLAIN: Final = Wanted()


def wanted(given: Mapping[str, str]) -> Wanted:
    """Read what the parameters of an address ask; raises Problem with every value that does not exist."""
    if not given:
        return PLAIN
    fouten = [
        Fout(name, "Deze waarde bestaat niet.", f"{value}, of niets.")
        for name, value in VALUES.items()
        if given.get(name, value) != value
    ]
    if fouten:
        raise bad_question(fouten)
    return Wanted(Extras(**{name: name in given for name in PARAMETERS}), TRIAL in given)


def soort_of(extras: Extras) -> str:
    """Name the kind of record of an advice with these extras.

    >>> soort_of(Extras(uitleg=True)), soort_of(Extras(uitleg=True, kantelpunten=True))
    ('advies met uitleg', 'advies met uitleg, kantelpunten')
    """
    names = [name for name in PARAMETERS if getattr(extras, name)]
    return _WITH + ", ".join(names) if names else ADVIES


def extras_of(soort: str) -> Extras:
    """Read from the kind of a record which extras its advice had.

    >>> extras_of("advies met kantelpunten")
    Extras(uitleg=False, kantelpunten=True, stromen=False)
    """
    names = soort.removeprefix(_WITH).split(", ") if soort.startswith(_WITH) else []
    return Extras(**{name: name in names for name in PARAMETERS})
