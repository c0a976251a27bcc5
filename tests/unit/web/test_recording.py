"""What is recorded where no log is kept."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import cast

import pytest

from app.access.caller import Caller
from app.log.entry import ADVIES, Stuk, trace_of
from app.web.call import Call
from app.web.recording import ONE, Recorder
from app.web.serving import Current, Serving

PART = Stuk("id", ADVIES, "A-1", 20260301, "{}", '{"a":1}', None)


def keep(recorder: Recorder, made: list[Stuk], activity: str | None = None) -> None:
    def make() -> Sequence[Stuk]:
        made.append(PART)
        return made

    edition = Current(cast(Serving, _Edition())).serving
    asyncio.run(recorder.keep(Call(Caller("lokaal", frozenset()), trace_of(None)), edition, ONE, make, activity))


class _Edition:
    hash, engine, version = "sha256:een", "kern", "0.1.0"


def test_of_a_call_that_nobody_keeps_nothing_is_made() -> None:
    made: list[Stuk] = []
    keep(Recorder(None, lambda _: None), made)
    assert made == []


@pytest.mark.parametrize(("own", "callers"), [("https://x.example/1", None), (None, "https://x.example/1")])
def test_a_processing_activity_is_told_also_without_a_log(
    own: str | None, callers: str | None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("deelwijzer.ldv"), "propagate", True)
    with caplog.at_level(logging.INFO, "deelwijzer.ldv"):
        keep(Recorder(None, lambda _: None, own), [], callers)
    (line,) = {record.getMessage() for record in caplog.records if record.name == "deelwijzer.ldv"}
    assert json.loads(line)["attributes"]["dpl.core.processing_activity_id"] == "https://x.example/1"
