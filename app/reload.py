"""Replacing the law while calls are answered: the new edition is made ready beside the old one, then takes its place.

Goes in: a way to read the policy set, and one to make an edition of it. Comes out: `Current` with the wanted edition,
or the old one and a reason. Must not know: how a law is checked, or how a call is answered.

A request names the content hash of the policy set it wants. So a folder that is half copied is never served, whenever
it is looked at: its hash is another.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool

from app.database.faults import DatabaseFault
from app.log.archive import Wanted
from app.operations.log_lines import place_of
from app.operations.metrics import Metrics
from app.store.policies import MOST_FILES, PolicyFault, PolicySet
from app.web.serving import Current, Serving

POLL_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 60.0
"""How long a replaced edition still answers developers' queries of calls that began with it."""
_SHOWN: Final = 2000
_log = logging.getLogger("deelwijzer")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the law comes from: its folders, how it is read, and how an edition is made of it, fully checked."""

    folders: tuple[Path, ...]
    read: Callable[[], PolicySet]
    make: Callable[[PolicySet], Serving]


class Reloader:
    """Replaces the law of one process. Safe to ask from several threads: one replacement at a time."""

    def __init__(
        self, current: Current, source: Source, metrics: Metrics, wanted: Callable[[], Wanted | None] | None = None
    ) -> None:
        """`wanted` tells what was asked for; None where there is no database to ask."""
        self._current = current
        self._source = source
        self._metrics = metrics
        self._wanted = wanted
        self._done: Wanted | None = None
        self._waiting: tuple[Wanted, object] | None = None
        self._retired: list[tuple[threading.Timer, Serving]] = []
        self._lock = threading.Lock()

    async def watch(self) -> None:
        """Do what is asked for, soon after it is asked, for as long as the service lives."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await run_in_threadpool(self.look)
            except DatabaseFault as fault:
                _log.warning("whether another law is wanted cannot be read: %s", fault)

    def look(self) -> None:
        """Replace the law when another one is asked for and its files are here; raises DatabaseFault."""
        asked = None if self._wanted is None else self._wanted()
        if asked is None or asked == self._done:
            return
        with self._lock:
            if asked.hash == self._current.serving.hash:
                self._done = asked
                return
            files = _state_of(self._source.folders)
            if self._waiting == (asked, files):
                return
            first = self._waiting is None or self._waiting[0] != asked
            policies = self._read()
            if policies is None or policies.hash != asked.hash:
                self._waiting = (asked, files)
                if first:
                    self._tell_of(asked, policies)
                return
            self._replace(policies)
            self._done = asked

    def _tell_of(self, asked: Wanted, policies: PolicySet | None) -> None:
        """Say what is served meanwhile: after a restart that is the law of the files, whatever was asked for."""
        served = self._current.serving
        files = "cannot be read" if policies is None else f"are of {policies.hash}"
        _log.warning(
            "law %s is asked for, but the files here %s: serving %s (%s) while waiting for that law's files",
            asked.hash, files, served.book.version, served.hash,
        )  # fmt: skip

    def now(self) -> None:
        """Replace the law by what the files say now."""
        with self._lock:
            try:
                policies = self._source.read()
                if policies.hash == self._current.serving.hash:
                    _log.info("the law in the files is the one that is served")
                    return
                self._replace(policies)
            except PolicyFault as fault:
                self._refuse(str(fault))
            except DatabaseFault as fault:
                self._refuse(f"it cannot be kept: {fault}")

    def close(self) -> None:
        """Let go of the edition that is served, and of those before it."""
        for timer, serving in self._retired:
            timer.cancel()
            serving.queries.close()
        self._current.serving.queries.close()

    def _read(self) -> PolicySet | None:
        try:
            return self._source.read()
        except PolicyFault:  # half copied, perhaps: what was asked for was checked before it was
            return None

    def _replace(self, policies: PolicySet) -> None:
        """Serve a policy set, or refuse it; raises DatabaseFault when it cannot be kept for replaying."""
        try:
            serving = self._source.make(policies)
        except DatabaseFault:
            raise
        except PolicyFault as fault:
            self._refuse(str(fault))
            return
        except Exception as fault:
            self._refuse(f"{type(fault).__name__} at {place_of(fault)}")
            return
        before = self._current.replace(serving)
        self._metrics.reloaded("loaded")
        _log.info("the law is now %s (was %s)", serving.book.version, before.book.version)
        timer = threading.Timer(GRACE_SECONDS, self._retire)
        timer.daemon = True
        self._retired.append((timer, before))
        timer.start()

    def _refuse(self, reason: str) -> None:
        self._metrics.reloaded("refused")
        kept = self._current.serving.book.version
        _log.error("the new law is refused, %s goes on: %s", kept, reason[:_SHOWN])

    def _retire(self) -> None:
        """Let go of the edition that was replaced first, and of its memory."""
        with self._lock:
            _, serving = self._retired.pop(0)
        serving.queries.close()
        del serving
        if gc.get_freeze_count():
            # The first law was set apart from garbage collection; now that it is garbage it must be seen once.
            gc.unfreeze()
            gc.collect()
            gc.freeze()


def _state_of(folders: Iterable[Path]) -> object:
    """What changes when a file does, without reading it; nothing is known of a folder that cannot be read."""
    try:
        # One file more than is read shows that something changed, and the reading then refuses them all.
        files = [path for folder in folders for path in sorted(islice(folder.rglob("*"), MOST_FILES + 1))]
        return tuple((str(path), *_stamp(path)) for path in files)
    except OSError:
        return None


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
