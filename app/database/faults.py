"""What can go wrong with a database, in words that hold nothing of what was written or read.

Goes in: nothing. Comes out: exceptions. Must not know: SQLAlchemy, tables.
"""

from __future__ import annotations


class DatabaseFault(RuntimeError):
    """The database cannot be used now."""


class NoTablesFault(DatabaseFault):
    """There is no database of ours at the address, and nothing was to be made."""


class AddressFault(DatabaseFault, ValueError):
    """The address names no database that can be used; the message holds nothing of it that could be a password."""

    def __str__(self) -> str:
        """Name the setting that holds the address."""
        return f"DEELWIJZER_LOG_URL: {self.args[0]}"


class RowFault(DatabaseFault):
    """The database works, but refuses what was to be written."""


class DamagedFault(DatabaseFault):
    """The database is damaged, or was replaced while it was in use: waiting helps nothing."""


class MigrationFault(DatabaseFault):
    """The database is of a newer version of this software than this one."""
