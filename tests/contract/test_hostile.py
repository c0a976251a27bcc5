"""Bodies and requests made to hurt: a precise refusal, never a stack trace, never a value repeated."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.web.desk import Desk
from tests.contract.asking import JSON, ask, fouten, problem


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "geen geldige JSON"),
        (b"{", "geen geldige JSON"),
        (b"{'a': 1}", "geen geldige JSON"),
        (b'{"kenmerk": "a", }', "geen geldige JSON"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"kenmerk": "\xc3"}', "UTF-8"),
        (b'{"kenmerk": "a", "kenmerk": "b"}', "twee keer"),
        (b'{"jongere": {"leeftijd": 18, "leeftijd": 40}}', "twee keer"),
        (b'{"jongere": {"leeftijd": NaN}}', "NaN"),
        (b'{"jongere": {"leeftijd": -Infinity}}', "NaN"),
        (b'{"jongere": {"leeftijd": ' + b"9" * 5000 + b"}}", "te groot getal"),
        (b"[" * 30_000, "dieper genest"),
        (b'{"a":' * 10_000, "dieper genest"),
        (b"[" * 33 + b"1" + b"]" * 33, "dieper genest"),
        (b'{"kenmerk": "\\ud800"}', "half teken"),
        (b'{"\\udfff": 1}', "half teken"),
    ],
)
def test_text_that_is_no_good_json_is_a_400(client: TestClient, body: bytes, detail: str) -> None:
    assert detail in problem(ask(client, body), 400)["detail"]


def test_many_brackets_that_are_not_deep_are_read(client: TestClient) -> None:
    assert "kenmerk" in fouten(ask(client, b'{"kenmerk": [' + b"[]," * 60 + b"[]]}"))
    assert ask(client, b'{"kenmerk": "' + b"[" * 60 + b'"}').status_code == 200


@pytest.mark.parametrize("body", [b"1e999", b'{"jongere": {"leeftijd": 1e999}}', b'{"jongere": {"leeftijd": -0.5}}'])
def test_strange_numbers_are_refused(client: TestClient, body: bytes) -> None:
    problem(ask(client, body), 400)


def test_a_name_from_outside_is_repeated_shortened_and_stripped(client: TestClient) -> None:
    found = fouten(
        ask(client, {"<script>alert(1)</script>" + "x" * 60: 1, "Jan\r\nJansen": 1, "nr123456789": 1, "é": 1})
    )

    assert set(found) == {"scriptalert1script" + "x" * 22, "JanJansen", "nr…", "?"}


def test_a_body_over_the_limit_is_a_413(client: TestClient) -> None:
    limit = 64 * 1024

    assert ask(client, b"{}" + b" " * (limit - 2)).status_code == 200
    assert "64 KiB" in problem(ask(client, b"{}" + b" " * (limit - 1)), 413)["detail"]


def test_a_chunked_body_over_the_limit_is_a_413(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"{}"
        for _ in range(65):
            yield b" " * 1024

    response = client.post("/v1/advies", content=chunks(), headers=JSON)
    assert "content-length" not in response.request.headers
    problem(response, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/xml"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_another_content_type_is_a_415(client: TestClient, headers: dict[str, str]) -> None:
    problem(client.post("/v1/advies", content=b"{}", headers=headers), 415)


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "application/json;q=0", "image/*, text/csv"])
def test_a_caller_who_wants_no_json_gets_a_406(client: TestClient, accept: str) -> None:
    problem(client.post("/v1/advies", content=b"{}", headers={**JSON, "accept": accept}), 406)


class _Broken:
    """An adviser that fails with a message full of facts."""

    def advise(self, casus: object, extras: object = None) -> object:
        raise ValueError("Jan Jansen, geboren 2007-09-30")


def test_a_fault_of_ours_is_a_bare_500_and_a_log_line_without_facts(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Desk, "decide", lambda *_: _Broken().advise(None))
    with caplog.at_level(logging.DEBUG):
        response = ask(client, {"jongere": {"geboortedatum": "2007-09-30"}})
        series = ask(client, {"casussen": [{}, {}]}, "/v1/advies/reeks")

    body = problem(response, 500)
    assert [one["probleem"]["status"] for one in series.json()["resultaten"]] == [500, 500]
    for said in (str(body), response.text, series.text, caplog.text):
        assert "Jansen" not in said
        assert "2007" not in said
        assert "Traceback" not in said
    ours = [record for record in caplog.records if record.name == "deelwijzer"]
    assert [record.levelname for record in ours] == ["ERROR"] * 3
    assert "ValueError at test_hostile.py:" in ours[0].getMessage()


def test_no_value_of_a_refused_question_is_repeated_or_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = ["Xaviera-de-Groot", "1987-06-54", "mbo_zwolle", "4242"]
    question = {
        "kenmerk": [secrets[0]],
        "jongere": {"leeftijd": int(secrets[3]), "geboortedatum": secrets[1], "opleiding": secrets[2]},
        "delingen": [
            {"verstrekker": secrets[0], "ontvanger": {secrets[0]: 1}, "gegevens": [secrets[0]], "doel": secrets[0]}
        ],
    }
    with caplog.at_level(logging.DEBUG):
        response = ask(client, question)

    problem(response, 400)
    for secret in secrets:
        assert secret not in response.text
        assert secret not in "".join(
            record.getMessage() for record in caplog.records if record.name not in ("httpx", "httpx2")
        )
