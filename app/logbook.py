"""The decision log, put together.

Goes in: settings. Comes out: what writes, reads and keeps, in one database; a DatabaseFault when there is none to open.
Must not know: who calls, or how anything is decided.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.database.connection import Database
from app.database.faults import DatabaseFault
from app.log.archive import Archive
from app.log.journal import Bewaard, DatabaseJournal
from app.log.reading import LogReader
from app.log.verify import Anchor, Verdict, verify
from app.log.walk import Sources
from app.log.writer import Writer
from app.settings import Settings
from app.store.policies import PolicyFault, policies_from
from app.web.recording import summary_of


@dataclass(frozen=True, slots=True)
class LogBook:
    """The decision log, put together."""

    database: Database
    journal: DatabaseJournal
    writer: Writer
    reader: LogReader
    archive: Archive

    def prove_writable(self) -> None:
        """Prove that a call can be recorded now; raises DatabaseFault.

        While the last record could not be kept, a rehearsal of one as large must succeed first. Nobody sends calls to a
        process that is not ready, so waiting for a real one would be waiting for ever.
        """
        failed = self.writer.failed
        if failed is None:
            self.journal.prove_writable()
            return
        if not self.writer.runs:
            raise DatabaseFault("the thread that writes the decision log has ended: start the service again")
        self.journal.rehearse(failed)
        self.writer.failed = None

    def verify(self, anchors: Sequence[Anchor] = ()) -> Verdict:
        """Go through the whole log, and through the file of SQLite; raises DatabaseFault when it cannot be read."""
        self.database.inspect()
        sources = Sources(lambda answer: summary_of(json.loads(answer)), self.journal.pseudonyms, _edition)
        return verify(self.database, self.reader, anchors, sources)

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
        if make:
            journal.end()  # a service on a log whose end is damaged could record nothing
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


def _edition(texts: Mapping[str, Any]) -> Collection[str] | None:
    """Return the hashes under which the texts of a law can be kept; None for texts that this version cannot read."""
    try:
        policies = policies_from(texts)
    except PolicyFault:
        return None
    return policies.hash, policies.early_hash
