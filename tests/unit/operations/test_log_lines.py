"""Log lines: JSON, one per line, and nothing in them that a library could have taken from a question."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.operations.log_lines import LDV, Lines, configure, current_trace

FACT = "geboren in Ons Dorp"


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    """Configure logging, and put it back."""
    names = ("", "uvicorn", "uvicorn.access", "uvicorn.error", "uvicorn.asgi", "deelwijzer", LDV)
    before = [(one := logging.getLogger(name), one.handlers[:], one.propagate, one.level) for name in names]
    configure()
    yield
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate, logger.level = handlers, propagate, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_when_how_serious_who_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("deelwijzer").info("ready: %s\nand more", "policies")

    (line,) = lines(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z", line.pop("time"))
    assert line == {"level": "INFO", "logger": "deelwijzer", "message": "ready: policies\nand more"}


def test_a_line_of_a_call_has_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    token = current_trace.set("ab" * 16)
    logging.getLogger("deelwijzer").warning("during")
    current_trace.reset(token)
    logging.getLogger("deelwijzer").warning("after")

    during, after = lines(capsys)
    assert during["trace_id"] == "ab" * 16
    assert "trace_id" not in after


def test_an_exception_is_told_by_its_kind_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(FACT)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    (line,) = lines(capsys)
    assert line["message"] == "Exception in ASGI application"
    assert re.fullmatch(r"ValueError at test_log_lines.py:\d+", line["fault"])


@pytest.mark.parametrize(
    ("message", "arguments", "shown"),
    [
        ("cannot read %s", (FACT,), "cannot read %s"),
        (f"Task exception was never retrieved\nfuture: {FACT}", (), "Task exception was never retrieved"),
        (ValueError(FACT), (), "ValueError"),
    ],
)
def test_of_a_library_only_the_fixed_part_is_shown(
    capsys: pytest.CaptureFixture[str], message: object, arguments: tuple[object, ...], shown: str
) -> None:
    logging.getLogger("asyncio").error(message, *arguments)

    (line,) = lines(capsys)
    assert line["message"] == shown


def test_lines_of_the_logboek_go_to_stdout_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(LDV).info('{"trace_id":"x"}')

    assert capsys.readouterr() == ('{"trace_id":"x"}\n', "")


def test_requests_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn.access").info("10.0.0.1 GET /v1/beleid")

    assert capsys.readouterr() == ("", "")


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    logging.getLogger("uvicorn.error").warning("once")

    assert len(lines(capsys)) == 1


def test_a_line_that_cannot_be_written_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = Lines("stderr", logging.Formatter("%(message)s"))
    handler.emit(logging.LogRecord("x", logging.INFO, "", 0, "%d", (FACT,), None))

    assert capsys.readouterr().err == ""
