"""Connections to the database: SQLite in a file, or PostgreSQL.

Goes in: a URL. Comes out: a `Database` that reads, and that writes one transaction at a time.
Must not know: tables.

A SQLite file that was moved or replaced while the service runs is noticed before anything is written:
otherwise records would go to a file that nobody can find any more.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError

from app.database.faults import DatabaseFault, NoTablesFault, RowFault
from app.database.migrating import has_tables, migrate
from app.database.turns import Turns

DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_PRIVATE: Final = 0o600
_TRIES: Final = 5
_NOTHING: Final = "there is no decision log at this address (DEELWIJZER_LOG_URL); only the service makes one"


class Database:
    """One database, with a pool of connections. Safe to share between threads."""

    def __init__(self, url: str, seconds: float = 2.0) -> None:
        """`seconds`: how long to wait for a connection or a lock; ValueError for a URL of another kind."""
        self.url = _checked(url)
        self._file = _file(self.url)
        self._turns = None if self._file is None else Turns(self._file, seconds)
        self._inode: tuple[int, int] | None = None
        self._engine = self._sqlite(seconds) if self.url.get_backend_name() == "sqlite" else self._postgresql(seconds)

    @property
    def kind(self) -> str:
        """The name of the kind of database: "sqlite" or "postgresql"."""
        return str(self.url.get_backend_name())

    def prepare(self, make: bool = True) -> None:
        """Bring the tables up to date, and `make` them where there are none; raises DatabaseFault.

        Not making them tells a mistyped address from an empty log (NoTablesFault).
        """
        if self._file is not None:
            if make:
                _make(self._file)
            elif not self._file.is_file():
                raise NoTablesFault(_NOTHING)
        with self.write() as connection:
            if not make and not has_tables(connection):
                raise NoTablesFault(_NOTHING)
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
            kind = RowFault if isinstance(fault, DataError | IntegrityError) else DatabaseFault
            raise kind(_reason(fault)) from None

    def _notice_moved_file(self) -> None:
        if self._file is None:
            return
        try:
            found = os.stat(self._file)
        except OSError:
            self._engine.dispose()
            raise DatabaseFault("the file of the database is not where it was") from None
        inode = (found.st_dev, found.st_ino)
        if inode != self._inode:
            self._engine.dispose()
            self._inode = inode

    def _sqlite(self, seconds: float) -> Engine:
        # mode=rw: only `prepare` makes a file, so that a lost one is noticed and not replaced by an empty one.
        url = self.url.set(database=f"file:{self._file}", query={"mode": "rw", "uri": "true"})
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
        wait = f"-c lock_timeout={int(seconds * 1000)} -c statement_timeout={int(seconds * 5000)}"
        return create_engine(
            self.url,
            pool_size=2,
            max_overflow=8,
            pool_timeout=seconds,
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(1, round(seconds)), "options": wait},
        )


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("this is not a URL of a database") from None
    driver = DRIVERS.get(url.drivername, url.drivername)
    if driver not in DRIVERS.values():
        raise ValueError(f"a URL of a database starts with {' or '.join(f'{name}://' for name in DRIVERS)}")
    if driver == DRIVERS["sqlite"] and not url.database:
        raise ValueError("a SQLite URL names a file: sqlite:///folder/name.db")
    return url.set(drivername=driver)


def _file(url: URL) -> Path | None:
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _PRIVATE))
    except OSError as fault:
        raise DatabaseFault(f"the file of the database cannot be made: {fault.strerror}") from None


def _reason(fault: Exception) -> str:
    """What went wrong, by kind: the driver's own words can hold values."""
    origin = getattr(fault, "orig", None)
    return type(fault if origin is None else origin).__name__
