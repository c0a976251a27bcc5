"""`deelwijzer serve` and `deelwijzer beleid herlaad`: the service as processes.

Goes in: settings. Comes out: processes that answer until they are told to stop, and an exit code.
Must not know: how anything is decided.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

import uvicorn

from app.cli_access import check_host
from app.main import check_oordelen, compose, fingerprint_of, open_log
from app.operations.log_lines import configure
from app.operations.metrics import FOLDER
from app.settings import NO_LOG, Settings
from app.store import selfcheck

GOOD: Final = 0
MISUSED: Final = 2
RELOAD: Final = "herlaad"
"""Stands where a norm can stand in `deelwijzer beleid`; no norm is called so."""
GRACE_SECONDS: Final = 20
"""How long calls that are being answered may take when the service is told to stop."""
READY_SECONDS: Final = 30
"""How long a worker may take to start, and to answer its parent, before it is replaced."""
_log = logging.getLogger("deelwijzer")


def serve(_: argparse.Namespace, settings: Settings) -> int:
    """Start the service and keep it running; SIGTERM ends it when the calls it has are answered and recorded."""
    check_host(settings)
    configure()
    base = f"http://{settings.host}:{settings.port}"
    whom = "" if settings.access else "; antwoordt alleen op deze machine"
    _log.info("Deelwijzer: %s/ (vraag: POST %s/v1/advies, beschrijving: %s/v1/openapi.json)%s", base, base, base, whom)
    # uvicorn ends itself with the signal it got, once it is done; that is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with tempfile.TemporaryDirectory(prefix="deelwijzer-") as folder:
        if settings.workers > 1:
            prepare_workers(settings, Path(folder))
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            loop="uvloop",
            http="httptools",
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=READY_SECONDS,
        )
    return GOOD


def prepare_workers(settings: Settings, folder: Path) -> None:
    """Do once what each worker would do, and refuse here: a worker that fails is started again and again.

    Raises PolicyFault or DatabaseFault. `folder` holds what the workers share for as long as they live.
    """
    composed = compose(settings)
    check_oordelen(composed, settings)
    if not selfcheck.remembered(settings.cache, passed := fingerprint_of(composed)):
        # The folder for it cannot be written: then the workers find the verdict in ours.
        selfcheck.remember(folder, passed)
        os.environ["DEELWIJZER_CACHE"] = str(folder)
    if settings.keeps_log:
        open_log(settings).close()
    metrics = folder / "metrics"
    metrics.mkdir()
    os.environ[FOLDER] = str(metrics)


def reload(settings: Settings) -> int:
    """Check the policy set in the files, and ask every process on the same log to serve it."""
    if not settings.keeps_log:
        print(f"DEELWIJZER_LOG_URL={NO_LOG}: stuur het proces het signaal SIGHUP", file=sys.stderr)
        return MISUSED
    composed = compose(settings)
    check_oordelen(composed, settings)
    law = composed.book
    book = open_log(settings)
    try:
        book.archive.keep(law.hash, law.version, law.policies.texts())
        book.archive.want(law.hash)
    finally:
        book.close()
    print(f"beleid {law.version} is goedgekeurd en gevraagd ({law.hash}); elk proces neemt het over, zie /readyz")
    return GOOD
