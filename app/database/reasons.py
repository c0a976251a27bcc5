"""Why a database cannot be used: its place, the SQLSTATE or SQLite's own name of the fault, and what to check.

Goes in: the exception of a driver. Comes out: a text. Must not know: tables, or what was to be written.

The words of a driver about a statement can hold values, so they never travel further. About a connection there are no
values yet: then the server's own words are shown, without the password.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database.address import place_of

_CONNECTING: Final = (
    ("failed to resolve host", "08001", "is the host right, and does this machine find it?"),
    ("could not translate host name", "08001", "is the host right, and does this machine find it?"),
    ("connection refused", "08001", "is the port right, and does the server run and listen there?"),
    ("no such file or directory", "08001", "does the server run, with its socket in this folder?"),
    ("timeout expired", "08001", "does a firewall or network policy stand between, and is the host right?"),
    ("password authentication failed", "28P01", "are user and password right?"),
    ("sasl authentication failed", "28P01", "are user and password right?"),
    ("auth failed", "28P01", "are user and password right?"),
    ("no password supplied", "28P01", "does the URL hold a password?"),
    ("fe_sendauth", "28P01", "does the URL hold a password?"),
    ("no pg_hba.conf entry", "28000", "does pg_hba.conf let this user in from here?"),
    ("no such user", "28000", "is the user right?"),
    ("role", "28000", "is the user right, and may it log in?"),
    ("no such database", "3D000", "is the name of the database right, and was it made?"),
    ("database", "3D000", "is the name of the database right, and was it made?"),
    ("too many", "53300", "do others hold all connections of the server?"),
    ("remaining connection slots", "53300", "do others hold all connections of the server?"),
    ("startup parameter", "08P01", "does a pooler stand between that refuses parameters of the URL?"),
    ("starting up", "57P03", "the server is starting: wait"),
    ("shutting down", "57P03", "the server is stopping"),
)
"""Words of a server that refused a connection, in the order in which they are looked for: the driver gives no SQLSTATE
then. A server that speaks another language is quoted all the same."""
_STATES: Final = {
    "08P01": "a pooler must work per session or per transaction (PgBouncer: pool_mode)",
    "25006": "this is a replica, or read-only: is it the primary?",
    "3F000": "the user has no schema to make tables in",
    "42501": "the user may not do this: does it own the tables?",
    "42P01": "a table is missing: is it the right database?",
    "53100": "the disk of the server is full",
    "53300": "do others hold all connections of the server?",
    "55P03": "others keep the tables locked",
    "57014": "it took too long",
    "57P01": "the server ended the connection",
    "57P03": "the server is starting or stopping",
}
_DAMAGED_FILES: Final = {
    sqlite3.SQLITE_CORRUPT: "its pages do not fit together",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database",
}
_DAMAGED_STATES: Final = ("XX001", "XX002")
_FILES: Final = {
    "SQLITE_BUSY": "others keep the file locked",
    "SQLITE_CANTOPEN": "the file or its folder cannot be opened: check its owner and mode",
    "SQLITE_CORRUPT": "the file is damaged: restore a backup",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk fails, or is full",
    "SQLITE_NOTADB": "the file is no SQLite database",
    "SQLITE_PERM": "the file cannot be opened: check its owner and mode",
    "SQLITE_READONLY": "the file or its folder cannot be written: check owner, mode and mount",
}


def reason_of(fault: Exception, url: URL) -> str:
    """Say what went wrong, where, and what to check; nothing of what was written or read."""
    return f"{place_of(url)}: {_kind(fault, url)}"


def damage_of(fault: Exception) -> str | None:
    """Say that the database is damaged, when that is what a fault tells; None for any other fault."""
    origin = getattr(fault, "orig", None) or fault
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _DAMAGED_FILES:
        return f"the file of the database is damaged ({_DAMAGED_FILES[code & 0xFF]}): restore a backup"
    state = getattr(origin, "sqlstate", None)
    if state in _DAMAGED_STATES:
        return f"the database is damaged (SQLSTATE {state}): restore a backup"
    return None


def _kind(fault: Exception, url: URL) -> str:
    origin = getattr(fault, "orig", None) or fault
    name = type(origin).__name__
    state = getattr(origin, "sqlstate", None)
    if isinstance(origin, sqlite3.Error):
        known = getattr(origin, "sqlite_errorname", None)
        about = next((text for start, text in _FILES.items() if known and known.startswith(start)), None)
        return f"{name} ({known or 'no code'})" + (f": {about}" if about else "")
    if state:
        return f"{name} (SQLSTATE {state})" + (f": {_STATES[state]}" if state in _STATES else "")
    if isinstance(fault, PoolTimeout):
        return "every connection of this process is in use"
    if isinstance(fault, DBAPIError) and fault.statement is None:
        return _not_connected(str(origin), name, url)
    return name


def _not_connected(said: str, name: str, url: URL) -> str:
    """Say why there is no connection. Only the last line tells: those before it are of other addresses of the host."""
    words = " ".join(said.split())
    lower = words.lower()
    state, about = next(((state, about) for text, state, about in _CONNECTING if text in lower), ("08001", ""))
    _, fatal, told = words.rpartition("FATAL: ")
    if url.password and fatal:
        told = told.replace(str(url.password), "…")
    quoted = f' "{told.strip()}"' if fatal else ""
    return f"{name} (SQLSTATE {state}):{quoted} {about}".rstrip()
