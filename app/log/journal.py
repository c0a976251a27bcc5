"""The journal: entries become records at the end of the chain.

Goes in: entries. Comes out: rows, all of a batch or none. Must not know: HTTP, or what an advice says.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from app.database.clock import now_ms
from app.database.connection import Database
from app.database.faults import DamagedFault, RowFault
from app.database.tables import besluit, instelling, ketenstand, stuk
from app.log.chain import SALT_SIZE, commitment
from app.log.chain_end import End, SeenEnd, end_of, hold_to_records
from app.log.entry import Entry, Stuk, trace_of
from app.log.kenmerk_form import normal_form
from app.log.links import link
from app.log.stand import note_state

Bewaard = Literal["volledig", "afdruk"]
"""What is kept of questions and answers: their text, or only a salted commitment to it."""
NO_CONTENT: Final[Mapping[str, None]] = dict.fromkeys(("zout", "vraag", "antwoord", "samenvatting", "betrokkene"))
"""What is left of a part once it is erased: nothing that tells of anyone."""
_PEPPER: Final = "betrokkene"
_LEAST_TRIAL: Final = 64 * 1024


class Pseudonyms:
    """Turns a kenmerk into a name that only who has the database's own key can make again."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.fingerprint = hashlib.sha256(key).hexdigest()[:32]
        """Tells this key from another, and tells nothing else of it; every record of a call holds it."""

    def of(self, kenmerk: str | None) -> str | None:
        """Return the pseudonym of a kenmerk in its normal form, 64 hexadecimal digits."""
        if kenmerk is None:
            return None
        return hmac.new(self._key, normal_form(kenmerk).encode("utf-8"), hashlib.sha256).hexdigest()


def pseudonyms(database: Database) -> Pseudonyms:
    """Read the key of a database's pseudonyms, or make it once."""
    with database.read() as connection:
        found = _pepper(connection)
    if found is None:
        with database.write() as connection:
            found = _pepper(connection)
            if found is None:
                _hold_new(connection)
                found = secrets.token_hex(32)
                connection.execute(insert(instelling).values(naam=_PEPPER, waarde=found))
                if end_of(connection, lock=True).nr:  # before the first record nothing is held to the chain
                    note_state(connection)
    try:
        return Pseudonyms(bytes.fromhex(found))
    except ValueError:
        raise DamagedFault("the key of the pseudonyms, in table instelling, was changed: restore a backup") from None


def _hold_new(connection: Connection) -> None:
    """Refuse to make a key in a log that had one: with another no kenmerk would be found. Raises DamagedFault."""
    if connection.execute(select(stuk.c.id).limit(1)).first() is not None:
        raise DamagedFault("the key of the pseudonyms, in table instelling, is gone: restore a backup")


def _pepper(connection: Connection) -> str | None:
    return connection.execute(select(instelling.c.waarde).where(instelling.c.naam == _PEPPER)).scalar()


class DatabaseJournal:
    """The journal in a database. Safe to share between threads and processes."""

    def __init__(self, database: Database, bewaard: Bewaard = "volledig") -> None:
        """Raises DatabaseFault."""
        self._database = database
        self._bewaard = bewaard
        self._seen = SeenEnd()
        self.pseudonyms = pseudonyms(database)

    def append(self, entries: list[Entry]) -> None:
        """Keep entries for good, all or none; raises DatabaseFault."""
        try:
            with self._database.write() as connection:
                self._seen.hold(connection, end_of(connection, lock=True))
                end = link(connection, [self._rows(entry) for entry in entries])
        except RowFault:
            self.end()  # a record that is refused may show that the chain has another end: that is the better reason
            raise
        self._seen.see(end)

    def end(self) -> End:
        """Tell where the chain ends, held to its newest record and to what this process saw; raises DatabaseFault."""
        with self._database.read() as connection:
            return self._held(connection)

    def tells_of(self, events: Collection[str], after: int) -> bool:
        """Whether there is a record of one of these events after record number `after`; raises DatabaseFault."""
        query = select(besluit.c.nr).where(besluit.c.nr > after, besluit.c.event_name.in_(events)).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def prove_writable(self) -> None:
        """Write the end of the chain to itself: a real, small write. Raises DatabaseFault."""
        with self._database.write() as connection:
            connection.execute(update(ketenstand).values(nr=ketenstand.c.nr))
            self._held(connection)

    def _held(self, connection: Connection) -> End:
        end = end_of(connection)
        hold_to_records(connection, end)
        self._seen.hold(connection, end)
        return end

    def rehearse(self, size: int) -> None:
        """Do everything that keeping a record of `size` characters takes, and undo it; raises DatabaseFault.

        A write of one row says little: on a full disk it still fits where a record does not, and it notices neither a
        table that is gone nor a chain whose end is wrong.
        """
        with suppress(_UndoError), self._database.write() as connection, _little_cache(connection):
            self._held(connection)
            link(connection, [self._rows(_trial(max(size, _LEAST_TRIAL)))])
            raise _UndoError
        self.prove_writable()

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
            "sleutel": self.pseudonyms.fingerprint,
        }
        return record, [self._part(number, one) for number, one in enumerate(entry.stukken)]

    def _part(self, number: int, one: Stuk) -> dict[str, Any]:
        salt = secrets.token_bytes(SALT_SIZE)
        kept = self._bewaard == "volledig"
        betrokkene = self.pseudonyms.of(one.kenmerk)
        return {
            "id": one.id,
            "plaats": number,
            "soort": one.soort,
            "peildatum": one.peildatum,
            "betrokkene": betrokkene,
            "zout": salt,
            "vraag": one.vraag if kept else None,
            "antwoord": one.antwoord if kept else None,
            "vraag_afdruk": commitment(salt, one.vraag),
            "antwoord_afdruk": commitment(salt, one.antwoord),
            "samenvatting": one.samenvatting if kept else None,
            "betrokkene_afdruk": commitment(salt, betrokkene or ""),
        }


class _UndoError(Exception):
    """Ends the transaction of a rehearsal: nothing of it stays."""


@contextmanager
def _little_cache(connection: Connection) -> Iterator[None]:
    """Have SQLite write to the disk before the transaction ends: it is undone, so a full disk would not be noticed."""
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql("PRAGMA cache_size = 1")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


def _trial(size: int) -> Entry:
    """Make up a record of nobody."""
    part = Stuk(str(uuid.uuid4()), "proef", None, 20000101, "{}", "x" * size)
    now = now_ms()
    return Entry(trace_of(None), "proef", now, now, "Unset", "beheer", None, "", "", None, (part,))
