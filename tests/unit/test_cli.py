"""The command line, in this process."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import app.cli
from app.cli import GOOD, MISUSED, REFUSED, main
from app.main import cases_of
from app.settings import VERSION, Settings
from app.store import selfcheck

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


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advies", "nergens.json"]) == MISUSED
    assert "nergens.json" in capsys.readouterr().err


def test_check_says_how_much_was_compared_and_keeps_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_cache: Path
) -> None:
    # `make test` checks everything; here a few scenarios show what is printed.
    monkeypatch.setattr(app.cli, "cases_of", lambda composed: cases_of(composed)[:5])

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


def test_serve_says_where_to_look_and_runs_without_server_header_and_access_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda target, **options: given.update(options, target=target))
    monkeypatch.setenv("PORT", "8123")

    assert main(["serve"]) == GOOD
    assert "http://127.0.0.1:8123/" in json.loads(capsys.readouterr().err)["message"]
    assert given["target"] == "app.main:create_app"
    assert (given["port"], given["server_header"], given["access_log"]) == (8123, False, False)
    assert given["timeout_graceful_shutdown"] == 20
