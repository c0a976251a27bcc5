"""Metrics of one process, and of several together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.operations.metrics import FOLDER, Metrics

ROOT = Path(__file__).resolve().parents[3]
WORKER = """
import sys
from app.operations.metrics import Metrics, forget_this_process
metrics = Metrics()
metrics.called("/v1/advies", "200", 0.003)
metrics.recording()
if sys.argv[1] == "ends":
    forget_this_process()
"""


def test_what_is_counted_is_shown() -> None:
    metrics = Metrics()
    for status in ("200", "200", "400"):
        metrics.called("/v1/advies", status, 0.003)
    metrics.decided(0.0004, ("toegestaan", "onbekend"), ("ALB-1",))
    metrics.recording()
    metrics.recording()
    metrics.recorded(0.02, kept=False)
    metrics.reloaded("refused")

    lines = metrics.text("2026-01-01.abc", "sha256:abc").decode().splitlines()

    for line in (
        'deelwijzer_calls_total{route="/v1/advies",status="200"} 2.0',
        'deelwijzer_call_seconds_bucket{le="0.0025",route="/v1/advies"} 0.0',
        'deelwijzer_call_seconds_bucket{le="0.005",route="/v1/advies"} 3.0',
        'deelwijzer_decide_seconds_bucket{le="0.0005"} 1.0',
        'deelwijzer_oordelen_total{oordeel="onbekend"} 1.0',
        'deelwijzer_norms_total{norm="ALB-1"} 1.0',
        "deelwijzer_record_waiting 1.0",
        "deelwijzer_record_seconds_count 1.0",
        "deelwijzer_unrecorded_total 1.0",
        'deelwijzer_reloads_total{outcome="loaded"} 0.0',
        'deelwijzer_reloads_total{outcome="refused"} 1.0',
        'deelwijzer_policies_info{hash="sha256:abc",version="2026-01-01.abc"} 1.0',
    ):
        assert line in lines


def test_two_services_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.called("/livez", "200", 0.1)

    assert "/livez" not in other.text("", "").decode()


def test_workers_are_added_up_and_one_that_ended_no_longer_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**os.environ, FOLDER: str(tmp_path)}
    for how in ("ends", "crashes"):
        subprocess.run([sys.executable, "-c", WORKER, how], cwd=ROOT, env=environment, check=True)
    live = {file.stem.rpartition("_")[2] for file in tmp_path.glob("gauge_live*")}
    assert len(live) == 1, "the one that crashed left its files"
    monkeypatch.setenv(FOLDER, str(tmp_path))

    lines = Metrics().text("", "").decode().splitlines()

    assert 'deelwijzer_calls_total{route="/v1/advies",status="200"} 2.0' in lines
    assert "deelwijzer_record_waiting 0.0" in lines or not [
        one for one in lines if one.startswith("deelwijzer_record_w")
    ]
