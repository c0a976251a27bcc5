"""What anyone who reaches the port may try, over real sockets: who they are is not known, or is not believed."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.database.clock import now_ms
from app.log.clock_trust import DAY_MS
from app.web.gate import KEY_HEADER
from tests.contract.asking import QUESTION
from tests.faults.running import Service, deelwijzer, new_key, running
from tests.faults.test_connections import answer, connected, problem
from tests.faults.test_requests import BODY, HEAD, exchanged, framed, statuses
from tests.unit.log.entries import entry, opened

pytestmark = pytest.mark.processes

CLOSE = b"connection: close\r\n"
WRONG_A_MINUTE = 30
VISITS = 5
SMALL = 64 * 1024
PROMPT = 2.0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A service with access, of which nothing was asked yet, and a key for it."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url, DEELWIJZER_TOEGANG="sleutel", DEELWIJZER_LIMIET_BEZOEK=f"{VISITS}/minute") as made:
        yield made, new_key(url)


@pytest.mark.parametrize("trailer", [True, False], ids=["in a trailer", "in the head, by a proxy that is believed"])
def test_only_a_header_says_for_whom_a_wrong_key_counts(guarded: tuple[Service, str], trailer: bool) -> None:
    service, key = guarded
    found = []
    for number in range(WRONG_A_MINUTE + 2):
        shown = f"{KEY_HEADER}: dw_wrong{number}\r\n".encode()
        origin = b"x-forwarded-for: 192.0.2.%d\r\n" % number
        head, last = (HEAD + shown, origin) if trailer else (HEAD + shown + origin, b"")
        raw = exchanged(
            service.port, head + CLOSE + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + last + b"\r\n"
        )
        found += statuses(raw)
    assert found == [401] * WRONG_A_MINUTE + [429 if trailer else 401] * 2

    right = f"{KEY_HEADER}: {key}\r\n".encode() + CLOSE + framed(BODY)[0][0]
    assert statuses(exchanged(service.port, HEAD + right + b"\r\n" + BODY)) == [200], (
        "a right key is let in all the same"
    )


def test_blanks_after_a_value_are_no_part_of_it(guarded: tuple[Service, str]) -> None:
    service, key = guarded
    fields = f"{KEY_HEADER}: {key} \t\r\nx-request-id: mijn-vraag \t \r\n".encode() + CLOSE + framed(BODY)[0][0]

    raw = exchanged(service.port, HEAD + fields + b"\r\n" + BODY)

    assert statuses(raw) == [200]
    assert b"\r\nx-request-id: mijn-vraag\r\n" in raw


def test_visitors_have_a_limit_of_their_own_and_keep_what_they_have(guarded: tuple[Service, str]) -> None:
    service, key = guarded
    visit = b"GET /v1/beleid HTTP/1.1\r\nhost: localhost\r\n" + CLOSE
    first = exchanged(service.port, visit + b"\r\n")
    tag = first.partition(b"\r\netag: ")[2].partition(b"\r\n")[0]
    assert tag
    again = exchanged(service.port, visit + b"if-none-match: " + tag + b"\r\n\r\n")
    assert statuses(again) == [304]
    assert len(again) < 1024 < len(first)

    codes = [statuses(exchanged(service.port, visit + b"\r\n"))[0] for _ in range(VISITS)]
    assert codes.count(429) >= 2
    right = f"{KEY_HEADER}: {key}\r\n".encode() + CLOSE + framed(BODY)[0][0]
    assert statuses(exchanged(service.port, HEAD + right + b"\r\n" + BODY)) == [200]


@pytest.mark.parametrize(
    "field",
    [
        b"host: deelwijzer.example\r\n",
        b"host: localhost\r\nfastly-client-ip: 192.0.2.1\r\n",
        b"host: localhost\r\nx-cluster-client-ip: x\r\n",
        b"host: localhost\r\nx-envoy-external-address: x\r\n",
        b"host: localhost\r\nx-of-tomorrow: 192.0.2.1, 2001:db8::1\r\n",
    ],
)
@pytest.mark.parametrize("path", [b"/livez", b"/readyz", b"/metrics", b"/v1/beleid", b"/", b"/nowhere"])
def test_without_access_no_other_name_and_nothing_passed_on_is_answered(
    service: Service, path: bytes, field: bytes
) -> None:
    raw = exchanged(service.port, b"GET %s HTTP/1.1\r\n%s%s\r\n" % (path, field, CLOSE))
    problem(raw, 403)


def test_many_names_give_a_small_answer_and_hold_up_nobody(service: Service) -> None:
    """A series with as many unknown names as its 8 MiB hold."""
    names = ",".join(f'"x{number:06}":0' for number in range(600_000))
    body = f'{{"casussen":[{{}}],{names}}}'.encode()[: 8 * 1024 * 1024]
    head = HEAD.replace(b"/v1/advies", b"/v1/advies/reeks") + CLOSE + b"content-length: %d\r\n\r\n" % len(body)
    slowest = 0.0
    done = threading.Event()

    def health() -> None:
        nonlocal slowest
        while not done.is_set():
            begin = time.monotonic()
            assert service.send("GET", "/livez")[0] == 200
            slowest = max(slowest, time.monotonic() - begin)

    asking = threading.Thread(target=health)
    asking.start()
    try:
        with connected(service.port) as connection:
            connection.sendall(head + body)
            raw = answer(connection)
    finally:
        done.set()
        asking.join()
    assert statuses(raw) == [400]
    assert len(raw) < SMALL
    assert 0 < slowest < PROMPT


@pytest.mark.parametrize("many", [3, 15_000])
def test_many_parameters_give_a_small_answer(service: Service, many: int) -> None:
    raw = exchanged(
        service.port, HEAD.replace(b"/v1/advies", b"/v1/advies?" + b"a&" * many) + CLOSE + b"content-length: 0\r\n\r\n"
    )
    problem(raw, 400)
    assert len(raw) < 4096


def test_a_log_whose_past_was_deleted_is_not_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with running(url) as service:
        given = [service.ask(QUESTION)[1]["id"] for _ in range(3)]
    assert len(set(given)) == 3
    whole = deelwijzer(url, "log", "verify")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    with closing(sqlite3.connect(tmp_path / "log.db")) as database:
        for statement in ("DELETE FROM stuk", "DELETE FROM besluit"):
            database.execute(statement)
        database.execute("UPDATE ketenstand SET begin_nr = 51, begin_hash = ?", ("ff" * 32,))
        database.commit()
    told = deelwijzer(url, "log", "verify")
    assert told.returncode == 1
    assert "no purge was recorded" in told.stdout + told.stderr


def begun(url: str, *days_ago: int) -> None:
    """Record calls as clocks told at the time: so many days ago, or ahead where negative."""
    now = now_ms()
    with opened(url) as book:
        book.journal.append([entry(begin_ms=now - days * DAY_MS) for days in days_ago])


def test_a_purge_by_a_clock_far_past_the_newest_record_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    begun(url, *range(150, 100, -1))
    told = deelwijzer(url, "log", "purge", "--dagen", "30")
    assert told.returncode != 0
    assert "not purged: the clock is" in told.stdout + told.stderr
    assert deelwijzer(url, "log", "verify").stdout.startswith("50 regels")
    assert deelwijzer(url, "log", "purge", "--dagen", "30", "--klok-klopt").returncode == 0


def test_a_record_from_a_clock_that_ran_ahead_holds_up_no_purge(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    begun(url, *range(60, 40, -1), -4000, *range(40, -1, -1))  # by now those of 30 days ago are older than that
    assert deelwijzer(url, "log", "purge", "--dagen", "30").returncode == 0
    told = deelwijzer(url, "log", "verify")
    assert told.returncode == 0, told.stdout + told.stderr
    with closing(sqlite3.connect(tmp_path / "log.db")) as database:
        (left,) = database.execute("SELECT count(*) FROM besluit WHERE aanroeper != 'beheer'").fetchone()
    assert left == 30
