"""Requests over a raw socket: what comes around a question, instead of one, and after its answer."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

import pytest

from app.protocol import LINGER_SECONDS, MOST_DISCARDED, MOST_FIELDS, MOST_FRAMING, MOST_PIPELINED
from app.web.gate import KEY_HEADER
from tests.contract.asking import QUESTION
from tests.faults.running import HOST, Service, new_key, running
from tests.faults.test_connections import answer, connected, problem

pytestmark = pytest.mark.processes

HEAD: Final = b"POST /v1/advies HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
OFFER: Final = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
BODY: Final = json.dumps(QUESTION).encode()
MIB: Final = 1024 * 1024


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as made:
        yield made


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """A service with access, and a key for it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('guarded') / 'log.db'}"
    with running(url, DEELWIJZER_TOEGANG="sleutel") as made:
        yield made, new_key(url)


def framed(body: bytes) -> list[tuple[bytes, bytes]]:
    """A body in both framings: the fields that announce it, and its bytes."""
    return [
        (b"content-length: %d\r\n" % len(body), body),
        (b"transfer-encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    ]


def exchanged(port: int, *parts: bytes, pause: float = 0.1) -> bytes:
    """Send the parts one after the other, and read until the other end closes."""
    with connected(port) as connection:
        for number, part in enumerate(parts):
            if number:
                time.sleep(pause)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(part)
        return answer(connection)


def statuses(raw: bytes) -> list[int]:
    return [int(part[:3]) for part in raw.split(b"HTTP/1.1 ")[1:]]


# ---- Upgrade


@pytest.mark.parametrize(
    "offer", [OFFER, b"connection: upgrade\r\nupgrade: websocket\r\n", OFFER.replace(b"h2c", b"x")]
)
@pytest.mark.parametrize("kind", [0, 1], ids=["length", "chunked"])
@pytest.mark.parametrize("packets", ["one", "two", "many"])
def test_an_offer_of_another_protocol_is_ignored(service: Service, offer: bytes, kind: int, packets: str) -> None:
    fields, body = framed(BODY)[kind]
    head = HEAD + offer + fields + b"\r\n"
    closing = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    text = head + body + closing
    parts = {
        "one": [text],
        "two": [head, body + closing],
        "many": [text[start : start + 40] for start in range(0, len(text), 40)],
    }[packets]

    raw = exchanged(service.port, *parts, pause=0.05 if packets == "two" else 0.002)

    assert statuses(raw) == [200, 200], raw
    assert raw.count(b'"adviezen"') == 1
    assert raw.endswith(b'{"leeft":true}')


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/livez", 200),
        ("GET", "/metrics", 200),
        ("GET", "/v1/beleid/VSV-1", 200),
        ("GET", "/v1/woorden", 200),
        ("GET", "/v1/interpretaties", 200),
        ("GET", "/v1/scenarios", 200),
        ("POST", "/v1/vragen", 400),
        ("POST", "/v1/advies/reeks", 400),
        ("POST", "/access/v1/evaluation", 400),
        ("GET", "/nergens", 404),
        ("PUT", "/livez", 405),
    ],
)
def test_an_offer_is_ignored_on_every_route(service: Service, method: str, path: str, status: int) -> None:
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n".encode()
    rest = framed(b"[]")[0][0] + b"\r\n"
    plain = exchanged(service.port, head + b"connection: close\r\n" + rest, b"[]")
    offered = exchanged(service.port, head + OFFER.replace(b"connection: ", b"connection: close, ") + rest, b"[]")

    assert statuses(plain) == statuses(offered) == [status]
    if path != "/metrics":
        assert plain.partition(b"\r\n\r\n")[2] == offered.partition(b"\r\n\r\n")[2]


def test_offers_in_a_row_are_each_answered_once(service: Service) -> None:
    fields, body = framed(BODY)[1]
    one = HEAD + OFFER + fields + b"\r\n" + body
    raw = exchanged(service.port, one * 5 + HEAD + b"connection: close\r\n" + fields + b"\r\n" + body)

    assert statuses(raw) == [200] * 6


def test_nobody_is_connected_through(service: Service) -> None:
    raw = exchanged(service.port, b"CONNECT localhost:22 HTTP/1.1\r\nhost: localhost\r\n\r\nSSH-2.0")
    problem(raw, 400)


def test_http_2_without_asking_is_a_problem(service: Service) -> None:
    problem(exchanged(service.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400)
    problem(exchanged(service.port, b"GET /livez HTTP/2.0\r\nhost: localhost\r\n\r\n"), 400)


def program(name: str) -> str:
    """Find a program of this machine; without it a test is skipped, and in .ci/run it fails."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("DEELWIJZER_CI"):
            pytest.fail(f"{name} is not installed: .ci/tools installs it")
        skip(f"NO {name.upper()} HERE (apt-get install {name}): its test is SKIPPED")
    return found


def skip(reason: str) -> NoReturn:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
    pytest.skip(reason)


@pytest.mark.parametrize("more", [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]])
def test_curl_that_offers_http_2_gets_its_answer(service: Service, more: list[str]) -> None:
    command = [program("curl"), "-sS", "--http2", "-m", "20", "-w", "%{http_version} %{http_code}"]
    url = f"http://{HOST}:{service.port}/v1/advies"
    asked = [
        *command,
        "-H",
        "content-type: application/json",
        *more,
        "-d",
        BODY.decode(),
        url,
        "--next",
        *command[1:],
        f"http://{HOST}:{service.port}/livez",
    ]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout

    assert told.count("1.1 200") == 2
    assert told.count('"adviezen"') == 1


JAVA = """
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Flow;

public class Asks {
    public static void main(String[] given) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int turn = 0; turn < 4; turn++) {
            var known = BodyPublishers.ofString(given[1]);
            var body = turn % 2 == 0 ? known : BodyPublishers.fromPublisher(known);
            var request = HttpRequest.newBuilder(URI.create(given[0]))
                .header("content-type", "application/json").POST(body).build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.version() + " " + answer.statusCode() + " " + answer.body().contains("adviezen"));
        }
    }
}
"""


def test_a_stock_java_client_gets_its_answers(service: Service, tmp_path: Path) -> None:
    if shutil.which("java") is None:  # .ci/tools does not install 200 MB for one client; curl shows the same
        skip("NO JAVA HERE: its HttpClient, which offers HTTP/2 by itself, is NOT TRIED")
    source = tmp_path / "Asks.java"
    source.write_text(JAVA, encoding="ascii")
    asked = ["java", str(source), f"http://{HOST}:{service.port}/v1/advies", BODY.decode()]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120).stdout

    assert told.splitlines() == ["HTTP_1_1 200 true"] * 4


# ---- trailers, extensions, and what comes after an answer


@pytest.mark.parametrize("path", ["/v1/advies", "/nergens", "/livez"])
def test_trailers_without_end_are_broken_off(service: Service, path: str) -> None:
    """INVARIANT: what a caller sends after a body takes no memory, and its connection closes."""
    before = memory(service)
    sent = 0
    begun = time.monotonic()
    with connected(service.port) as connection:
        connection.sendall(
            HEAD.replace(b"/v1/advies", path.encode()) + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
        )
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while sent < 60 * MIB:
                connection.sendall(b"a:\r\n" * 16384)
                sent += 65536
        assert len(statuses(answer(connection))) <= 1
    assert sent < MOST_DISCARDED + 16 * MIB
    assert time.monotonic() - begun < LINGER_SECONDS + 5
    assert memory(service) - before < 30


@pytest.mark.parametrize(
    "filler",
    [
        b"0\r\n" + b"x-a: " + b"a" * (2 * MOST_FRAMING),
        b"2;" + b"e" * (2 * MOST_FRAMING),
        b"0" * (2 * MOST_FRAMING),
        b"1;eeee" + b"e" * 60 + b"\r\n \r\n",
    ],
    ids=["trailer", "extension", "size", "small chunks"],
)
def test_what_is_around_a_body_is_bounded(service: Service, filler: bytes) -> None:
    many = filler if len(filler) > MOST_FRAMING else filler * 1000
    parts = [many[start : start + 4096] for start in range(0, len(many), 4096)]
    raw = exchanged(service.port, HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n", *parts, pause=0.005)

    problem(raw, 400)


def test_small_trailers_extensions_and_chunks_are_read_over(service: Service) -> None:
    small = b"".join(b"1;a=b\r\n%c\r\n" % one for one in BODY) + b"0;last\r\nx-checksum: 1\r\ndigest: 2\r\n\r\n"
    close = b"connection: close\r\n"
    raw = exchanged(service.port, HEAD + close + b"transfer-encoding: chunked\r\n\r\n", small)

    assert statuses(raw) == [200]


def test_a_trailer_is_no_header(guarded: tuple[Service, str]) -> None:
    service, key = guarded
    with_key = f"{KEY_HEADER}: {key}\r\n".encode()
    chunked = b"transfer-encoding: chunked\r\nconnection: close\r\n"
    assert statuses(exchanged(service.port, HEAD + with_key + chunked + b"\r\n2\r\n{}\r\n0\r\n\r\n")) == [200]

    for pause in (0.0, 0.2):
        parts = [HEAD + chunked + b"\r\n2\r\n{}\r\n0\r\n", with_key + b"\r\n"]
        raw = exchanged(service.port, *([b"".join(parts)] if not pause else parts), pause=pause)
        assert statuses(raw) == [401], raw

    nameless = HEAD.replace(b"host: localhost\r\n", b"")
    raw = exchanged(service.port, nameless + with_key + chunked + b"\r\n2\r\n{}\r\n0\r\nhost: localhost\r\n\r\n")
    assert statuses(raw) == [400]


def test_a_trailer_is_no_header_of_the_next_request_either(guarded: tuple[Service, str]) -> None:
    service, key = guarded
    chunked = b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    last = HEAD + b"connection: close\r\n" + framed(b"{}")[0][0] + b"\r\n{}"
    raw = exchanged(service.port, HEAD + chunked + f"{KEY_HEADER}: {key}\r\n\r\n".encode() + last)

    assert statuses(raw) == [401, 401]


def test_an_early_answer_can_be_read_and_the_connection_closes(guarded: tuple[Service, str]) -> None:
    """A caller that sends a whole series with a wrong key reads why, and no reset."""
    service, _ = guarded
    size = 8 * MIB
    head = HEAD.replace(b"/v1/advies", b"/v1/advies/reeks") + b"content-length: %d\r\n\r\n" % size
    with connected(service.port) as connection:
        connection.sendall(head)
        sent = 0
        while sent < size:
            connection.sendall(b" " * 65536)
            sent += 65536
        raw = answer(connection)

    assert problem(raw, 401)


def test_after_an_early_answer_nothing_is_a_request(guarded: tuple[Service, str]) -> None:
    service, _ = guarded
    smuggled = b"0\r\n\r\nGET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"
    begun = time.monotonic()
    raw = exchanged(service.port, HEAD + b"transfer-encoding: chunked\r\n\r\n", smuggled, pause=0.4)

    assert statuses(raw) == [401]
    assert time.monotonic() - begun < LINGER_SECONDS + 3


def test_who_expects_to_be_asked_for_a_body_gets_one_answer(service: Service, guarded: tuple[Service, str]) -> None:
    expecting = HEAD + b"expect: 100-continue \r\nconnection: close\r\n" + framed(BODY)[0][0] + b"\r\n"
    assert statuses(exchanged(service.port, expecting, BODY, pause=0.3)) == [100, 200]
    assert statuses(exchanged(guarded[0].port, expecting)) == [401]


# ---- smuggling


@pytest.mark.parametrize(
    "fields",
    [
        b"content-length: 5\r\ntransfer-encoding: chunked\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        b"content-length: 5\r\ncontent-length: 5\r\n",
        b"content-length: 5\r\ncontent-length: 6\r\n",
        b"content-length: 5, 5\r\n",
        b"content-length: +5\r\n",
        b"content-length: 0x5\r\n",
        b"content-length: -5\r\n",
        b"content-length:\r\n",
        b"content-length : 5\r\n",
        b"content-length\t: 5\r\n",
        b"transfer-encoding: xchunked\r\n",
        b"transfer-encoding: identity\r\n",
        b"transfer-encoding: chunked, identity\r\n",
        b"transfer-encoding: gzip, chunked\r\n",
        b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        b"transfer-encoding:\r\n chunked\r\n",
        b"transfer-encoding: \x0bchunked\r\n",
        b"x-a: b\r\n c\r\n",
        b" x-a: b\r\n",
        b"x-a: b\rx-c: d\r\n",
        b"x-a: b\nx-c: d\r\n",
        b"x-a: b\x00\r\n",
        b"x a: b\r\n",
        b": b\r\n",
        b"\n",
    ],
)
@pytest.mark.parametrize("offer", [b"", OFFER], ids=["plain", "offer"])
def test_what_two_readers_could_read_in_two_ways_is_a_problem(service: Service, fields: bytes, offer: bytes) -> None:
    raw = exchanged(
        service.port, HEAD + offer + fields + b"\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"
    )

    problem(raw, 400)


@pytest.mark.parametrize(
    "line",
    [
        b"2\n{}\r\n0\r\n\r\n",
        b"2;a\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"2 \r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}",
        b"1" + b"0" * 16 + b"\r\n{}",
        b"2\r\n{}x\r\n0\r\n\r\n",
    ],
)
def test_a_chunk_is_as_it_should_be(service: Service, line: bytes) -> None:
    raw = exchanged(service.port, HEAD + b"transfer-encoding: chunked\r\n\r\n" + line)

    problem(raw, 400)


def test_http_1_0_has_no_chunks_and_is_closed(service: Service) -> None:
    old = HEAD.replace(b"HTTP/1.1", b"HTTP/1.0")
    fields, body = framed(BODY)[1]
    problem(exchanged(service.port, old + fields + b"\r\n" + body), 400)

    fields, body = framed(BODY)[0]
    raw = exchanged(service.port, old + b"connection: keep-alive\r\n" + fields + b"\r\n" + body)
    assert statuses(raw) == [200]


def test_an_answer_to_head_has_no_body(service: Service) -> None:
    raw = exchanged(service.port, b"HEAD /v1/woorden HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")

    assert statuses(raw) == [200]
    assert raw.endswith(b"\r\n\r\n")


# ---- many


def test_many_header_fields_are_a_problem(service: Service) -> None:
    few = b"".join(b"a%d: b\r\n" % number for number in range(MOST_FIELDS - 2))
    ask = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    assert statuses(exchanged(service.port, ask + few + b"\r\n")) == [200]
    assert "100 koppen" in problem(exchanged(service.port, ask + few + b"b: c\r\n\r\n"), 431)["detail"]


def test_of_many_requests_at_once_the_first_are_answered(service: Service) -> None:
    one = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"
    raw = exchanged(service.port, one * 4000)

    assert statuses(raw) == [200] * (MOST_PIPELINED + 1)
    assert raw.count(b"connection: close") == 1


def test_what_comes_before_no_http_is_answered_first(service: Service) -> None:
    fields, body = framed(BODY)[0]
    raw = exchanged(service.port, HEAD + fields + b"\r\n" + body + b"GET /livez HTTP/1.1\r\nno field\r\n\r\n")

    assert statuses(raw) == [200, 400]


def test_idle_connections_make_room_for_who_asks(tmp_path: Path) -> None:
    with (
        running(f"sqlite:///{tmp_path / 'log.db'}", DEELWIJZER_VERBINDINGEN="20") as service,
        contextlib.ExitStack() as stack,
    ):
        idle: list[socket.socket] = [stack.enter_context(connected(service.port)) for _ in range(60)]
        for _ in range(10):
            assert service.ask(QUESTION)[0] == 200
        idle[0].settimeout(5)
        assert idle[0].recv(1) == b""


def memory(service: Service) -> float:
    """Resident memory in MiB."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
