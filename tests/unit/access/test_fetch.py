"""Fetching over https: what is fetched is whole, from the chosen address, and bounded in bytes and time."""

from __future__ import annotations

import datetime
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.access.fetch import FetchError, fetch
from app.access.key_set import KeySetError, KeySource
from tests.unit.access import issuer

MOST = 100_000
SECONDS = 0.5
PATIENCE = 10.0
"""Seconds that no fetch may take, on a busy machine."""
Talk = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for this machine, with its key in the same file."""
    key = issuer.rsa_key("tls")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@contextmanager
def serving(certificate: Path, talk: Talk, *, tls: bool = True) -> Iterator[str]:
    """Serve connections on this machine, each by `talk`; gives the address of a document there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    stack.callback(connection.close)
                    with suppress(OSError):
                        if tls:
                            connection = context.wrap_socket(connection, server_side=True)
                            stack.callback(connection.close)
                            connection.recv(65536)
                        talk(connection)
                        connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/jwks"
        listening.shutdown(socket.SHUT_RDWR)


def said(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> Talk:
    head = b"HTTP/1.1 %s\r\ncontent-length: %d\r\n%s\r\n" % (status, len(body), more)
    return lambda connection: connection.sendall(head + body)


def drip(head: bytes, drop: bytes = b" ") -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(drop)
            time.sleep(0.05)

    return talk


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


def test_a_document_is_fetched_whole(trusted: Path) -> None:
    body = b"x" * MOST
    with serving(trusted, said(body)) as address:
        assert fetch(address, MOST, PATIENCE) == body


@pytest.mark.parametrize(
    ("talk", "says"),
    [
        pytest.param(said(b" " * (MOST + 1)), "larger than 100000", id="too large"),
        pytest.param(flood, "larger than 100000", id="without end"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n\r\n"), "not whole within", id="a drip as body"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n"), "not whole", id="a drip with a length"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), "not whole|Exception", id="a drip of headers"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\na: ", b"b"), "not whole within", id="a drip in a header"),
        pytest.param(drip(b""), "not whole within", id="a drip before the status"),
        pytest.param(said(b"[]", b"404 Not Found"), "status 404", id="not found"),
        pytest.param(said(b"", b"500 Error"), "status 500", id="an error"),
        pytest.param(lambda _: None, "RemoteDisconnected|SSL", id="no answer"),
        pytest.param(lambda one: one.sendall(b"hello\r\n\r\n"), "BadStatusLine", id="no HTTP"),
    ],
)
def test_what_is_not_right_is_refused_with_the_reason_and_in_time(trusted: Path, talk: Talk, says: str) -> None:
    begun = time.monotonic()
    with serving(trusted, talk) as address, pytest.raises(FetchError, match=says):
        fetch(address, MOST, PATIENCE if "whole" not in says else SECONDS)
    assert time.monotonic() - begun < PATIENCE


def test_a_handshake_that_drips_is_given_up(trusted: Path) -> None:
    begun = time.monotonic()
    with serving(trusted, drip(b"\x16\x03\x03\x3f\xff", b"\x02"), tls=False) as address, pytest.raises(FetchError):
        fetch(address, MOST, SECONDS)
    assert time.monotonic() - begun < PATIENCE


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See Other", b"307 Temporary", b"308 Permanent"])
def test_a_redirect_is_not_followed(trusted: Path, status: bytes) -> None:
    asked = []

    def elsewhere(connection: socket.socket) -> None:
        asked.append(connection)
        said(b"{}")(connection)

    with serving(trusted, elsewhere) as other:
        talk = said(b"", status, b"location: %s\r\n" % other.encode())
        with serving(trusted, talk) as address, pytest.raises(FetchError, match="status 30"):
            fetch(address, MOST, PATIENCE)
    assert not asked


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with serving(certificate, said(b"{}")) as address, pytest.raises(FetchError, match="SSLCertVerificationError"):
        fetch(address, MOST, PATIENCE)


def test_a_key_set_comes_from_an_address_and_a_fault_is_told_without_it(trusted: Path) -> None:
    with serving(trusted, said(json.dumps(issuer.jwks()).encode())) as address:
        assert ("first", "RSA") in KeySource(address)()
    with serving(trusted, flood) as address, pytest.raises(KeySetError, match="larger than") as told:
        KeySource(address)()
    assert "127.0.0.1" not in str(told.value)


def test_a_set_of_very_many_keys_is_refused(tmp_path: Path) -> None:
    many = issuer.write(tmp_path / "jwks.json", {"keys": [{}] * 201 + [issuer.jwk("first")]})
    with pytest.raises(KeySetError, match="202 keys"):
        KeySource(str(many))()
