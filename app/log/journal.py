"""The journal: entries become records at the end of the chain.

Goes in: entries. Comes out: rows, all of a batch or none. Must not know: HTTP, or what an advice says.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from app.database.clock import now_ms
from app.database.connection import Database
from app.database.tables import besluit, instelling, ketenstand, stuk
from app.log.chain import SALT_SIZE, commitment, seal
from app.log.entry import Entry, Stuk

Bewaard = Literal["volledig", "afdruk"]
"""What is kept of questions and answers: their text, or only a salted commitment to it."""
SEALED: Final = (
    "nr", "trace_id", "span_id", "parent_span_id", "event_name", "begin_ms", "einde_ms", "status", "aanroeper",
    "beleid", "engine", "versie", "verwerking", "bewaard", "bijzonderheden",
)  # fmt: skip
"""The columns of a record that its seal covers, in order."""
SEALED_PARTS: Final = ("id", "plaats", "soort", "peildatum", "vraag_afdruk", "antwoord_afdruk")
"""The columns of a part that the seal covers, in order."""
NO_CONTENT: Final[Mapping[str, None]] = dict.fromkeys(("zout", "vraag", "antwoord", "samenvatting", "betrokkene"))
"""What is left of a part once it is erased: nothing that tells of anyone."""
_PEPPER: Final = "betrokkene"


class Pseudonyms:
    """Turns a kenmerk into a name that only who has the database's own key can make again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kenmerk: str | None) -> str | None:
        """The pseudonym of a kenmerk, 64 hexadecimal digits."""
        if kenmerk is None:
            return None
        return hmac.new(self._key, kenmerk.encode("utf-8"), hashlib.sha256).hexdigest()


def pseudonyms(database: Database) -> Pseudonyms:
    """Read the key of a database's pseudonyms, or make it once."""
    with database.read() as connection:
        found = _pepper(connection)
    if found is None:
        with database.write() as connection:
            found = _pepper(connection)
            if found is None:
                found = secrets.token_hex(32)
                connection.execute(insert(instelling).values(naam=_PEPPER, waarde=found))
    return Pseudonyms(bytes.fromhex(found))


def _pepper(connection: Connection) -> str | None:
    return connection.execute(select(instelling.c.waarde).where(instelling.c.naam == _PEPPER)).scalar()


class DatabaseJournal:
    """The journal in a database. Safe to share between threads and processes."""

    def __init__(self, database: Database, bewaard: Bewaard = "volledig") -> None:
        """Raises DatabaseFault."""
        self._database = database
        self._bewaard = bewaard
        self.pseudonyms = pseudonyms(database)

    def append(self, entries: list[Entry]) -> None:
        """Keep entries for good, all or none; raises DatabaseFault."""
        with self._database.write() as connection:
            link(connection, [self._rows(entry) for entry in entries])

    def prove_writable(self) -> None:
        """Write the end of the chain to itself: a real, small write. Raises DatabaseFault."""
        with self._database.write() as connection:
            connection.execute(update(ketenstand).values(nr=ketenstand.c.nr))

    def _rows(self, entry: Entry) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        record = {
            "trace_id": entry.trace.trace_id,
            "span_id": entry.trace.span_id,
            "parent_span_id": entry.trace.parent_span_id,
            "event_name": entry.event_name,
            "begin_ms": entry.begin_ms,
            "einde_ms": entry.einde_ms,
            "status": entry.status,
            "aanroeper": entry.aanroeper,
            "beleid": entry.beleid,
            "engine": entry.engine,
            "versie": entry.versie,
            "verwerking": entry.verwerking,
            "bewaard": self._bewaard,
            "bijzonderheden": None,
        }
        return record, [self._part(number, one) for number, one in enumerate(entry.stukken)]

    def _part(self, number: int, one: Stuk) -> dict[str, Any]:
        salt = secrets.token_bytes(SALT_SIZE)
        kept = self._bewaard == "volledig"
        return {
            "id": one.id,
            "plaats": number,
            "soort": one.soort,
            "peildatum": one.peildatum,
            "betrokkene": self.pseudonyms.of(one.kenmerk),
            "zout": salt,
            "vraag": one.vraag if kept else None,
            "antwoord": one.antwoord if kept else None,
            "vraag_afdruk": commitment(salt, one.vraag),
            "antwoord_afdruk": commitment(salt, one.antwoord),
            "samenvatting": one.samenvatting if kept else None,
        }


def link(connection: Connection, made: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
    """Seal records to the end of the chain and write them; the caller's transaction is one that writes."""
    end = connection.execute(select(ketenstand.c.nr, ketenstand.c.hash).with_for_update()).one()
    number, previous = end.nr, end.hash
    records: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for record, own in made:
        number += 1
        record["nr"] = number
        record["vorige"] = previous
        previous = record["hash"] = sealed(record, own)
        records.append(record)
        for part in own:
            part["nr"] = number
        parts += own
    if records:
        connection.execute(insert(besluit), records)
    if parts:
        connection.execute(insert(stuk), parts)
    connection.execute(update(ketenstand).values(nr=number, hash=previous))


def sealed(record: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> str:
    """The seal of a record as it stands in the tables."""
    return seal(
        record["vorige"],
        [record[name] for name in SEALED],
        [[part[name] for name in SEALED_PARTS] for part in parts],
    )


def note(connection: Connection, event: str, bijzonderheden: str, versie: str) -> None:
    """Write into the chain that something was done to the log itself."""
    now = now_ms()
    record = {
        **dict.fromkeys(SEALED),
        "trace_id": secrets.token_hex(16),
        "span_id": secrets.token_hex(8),
        "event_name": event,
        "begin_ms": now,
        "einde_ms": now,
        "status": "Unset",
        "aanroeper": "beheer",
        "engine": "",
        "versie": versie,
        "bewaard": "volledig",
        "bijzonderheden": bijzonderheden,
    }
    link(connection, [(record, [])])
