"""The command line, in this process."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

import app.cli_check
import app.cli_serve
from app.cli import GOOD, MISUSED, REFUSED, main
from app.composition import Composition, compose
from app.logbook import open_log
from app.settings import VERSION, Settings
from app.store import selfcheck
from tests.contract import asking

QUESTION = {
    "peildatum": "2026-03-15",
    "delingen": [
        {"verstrekker": "jongere", "ontvanger": "uwv", "gegevens": ["contactgegevens"], "doel": "uitvoeren_bijstand"}
    ],
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEELWIJZER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def stdin(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


def output(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_question_from_a_file_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vraag.json"
    path.write_text(json.dumps(QUESTION), encoding="utf-8")

    assert main(["advies", str(path)]) == GOOD
    assert output(capsys)["adviezen"][0]["oordeel"] == "toegestaan"


def test_a_question_from_standard_input_is_answered_with_its_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, json.dumps(QUESTION).encode())

    assert main(["advies", "-", "--uitleg"]) == GOOD
    assert output(capsys)["adviezen"][0]["afleiding"]["bewijs"]


def test_kantelpunten_come_where_they_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vraag.json"
    path.write_text(json.dumps(asking.QUESTION), encoding="utf-8")

    assert main(["advies", str(path), "--kantelpunten"]) == GOOD
    (advies,) = output(capsys)["adviezen"]
    assert advies["kantelpunten"]
    assert "afleiding" not in advies


def test_stromen_come_where_they_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vraag.json"
    path.write_text(json.dumps(asking.QUESTION), encoding="utf-8")

    assert main(["advies", str(path), "--stromen"]) == GOOD
    assert output(capsys)["stromen"]


@pytest.mark.parametrize(
    ("raw", "status", "veld"),
    [
        (b'{"leeftijd": 18}', 400, "leeftijd"),
        (b"{", 400, ""),
        (b"{}" + b" " * 64 * 1024, 413, None),
    ],
)
def test_a_refused_question_prints_its_problem_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raw: bytes, status: int, veld: str | None
) -> None:
    stdin(monkeypatch, raw)

    assert main(["advies", "-"]) == REFUSED
    problem = output(capsys)
    assert problem["status"] == status
    assert [one["veld"] for one in problem.get("fouten", [])] == ([] if veld is None else [veld])


def test_a_fault_of_ours_prints_a_problem_and_no_fact(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("een feit")

    stdin(monkeypatch, json.dumps(QUESTION).encode())
    monkeypatch.setattr("app.web.desk.Desk.answer", fail)

    assert main(["advies", "-"]) == REFUSED
    assert output(capsys)["status"] == 500
    assert "KeyError at " in caplog.text
    assert "een feit" not in caplog.text


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advies", "nergens.json"]) == MISUSED
    assert "nergens.json" in capsys.readouterr().err


def few(composed: Composition) -> Composition:
    return replace(composed, scenarios=composed.scenarios[:5])


def test_check_says_how_much_was_compared_and_keeps_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_cache: Path
) -> None:
    # `make test` checks everything; here a few scenarios show what is printed.
    monkeypatch.setattr(app.cli_check, "compose", lambda given: few(compose(given)))

    assert main(["check"]) == GOOD
    printed = capsys.readouterr().out
    assert " regels, 5 scenario's, " in printed
    assert " 0 fouten" in printed
    assert (own_cache / selfcheck.VERDICT_FILE).is_file()


def test_check_fails_on_any_difference_and_keeps_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_cache: Path
) -> None:
    report = selfcheck.Report(5, 100, ("policies/x.toml: een: only the first engine has zeker mag",))
    monkeypatch.setattr(selfcheck, "compare", lambda *_: report)
    monkeypatch.setattr(app.cli_check, "compose", lambda given: few(compose(given)))

    assert main(["check"]) == REFUSED
    printed = capsys.readouterr()
    assert "een: only the first engine" in printed.err
    assert " 1 fouten" in printed.out
    assert not own_cache.exists()


def test_faulty_law_is_shown_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(Settings().policies, policies)
    (policies / "nieuw" / "fout.dl").write_text("fout(X) <= leeftjd(X, Y)\n", encoding="utf-8")
    monkeypatch.setenv("DEELWIJZER_POLICIES", str(policies))

    assert main(["check"]) == REFUSED
    said = capsys.readouterr().err
    assert "policies/nieuw/fout.dl:1:" in said
    assert "^^^" in said


def copy_of_the_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the law with the one file of the document's own cases, so that checking it is quick; and make a log."""
    plain = Settings()
    shutil.copytree(plain.facts, tmp_path / "facts")
    shutil.copytree(plain.policies, tmp_path / "policies", ignore=shutil.ignore_patterns("scenarios"))
    (tmp_path / "policies/nieuw/scenarios").mkdir()
    shutil.copy(plain.policies / "nieuw/scenarios/casussen.toml", tmp_path / "policies/nieuw/scenarios")
    for name in ("facts", "policies"):
        monkeypatch.setenv(f"DEELWIJZER_{name.upper()}", str(tmp_path / name))
    log = f"sqlite:///{tmp_path / 'log.db'}"
    monkeypatch.setenv("DEELWIJZER_LOG_URL", log)
    open_log(replace(plain, log_url=log)).close()
    return tmp_path


def test_everything_that_a_scenario_states_is_checked_also_before_a_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    law = copy_of_the_law(tmp_path, monkeypatch)
    path = law / "policies/nieuw/scenarios/casussen.toml"
    text = path.read_text(encoding="utf-8")
    assert 'norm = "ALB-1"' in text
    path.write_text(text.replace('norm = "ALB-1"', 'norm = "FOO-9"'), encoding="utf-8")

    for command in (["check"], ["beleid", "herlaad"]):
        assert main(command) == REFUSED, command
        said = capsys.readouterr().err
        assert "`FOO-9` is not a word of norm" in said
        assert "norm: expected FOO-9, got ['ALB-1']" in said


def test_check_names_the_norms_that_no_rule_is_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    law = copy_of_the_law(tmp_path, monkeypatch)
    with (law / "facts/normen.toml").open("a", encoding="utf-8") as norms:
        norms.write('\n[VBD-9]\ntitel = "Nog zonder regels"\n')

    assert main(["check"]) == GOOD
    (said,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("geen enkele regel noemt: ")]
    assert "VBD-9" in said
    assert "VSV-1" not in said


def test_check_refuses_a_field_without_a_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def with_one_silent(settings: Settings) -> Composition:
        composed = few(compose(settings))
        vocabulary = composed.book.policies.vocabulary
        silent = tuple(replace(one, question="") if one.path == "herkomst[]" else one for one in vocabulary.fields)
        object.__setattr__(composed.book.policies, "vocabulary", replace(vocabulary, fields=silent))
        return composed

    monkeypatch.setattr(app.cli_check, "compose", with_one_silent)

    assert main(["check"]) == REFUSED
    assert "casus.toml: [herkomst[]] vraag: is missing; every field has a question" in capsys.readouterr().err


def test_a_wrong_setting_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DEELWIJZER_ENGINE", "prolog")

    assert main(["check"]) == MISUSED
    assert "DEELWIJZER_ENGINE" in capsys.readouterr().err


def test_the_law_in_force_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "--peildatum", "2025-06-01"]) == GOOD
    assert output(capsys)["verandert_op"] == "2026-01-01"
    assert main(["beleid", "VSV-1", "--peildatum", "2026-06-01"]) == GOOD
    assert output(capsys)["norm"] == "VSV-1"
    assert main(["beleid", "VSV-0"]) == REFUSED
    assert "VSV-0" in capsys.readouterr().err


def test_the_description_of_the_api_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == GOOD
    assert output(capsys)["info"]["version"] == VERSION


@pytest.mark.parametrize("arguments", [[], ["onzin"], ["advies"], ["beleid", "--peildatum", "2026-02-30"]])
def test_wrong_use_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == MISUSED


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == VERSION


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[uvicorn.Config]:
    """The servers that were started; they do nothing but begin."""
    made: list[uvicorn.Config] = []

    async def listen(self: uvicorn.Server, sockets: object = None) -> None:
        self.servers = []

    def run(self: uvicorn.Server) -> None:
        made.append(self.config)
        asyncio.run(self.startup())

    monkeypatch.setattr(uvicorn.Server, "startup", listen)
    monkeypatch.setattr(uvicorn.Server, "run", run)
    return made


def test_serve_says_where_to_look_and_runs_without_server_header_and_access_log(
    started: list[uvicorn.Config], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "8123")

    assert main(["serve"]) == GOOD
    assert "http://127.0.0.1:8123/" in json.loads(capsys.readouterr().err)["message"]
    (given,) = started
    assert given.app == "app.main:create_app"
    assert (given.port, given.server_header, given.access_log) == (8123, False, False)
    assert given.timeout_graceful_shutdown == 20


def test_a_port_that_is_taken_is_said_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Not that the service is there; without a law to load the real server is quick."""
    monkeypatch.setattr(app.cli_serve, "APPLICATION", "tests.unit.test_cli:empty")
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with closing(socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit) as stopped:
            main(["serve"])

    assert stopped.value.code != GOOD
    said = capfd.readouterr().err
    assert "address already in use" in said
    assert "Deelwijzer" not in said


def empty() -> Starlette:
    """Make an application without anything in it."""
    return Starlette()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["beleid", "herlaad", "--help"], "gebruik: deelwijzer beleid herlaad [-h]"),
        (["beleid", "--help"], "alleen deze norm"),
        (["sleutel", "new", "--help"], "zonder opgave advies,log:lezen"),
        (["--help"], "toon deze hulp"),
    ],
)
def test_help_is_in_dutch(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr().out
    assert says in said
    assert not [word for word in ("usage", "options", "positional", "show", "exit") if word in said]
    assert "herlaad" not in said or "NORM" not in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["onzin"], "'onzin' bestaat niet; kies uit "),
        (["advies"], "dit ontbreekt: BESTAND"),
        (["advies", "x", "--onzin"], "dit kan hier niet: --onzin"),
        (["sleutel", "new", "--naam"], "--naam: hier hoort één waarde bij"),
        (["log", "purge", "--dagen", "x"], "--dagen: een aantal dagen van 1 tot en met 36500"),
        (["log", "replay", "--id", "x", "--since", "2026-01-01"], "kunnen niet samen"),
        (["beleid", "--peildatum", "x"], "--peildatum: schrijf een datum als JJJJ-MM-DD"),
        (["advies", "x", "--uitleg=ja"], "--uitleg: hier hoort geen waarde bij"),
    ],
)
def test_wrong_use_is_told_in_dutch(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == MISUSED
    said = capsys.readouterr().err
    assert says in said
    assert said.startswith("gebruik: deelwijzer")
