"""The time budget: what takes too long is an error of its own, recorded, and keeps nobody else waiting."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.advice.advies import Advies, Contradiction
from app.advice.advisor import Advisor
from app.advice.budget import Budget, Check, TimeUpError
from app.advice.question.casus import Casus
from app.advice.question.extras import NO_EXTRAS, Extras
from app.composition import Composition, compose
from app.database.connection import Database
from app.database.tables import besluit, stuk
from app.log.walk import OURS
from app.main import assemble
from app.settings import Settings
from app.web.costs import is_heavy
from app.web.problems import TIME_UP
from tests.contract.asking import QUESTION, ask, problem

OF_CALLERS = besluit.c.aanroeper != OURS
"""The log keeps records of its own beside those of callers."""
SLOW = "traag"
CONSENT = QUESTION["delingen"][0]
MANDATE = {"van": "gemeente_participatie", "aan": "doorstroompunt", "taak": "leerbaarheidsonderzoek"}


class Adviser:
    """Decides as always, except for a casus that is to be slow."""

    def __init__(self, advisor: Advisor, slowly: Callable[[Check], None]) -> None:
        self._advisor = advisor
        self._slowly = slowly

    def advise(self, casus: Casus, extras: Extras, check: Check) -> Advies | Contradiction:
        found = self._advisor.advise(casus, extras, check)
        if casus.kenmerk == SLOW:
            self._slowly(check)
        return found


def endlessly(check: Check) -> None:
    while True:
        check()
        time.sleep(0.005)


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    return compose(Settings(cache=tmp_path_factory.mktemp("cache"), advice_seconds=7.0))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'log.db'}")
    yield made
    made.close()


@pytest.fixture
def start(composed: Composition, database: Database) -> Iterator[Callable[..., TestClient]]:
    clients: list[TestClient] = []

    def made(slowly: Callable[[Check], None] = endlessly, seconds: float = 0.3) -> TestClient:
        desk = composed.desk
        adviser = Adviser(desk.adviser, slowly)  # type: ignore[arg-type]
        slow = replace(composed, desk=replace(desk, adviser=adviser, seconds=seconds))
        settings = Settings(log_url=str(database.url))
        client = TestClient(assemble(slow, settings), "http://localhost", client=("127.0.0.1", 1))
        client.__enter__()
        clients.append(client)
        return client

    yield made
    for client in clients:
        client.__exit__()


def test_the_budget_is_the_operators(composed: Composition) -> None:
    assert composed.desk.seconds == 7.0


@pytest.mark.parametrize("question", [{"kenmerk": SLOW}, {**QUESTION, "kenmerk": SLOW}])
def test_a_question_that_takes_too_long_is_an_error_of_its_own_and_is_recorded(
    start: Callable[..., TestClient], database: Database, question: dict[str, Any]
) -> None:
    begun = time.monotonic()
    refused = ask(start(), question)

    shown = problem(refused, 503)
    assert time.monotonic() - begun < 5
    assert (shown["type"], shown["title"]) == (TIME_UP, "De vraag kostte te veel tijd")
    assert "niets beslist" in shown["detail"]
    assert "retry-after" not in refused.headers
    assert "oordeel" not in refused.text
    with database.read() as connection:
        records = connection.execute(select(besluit.c.status, besluit.c.aanroeper).where(OF_CALLERS)).all()
        assert records == [("Error", "lokaal")]
        assert connection.execute(select(stuk.c.antwoord)).scalars().all() == [""]


def test_an_answer_that_comes_too_late_is_no_answer(start: Callable[..., TestClient]) -> None:
    def sleeping(_: Check) -> None:
        time.sleep(1.2)

    assert problem(ask(start(sleeping, seconds=1.0), {**QUESTION, "kenmerk": SLOW}), 503)["type"] == TIME_UP


def test_one_slow_question_of_a_series_does_not_spoil_the_others(
    start: Callable[..., TestClient], database: Database
) -> None:
    series = {"casussen": [QUESTION, {"kenmerk": SLOW}, QUESTION]}
    results = ask(start(seconds=2.0), series, "/v1/advies/reeks").json()["resultaten"]

    assert ["advies" in one for one in results] == [True, False, True]
    assert results[1]["probleem"]["type"] == TIME_UP
    with database.read() as connection:
        kept = connection.execute(select(stuk.c.antwoord).order_by(stuk.c.plaats)).scalars().all()
    assert [bool(one) for one in kept] == [True, False, True]


@pytest.mark.parametrize(("others", "status"), [([], "Error"), ([QUESTION], "Unset")])
def test_a_series_of_which_nothing_was_answered_is_recorded_as_an_error(
    start: Callable[..., TestClient], database: Database, others: list[Any], status: str
) -> None:
    found = ask(start(), {"casussen": [{**QUESTION, "kenmerk": SLOW}, *others]}, "/v1/advies/reeks")
    assert found.status_code == 200
    with database.read() as connection:
        assert connection.execute(select(besluit.c.status).where(OF_CALLERS)).scalars().all() == [status]


def test_a_series_has_a_budget_too(start: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.routes.SERIES_BUDGETS", 2)
    begun = time.monotonic()
    series = {"casussen": [{"kenmerk": SLOW}] * 40}
    results = ask(start(), series, "/v1/advies/reeks").json()["resultaten"]

    assert {one["probleem"]["type"] for one in results} == {TIME_UP}
    assert time.monotonic() - begun < 5


def test_a_long_question_keeps_no_short_one_waiting(start: Callable[..., TestClient]) -> None:
    begun, release = threading.Event(), threading.Event()

    def wait(_: Check) -> None:
        begun.set()
        release.wait(20)

    client = start(wait, seconds=30.0)
    answers: list[int] = []
    long = threading.Thread(target=lambda: answers.append(ask(client, {"kenmerk": SLOW}).status_code))
    long.start()
    try:
        assert begun.wait(20)
        assert ask(client, QUESTION).status_code == 200
        assert not answers, "the long question is still being decided"
    finally:
        release.set()
        long.join(20)
    assert answers == [200]


FEW_FLOWS = {"delingen": [{**QUESTION["delingen"][0], "gegevens": ["contactgegevens"]}] * 5}


@pytest.mark.parametrize(
    ("question", "extras", "long"),
    [
        (QUESTION, NO_EXTRAS, False),
        (QUESTION, Extras(uitleg=True), True),
        (QUESTION, Extras(kantelpunten=True), True),
        (QUESTION, Extras(stromen=True), True),
        ({}, NO_EXTRAS, True),
        ({"delingen": [{**QUESTION["delingen"][0], "gegevens": ["contactgegevens"] * 2}] * 2}, NO_EXTRAS, False),
        ({"delingen": [{**QUESTION["delingen"][0], "gegevens": ["contactgegevens"]}] * 10}, NO_EXTRAS, False),
        ({"delingen": [{**QUESTION["delingen"][0], "gegevens": ["contactgegevens"]}] * 11}, NO_EXTRAS, True),
        ({**QUESTION, "toestemmingen": [CONSENT] * 8}, NO_EXTRAS, False),
        ({**QUESTION, "toestemmingen": [CONSENT] * 9}, NO_EXTRAS, True),
        ({**FEW_FLOWS, "toestemmingen": FEW_FLOWS["delingen"][:2]}, NO_EXTRAS, False),
        ({**FEW_FLOWS, "toestemmingen": FEW_FLOWS["delingen"][:3]}, NO_EXTRAS, True),
        ({**QUESTION, "mandaten": [MANDATE] * 19}, NO_EXTRAS, True),
        ({**QUESTION, "overgangsdocument": {"inhoud": ["stagegegevens"] * 19}}, NO_EXTRAS, True),
    ],
)
def test_what_takes_long(composed: Composition, question: Any, extras: Extras, long: bool) -> None:
    casus = composed.reader.read(json.dumps(question).encode())

    assert is_heavy(casus.data, extras) is long


@pytest.mark.parametrize("extras", [NO_EXTRAS, Extras(uitleg=True), Extras(kantelpunten=True), Extras(stromen=True)])
@pytest.mark.parametrize("delingen", [True, False])
def test_the_real_adviser_stops_wherever_time_is_up(composed: Composition, extras: Extras, delingen: bool) -> None:
    """Whichever check is the one that stops it, there is no answer; and there are checks all along the way."""
    several = {**QUESTION["delingen"][0], "gegevens": ["overgangsdocument", "contactgegevens", "verzuimgegevens"]}
    question = {**QUESTION, "jongere": {"geboortedatum": "2009-06-05"}, "delingen": [several]}
    if not delingen:
        del question["delingen"]
    casus = composed.reader.read(json.dumps(question).encode())
    places: list[str] = []

    def noting() -> None:
        places.append(Path(sys._getframe(1).f_code.co_filename).stem)

    composed.desk.adviser.advise(casus, extras, noting)
    checks = len(places)
    turned = {"kantelpunten"} if extras.kantelpunten and delingen else set()
    listed = {"listing"} if extras.stromen or not delingen else set()
    advised = {"advisor"} if delingen else set()
    assert set(places) == {"last_days", "settle"} | advised | listed | turned
    for last in {1, 2, checks // 2, checks}:
        left = last

        def stopping() -> None:
            nonlocal left
            left -= 1
            if not left:
                raise TimeUpError

        with pytest.raises(TimeUpError):
            composed.desk.adviser.advise(casus, extras, stopping)


def test_a_part_of_a_budget_never_exceeds_it() -> None:
    whole = Budget.of(10)

    assert whole.part(100) == whole
    assert whole.part(1).deadline < whole.deadline
    Budget.of(10).check()
    with pytest.raises(TimeUpError):
        Budget.of(-1).check()
