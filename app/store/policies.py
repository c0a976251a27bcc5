"""The law from disk: vocabulary, facts and rules with the days on which they hold.

Goes in: the folders `facts/` and `policies/`. Comes out: a frozen `PolicySet`, or `PolicyFault` with every
fault rendered. Must not know: engines, or what any rule says.

Layout: facts/*.toml (the vocabulary, and optionally authzen.toml), facts/*.dl (always law),
policies/<regime>/regime.toml (title, first day `vanaf`, first day no longer `tot`), policies/<regime>/*.dl. A file of
rules or tables anywhere else is a fault; hidden files and folders are not looked at. Only regular files inside the
folders are read, and no more than a bound of each: a FIFO would block the reader, and a link to elsewhere would show
the text of that file in the fault.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from app.lang.authzen_mapping import AuthzenMapping
from app.lang.diagnostics import Diagnostics, render
from app.lang.fingerprint import fingerprint
from app.lang.source_text import SourceText
from app.lang.vocabulary import Vocabulary
from app.lang.vocabulary_reader import FILES, read_vocabulary
from app.plain_file import PlainFileError, read_plain
from app.store import authzen

REGIME_FILE: Final = "regime.toml"
RULES: Final = "*.dl"
SCENARIOS: Final = "*/scenarios/*.toml"
MAX_SHOWN: Final = 20
LARGEST_FILE: Final = 4 * 1024 * 1024
"""Bytes of one file of the law; the largest is some 80 KiB."""
MOST_FILES: Final = 1000
"""Files and folders in `facts/` and `policies/` together; there are some 60."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""Bytes of all files in both folders together; they are some 1 MiB."""
_REGIME_KEYS: Final = {"titel", "vanaf", "tot"}


class PolicyFault(Exception):
    """The policies cannot be used; the message holds every fault, for the people who write them."""

    @classmethod
    def first_of(cls, faults: Sequence[str], what: str) -> PolicyFault:
        """Say how many of `what` there are, and the first of them: one wrong rule spoils many scenarios."""
        return cls("\n".join((f"{len(faults)} {what}:", *faults[:MAX_SHOWN])))


@dataclass(frozen=True, slots=True)
class Regime:
    """One folder of law and when it holds: yyyymmdd, `valid_until` exclusive, None without limit."""

    name: str
    title: str
    valid_from: int | None
    valid_until: int | None

    def in_force(self, date: int) -> bool:
        """Whether this regime is law on a day (yyyymmdd)."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_until is None or date < self.valid_until
        )


@dataclass(frozen=True)
class PolicySet:
    """Everything the law folders hold, not yet checked as a program.

    `vocabulary_texts` holds the mapping of AuthZEN too, where there is one: it decides as much as any word does.
    """

    vocabulary: Vocabulary
    regimes: tuple[Regime, ...]
    sources: tuple[SourceText, ...]
    vocabulary_texts: tuple[SourceText, ...]
    authzen: AuthzenMapping | None = None

    @cached_property
    def hash(self) -> str:
        """Return the fingerprint of every text and its validity; a regime counts as a text that holds its title."""
        regimes = (SourceText(f"{one.name}/", one.title, one.valid_from, one.valid_until) for one in self.regimes)
        return fingerprint((*self.vocabulary_texts, *self.sources, *regimes))

    @cached_property
    def early_hash(self) -> str:
        """Return the hash under which logs from before the fingerprint keep this set; its recipe never changes."""
        digest = hashlib.sha256()
        for source in (*self.vocabulary_texts, *self.sources):
            digest.update(repr((source.name, source.text, source.valid_from, source.valid_until)).encode())
        return f"sha256:{digest.hexdigest()}"

    def texts(self) -> dict[str, Any]:
        """Give everything this set was read from, as plain JSON values; `policies_from` reads them again."""
        return {
            "regimes": [[one.name, one.title, one.valid_from, one.valid_until] for one in self.regimes],
            "bronnen": [[one.name, one.text, one.valid_from, one.valid_until] for one in self.sources],
            "woordenschat": [[one.name, one.text] for one in self.vocabulary_texts],
        }

    @cached_property
    def version(self) -> str:
        """Name this edition of the law: the first day of the youngest regime and the start of the hash."""
        newest = max((regime.valid_from or 0 for regime in self.regimes), default=0)
        edition = self.hash.removeprefix("sha256:")[:8]
        return f"{newest // 10000:04}-{newest // 100 % 100:02}-{newest % 100:02}.{edition}" if newest else edition

    @cached_property
    def boundaries(self) -> tuple[int, ...]:
        """Return the days on which the law changes, in order."""
        days = {day for regime in self.regimes for day in (regime.valid_from, regime.valid_until)}
        return tuple(sorted(day for day in days if day is not None))


def read_policies(facts: Path, policies: Path) -> PolicySet:
    """Read both folders; PolicyFault when anything in them cannot be read."""
    for folder in (facts, policies):
        if not folder.is_dir():
            raise PolicyFault(f"{folder}: this folder does not exist")
    _refuse_too_much(facts, policies)
    _refuse_strays(facts, policies)
    vocabulary, texts = _vocabulary(facts)
    sources = [SourceText(_name(facts, path), read_text(facts, path)) for path in sorted(facts.glob(RULES))]
    regimes = []
    for folder in sorted(path.parent for path in policies.glob(f"*/{REGIME_FILE}")):
        regime = _regime(policies, folder)
        regimes.append(regime)
        sources.extend(
            SourceText(_name(policies, path), read_text(policies, path), regime.valid_from, regime.valid_until)
            for path in sorted(folder.glob(RULES))
        )
    if not regimes:
        raise PolicyFault(f"{policies}: no folder in it has a {REGIME_FILE}")
    return PolicySet(vocabulary, tuple(regimes), tuple(sources), texts, _mapping(texts, vocabulary))


def _refuse_too_much(*folders: Path) -> None:
    """Refuse folders that hold more than any law does, before anything in them is read: reading takes memory."""
    shown = " and ".join(folder.name for folder in folders)
    size = 0
    found = (path for root in folders for path in root.rglob("*") if not _is_hidden(root, path))
    for count, path in enumerate(found, 1):
        if count > MOST_FILES:
            raise PolicyFault(f"{shown}: hold more than {MOST_FILES} files and folders, the most that is read")
        with suppress(OSError):  # a link to nowhere, which is named when it is read
            told = path.stat()
            size += told.st_size if stat.S_ISREG(told.st_mode) else 0
        if size > MOST_BYTES:
            raise PolicyFault(f"{shown}: hold more than {MOST_BYTES // 1024**2} MiB of files, the most that is read")


def _refuse_strays(facts: Path, policies: Path) -> None:
    """Refuse rules and tables where nobody reads them: they would look like law and be none."""
    read = {facts / f"{name}.toml" for name in FILES} | {facts / authzen.FILE, *facts.glob(RULES)}
    for regime in policies.glob(f"*/{REGIME_FILE}"):
        read |= {regime, *regime.parent.glob(RULES)}
    read |= set(policies.glob(SCENARIOS))
    faults = [
        f"{_name(root, path)}: nothing reads this file here, so it is no law; {help_line}"
        for root, help_line in (
            (facts, "tables stand directly in the folder"),
            (policies, f"rules stand beside a {REGIME_FILE}, and scenarios in scenarios/ beside them"),
        )
        for kind in ("*.dl", "*.toml")
        for path in sorted(root.rglob(kind))
        if path not in read and not _is_hidden(root, path)
    ]
    if faults:
        raise PolicyFault("\n".join(faults))


def _is_hidden(root: Path, path: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def policies_from(texts: Mapping[str, Any]) -> PolicySet:
    """Make a policy set again of the texts it was read from; PolicyFault when they are no longer good.

    Checked by the reader of this version: of an older edition of the vocabulary's form, it says what is wrong.
    """
    sources = tuple(SourceText(name, text) for name, text in texts["woordenschat"])
    vocabulary = read_vocabulary({one.name.removesuffix(".toml"): tomllib.loads(one.text) for one in sources})
    if isinstance(vocabulary, Diagnostics):
        raise PolicyFault(render(vocabulary, sources))
    return PolicySet(
        vocabulary,
        tuple(Regime(*one) for one in texts["regimes"]),
        tuple(SourceText(*one) for one in texts["bronnen"]),
        sources,
        _mapping(sources, vocabulary),
    )


def read_toml(root: Path, path: Path) -> dict[str, Any]:
    """Read a TOML file in the folder `root`; PolicyFault names it by that folder."""
    return parse_toml(read_text(root, path), _name(root, path))


def parse_toml(text: str, shown: str) -> dict[str, Any]:
    """Read the text of a TOML file; PolicyFault names it as shown."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyFault(f"{shown}: {fault}") from None


def _vocabulary(facts: Path) -> tuple[Vocabulary, tuple[SourceText, ...]]:
    texts = tuple(SourceText(f"{name}.toml", read_text(facts, facts / f"{name}.toml")) for name in FILES)
    documents = {name: read_toml(facts, facts / f"{name}.toml") for name in FILES}
    vocabulary = read_vocabulary(documents)
    if isinstance(vocabulary, Diagnostics):
        raise PolicyFault(render(vocabulary, texts))
    if os.path.lexists(facts / authzen.FILE):  # also a link to nowhere: it is meant to be read
        texts += (SourceText(authzen.FILE, read_text(facts, facts / authzen.FILE)),)
    return vocabulary, texts


def _mapping(texts: tuple[SourceText, ...], vocabulary: Vocabulary) -> AuthzenMapping | None:
    """Read the mapping of AuthZEN among these texts; None where there is none."""
    text = next((one.text for one in texts if one.name == authzen.FILE), None)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyFault(f"{authzen.FILE}: {fault}") from None
    found = authzen.read_mapping(document, vocabulary)
    if isinstance(found, Diagnostics):
        raise PolicyFault(render(found, texts))
    return found


def _regime(policies: Path, folder: Path) -> Regime:
    shown = _name(policies, folder / REGIME_FILE)
    document = read_toml(policies, folder / REGIME_FILE)
    strange = sorted(document.keys() - _REGIME_KEYS)
    if strange:
        raise PolicyFault(f"{shown}: {', '.join(strange)}: not known here; known are {', '.join(sorted(_REGIME_KEYS))}")
    title = document.get("titel")
    if not isinstance(title, str) or not title:
        raise PolicyFault(f"{shown}: `titel` is missing")
    start, end = _day(document, "vanaf", shown), _day(document, "tot", shown)
    if start is not None and end is not None and end <= start:
        raise PolicyFault(f"{shown}: `tot` is the first day no longer and must come after `vanaf`")
    return Regime(folder.name, title, start, end)


def _day(document: Mapping[str, Any], key: str, shown: str) -> int | None:
    value = document.get(key)
    if value is None:
        return None
    if type(value) is not datetime.date:
        raise PolicyFault(f"{shown}: `{key}` must be a date, like {key} = 2026-01-01")
    return value.year * 10000 + value.month * 100 + value.day


def _name(root: Path, path: Path) -> str:
    return f"{root.name}/{path.relative_to(root).as_posix()}"


def read_text(root: Path, path: Path) -> str:
    """Read a file in the folder `root` as text; PolicyFault names it by that folder."""
    try:
        text = read_plain(path, LARGEST_FILE, root).decode("utf-8")
    except PlainFileError as fault:
        raise PolicyFault(f"{_name(root, path)}: {fault}") from None
    except UnicodeDecodeError:
        raise PolicyFault(f"{_name(root, path)}: cannot be read (it is no UTF-8)") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
