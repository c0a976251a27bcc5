"""A walk along the chain, record by record, which notes every fault on the way.

Goes in: records in order, as they stand in the tables. Comes out: faults. Must not know: databases, or what an advice
says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.log.chain import ROOT, commitment, sealed
from app.log.journal import NO_CONTENT, Pseudonyms
from app.log.privacy import ERASED, PURGED
from app.log.reading import Kept, KeptPart
from app.log.stand import TABLES

MOST_FAULTS: Final = 100
OURS: Final = "beheer"
"""The caller of records that tell what was done to the log itself."""

Edition = Callable[[Mapping[str, Any]], Collection[str] | None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What recomputes a column that no seal covers; None leaves that out.

    `summary`: what a search shows, of an answer. `pseudonyms`: the database's own key, whose fingerprint every record
    of form 2 holds. `edition`: the content hashes of the texts of a law; None for texts that this version cannot read.
    """

    summary: Callable[[str], str] | None = None
    pseudonyms: Pseudonyms | None = None
    edition: Edition | None = None


class Walk:
    """A walk from the beginning of a chain. `points`: numbers at which the hash is remembered, for anchors."""

    def __init__(self, number: int, seal: str, sources: Sources, points: Mapping[int, str]) -> None:
        self.nr = self._begin = number
        self.hash = self._begin_hash = seal
        self.records = 0
        self.faults: list[str] = []
        self.passed: dict[int, str] = {number: seal} if number in points else {}
        self.purges: list[tuple[int, int, int]] = []
        self.erased: dict[str, int] = {}
        """Each part that was erased, by the record that says so."""
        self._sources = sources
        self._points = points
        self._form = 1
        self._empty: dict[str, int] = {}
        self._purged_to: tuple[int, str] | None = None
        self._tables: Mapping[str, str] | None = None
        self._key_faulty = False

    def fault(self, text: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)

    def take(self, record: Kept) -> None:
        """Hold a record to the one before it, to its own seal, and its parts to theirs."""
        if record.nr != self.nr + 1:
            self.fault(f"record {self.nr + 1}: is not there")
        elif record.vorige != self.hash:
            self.fault(f"record {record.nr}: does not follow the record before it")
        try:
            self._hold(record)
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as fault:
            # A value of another kind than was ever written there: SQLite takes anything anywhere.
            self.fault(f"record {record.nr}: cannot be read ({type(fault).__name__})")
        self.nr, self.hash = record.nr, record.hash
        if record.nr in self._points:
            self.passed[record.nr] = record.hash
        self.records += 1

    def finish(self, number: int, seal: str, tables: Mapping[str, str]) -> None:
        """Hold the ends of the chain, what is empty, and the tables beside the chain to what the records say."""
        if (self.nr, self.hash) != (number, seal):
            self.fault(f"record {number}: the chain should end here, and ends at {self.nr}")
        self._hold_beginning()
        for identifier, record in self._empty.items():
            if self.erased.get(identifier, 0) <= record:
                self.fault(f"record {record}: its text is gone, and no erasure was recorded")
        for name in tables:
            if self._tables is not None and self._tables.get(name) != tables[name]:
                self.fault(f"table {name}: is not as the newest record about it says")

    def _hold_beginning(self) -> None:
        if self._begin == 0:
            explained = self._begin_hash == ROOT and self._purged_to is None
        else:
            explained = self._purged_to == (self._begin, self._begin_hash)
        if not explained:
            self.fault(
                f"record {self._begin + 1}: the chain begins here, and no purge was recorded that explains it"
                if self._begin
                else "record 1: the chain begins here, and the log says otherwise"
            )

    def _hold(self, record: Kept) -> None:
        plain = {name: getattr(record, name) for name in Kept.__slots__ if name not in ("trace", "stukken")}
        parts = [{name: getattr(part, name) for name in KeptPart.__slots__} for part in record.stukken]
        if record.hash != sealed({**plain, **asdict(record.trace)}, parts):
            self.fault(f"record {record.nr}: was changed after it was written")
        if record.vorm < self._form:
            self.fault(f"record {record.nr}: has an older form than the record before it")
        self._form = max(self._form, record.vorm)
        self._hold_key(record)
        for part in record.stukken:
            for text in self._part_faults(record, part):
                self.fault(text)
        if record.aanroeper == OURS and record.bijzonderheden is not None:
            self._hear(record, json.loads(record.bijzonderheden))

    def _hear(self, record: Kept, told: Mapping[str, Any]) -> None:
        """Take in what a record says was done to the log itself."""
        if record.event_name == ERASED:
            self.erased.update(dict.fromkeys(told["stukken"], record.nr))
        if record.event_name == PURGED:
            self._purged_to = (told["tot_en_met"], told["hash"])
            self.purges.append((record.nr, record.begin_ms, told["tot_en_met"]))
        self._tables = told.get(TABLES, self._tables)

    def _hold_key(self, record: Kept) -> None:
        pseudonyms = self._sources.pseudonyms
        if pseudonyms is None or record.sleutel in (None, pseudonyms.fingerprint) or self._key_faulty:
            return
        self._key_faulty = True  # every record would say the same
        self.fault(f"record {record.nr}: was made with another key of the pseudonyms than the one in table instelling")

    def _part_faults(self, record: Kept, part: KeptPart) -> Iterator[str]:
        kept = ("zout", "vraag", "antwoord") if record.bewaard == "volledig" else ("zout",)
        if all(getattr(part, name) is None for name in NO_CONTENT):
            self._empty[part.id] = record.nr
            return
        missing = [name for name in kept if getattr(part, name) is None]
        if missing:
            yield f"record {record.nr}: of {part.id} only a part is left, without {', '.join(missing)}"
            return
        salt = part.zout or b""
        if record.bewaard != "volledig" and (part.vraag, part.antwoord, part.samenvatting) != (None, None, None):
            yield f"record {record.nr}: {part.id} has a text, and only its commitment was kept"
        changed = [
            name
            for name, text, afdruk in (
                ("question", part.vraag, part.vraag_afdruk),
                ("answer", part.antwoord, part.antwoord_afdruk),
            )
            if text is not None and commitment(salt, text) != afdruk
        ]
        for name in changed:
            yield f"record {record.nr}: the {name} of {part.id} was changed after it was written"
        if not changed:
            yield from self._derived_faults(record, part, salt)

    def _derived_faults(self, record: Kept, part: KeptPart, salt: bytes) -> Iterator[str]:
        summary, pseudonyms = self._sources.summary, self._sources.pseudonyms
        if summary is not None and part.samenvatting != (summary(part.antwoord) if part.antwoord else None):
            yield f"record {record.nr}: what a search shows of {part.id} is not what was answered"
        if record.vorm > 1:
            whose = commitment(salt, part.betrokkene or "") == part.betrokkene_afdruk
        elif pseudonyms is None or part.vraag is None:
            whose = part.betrokkene_afdruk is None
        else:
            whose = part.betrokkene == pseudonyms.of(_kenmerk(part.vraag)) and part.betrokkene_afdruk is None
        if not whose:
            yield f"record {record.nr}: {part.id} has another betrokkene than the one it was written about"


def _kenmerk(question: str) -> str | None:
    """The kenmerk in a kept question; over AuthZEN it stands in the context."""
    asked = json.loads(question)
    casus = asked.get("context", asked)
    casus = casus.get("casus", casus) if casus is not asked else asked
    found = casus.get("kenmerk")
    return found if isinstance(found, str) else None
