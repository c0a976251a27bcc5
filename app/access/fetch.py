"""Fetching a small document over https, bounded in bytes and in time.

Goes in: an address, and the bounds. Comes out: the bytes, or FetchError. Must not know: what the document is.

A redirect is refused: the operator chose the address, and another one could be read over plain http or inside the
network. The time bound covers the whole exchange (handshake, headers and body), since a timeout per read never ends on
a server that sends one byte now and then. `HTTPS_PROXY` and `NO_PROXY` count, as everywhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.request
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError, URLError


class FetchError(Exception):
    """The document cannot be fetched; the message says why, without the address."""


def fetch(address: str, most: int, seconds: float) -> bytes:
    """Fetch at most `most` bytes within `seconds`; raises FetchError."""
    deadline = _Deadline(seconds)
    opener = urllib.request.build_opener(_NoRedirect(), _Https(deadline))
    try:
        request = urllib.request.Request(address, headers={"accept": "*/*"})  # noqa: S310 - KeySource takes https only
        with opener.open(request, timeout=seconds) as answer:
            found: bytes = answer.read(most + 1)
    except HTTPError as fault:
        fault.close()
        raise FetchError(f"status {fault.code}") from None
    except (OSError, http.client.HTTPException) as fault:
        if deadline.passed:
            raise FetchError(_late(seconds)) from None
        reason = fault.reason if isinstance(fault, URLError) else fault
        raise FetchError(type(reason).__name__) from None
    finally:
        deadline.cancel()
    if deadline.passed:  # a body that is cut off can look whole
        raise FetchError(_late(seconds))
    if len(found) > most:
        raise FetchError(f"larger than {most} bytes, the most that is read")
    return found


def _late(seconds: float) -> str:
    return f"not whole within {seconds:g} s"


class _Deadline:
    """Shuts a connection down when its time is over, whatever a thread is waiting for on it."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._twin: socket.socket | None = None

    def watch(self, connection: socket.socket) -> None:
        """Start the time of a connection; TLS takes over the socket itself, so a duplicate of it is kept."""
        self._twin = connection.dup()
        self._timer.start()

    def cancel(self) -> None:
        """Stop watching."""
        self._timer.cancel()
        if self._twin is not None:
            self._timer.join()
            self._twin.close()

    def _shut(self) -> None:
        self.passed = True
        assert self._twin is not None
        with suppress(OSError):  # the other side has closed it already
            self._twin.shutdown(socket.SHUT_RDWR)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the status is then an error."""
        return


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(context=self._tls)
        self._deadline = deadline

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection that is watched from before its handshake."""
        deadline = self._deadline

        class Watched(http.client.HTTPSConnection):
            _create_connection: Any

            def connect(self) -> None:
                create = self._create_connection

                def watched(*given: Any) -> socket.socket:
                    made: socket.socket = create(*given)
                    deadline.watch(made)
                    return made

                self._create_connection = watched
                super().connect()

        return self.do_open(Watched, req, context=self._tls)
