"""The commands about the log: what they take, and that they make no log of their own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.database.connection import Database
from app.database.faults import NoTablesFault
from tests.databases import new_database


@pytest.mark.parametrize("days", ["0", "-1", "36501", "x", "1.5"])
def test_a_number_of_days_says_what_it_may_be(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["log", "purge", "--dagen", days])
    assert stop.value.code == 2
    assert "van 1 tot en met 36500" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ("log", "verify"),
        ("log", "replay"),
        ("log", "export"),
        ("log", "erase", "--kenmerk", "kenmerk"),
        ("log", "purge", "--dagen", "1"),
        ("sleutel", "list"),
        ("sleutel", "revoke", "x"),
        ("beleid", "herlaad"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "an empty file", "postgresql"])
def test_a_log_that_does_not_exist_is_refused_and_not_made(
    command: tuple[str, ...],
    kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kenmerk").write_text("zaak-77\n", encoding="utf-8")
    url = new_database(request.getfixturevalue("postgres")) if kind == "postgresql" else f"sqlite:///{tmp_path}/typo.db"
    if kind == "an empty file":
        (tmp_path / "typo.db").touch()
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url)

    assert main(list(command)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no decision log" in said.err
    assert kind == "an empty file" or not list(tmp_path.glob("typo*"))
    with closing(Database(url)) as database, pytest.raises(NoTablesFault):
        database.prepare(make=False)
