"""Connections to the database: SQLite in a file, or PostgreSQL.

Goes in: a URL. Comes out: a `Database` that reads, and that writes one transaction at a time.
Must not know: tables.

A SQLite file that was moved or replaced while the service runs is noticed before anything is written: otherwise records
would go to a file that nobody can find any more. A moved file may come back; a replaced one needs a restart.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from app.database.address import checked, file_of, place_of, sqlite_name
from app.database.faults import DamagedFault, DatabaseFault, NoTablesFault, RowFault
from app.database.in_use import InUse
from app.database.migrating import has_tables, migrate
from app.database.reasons import damage_of, reason_of
from app.database.sqlite_file import NOTHING, prepare_file
from app.database.turns import Turns

_TRIES: Final = 5
_REPLACED: Final = "the file of the database was replaced while this process used it: start the service again"


class Database:
    """One database, with a pool of connections. Safe to share between threads."""

    def __init__(self, url: str, seconds: float = 2.0) -> None:
        """`seconds`: how long to wait for a connection or a lock; AddressFault for a URL of another kind."""
        self.url = checked(url)
        self._file = file_of(self.url)
        self._turns = None if self._file is None else Turns(self._file, seconds)
        self._in_use = None if self._file is None else InUse(self._file)
        self._held: tuple[int, os.stat_result] | None = None
        self._replaced = False
        self._engine = self._sqlite(seconds) if self.url.get_backend_name() == "sqlite" else self._postgresql(seconds)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        return self._file

    def inspect(self) -> None:
        """Have SQLite look through every page of its file; raises DamagedFault. PostgreSQL tells when it reads one."""
        if self._file is None:
            return
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise DamagedFault("the file of the database is damaged (its pages do not fit together): restore a backup")

    @property
    def kind(self) -> str:
        """The name of the kind of database: "sqlite" or "postgresql"."""
        return str(self.url.get_backend_name())

    def prepare(self, make: bool = True) -> None:
        """Bring the tables up to date, and `make` them where there are none; raises DatabaseFault.

        Not making them tells a mistyped address from an empty log (NoTablesFault).
        """
        if self._file is not None:
            prepare_file(self._file, make)
        if self._in_use is not None:
            self._in_use.hold()
        with self.write() as connection:
            if not make and not has_tables(connection):
                raise NoTablesFault(f"{NOTHING} ({place_of(self.url)} has no tables)")
            migrate(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection to read with, in one transaction; raises DatabaseFault."""
        with self._begin("reads") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection to write with; leaving commits, durably, and an exception undoes all of it."""
        with self._turn(), self._begin("writes") as connection:
            yield connection

    def scrub(self) -> None:
        """Let nothing of what was deleted stay in the files; raises DatabaseFault when others keep them in use.

        SQLite only: what was overwritten stays readable in the write-ahead log until that is emptied. PostgreSQL has
        its own ways (docs/decision-log.md).
        """
        if self._file is None:
            return
        self._notice_moved_file()
        for _ in range(_TRIES):
            with closing(self._engine.raw_connection()) as connection:
                busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
        raise DatabaseFault(
            f"it is done, but the old text may still be in {self._file.name}-wal, which is in use: repeat"
        )

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._in_use is not None:
            self._in_use.release()
        if self._held is not None:
            os.close(self._held[0])
            self._held = None

    def _turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._turns is None else self._turns.take()

    @contextmanager
    def _begin(self, purpose: str) -> Iterator[Connection]:
        self._notice_moved_file()
        try:
            with self._engine.connect().execution_options(purpose=purpose) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as fault:
            # The text of a SQLAlchemy error holds the values of the statement: those must not travel further.
            if damage := damage_of(fault):
                raise DamagedFault(f"{reason_of(fault, self.url)}: {damage}") from None
            kind = RowFault if isinstance(fault, DataError | IntegrityError) else DatabaseFault
            raise kind(reason_of(fault, self.url)) from None

    def _notice_moved_file(self) -> None:
        if self._file is None:
            return
        if self._replaced:
            raise DamagedFault(_REPLACED)
        try:
            found = os.stat(self._file)
            if self._held is None:
                # Held, so that the system gives its number to no other file; O_PATH, since closing a file that was
                # opened to read would give up the locks that SQLite has on it.
                self._held = os.open(self._file, getattr(os, "O_PATH", os.O_RDONLY)), found
        except OSError:
            self._engine.dispose()
            raise DatabaseFault("the file of the database is not where it was") from None
        if not os.path.samestat(found, self._held[1]):
            self._engine.dispose()
            self._replaced = True
            raise DamagedFault(_REPLACED)

    def _sqlite(self, seconds: float) -> Engine:
        # mode=rw: only `prepare` makes a file, so that a lost one is noticed and not replaced by an empty one.
        assert self._file is not None
        url = self.url.set(database=sqlite_name(self._file), query={"mode": "rw", "uri": "true"})
        engine = create_engine(url, connect_args={"timeout": seconds}, pool_size=2, max_overflow=8)

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _: object) -> None:
            connection.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begun(connection: Connection) -> None:
            writes = connection.get_execution_options().get("purpose") == "writes"
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _postgresql(self, seconds: float) -> Engine:
        # A pooler such as PgBouncer, per transaction, gives each transaction another connection of the server: so no
        # start-up parameters, no prepared statements, and the time limits anew in each transaction.
        limits = f"SET LOCAL lock_timeout = {int(seconds * 1000)}; SET LOCAL statement_timeout = {int(seconds * 5000)}"
        engine = create_engine(
            self.url,
            pool_size=2,
            max_overflow=8,
            pool_timeout=seconds,
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(1, round(seconds)), "prepare_threshold": None},
        )

        @event.listens_for(engine, "begin")
        def _begun(connection: Connection) -> None:
            connection.exec_driver_sql(limits)

        return engine
