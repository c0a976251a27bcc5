"""What can go wrong with a database, in words that hold nothing of what was written or read.

Goes in: nothing. Comes out: exceptions. Must not know: SQLAlchemy, tables.
"""

from __future__ import annotations


class DatabaseFault(RuntimeError):
    """The database cannot be used now."""


class NoTablesFault(DatabaseFault):
    """There is no database of ours at the address, and nothing was to be made."""


class RowFault(DatabaseFault):
    """The database works, but refuses what was to be written."""


class MigrationFault(DatabaseFault):
    """The database is of a newer version of this software than this one."""
