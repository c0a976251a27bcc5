"""The folder with official consolidated texts that an operator may keep (`DEELWIJZER_WETTEKSTEN`).

Goes in: the folder, and the places in laws that rules rest on. Comes out: `LawTexts`, which has the text of such a
place on a day, and what of the folder could not be read. Must not know: rules, or what any text says.

Files are named as the Basiswettenbestand names them: `BWBR0007625_2026-01-01_0.xml` is the text of a law from that day
on. Only files of laws that rules rest on are read, and of these only the articles that are cited are kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.plain_file import PlainFileError, read_plain
from app.store.toestand import ArticleText, ToestandFault, read_articles

LARGEST_FILE: Final = 32 * 1024 * 1024
"""Bytes of one text; the largest law has some 15 MiB."""
MOST_FILES: Final = 1000
"""Files in the folder."""
_NAME: Final = re.compile(r"(BWB[A-Z][0-9]{7})_([0-9]{4})-([0-9]{2})-([0-9]{2})(?:_([0-9]{1,3}))?\.xml", re.ASCII)

Place = tuple[str, str, str | None]
"""The BWB-id of a law, an article of it, and perhaps a lid."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a place of the law, since a day (yyyymmdd) on which the law as a whole got this text."""

    text: str
    since: int


@dataclass(frozen=True, slots=True)
class LawTexts:
    """The texts of the cited articles. `faults`: a line for each file that could not be read."""

    versions: Mapping[str, tuple[tuple[int, Mapping[str, ArticleText]], ...]]
    faults: tuple[str, ...] = ()

    def text(self, place: Place, date: int) -> Text | None:
        """What stands in a place on a day (yyyymmdd); None without a text of that day, or without the place in it."""
        bwb, article, lid = place
        version = self._version(bwb, date)
        if version is None:
            return None
        since, articles = version
        text = articles[article].of(lid) if article in articles else None
        return None if text is None else Text(text, since)

    def edition(self, date: int) -> tuple[tuple[str, int], ...]:
        """Which texts are those of a day: the same for days on which every place has the same text."""
        found = ((bwb, self._version(bwb, date)) for bwb in self.versions)
        return tuple((bwb, version[0]) for bwb, version in found if version is not None)

    def _version(self, bwb: str, date: int) -> tuple[int, Mapping[str, ArticleText]] | None:
        versions = self.versions.get(bwb, ())
        at = bisect_right(versions, date, key=lambda one: one[0])
        return versions[at - 1] if at else None


def read_law_texts(folder: Path, places: Iterable[Place]) -> LawTexts:
    """Read what the folder has of these places. A file that cannot be read is a fault, not an exception."""
    wanted: dict[str, set[str]] = {}
    for bwb, article, _ in places:
        wanted.setdefault(bwb, set()).add(article)
    found: dict[str, dict[int, tuple[int, Mapping[str, ArticleText]]]] = {}
    faults: list[str] = []
    for path in _files(folder, faults):
        match = _NAME.fullmatch(path.name)
        if match is None or match[1] not in wanted:
            continue
        bwb, since, edition = match[1], int(match[2] + match[3] + match[4]), int(match[5] or 0)
        if edition < found.get(bwb, {}).get(since, (0, {}))[0]:
            continue
        try:
            articles = read_articles(read_plain(path, LARGEST_FILE, inside=folder), bwb, wanted[bwb])
        except (PlainFileError, ToestandFault) as fault:
            faults.append(f"{path.name}: {fault}")
            continue
        found.setdefault(bwb, {})[since] = (edition, articles)
    versions = {
        bwb: tuple((since, articles) for since, (_, articles) in sorted(days.items(), key=lambda one: one[0]))
        for bwb, days in found.items()
    }
    return LawTexts(versions, tuple(faults))


def _files(folder: Path, faults: list[str]) -> list[Path]:
    try:
        files = sorted(folder.iterdir())
    except OSError as fault:
        faults.append(f"{folder}: cannot be read ({fault.strerror})")
        return []
    if len(files) > MOST_FILES:
        faults.append(f"{folder}: holds more than {MOST_FILES} files, the most that is read")
        return []
    return files
