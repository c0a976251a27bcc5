"""Metrics: how much is asked, how long it takes, and how it turns out, as Prometheus reads it.

Goes in: counts and durations (seconds). Comes out: the text of /metrics. Must not know: HTTP, questions or answers.

INVARIANT: a label is a word of this software or of the law, never something a caller sent.

With several workers, prometheus-client keeps the numbers in files (PROMETHEUS_MULTIPROC_DIR), and whichever worker is
asked adds them up.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own environment variable; `deelwijzer serve` sets it when there are several workers."""
Outcome = Literal["loaded", "refused"]
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LIVE: Final = re.compile(r"gauge_live\w*_([0-9]+)[.]db")

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a number began to be counted is of no use here


class _Children:
    """The children of a counter by label, so that counting looks up one and makes none."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._known: dict[tuple[str, ...], Counter] = {}

    def of(self, *labels: str) -> Counter:
        child = self._known.get(labels)
        if child is None:
            child = self._known[labels] = self._counter.labels(*labels)
        return child


class Metrics:
    """The numbers of one process. Safe to share between threads."""

    def __init__(self) -> None:
        self._registry = mine = CollectorRegistry()
        self._calls = _Children(Counter("deelwijzer_calls", "Calls answered.", ("route", "status"), registry=mine))
        self._oordelen = _Children(Counter("deelwijzer_oordelen", "Oordelen given.", ("oordeel",), registry=mine))
        self._norms = _Children(Counter("deelwijzer_norms", "Norms that carried an oordeel.", ("norm",), registry=mine))
        self._reloads = _Children(Counter("deelwijzer_reloads", "Reloads of the law.", ("outcome",), registry=mine))
        self._call = Histogram(
            "deelwijzer_call_seconds", "How long a call took.", ("route",), registry=mine, buckets=_SECONDS
        )
        self._call_by_route: dict[str, Histogram] = {}
        self._decide = Histogram(
            "deelwijzer_decide_seconds", "How long deciding one casus took.", registry=mine, buckets=_SECONDS
        )
        self._record = Histogram(
            "deelwijzer_record_seconds", "How long a call waited for its record.", registry=mine, buckets=_SECONDS
        )
        self._unrecorded = Counter("deelwijzer_unrecorded", "Calls that could not be recorded.", registry=mine)
        self._waiting = Gauge(
            "deelwijzer_record_waiting", "Calls waiting for their record.", registry=mine, multiprocess_mode="livesum"
        )
        self._purge_stopped = Gauge(
            "deelwijzer_purge_stopped", "1 while an implausible clock stops the purge of the log.", registry=mine,
            multiprocess_mode="livemax",
        )  # fmt: skip
        for outcome in ("loaded", "refused"):  # an alert needs the zero
            self._reloads.of(outcome)

    def called(self, route: str, status: str, seconds: float) -> None:
        """Count a call that ended."""
        self._calls.of(route, status).inc()
        known = self._call_by_route.get(route)
        if known is None:
            known = self._call_by_route[route] = self._call.labels(route)
        known.observe(seconds)

    def decided(self, seconds: float, oordelen: Iterable[str], norms: Iterable[str]) -> None:
        """Count what was decided about one casus."""
        self._decide.observe(seconds)
        for oordeel in oordelen:
            self._oordelen.of(oordeel).inc()
        for norm in norms:
            self._norms.of(norm).inc()

    def recording(self) -> None:
        """Count a call that begins to wait for its record."""
        self._waiting.inc()

    def recorded(self, seconds: float, kept: bool) -> None:
        """Count a call that waits no longer."""
        self._waiting.dec()
        self._record.observe(seconds)
        if not kept:
            self._unrecorded.inc()

    def purge_stopped(self, stopped: bool) -> None:
        """Tell whether an implausible clock stopped the last purge."""
        self._purge_stopped.set(stopped)

    def reloaded(self, outcome: Outcome) -> None:
        """Count an attempt to replace the law."""
        self._reloads.of(outcome).inc()

    def text(self, version: str, hash: str) -> bytes:  # noqa: A002 - its name in the answer
        """Write everything, with the edition of the law in force in this process."""
        folder = os.environ.get(FOLDER)
        registry = self._registry
        if folder is not None:
            registry = CollectorRegistry()
            _forget_the_dead(Path(folder))
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        law = InfoMetricFamily("deelwijzer_policies", "The law in force.", {"version": version, "hash": hash})
        return generate_latest(registry) + generate_latest(_Fixed(law))


class _Fixed:
    """One metric made for this occasion, in the shape that is written."""

    def __init__(self, family: InfoMetricFamily) -> None:
        self._family = family

    def collect(self) -> list[InfoMetricFamily]:
        return [self._family]


def forget_this_process() -> None:
    """Let what this process held at this moment no longer count, now that it ends."""
    if os.environ.get(FOLDER):
        mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def _forget_the_dead(folder: Path) -> None:
    """Do the same for processes that ended without a word."""
    for file in folder.iterdir():
        found = _LIVE.fullmatch(file.name)
        if found is not None and not _lives(int(found[1])):
            file.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
