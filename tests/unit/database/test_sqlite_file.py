"""The file of a SQLite database: private, also one that was not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.database.connection import Database
from app.database.faults import DatabaseFault, NoTablesFault
from app.database.sqlite_file import BESIDE, prepare_file
from tests.contract.processes import ROOT

NOBODY = 65534


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def made(file: Path) -> Database:
    database = Database(f"sqlite:///{file}")
    database.prepare()
    return database


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640, 0o604, 0o777])
@pytest.mark.parametrize("make", [True, False])
def test_a_file_that_others_may_read_is_made_private_with_all_beside_it(tmp_path: Path, mode: int, make: bool) -> None:
    file = tmp_path / "log.db"
    first = made(file)
    beside = [file.with_name(file.name + ending) for ending in BESIDE if file.with_name(file.name + ending).exists()]
    assert {path.name for path in beside} >= {"log.db", "log.db-wal", "log.db-shm"}
    for path in beside:
        path.chmod(mode)

    second = Database(f"sqlite:///{file}")
    second.prepare(make)
    assert {path.name: mode_of(path) for path in beside} == {path.name: 0o600 for path in beside}
    first.close()
    second.close()


def test_a_new_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = made(tmp_path / "nieuw" / "log.db")
        assert {mode_of(path) for path in (tmp_path / "nieuw").iterdir()} == {0o600}
        database.close()
    finally:
        os.umask(before)


def test_no_regular_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    os.mkfifo(tmp_path / "pijp")
    for name in ("map", "pijp", "/dev/null"):
        with pytest.raises(DatabaseFault, match="no regular file"):
            prepare_file(tmp_path / name, make=True)
    with pytest.raises(NoTablesFault, match=r"weg\.db"):
        prepare_file(tmp_path / "weg.db", make=False)
    assert not (tmp_path / "weg.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of somebody else")
@pytest.mark.parametrize(("mode", "good"), [(0o666, False), (0o664, False), (0o660, True)])
def test_a_file_of_another_that_everybody_can_read_is_refused_by_name(tmp_path: Path, mode: int, good: bool) -> None:
    file = tmp_path / "log.db"
    file.touch()
    file.chmod(mode)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from app.database.sqlite_file import prepare_file\n"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        f"prepare_file(Path({str(file)!r}), False)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode == 0) is good, done.stderr
    if not good:
        assert "chmod 600" in done.stderr
        assert str(file) in done.stderr
    assert mode_of(file) == mode
