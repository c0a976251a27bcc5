"""The address of a database: which kind it is, and how it may be named to people.

Goes in: the text of DEELWIJZER_LOG_URL. Comes out: a URL that the driver understands, or AddressFault.
Must not know: connections, tables.

A URL holds a password, so neither the URL nor a part of it that could be one stands in a message.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.database.faults import AddressFault

DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_PORT: Final = 5432


def checked(text: str) -> URL:
    """Read a URL; AddressFault when it names no database that can be used."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise AddressFault("this is not a URL of a database") from None
    driver = DRIVERS.get(url.drivername, url.drivername)
    if driver not in DRIVERS.values():
        raise AddressFault(f"a URL of a database starts with {' or '.join(f'{name}://' for name in DRIVERS)}")
    url = url.set(drivername=driver)
    if url.get_backend_name() == "sqlite":
        # The library decodes %41 to A; a file gets the very name that was given, as on a command line.
        url = url.set(database=text.partition(":///")[2])
        _check_file(url, text)
    elif "@" in (url.host or ""):
        raise AddressFault("the password holds an @: write it as %40")
    elif not url.database:
        raise AddressFault("a PostgreSQL URL names a database: postgresql://user:password@host/name")
    return url


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database, absolute; None for another kind."""
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


def sqlite_name(file: Path) -> str:
    """Name a file as a SQLite URI does: with every sign that has a meaning there (# % ?) escaped."""
    return f"file:{quote(bytes(file))}"


def place_of(url: URL) -> str:
    """Name a database to people: its file, or its name and host; never user or password."""
    file = file_of(url)
    if file is not None:
        return f"the database {file}"
    host = url.host or _first(url.query.get("host")) or "the local socket"
    port = url.port or _first(url.query.get("port")) or _PORT
    return f"the database {url.database!r} at {host}:{port}"


def _check_file(url: URL, text: str) -> None:
    if not url.database:
        raise AddressFault("a SQLite URL names a file: sqlite:///folder/name.db")
    if url.database == ":memory:":
        raise AddressFault(
            "a database in memory (:memory:) is gone at every stop: name a file, or DEELWIJZER_LOG_URL=geen"
        )
    if "?" in text:
        raise AddressFault("a SQLite URL has no parameters, and the name of its file no question mark (?)")
    if "\0" in url.database:
        raise AddressFault("the name of a file holds no NUL")


def _first(value: str | tuple[str, ...] | None) -> str | None:
    return value[0] if isinstance(value, tuple) else value
