"""`deelwijzer serve` and `deelwijzer beleid herlaad`: the service as processes.

Goes in: settings. Comes out: processes that answer until they are told to stop, and an exit code.
Must not know: how anything is decided.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path
from socket import socket
from typing import Any, Final

import uvicorn

from app import workers
from app.cli_access import check_host
from app.composition import ask_for_law, check_oordelen, compose, fingerprint_of
from app.logbook import open_log
from app.main import key_source_of, warn_of_retention
from app.operations.log_lines import configure
from app.operations.metrics import FOLDER
from app.protocol import BoundedHttp
from app.settings import NO_LOG, Settings
from app.store import selfcheck

GOOD: Final = 0
MISUSED: Final = 2
APPLICATION: Final = "app.main:create_app"
GRACE_SECONDS: Final = 20
"""How long calls that are being answered may take when the service is told to stop."""
READY_SECONDS: Final = 30
"""How long a worker that lives may take to start, and to answer its parent, before it is replaced."""
_APPLICATION: Final = "app.main:create_app"
_log = logging.getLogger("deelwijzer")


class AnnouncedServer(uvicorn.Server):
    """A server that says where it listens, and whom it answers, once it does."""

    def __init__(self, config: uvicorn.Config, whom: str) -> None:
        super().__init__(config)
        self._whom = whom

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to listen; a port that is taken ends the process before anything is said."""
        await super().startup(sockets=sockets)
        port = self.servers[0].sockets[0].getsockname()[1] if self.servers else self.config.port
        base = _address(self.config.host, port)
        _log.info(
            "Deelwijzer: %s/ (vraag: POST %s/v1/advies, beschrijving: %s/v1/openapi.json)%s",
            base, base, base, self._whom,
        )  # fmt: skip


def serve(_: argparse.Namespace, settings: Settings) -> int:
    """Start the service and keep it running; SIGTERM ends it when the calls it has are answered and recorded."""
    check_host(settings)
    configure()
    whom = "" if settings.access else "; antwoordt alleen op deze machine"
    # uvicorn ends itself with the signal it got, once it is done; that is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with tempfile.TemporaryDirectory(prefix="deelwijzer-") as folder:
        if settings.workers > 1:
            warn_of_retention(settings)
            prepare_workers(settings, Path(folder))
            base = _address(settings.host, settings.port)
            _log.info("Deelwijzer start %d processen op %s/%s", settings.workers, base, whom)
            workers.run(uvicorn.Config(APPLICATION, **server_settings(settings)))
        else:
            with contextlib.suppress(KeyboardInterrupt):
                AnnouncedServer(uvicorn.Config(APPLICATION, **server_settings(settings)), whom).run()
    return GOOD


def server_settings(settings: Settings) -> dict[str, Any]:
    """Say how uvicorn serves the application, alone or as several."""
    return {
        "factory": True,
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "loop": "uvloop",
        "http": BoundedHttp,
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "timeout_keep_alive": settings.idle_seconds,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "timeout_worker_healthcheck": READY_SECONDS,
    }


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def prepare_workers(settings: Settings, folder: Path) -> None:
    """Do once what each worker would do, and refuse here: a worker that fails is started again and again.

    Raises PolicyFault, DatabaseFault or SettingsFault. `folder` holds what the workers share for as long as they live.
    """
    if "oauth" in settings.access:
        key_source_of(settings)
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


def reload(_: argparse.Namespace, settings: Settings) -> int:
    """Check the policy set in the files, and ask every process on the same log to serve it."""
    if not settings.keeps_log:
        print(f"DEELWIJZER_LOG_URL={NO_LOG}: stuur het proces het signaal SIGHUP", file=sys.stderr)
        return MISUSED
    book = open_log(settings, make=False)
    try:
        law = ask_for_law(settings, book.archive)
    finally:
        book.close()
    print(f"beleid {law.version} is goedgekeurd en gevraagd ({law.hash}); elk proces neemt het over, zie /readyz")
    return GOOD
