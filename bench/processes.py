"""Server processes: started, waited for, measured and ended.

Goes in: which application. Comes out: a `Server`, with when its first answer came and its memory.
Must not know: what is asked of it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import HOST, answer_length

MIB = 1024 * 1024
PATIENCE = 120.0
"""Seconds after which a server that does not answer has failed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, and the seconds from the start of its process to its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float

    def memory(self, what: str = "VmRSS") -> float | None:
        """Return resident memory in MiB (VmHWM: the most there ever was); None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        return next((int(line.split()[1]) * 1024 / MIB for line in status.splitlines() if line.startswith(what)), None)

    def cpu_seconds(self) -> float:
        """Return the processor time it used so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(application: str, first: bytes, environment: Mapping[str, str], workers: int = 1) -> Iterator[Server]:
    """Run a server until the block ends; `first` is the request whose answer it is timed by.

    With more workers than one the memory and processor time are those of their parent only.
    """
    port = _free_port()
    command = [sys.executable, "-m", "bench.server", application, str(port), str(workers)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _first_answer(process, port, first, started)
        yield Server(process, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _first_answer(process: subprocess.Popen[bytes], port: int, first: bytes, started: float) -> None:
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}")
        if time.perf_counter() - started > PATIENCE:
            raise RuntimeError("the server did not answer in time")
        try:
            connection = socket.create_connection((HOST, port), timeout=PATIENCE)
        except OSError:
            time.sleep(0.005)
            continue
        with connection:
            connection.sendall(first)
            received = b""
            while (length := answer_length(received)) is None or len(received) < length:
                part = connection.recv(65536)
                if not part:
                    raise RuntimeError("the server closed the connection")
                received += part
        if not received.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(received[:200].decode(errors="replace"))
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
