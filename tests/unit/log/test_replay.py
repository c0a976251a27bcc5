"""Replay: the law of then gives the answer of then, the law of now shows what would change, and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json
from sqlalchemy import update
from starlette.testclient import TestClient

from app.cli import main
from app.composition import Composition, compose
from app.database.tables import beleid, stuk
from app.log.chain import commitment
from app.logbook import LogBook, open_log
from app.main import assemble
from app.replay import LATER, Replayer, parts_of
from app.settings import Settings
from app.store.policies import policies_from
from tests.contract.asking import QUESTION


@pytest.fixture(scope="module")
def composed() -> Composition:
    return compose(Settings(advice_seconds=60))  # on a busy machine the first question of a law can take long


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    monkeypatch.setenv("DEELWIJZER_LOG_URL", url)
    return Settings(log_url=url)


@pytest.fixture
def asked(composed: Composition, settings: Settings) -> dict[str, Any]:
    """One advice plain and with extras, one without delingen, and two in a series; the first one's answer."""
    with TestClient(assemble(composed, settings)) as client:
        first: dict[str, Any] = client.post("/v1/advies", json=QUESTION).json()
        client.post("/v1/advies?uitleg=volledig", json=QUESTION)
        client.post("/v1/advies?kantelpunten=ja", json=QUESTION)
        client.post("/v1/advies?kantelpunten=ja&uitleg=volledig&stromen=ja", json=QUESTION)
        client.post("/v1/advies", json={"peildatum": "2026-03-01", "jongere": {"leeftijd": 17}})
        client.post("/v1/advies/reeks", json={"casussen": [QUESTION, {**QUESTION, "peildatum": "2025-06-01"}]})
    return first


@pytest.fixture
def book(asked: dict[str, Any], settings: Settings) -> Iterator[LogBook]:
    made = open_log(settings)
    yield made
    made.close()


def other_law(folder: Path, old: str, new: str) -> Settings:
    """The real law with one thing changed."""
    plain = Settings()
    shutil.copytree(plain.policies, folder / "policies")
    changed = 0
    for path in (folder / "policies").rglob("*.dl"):
        text = path.read_text(encoding="utf-8")
        changed += text.count(old)
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert changed, "the law has this text"
    return replace(plain, policies=folder / "policies")


def test_the_law_of_then_is_kept_whole(book: LogBook, composed: Composition) -> None:
    texts = book.archive.texts(composed.book.hash)
    assert texts is not None

    again = policies_from(texts)

    assert again.hash == composed.book.hash
    assert again == composed.book.policies


def test_every_advice_is_the_same_again(book: LogBook, settings: Settings) -> None:
    replayer = Replayer(book.archive, settings)

    outcomes = [replayer.again(record, part) for record, part in parts_of(book.reader.records())]

    assert len(outcomes) == 7
    assert {(one.verdict, one.lines) for one in outcomes} == {("gelijk", ())}


def test_another_answer_in_the_log_is_reported_with_its_place(book: LogBook, settings: Settings) -> None:
    record, part = next(parts_of(book.reader.records()))
    answer = json.loads(part.antwoord or "")
    answer["adviezen"][0]["oordeel"] = "niet_toegestaan"
    changed = replace(part, antwoord=json.dumps(answer))

    outcome = Replayer(book.archive, settings).again(record, changed)

    assert (outcome.verdict, outcome.lines) == ("anders", ("adviezen[0].oordeel: is anders",))


def as_before_the_fingerprint(book: LogBook, composed: Composition) -> None:
    """Keep the law as an earlier version did: under the hash that it made."""
    early = composed.book.policies.early_hash
    book.archive.keep(early, "2026-01-01.00000000", composed.book.policies.texts())


def test_what_was_decided_before_the_fingerprint_is_still_the_same(
    book: LogBook, composed: Composition, settings: Settings
) -> None:
    """The log of an earlier version keeps another hash of the same texts, and its answers name that one."""
    as_before_the_fingerprint(book, composed)
    early = composed.book.policies.early_hash
    replayer = Replayer(book.archive, settings)
    for record, part in parts_of(book.reader.records()):
        answer = {**json.loads(part.antwoord or ""), "beleid": {"versie": "2026-01-01.0", "hash": "sha256:0"}}
        kept = replace(part, antwoord=json.dumps(answer))
        assert replayer.again(replace(record, beleid=early), kept).verdict == "gelijk"
        other = replace(part, antwoord=json.dumps({**answer, "taken": "geen"}))
        assert replayer.again(replace(record, beleid=early), other).lines == ("taken: is anders",)
        assert replayer.again(record, kept).verdict == "anders", "the hash of today is compared"
        commitment_only = replace(part, antwoord=None, zout=b"x", antwoord_afdruk="x")
        assert replayer.again(replace(record, beleid=early), commitment_only).verdict == "onbekend"


def test_a_law_that_was_changed_in_the_archive_decides_nothing(book: LogBook, settings: Settings) -> None:
    record, part = next(parts_of(book.reader.records()))
    texts = book.archive.texts(record.beleid or "")
    assert texts is not None
    texts["regimes"][0][1] += "!"
    texts["bronnen"][0][1] += "\n"
    with book.database.write() as connection:
        import zlib

        packed = zlib.compress(json.dumps(texts).encode())
        connection.execute(update(beleid).values(teksten=packed))

    outcome = Replayer(book.archive, settings).again(record, part)

    assert outcome.verdict == "onbekend"
    assert "andere hash" in outcome.lines[0]


def test_what_todays_rules_would_change_and_why(book: LogBook, settings: Settings, tmp_path: Path) -> None:
    """The purpose of the flow of case 3.1.1 is taken from the norm that permits it."""
    record, part = next(parts_of(book.reader.records()))
    norm = json.loads(part.antwoord or "")["adviezen"][0]["grondslagen"][0]["norm"]
    current = compose(other_law(tmp_path, f"betreft(Deling, '{norm}')", "betreft(Deling, 'VSV-1')"))

    outcome = Replayer(book.archive, settings).with_current(current, record, part)

    assert outcome.verdict == "anders"
    assert f"toegestaan ({norm}) wordt" in outcome.lines[0]
    assert any(line.startswith(f"norm {norm}:") for line in outcome.lines)


def test_the_same_law_changes_nothing(book: LogBook, settings: Settings, composed: Composition) -> None:
    replayer = Replayer(book.archive, settings)

    assert {
        replayer.with_current(composed, record, part).verdict for record, part in parts_of(book.reader.records())
    } == {"gelijk"}


def test_a_commitment_is_replayed_with_the_callers_facts(composed: Composition, tmp_path: Path) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'c.db'}", log_content="afdruk")
    with TestClient(assemble(composed, settings)) as client:
        client.post("/v1/advies", json=QUESTION)
    book = open_log(settings)
    record, part = next(parts_of(book.reader.records()))
    replayer = Replayer(book.archive, settings)

    assert replayer.again(record, part).verdict == "onbekend"
    shuffled = json.dumps(dict(reversed(QUESTION.items())), indent=3)
    assert replayer.again(record, part, shuffled).verdict == "gelijk"
    younger = {**QUESTION, "jongere": {**QUESTION["jongere"], "leeftijd": 17}}
    wrong = replayer.again(record, part, json.dumps(younger))
    assert (wrong.verdict, "past niet" in wrong.lines[0]) == ("onbekend", True)
    forged = replace(part, antwoord_afdruk=commitment(part.zout or b"", "{}"))
    assert replayer.again(record, forged, json.dumps(QUESTION)).verdict == "anders"
    book.close()


def test_a_commitment_to_a_question_without_a_peildatum_is_replayed_too(composed: Composition, tmp_path: Path) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'd.db'}", log_content="afdruk")
    question = {name: value for name, value in QUESTION.items() if name != "peildatum"}
    with TestClient(assemble(composed, settings)) as client:
        client.post("/v1/advies", json=question)
    book = open_log(settings)
    record, part = next(parts_of(book.reader.records()))

    assert Replayer(book.archive, settings).again(record, part, json.dumps(question)).verdict == "gelijk"
    book.close()


def run(*arguments: str) -> int:
    return main(["log", *arguments])


def test_the_commands(asked: dict[str, Any], book: LogBook, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify") == 0
    said = capsys.readouterr().out
    assert said.startswith("7 regels, 0 fouten; anker 7:")
    anchor = said.split()[-1]
    assert run("verify", "--anker", anchor) == 0
    assert run("replay") == 0
    assert run("replay", "--id", asked["id"]) == 0
    assert run("replay", "--since", "2100-01-01") == 0
    assert "7 gelijk, 0 anders" in capsys.readouterr().out

    kenmerk = tmp_path / "kenmerk"
    kenmerk.write_text(f"{QUESTION['kenmerk']}\n", encoding="utf-8")
    assert run("export", "--kenmerk", str(kenmerk)) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 5
    assert lines[0]["body"]["adl.core.response"]["id"] == asked["id"]
    assert run("export") == 0
    assert len(capsys.readouterr().out.splitlines()) == 6

    assert run("erase", "--kenmerk", str(kenmerk)) == 0
    assert capsys.readouterr().out == "de inhoud van 6 adviezen is gewist\n"
    assert run("erase", "--kenmerk", str(kenmerk)) == 1, "nothing was there any more"
    kept = capsys.readouterr()
    assert (kept.out, "niets gewist" in kept.err, QUESTION["kenmerk"] in kept.err) == ("", True, False)
    assert run("export", "--kenmerk", str(kenmerk)) == 0
    assert capsys.readouterr().out == ""
    assert run("verify", "--anker", anchor) == 0
    assert run("replay", "--id", asked["id"]) == 1
    assert "gewist" in capsys.readouterr().out

    with book.database.write() as connection:
        connection.execute(update(stuk).where(stuk.c.antwoord.is_not(None)).values(samenvatting="{}"))
    assert run("verify") == 1
    assert "what a search shows" in capsys.readouterr().err
    with book.database.write() as connection:
        connection.execute(update(stuk).values(peildatum=20260302))
    assert run("verify") == 1
    assert "was changed" in capsys.readouterr().err
    assert run("purge", "--dagen", "1") == 0


@pytest.mark.parametrize(
    "arguments",
    [("purge",), ("replay", "--vraag", "x"), ("erase", "--kenmerk", "/does/not/exist"), ("replay", "--id", "x")],
)
def test_a_command_used_wrongly_says_how(
    arguments: tuple[str, ...], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settings.keeps_log
    assert run(*arguments) == 2
    assert capsys.readouterr().err


def test_without_a_log_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEELWIJZER_LOG_URL", "geen")
    assert run("verify") == 2


AUTHZEN_REQUEST = {
    "subject": {"type": "ontvanger", "id": "gemeente_participatie"},
    "action": {"name": "aanvullende_loopbaanbegeleiding"},
    "resource": {"type": "gegeven", "id": "overgangsdocument", "properties": {"verstrekker": "school"}},
    "context": {"casus": {name: value for name, value in QUESTION.items() if name not in ("delingen", "peildatum")}},
}


@pytest.mark.parametrize("kept", ["volledig", "afdruk"])
def test_what_was_asked_over_authzen_is_replayed_too(composed: Composition, tmp_path: Path, kept: str) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'a.db'}", log_content=kept)
    with TestClient(assemble(composed, settings)) as client:
        assert "oordeel" in client.post("/access/v1/evaluation", json=AUTHZEN_REQUEST).json()["context"]
        search = {**AUTHZEN_REQUEST, "subject": {"type": "ontvanger"}}
        assert client.post("/access/v1/search/subject", json=search).json()["results"]
    book = open_log(settings)
    replayer = Replayer(book.archive, settings)
    (evaluation, searched) = parts_of(book.reader.records())

    given = json.dumps(AUTHZEN_REQUEST) if kept == "afdruk" else None
    assert replayer.again(*evaluation, given).verdict == "gelijk"
    if kept == "volledig":
        assert replayer.again(*searched).verdict == "gelijk"
        assert {replayer.with_current(composed, *one).verdict for one in (evaluation, searched)} == {"gelijk"}
        answer = json.loads(evaluation[1].antwoord or "")
        answer["decision"] = not answer["decision"]
        changed = replace(evaluation[1], antwoord=json.dumps(answer))
        assert replayer.again(evaluation[0], changed).lines == ("decision: is anders",)
    book.close()


EARLIER = [tuple(name for names in LATER[since:] for name in names) for since in range(len(LATER))]
"""What answers of each earlier version did not have."""


def stripped(value: Any, names: tuple[str, ...]) -> Any:
    """An answer without some members, at every depth."""
    if isinstance(value, dict):
        return {name: stripped(inner, names) for name, inner in value.items() if name not in names}
    return [stripped(one, names) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kept", ["volledig", "afdruk"])
@pytest.mark.parametrize("absent", [*EARLIER, ("reason_user",), ("oordeel",)])
def test_a_member_that_answers_did_not_have_then_is_no_difference(
    composed: Composition, tmp_path: Path, kept: str, absent: tuple[str, ...]
) -> None:
    settings = Settings(log_url=f"sqlite:///{tmp_path / 'a.db'}", log_content=kept)
    with TestClient(assemble(composed, settings)) as client:
        answer = client.post("/access/v1/evaluation", json=AUTHZEN_REQUEST).json()
    answer["context"] = stripped(answer["context"], absent)
    text = to_json(answer).decode()
    book = open_log(settings)
    record, part = next(parts_of(book.reader.records()))
    earlier = replace(part, antwoord_afdruk=commitment(part.zout or b"", text))
    if kept == "volledig":
        earlier = replace(earlier, antwoord=text)
    given = None if kept == "volledig" else json.dumps(AUTHZEN_REQUEST)

    outcome = Replayer(book.archive, settings).again(record, earlier, given)

    expected = "gelijk" if absent in EARLIER or (kept, absent) == ("volledig", ("reason_user",)) else "anders"
    assert outcome.verdict == expected
    book.close()
