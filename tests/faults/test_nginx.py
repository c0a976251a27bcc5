"""The service behind a real nginx, with deploy/nginx.conf: polling callers never meet a connection that was closed."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.access.keys import KeyBook
from app.database.connection import Database
from tests.contract.asking import QUESTION
from tests.faults.programs import program, started
from tests.faults.relay import relay
from tests.faults.running import HOST, ROOT, Service, free_port, running

BODY = json.dumps(QUESTION).encode()
IN_FRONT, BEHIND = 1, 3
"""Seconds after which nginx and the service close an idle connection: in the order of the real ones, 60 and 75."""
CALLERS, CALLS = 12, 8


@contextmanager
def nginx(behind: int, folder: Path) -> Iterator[int]:
    """Run nginx as deploy/nginx.conf says, for one service on this machine, at a port; gives its own."""
    port = free_port()
    given = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for pattern, instead in (
        (r"/tmp/", f"{folder}/"),
        (r"^.*resolver .*$", ""),
        (r"server deelwijzer:8000 resolve;", f"server {HOST}:{behind};"),
        (r"listen 8080;", f"listen {HOST}:{port};"),
        (r"keepalive_timeout \d+s;", f"keepalive_timeout {IN_FRONT}s;"),
        (r"proxy_set_header Host \$host;", "proxy_set_header Host localhost;"),
        (r"worker_processes auto;", "user root;" if os.geteuid() == 0 else ""),
    ):
        given, times = re.subn(pattern, instead, given, flags=re.MULTILINE)
        assert times, f"{pattern} is not in deploy/nginx.conf"
    (folder / "nginx.conf").write_text(given, encoding="utf-8")
    command = [program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"]
    with started(command, port, folder / "nginx.log"):
        yield port


def test_polling_callers_get_no_502(tmp_path: Path) -> None:
    """They ask again at about the moment at which an idle connection is closed."""
    statuses: Counter[int] = Counter()
    lock = threading.Lock()
    settings = {"DEELWIJZER_RUST_SECONDEN": str(BEHIND), "DEELWIJZER_TOEGANG": "sleutel"}
    with (
        running(f"sqlite:///{tmp_path / 'log.db'}", **settings) as service,
        relay(service.port) as way,
        nginx(way.port, tmp_path) as port,
    ):
        key = new_key(service.url)

        def poll(number: int) -> None:
            for turn in range(CALLS):
                status = ask(port, key)
                with lock:
                    statuses[status] += 1
                time.sleep(IN_FRONT - 0.03 + 0.005 * ((number + turn) % 13))

        callers = [threading.Thread(target=poll, args=(number,)) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        time.sleep(BEHIND + 1)  # until every connection was closed
    assert statuses == {200: CALLERS * CALLS}
    assert way.closed["front"] > 0
    assert way.closed["behind"] == 0, "the service closed a connection that nginx still had"
    assert b"prematurely closed" not in (tmp_path / "nginx.log").read_bytes()


def new_key(url: str) -> str:
    database = Database(url)
    try:
        return KeyBook(database).new("Een bevrager", ("advies",))[1]
    finally:
        database.close()


def ask(port: int, key: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("POST", "/v1/advies", BODY, {"content-type": "application/json", "x-api-key": key})
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_idle_connection_stays_open_as_long_as_is_said(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path / 'log.db'}", DEELWIJZER_RUST_SECONDEN="12") as service:
        began, closed = idle_until_closed(service)
    assert 11 < closed - began < 17, "longer than a new connection may take to ask something (10 s)"


def idle_until_closed(service: Service) -> tuple[float, float]:
    with socket.create_connection((HOST, service.port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        while connection.recv(65536):
            began = time.monotonic()
        return began, time.monotonic()
