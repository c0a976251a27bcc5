"""The service as processes of its own, on ports of this machine, and how they are asked."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
"""Seconds a start may take when three engines have to decide every scenario first, on a busy machine."""
SCENARIOS = Path("nieuw", "scenarios", "voortijdig_schoolverlaten.toml")
"""One file of scenarios is enough for a copy of the law: every check of it is quick."""


def copy_of_the_law(folder: Path) -> Settings:
    """Copy the law, with few scenarios, so that it may be changed; returns settings to serve it with."""
    plain = Settings()
    shutil.copytree(plain.policies, folder / "policies", ignore=shutil.ignore_patterns("scenarios"))
    shutil.copytree(plain.facts, folder / "facts")
    (folder / "policies" / SCENARIOS).parent.mkdir()
    shutil.copy(plain.policies / SCENARIOS, folder / "policies" / SCENARIOS)
    return replace(
        plain,
        policies=folder / "policies",
        facts=folder / "facts",
        cache=folder / "cache",
        log_url=f"sqlite:///{folder / 'log.db'}",
    )


def environment_of(law: Settings) -> dict[str, str]:
    """Return the environment of a process that serves a copy of the law."""
    return {
        "DEELWIJZER_POLICIES": str(law.policies),
        "DEELWIJZER_FACTS": str(law.facts),
        "DEELWIJZER_CACHE": str(law.cache),
        "DEELWIJZER_LOG_URL": law.log_url,
    }


@dataclass
class Running:
    """A service that runs. `said` and `told` are all it wrote to stdout and stderr, once it ended."""

    process: subprocess.Popen[str]
    port: int
    said: str = ""
    told: str = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Ask over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"content-type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def stop(self) -> int:
        """Tell it to stop; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.said, self.told = self.process.communicate(timeout=40)
        return self.process.returncode

    def lines(self) -> list[dict[str, Any]]:
        """Return its log lines."""
        return [json.loads(line) for line in self.told.splitlines()]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@contextmanager
def running(before_port: Sequence[str] | None = None, **settings: str) -> Iterator[Running]:
    """Run `deelwijzer serve`, or another command that ends with a port, until the end of the block."""
    port = free_port()
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **settings}
    command = [*before_port, str(port)] if before_port else [sys.executable, "-m", "app.cli", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        made = Running(process, port)
        try:
            wait_until(lambda: is_ready(made), PATIENCE)
            yield made
        finally:
            if process.poll() is None:
                made.stop()


def is_ready(service: Running) -> bool:
    """Whether a service says that it is ready."""
    assert service.process.poll() is None, service.process.communicate()
    try:
        return service.ask("GET", "/readyz")[0] == 200
    except OSError:
        return False


def wait_until(reached: Any, seconds: float = 30) -> None:
    """Wait for something; AssertionError when it does not come."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


@dataclass
class Load:
    """Asks the same question again and again, from several threads, and keeps what came back."""

    service: Running
    body: bytes
    threads: int = 4
    path: str = "/v1/advies"
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)

    def _ask(self) -> None:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=30)) as connection:
            self._ask_on(connection)

    def _ask_on(self, connection: http.client.HTTPConnection) -> None:
        while not self._stop.is_set():
            try:
                connection.request("POST", self.path, self.body, {"content-type": "application/json"})
                response = connection.getresponse()
                self.answers.append((response.status, response.read()))
            except (OSError, http.client.HTTPException) as fault:
                self.broken.append(type(fault).__name__)
                connection.close()
                time.sleep(0.01)

    @contextmanager
    def going(self) -> Iterator[None]:
        """Ask for as long as the block lasts."""
        threads = [Thread(target=self._ask) for _ in range(self.threads)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
