"""The command line about access: keys, and which address the service may listen on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import uvicorn

from app.access.keys import KeyBook, KeyCheck
from app.cli import GOOD, MISUSED, REFUSED, main
from app.database.connection import Database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url)
    return Database(url)


@pytest.fixture
def made(database: Database) -> Database:
    """The same, as the service made it."""
    database.prepare()
    return database


def test_a_key_is_made_listed_and_revoked(made: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sleutel", "new", "--naam", "Gemeente X", "--scopes", "log:lezen, advies", "--dagen", "30"]) == GOOD
    key = capsys.readouterr().out.strip()
    caller = asyncio.run(KeyCheck(KeyBook(made)).caller(key))
    assert caller.scopes == {"advies", "log:lezen"}
    identifier, secret = key.split("_", 2)[1:]

    assert main(["sleutel", "list"]) == GOOD
    listed = capsys.readouterr().out
    heads, row = listed.splitlines()
    assert [heads.index(name) for name in ("ID", "STAND", "SCOPES", "NAAM")] == [
        row.index(shown) for shown in (identifier, "geldig tot", "advies,log:lezen", "Gemeente X")
    ]
    assert "geldig tot" in listed
    assert identifier in listed
    assert secret not in listed
    assert KeyBook(made).all()[0].afdruk not in listed

    assert main(["sleutel", "revoke", identifier]) == GOOD
    assert main(["sleutel", "list"]) == GOOD
    assert "ingetrokken 2" in capsys.readouterr().out
    made.close()


def test_a_key_without_more_words_may_ask_and_read_for_ever(made: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sleutel", "new", "--naam", "X"]) == GOOD
    (key,) = KeyBook(made).all()

    assert key.scopes == {"advies", "log:lezen"}
    assert key.verloopt_ms is None
    made.close()


@pytest.mark.parametrize("words", [["--naam", "X", "--scopes", "alles"], ["--naam", "X", "--dagen", "0"], []])
def test_a_wrong_wish_is_refused(database: Database, words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["sleutel", "new", *words])
    assert stop.value.code == MISUSED


def test_a_wrong_name_or_id_is_refused_without_repeating_it(made: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sleutel", "new", "--naam", "a\nb"]) == REFUSED
    assert main(["sleutel", "revoke", "dw_geheim"]) == REFUSED
    said = capsys.readouterr()
    assert said.err.count("\n") == 2
    assert "geheim" not in said.out + said.err
    made.close()


def test_keys_need_a_database(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "log.db").mkdir()
    assert main(["sleutel", "list"]) == MISUSED
    assert main(["sleutel", "new", "--naam", "X"]) == MISUSED
    assert "no regular file" in capsys.readouterr().err
    monkeypatch.setenv("DEELWIJZER_LOG_URL", "geen")
    assert main(["sleutel", "list"]) == MISUSED


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "deelwijzer.example", "testclient"])
def test_without_access_no_other_address_is_listened_on(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: pytest.fail("it listens"))

    assert main(["serve"]) == MISUSED
    said = capsys.readouterr()
    assert host in said.err
    assert "DEELWIJZER_TOEGANG" in said.err
    assert not said.out


@pytest.mark.parametrize(
    ("host", "access", "says_so"),
    [("127.0.0.1", "", True), ("localhost", "", True), ("::1", "", True), ("0.0.0.0", "sleutel", False)],
)
def test_the_service_says_whom_it_answers(
    host: str,
    access: str,
    says_so: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("DEELWIJZER_TOEGANG", access)
    asked: list[str] = []

    async def listen(self: uvicorn.Server, sockets: object = None) -> None:
        self.servers = []

    def run(self: uvicorn.Server) -> None:
        asked.append(self.config.host)
        asyncio.run(self.startup())

    monkeypatch.setattr(uvicorn.Server, "startup", listen)
    monkeypatch.setattr(uvicorn.Server, "run", run)

    assert main(["serve"]) == GOOD
    assert asked == [host]
    assert ("alleen op deze machine" in capsys.readouterr().err) is says_so
