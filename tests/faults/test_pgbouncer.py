"""The log behind a real PgBouncer: per session and per transaction it works, otherwise it is refused by name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.database.connection import Database
from app.database.faults import DatabaseFault
from tests.contract.asking import QUESTION
from tests.databases import new_database
from tests.faults.programs import program, started
from tests.faults.running import Callers, assert_all_kept, free_port, running

PASSWORD = "gehe1m"
SETTINGS = """
[databases]
{name} = host={socket} dbname={name} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
"""
SIZES = {"transaction": 3, "session": 30, "statement": 3}
"""Connections to the server. Per transaction fewer than the services hold; per session each needs its own."""


@contextmanager
def pgbouncer(database: str, mode: str) -> Iterator[str]:
    """Run PgBouncer, with few connections, before a database; gives its URL."""
    parts = urlsplit(database)
    name, socket = parts.path.lstrip("/"), parse_qs(parts.query)["host"][0]
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="deelwijzer-pgbouncer-"))
    try:
        given = SETTINGS.format(name=name, socket=socket, port=port, folder=folder, mode=mode, size=SIZES[mode])
        (folder / "settings").write_text(given, encoding="utf-8")
        (folder / "users").write_text(f'"toepassing" "{PASSWORD}"\n', encoding="utf-8")
        command = [program("pgbouncer"), str(folder / "settings")]
        if os.geteuid() == 0:  # it refuses to run as root; the server's own user reaches its socket
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "pgserver")
            command = ["runuser", "-u", "pgserver", "--", *command]
        with started(command, port, folder / "log"):
            yield f"postgresql://toepassing:{PASSWORD}@127.0.0.1:{port}/{name}"
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_services_with_more_connections_than_the_pooler_keep_every_answer(postgres: str, mode: str) -> None:
    direct = new_database(postgres)
    with (
        pgbouncer(direct, mode) as url,
        running(url) as one,
        running(url) as two,
        Callers(one, 4, QUESTION) as here,
        Callers(two, 4, QUESTION) as there,
    ):
        here.until(60)
        there.until(60)
        assert one.send("GET", "/readyz")[0] == 200
    assert here.others == there.others == []
    assert_all_kept(direct, here)
    assert_all_kept(direct, there)


def test_a_pooler_per_statement_is_refused_by_name(postgres: str) -> None:
    with pgbouncer(new_database(postgres), "statement") as url:
        said = fault_at(url)
    assert "SQLSTATE 08P01" in said
    assert "PgBouncer: pool_mode" in said


@pytest.mark.parametrize(
    ("change", "state", "check"),
    [
        ((PASSWORD, "verkeerd"), "28P01", "are user and password right"),
        (("toepassing", "vreemde"), "28", "is the user right|are user and password right"),
        (("/t", "/anders"), "3D000|28P01", "is the name of the database right|are user and password right"),
    ],
)
def test_what_the_pooler_refuses_is_named(postgres: str, change: tuple[str, str], state: str, check: str) -> None:
    with pgbouncer(new_database(postgres), "transaction") as url:
        said = fault_at(url.replace(*change, 1))
    assert any(f"SQLSTATE {one}" in said for one in state.split("|")), said
    assert any(one in said for one in check.split("|")), said


def fault_at(url: str) -> str:
    database = Database(url, 2.0)
    try:
        with pytest.raises(DatabaseFault) as fault:
            database.prepare()
    finally:
        database.close()
    assert PASSWORD not in str(fault.value)
    return str(fault.value)
