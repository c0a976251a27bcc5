"""One table of a vocabulary file: typed values out, faults in plain words.

Goes in: a dictionary of unknown shape. Comes out: texts, numbers and words of the right type; what is
wrong goes into a shared list, naming file and key. Must not know: what any key means.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TypeVar

from app.lang.diagnostics import Diagnostic, nearest, whole_file

Word = TypeVar("Word", bound=str)


class Table:
    """Hands out typed values, and remembers which keys were asked for, so the rest can be refused."""

    def __init__(self, file: str, key: str, values: Mapping[str, object], faults: list[Diagnostic]) -> None:
        self.file, self.key = file, key
        self._values, self._faults = values, faults
        self._asked: list[str] = []

    def fault(self, key: str, message: str, help_line: str = "") -> None:
        """Note a fault of one key, or of the table itself when `key` is empty."""
        where = f"[{self.key}] {key}".rstrip()
        self._faults.append(Diagnostic("vocabulary", f"{where}: {message}", whole_file(self.file), help_line))

    def text(self, key: str) -> str:
        """Return a required text that is not empty ("" after a fault)."""
        value = self.optional_text(key)
        if not value and (key not in self._values or self._values[key] == ""):
            self.fault(key, "is missing")
        return value

    def optional_text(self, key: str) -> str:
        """Return a text, or "" when it is absent."""
        value = self._take(key)
        if value is None or (isinstance(value, str) and value.isprintable()):
            return value or ""
        self.fault(key, "is not a text on one line")
        return ""

    def flag(self, key: str) -> bool:
        """Return true or false; absent is false."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return value or False
        self.fault(key, "is not true or false")
        return False

    def number(self, key: str) -> int | None:
        """Return a whole number, or None when it is absent."""
        value = self._take(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.fault(key, "is not a whole number")
        return None

    def choice(self, key: str, among: tuple[Word, ...]) -> Word | None:
        """Return one of the given words, or None when it is absent or faulty."""
        value = self.optional_text(key)
        if not value:
            return None
        for word in among:
            if word == value:
                return word
        self.fault(key, f"`{value}` is not known", nearest(value, among) or f"one of {', '.join(among)}")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; absent is ()."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.fault(key, "is not a list of texts")
        return ()

    def labels(self, key: str) -> dict[str, str]:
        """Return a table of texts; absent is {}."""
        value = self._take(key)
        if value is None:
            return {}
        if isinstance(value, Mapping) and all(isinstance(one, str) and one.isprintable() for one in value.values()):
            return {str(name): text for name, text in value.items()}
        self.fault(key, "is not a table of texts")
        return {}

    def day(self, key: str) -> int | None:
        """Return a date as yyyymmdd, or None when it is absent."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.year * 10000 + value.month * 100 + value.day
        self.fault(key, "is not a date", "write 2026-01-31, without quotes")
        return None

    def tables(self, key: str) -> dict[str, Table]:
        """Return the tables in a table; absent is {}."""
        value = self._take(key)
        if value is None:
            return {}
        if isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values()):
            return {
                str(name): Table(self.file, f"{self.key}.{key}.{name}", one, self._faults)
                for name, one in value.items()
            }
        self.fault(key, "is not a table of tables")
        return {}

    def refuse_the_rest(self) -> None:
        """Note a fault for every key nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                self.fault(key, "is not a key here", nearest(key, self._asked))

    def _take(self, key: str) -> object:
        self._asked.append(key)
        return self._values.get(key)
