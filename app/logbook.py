"""The decision log, put together.

Goes in: settings. Comes out: what writes, reads and keeps, in one database; a DatabaseFault when there is none to open.
Must not know: who calls, or how anything is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.log.archive import Archive
from app.log.journal import Bewaard, DatabaseJournal
from app.log.reading import LogReader
from app.log.writer import Writer
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class LogBook:
    """The decision log, put together."""

    database: Database
    journal: DatabaseJournal
    writer: Writer
    reader: LogReader
    archive: Archive

    def close(self) -> None:
        """Write what still waits, and let go of the database."""
        self.writer.close()
        self.database.close()


def open_log(settings: Settings, make: bool = True) -> LogBook:
    """Open the decision log, brought up to date where needed, and made where there is none; raises DatabaseFault.

    Only the service makes one: a command that would make one could say of a mistyped address that nothing is there.
    """
    database = Database(settings.log_url)
    try:
        database.prepare(make)
        journal = DatabaseJournal(database, cast(Bewaard, settings.log_content))
    except DatabaseFault:
        database.close()
        raise
    return LogBook(
        database,
        journal,
        Writer(journal, settings.log_seconds),
        LogReader(database, journal.pseudonyms),
        Archive(database),
    )
