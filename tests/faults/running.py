"""Services as they really run, and callers that ask them all the time.

Everything is on loopback, in processes of this test, and ends with it.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.log.verify import Verdict
from app.logbook import open_log
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PATIENCE = 60.0
CACHE = ROOT / ".cache"
"""The verdict of the start-up check is kept where `make check` left it, so that a start takes a second."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    process: subprocess.Popen[bytes]
    port: int
    url: str

    def ask(self, question: Any, path: str = "/v1/advies", seconds: float = 20) -> tuple[int, Any]:
        """Ask something; returns status and body. OSError or HTTPException where there is no answer."""
        body = question if isinstance(question, bytes) else json.dumps(question).encode()
        return self.send("POST", path, body, seconds)

    def send(self, method: str, path: str, body: bytes | None = None, seconds: float = 20) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        try:
            connection.request(method, path, body, {"content-type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer: the children of the one that was started, or itself."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
                words = (path.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and b"spawn_main" in words:
                found.append(int(path.parent.name))
        return found or [self.process.pid]

    def all_workers(self, number: int) -> list[int]:
        """The processes that answer, once there are as many as the service was told to start."""
        deadline = time.monotonic() + PATIENCE
        while len(found := self.workers()) != number:
            assert time.monotonic() < deadline, f"{len(found)} processes answer, not {number}"
            time.sleep(0.05)
        return found


@contextmanager
def running(url: str, **settings: str) -> Iterator[Service]:
    """Run a service with its log at a URL until the block ends."""
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "HOST": HOST,
        "DEELWIJZER_LOG_URL": url,
        "DEELWIJZER_CACHE": str(CACHE),
        "DEELWIJZER_LOG_SECONDEN": "3",
        **settings,
    }
    command = [sys.executable, "-m", "app.cli", "serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    service = Service(process, port, url)
    try:
        wait_for(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


def deelwijzer(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the log at a URL."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        env={**os.environ, "DEELWIJZER_LOG_URL": url},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def new_key(url: str) -> str:
    """Make an API key as an operator does."""
    made = deelwijzer(url, "sleutel", "new", "--naam", "beller")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip().splitlines()[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(service: Service) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert service.process.poll() is None, f"the service stopped with {service.process.returncode}"
        try:
            if service.send("GET", "/")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise AssertionError("the service did not start in time")


@dataclass
class Callers:
    """Callers that ask without pause; `answered` are the ids of every advice they got, `others` every other status."""

    service: Service
    number: int
    question: Mapping[str, Any]
    answered: list[str] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    broken: int = 0

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(self.number)]

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _run(self, number: int) -> None:
        body = json.dumps({**self.question, "kenmerk": f"beller {number}"}).encode()
        while not self._stop.is_set():
            try:
                status, answer = self.service.ask(body)
            except (OSError, http.client.HTTPException, ValueError):
                with self._lock:
                    self.broken += 1
                time.sleep(0.02)
                continue
            with self._lock:
                if status == 200:
                    self.answered.append(answer["id"])
                else:
                    self.others.append(status)

    def until(self, number: int, seconds: float = 30) -> None:
        """Wait until this many more advices were given."""
        wanted = len(self.answered) + number
        deadline = time.monotonic() + seconds
        while len(self.answered) < wanted:
            assert time.monotonic() < deadline, f"only {len(self.answered)} answered, {self.others[-5:]}, {self.broken}"
            time.sleep(0.02)


def kept(url: str) -> tuple[set[str], Verdict]:
    """The ids of every advice in a log, and whether its chain verifies."""
    book = open_log(Settings(log_url=url))
    try:
        ids = {part.id for record in book.reader.records() for part in record.stukken if part.antwoord}
        return ids, book.verify()
    finally:
        book.close()


def assert_all_kept(url: str, callers: Callers) -> None:
    """INVARIANT: every advice that was answered is in the log, and nobody changed the log."""
    ids, verdict = kept(url)
    assert callers.answered
    assert len(set(callers.answered)) == len(callers.answered)
    assert set(callers.answered) <= ids
    assert verdict.faults == ()
