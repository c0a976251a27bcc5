"""`POST /v1/vragen`: real answers about real cases, and nothing else that a caller could want from it."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

import app.cli
from app.composition import Composition, compose
from app.main import assemble
from app.settings import Settings
from tests.contract.asking import QUESTION, ask, fouten, problem

STREAMS = "stroom(C, 'school', Ontvanger, Gegeven, Doel, Grond)"
BUDGET = 3.0
"""Seconds: more than a real question takes on a busy machine, little enough to wait for in a test."""
CROSS_PRODUCT = " & ".join(
    f"deling(C, D{n}, V{n}, O{n}, G{n}, P{n}) & opleiding(C, X{n}) & regelt(N{n}, A{n}, B{n}, E{n}, F{n})"
    for n in range(6)
)
HOSTILE = {
    "import": "__import__('os')",
    "import and call": "__import__('os').system('touch owned')",
    "attribute": "taak(C, P, T, A).__class__",
    "attribute of a predicate": "taak.__globals__(C)",
    "lambda": "(lambda: taak(C, P, T, A))()",
    "comprehension": "[x for x in taak(C, P, T, A)]",
    "walrus": "(X := taak(C, P, T, A))",
    "f-string": "taak(f'{C}', P, T, A)",
    "keyword argument": "taak(C, P, T, A=1)",
    "star": "taak(*C)",
    "subscript": "taak(C, P, T, A)[0]",
    "string escape": "taak(C, '\\x73chool', T, A)",
    "bytes": "taak(C, b'school', T, A)",
    "python keyword": "taak(C, P, T, A) & None",
    "or": "taak(C, P, T, A) or exec('1')",
    "pipe": "taak(C, P, T, A) | taak(C, P, T, A)",
    "statement": "taak(C, P, T, A); import os",
    "comment": "taak(C, P, T, A) # and more",
    "a rule": "taak(C, P, T, A) <= exec(C)",
    "a fact": "+ taak(C, P, T, A)",
    "pyDatalog's own": "pyDatalog(X)",
    "pyDatalog's index": "(taak[C] == X)",
    "the engine's own name": "zaak(K)",
    "the engine's relation": "p_zeker_mag(K, D, N)",
    "a side": "zeker_mag(D, N)",
    "deep nesting": "(" * 900 + "taak(C, P, T, A)" + ")" * 900,
    "deep sum": "taak(C, P, T, A) & (X == " + "(1 + " * 15 + "1" + ")" * 15 + ")",
    "many conditions": " & ".join(["taak(C, P, T, A)"] * 60),
    "100 kB": "taak(C, P, T, A) & " * 3_000 + "taak(C, P, T, A)",
    "full-width": "ｔａａｋ(C, P, T, A)",
    "cyrillic": "t\u0430\u0430k(C, P, T, A)",
    "right to left": "taak(C, P\u202e, T, A)",
    "zero width": "taak(C, P\u200b, T, A)",
    "null": "taak(C, P\x00, T, A)",
    "line separator": "taak(C,\u2028P, T, A)",
    "empty": "",
    "blank": " \n ",
    "no variable": "(1 == 1)",
    "only a negation": "~taak('c', 'school', 'monitoren', 'verplicht')",
    "unsafe": "taak(C, P, T, A) & ~mag(D, N)",
    "huge number": "leeftijd(C, J) & (J < " + "9" * 4_000 + ")",
    "power": "leeftijd(C, J) & (J < 9 ** 9)",
}


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    return compose(Settings(cache=tmp_path_factory.mktemp("cache"), query_seconds=BUDGET))


@pytest.fixture(scope="module")
def asked(composed: Composition) -> Iterator[TestClient]:
    with TestClient(assemble(composed, Settings(log_url="geen"))) as made:
        yield made


def query(client: TestClient, vraag: Any, casus: Any = QUESTION) -> Response:
    return ask(client, {"casus": casus, "vraag": vraag}, "/v1/vragen")


def answers(client: TestClient, vraag: str, casus: Any = QUESTION) -> list[dict[str, Any]]:
    response = query(client, vraag, casus)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["antwoorden"]
    return found


def test_a_case_of_the_servicedocument(asked: TestClient) -> None:
    """Case 3.1.1: the school may give the gemeente the overgangsdocument."""
    response = query(asked, STREAMS)

    body = response.json()
    assert body["vraag"] == STREAMS
    assert body["variabelen"] == ["C", "Ontvanger", "Gegeven", "Doel", "Grond"]
    assert body["kenmerk"] == QUESTION["kenmerk"]
    assert body["peildatum"] == "2026-03-01"
    assert body["beleid"]["hash"].startswith("sha256:")
    assert body["meer"] is False
    (certain,) = [one for one in body["antwoorden"] if one["zekerheid"] == "zeker"]
    assert certain["waarden"] == {
        "C": "c",
        "Ontvanger": "gemeente_participatie",
        "Gegeven": "overgangsdocument",
        "Doel": "aanvullende_loopbaanbegeleiding",
        "Grond": "algemeen_belang",
    }
    (reason,) = certain["afleiding"]
    assert reason["voorwaarde"] == STREAMS
    assert {"ALB-1"} <= set(norms(reason["bewijs"]))
    assert "Nog niet bekend." not in explanations(reason["bewijs"])


def test_what_is_only_possible_says_what_is_unknown(asked: TestClient) -> None:
    casus = {**QUESTION, "overgangsdocument": {"vastgesteld_in_regio": True, "inhoud": ["stagegegevens"]}}

    found = answers(asked, "stroom(C, 'school', O, G, D, 'algemeen_belang')", casus)

    assert [one["zekerheid"] for one in found] == ["mogelijk"]
    (reason,) = found[0]["afleiding"]
    assert reason["zekerheid"] == "mogelijk"
    assert "Nog niet bekend." in explanations(reason["bewijs"])
    assert "Dit hebt u gezegd." in explanations(reason["bewijs"])


def test_certain_and_possible_in_one_answer(asked: TestClient) -> None:
    found = answers(asked, "leeftijd(C, Jaren) & (Jaren < 27) & heeft_werk(C, Werk)")

    assert [one["waarden"] for one in found] == [
        {"C": "c", "Jaren": 18, "Werk": "ja"},
        {"C": "c", "Jaren": 18, "Werk": "nee"},
    ]
    for one in found:
        assert one["zekerheid"] == "mogelijk"
        assert [reason["zekerheid"] for reason in one["afleiding"]] == ["zeker", "mogelijk"]


def test_an_unknown_number_is_null_and_any_comparison_with_it_possible(asked: TestClient) -> None:
    (found,) = answers(asked, "verzuim_weken(C, Weken) & (Weken > 500)")

    assert found["waarden"] == {"C": "c", "Weken": None}
    assert found["zekerheid"] == "mogelijk"


def test_comparisons_leave_answers_out(asked: TestClient) -> None:
    assert answers(asked, "leeftijd(C, Jaren) & (Jaren >= 19)") == []
    assert len(answers(asked, "leeftijd(C, Jaren) & (Jaren >= 18)")) == 1
    assert answers(asked, "leeftijd(C, J) & (Volgend == J + 1) & (Volgend < 19)") == []


def test_negations(asked: TestClient) -> None:
    (denied,) = answers(asked, "deling(C, D, V, O, G, P) & betreft(D, 'ALB-1') & ~herkomst(C, G, P)")
    assert denied["zekerheid"] == "zeker"
    assert [reason["voorwaarde"] for reason in denied["afleiding"]][2] == "~herkomst(C, G, P)"
    assert denied["afleiding"][2]["bewijs"]["uitleg"] == "U hebt dit niet gezegd; dat telt hier als nee."
    assert answers(asked, "deling(C, D, V, O, G, P) & betreft(D, 'ALB-1') & ~mag(D, 'ALB-1')") == []
    (open_,) = answers(
        asked, "deling(C, D, V, O, G, P) & mag(D, N) & ~heeft_werk(C, 'ja') & grondslag(N, 'algemeen_belang')"
    )
    assert open_["zekerheid"] == "mogelijk"


def test_what_speaks_about_both_sides(asked: TestClient) -> None:
    (found,) = answers(asked, "oordeel(D, Oordeel)")

    assert found["waarden"] == {"D": "c.d0", "Oordeel": "toegestaan"}
    assert found["zekerheid"] == "zeker"


def test_a_question_without_variables_is_yes_or_no(asked: TestClient) -> None:
    assert [one["waarden"] for one in answers(asked, "overheidsorganisatie('uwv')")] == [{}]
    assert answers(asked, "overheidsorganisatie('werkgever')") == []


def test_the_law_of_the_peildatum_answers(asked: TestClient) -> None:
    old = {**QUESTION, "peildatum": "2025-03-01"}
    certain = [one for one in answers(asked, STREAMS, old) if one["zekerheid"] == "zeker"]
    assert certain == []


def test_without_delingen_the_flows_are_those_of_the_listing(asked: TestClient) -> None:
    casus = {
        **{name: value for name, value in QUESTION.items() if name != "delingen"},
        "jongere": {**QUESTION["jongere"], "startkwalificatie": True, "risico_op_uitval": False, "heeft_werk": False},
        "mandaten": [],
        "verzuim": {"weken": 0, "uren_in_vier_weken": 0},
    }
    listed = {
        (row["ontvanger"], gegeven, row["doel"])
        for row in ask(asked, casus).json()["stromen"]
        if row["verstrekker"] == "school" and row["grondslag"] == "algemeen_belang"
        for gegeven in row["gegevens"]
    }

    found = answers(asked, "stroom(C, 'school', O, G, D, 'algemeen_belang')", casus)

    assert {(one["waarden"]["O"], one["waarden"]["G"], one["waarden"]["D"]) for one in found} == listed
    assert len(listed) >= 3


def test_the_answers_come_in_the_same_order_every_time(asked: TestClient) -> None:
    first, second = (query(asked, "inhoud(C, G) & opleiding(C, O)", {}).json() for _ in range(2))

    assert first["antwoorden"] == second["antwoorden"]
    values = [(one["waarden"]["G"], one["waarden"]["O"]) for one in first["antwoorden"]]
    assert values == sorted(values)


def test_no_more_than_a_thousand_answers(asked: TestClient) -> None:
    body = query(asked, "inhoud(C, G1) & inhoud(C, G2) & opleiding(C, O)", {}).json()

    assert len(body["antwoorden"]) == 1000
    assert body["meer"] is True


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_from_outside_runs(asked: TestClient, text: str) -> None:
    body = problem(query(asked, text), 413 if len(text) > 60_000 else 400)

    if body["status"] == 400:
        assert {fout["veld"] for fout in body["fouten"]} == {"vraag"}
    assert not Path("owned").exists()


@pytest.mark.parametrize(
    ("text", "message", "better"),
    [
        ("tak(C, P, T, A)", "vraag:1:1: predicate `tak` is not declared", "did you mean `taak`?"),
        ("taak(C, P, T)", "`taak` has 4 arguments, not 3", "taak("),
        ("taak(C, 'shool', T, A)", "vraag:1:9: `·····` is not a value of `partij`", "did you mean `school`?"),
        ("leeftijd(C, J) & (J < 'ja')", "a word is no number", "words compare by"),
        ("taak(C, P, T, A) &\n~rol_doorstroompunt(D, R)", "vraag:2:21: `D` in", "add a condition"),
    ],
)
def test_a_fault_says_where_and_what_would_be_right(asked: TestClient, text: str, message: str, better: str) -> None:
    faults = problem(query(asked, text), 400)["fouten"]

    assert any(message in fault["melding"] and better in fault["verwacht"] for fault in faults), faults


def test_all_faults_at_once(asked: TestClient) -> None:
    body = {"casus": {"jongere": {"leeftjd": 18, "heeft_werk": "ja"}}, "vraag": "tak(C) & mag(D)", "extra": 1}

    found = fouten(ask(asked, body, "/v1/vragen"))

    assert found.keys() == {"casus.jongere.leeftjd", "casus.jongere.heeft_werk", "vraag", "extra"}


@pytest.mark.parametrize(
    "text",
    [
        "leeftijd(C, 111222333) & taak(C, P, T, A)",
        "leeftijd(C, 20070930)",
        "opleiding(C, 'jan_jansen_111_222_333')",
        "opleiding(C, 'Jan Jansen')",
        "opleiding(C, 'jansen",
        "opleiding(C, jan_jansen)",
        'opleiding(C, "Jan Jansen")',
        "jan_jansen_111_222_333(C)",
        "leeftijd(C, J) # Jan Jansen 111.222.333",
        "leeftijd(C, J) & (J < 'jansen')",
    ],
)
def test_a_query_with_a_fault_does_not_come_back_with_what_it_says_of_anyone(asked: TestClient, text: str) -> None:
    response = query(asked, text)

    for fout in problem(response, 400)["fouten"]:
        assert fout["veld"] == "vraag"
        line, under = fout["melding"].splitlines()[1:]
        assert len(line) == len(text) + len("  1 | ")
        assert "^" in under
    assert not re.search("jan|111|222|2007", response.text, re.IGNORECASE)


def test_many_answers_that_rest_on_the_same_large_proof_are_bounded(asked: TestClient) -> None:
    text = " & ".join(f"mag(D, N{number})" for number in range(10))
    casus = {**QUESTION, "delingen": [{**QUESTION["delingen"][0], "gegevens": ["stagegegevens"]}]}

    response = query(asked, text, casus)

    assert response.status_code == 200
    assert len(response.content) < 16_000_000
    assert response.json()["meer"]
    assert 5 < len(response.json()["antwoorden"]) < 200


@pytest.mark.parametrize(
    "body", [[], "text", {}, {"casus": {}}, {"vraag": "taak(C, P, T, A)"}, {"casus": 1, "vraag": 2}]
)
def test_a_body_of_another_shape(asked: TestClient, body: Any) -> None:
    problem(ask(asked, body, "/v1/vragen"), 400)


def test_contradictions_are_refused_by_name(asked: TestClient) -> None:
    casus = {"peildatum": "2026-03-01", "jongere": {"leeftijd": 30, "geboortedatum": "2008-01-01"}}

    found = fouten(query(asked, "leeftijd(C, J)", casus))

    assert found.keys() == {"casus.jongere.leeftijd", "casus.jongere.geboortedatum"}


def test_limits_are_those_of_an_advice(asked: TestClient) -> None:
    problem(ask(asked, b" " * (64 * 1024 + 1), "/v1/vragen"), 413)
    problem(asked.post("/v1/vragen", content=b"{}", headers={"content-type": "text/plain"}), 415)
    problem(asked.get("/v1/vragen"), 405)


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answered(asked: TestClient) -> None:
    casus = {name: value for name, value in QUESTION.items() if name != "delingen"}
    started = time.monotonic()

    stopped = query(asked, CROSS_PRODUCT, casus)

    assert time.monotonic() - started < BUDGET + 4
    assert "te veel tijd" in problem(stopped, 503)["detail"]
    assert answers(asked, "leeftijd(C, J)")


def test_other_requests_pass_while_a_query_runs(asked: TestClient) -> None:
    casus = {name: value for name, value in QUESTION.items() if name != "delingen"}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(query, asked, CROSS_PRODUCT, casus)
        time.sleep(0.5)
        started = time.monotonic()
        assert ask(asked, QUESTION).status_code == 200
        passed = time.monotonic() - started
        assert not waiting.done()
        problem(waiting.result(), 503)
    assert passed < BUDGET / 2


def test_a_worker_killed_from_outside_is_replaced(asked: TestClient, composed: Composition) -> None:
    assert answers(asked, "leeftijd(C, J)")
    worker = composed.queries.close.__self__  # type: ignore[attr-defined]
    before = worker.pid
    os.kill(before, signal.SIGKILL)

    assert answers(asked, "leeftijd(C, J)")
    assert worker.pid not in (None, before)


def test_the_example_of_the_description_is_answered(client: TestClient) -> None:
    operation = client.get("/v1/openapi.json").json()["paths"]["/vragen"]["post"]
    (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]

    response = ask(client, example["value"], "/v1/vragen")

    assert response.status_code == 200, response.text
    body = response.json()
    assert body["antwoorden"]
    assert body.keys() == schemas["VragenAntwoord"]["properties"].keys()
    assert body["antwoorden"][0].keys() == schemas["Antwoord"]["properties"].keys()
    assert body["antwoorden"][0]["afleiding"][0].keys() == schemas["Reden"]["properties"].keys()


def test_the_command_line_says_the_same(
    asked: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    monkeypatch.setenv("DEELWIJZER_VRAAG_SECONDEN", str(BUDGET))
    file = tmp_path / "casus.json"
    file.write_text(json.dumps(QUESTION), encoding="utf-8")

    assert app.cli.main(["vraag", "--casus", str(file), STREAMS]) == 0
    assert json.loads(capsys.readouterr().out) == query(asked, STREAMS).json()

    assert app.cli.main(["vraag", "--casus", str(file), "tak(C)"]) == 1
    assert json.loads(capsys.readouterr().out) == query(asked, "tak(C)").json()

    assert app.cli.main(["vraag", "--casus", str(tmp_path / "nowhere.json"), STREAMS]) == 2


def norms(proof: dict[str, Any]) -> Iterator[str]:
    """List the norms in a proof."""
    if proof["norm"]:
        yield proof["norm"]
    for premise in proof["premissen"]:
        yield from norms(premise)


def explanations(proof: dict[str, Any]) -> set[str]:
    """List the explanations at the leaves and nodes of a proof."""
    return {proof["uitleg"]}.union(*map(explanations, proof["premissen"]))
