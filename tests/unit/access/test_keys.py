"""API keys: made, listed, revoked and checked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from app.access.caller import Caller, CannotTellError, NotRecognisedError
from app.access.keys import KNOWN_SECONDS, NEW_SECONDS, Key, KeyBook, KeyCheck
from app.database.clock import now_ms
from app.database.connection import Database
from app.database.tables import sleutel


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'keys.db'}")
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def book(database: Database) -> KeyBook:
    return KeyBook(database)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def check_with(book: KeyBook, clock: Clock) -> KeyCheck:
    made = KeyCheck(book)
    made._known._clock = clock
    return made


def test_a_key_lets_in_with_its_scopes(book: KeyBook) -> None:
    key, text = book.new("Gemeente X", ("log:lezen", "advies"))

    assert asyncio.run(KeyCheck(book).caller(text)) == Caller(f"sleutel:{key.id}", frozenset({"advies", "log:lezen"}))


def test_the_database_holds_no_secret(book: KeyBook, tmp_path: Path) -> None:
    key, text = book.new("Gemeente X", ("advies",))
    secret = text.removeprefix(f"dw_{key.id}_")

    assert len(secret) == 43
    assert key.afdruk != secret
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.id.encode() in kept
    assert secret.encode() not in kept


def test_keys_differ(book: KeyBook) -> None:
    made = {book.new("X", ("advies",))[1] for _ in range(20)}

    assert len({text.split("_", 2)[1] for text in made}) == len({text.split("_", 2)[2] for text in made}) == 20


def test_anything_but_the_key_is_refused(book: KeyBook) -> None:
    key, text = book.new("X", ("advies",))
    other = book.new("Y", ("advies",))[1]
    check = KeyCheck(book)
    wrong = [
        text[:-1],
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        text + "\n",
        text.upper(),
        f"dw_{key.id}_{other.split('_', 2)[2]}",
        f"dw_{key.id}_{key.afdruk}",
        f"dw_aaaaaaaaaa_{text.split('_', 2)[2]}",
        f"dw_{key.id}_",
        "dw_",
        "dw_é",
        "",
    ]
    for shown in wrong:
        with pytest.raises(NotRecognisedError):
            asyncio.run(check.caller(shown))


def test_a_revocation_works_within_seconds_and_stays(book: KeyBook) -> None:
    clock = Clock()
    check = check_with(book, clock)
    key, text = book.new("X", ("advies",))
    asyncio.run(check.caller(text))

    assert book.revoke(key.id)
    first = book.all()[0].ingetrokken_ms
    asyncio.run(check.caller(text))  # believed until what was read is too old
    clock.now += KNOWN_SECONDS
    with pytest.raises(NotRecognisedError):
        asyncio.run(check.caller(text))
    assert book.revoke(key.id)
    assert book.all()[0].ingetrokken_ms == first
    assert not book.revoke("bestaatniet")


def test_a_new_key_works_soon_and_unknown_ones_do_not_make_us_read_again_and_again(
    book: KeyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    read = KeyBook.all

    def counted(self: KeyBook) -> list[Key]:
        reads.append(1)
        return read(self)

    monkeypatch.setattr(KeyBook, "all", counted)
    clock = Clock()
    check = check_with(book, clock)
    asyncio.run(check.caller(book.new("X", ("advies",))[1]))
    key, text = book.new("Y", ("advies",))
    for _ in range(10):
        with pytest.raises(NotRecognisedError):
            asyncio.run(check.caller(text))
    assert len(reads) == 1

    clock.now += NEW_SECONDS
    assert asyncio.run(check.caller(text)).id == f"sleutel:{key.id}"
    assert len(reads) == 2


def test_a_key_expires(book: KeyBook, database: Database) -> None:
    key, text = book.new("X", ("advies",), days=1)
    assert key.verloopt_ms == key.gemaakt_ms + 86_400_000
    asyncio.run(KeyCheck(book).caller(text))

    with database.write() as connection:
        connection.execute(update(sleutel).values(verloopt_ms=now_ms()))
    with pytest.raises(NotRecognisedError):
        asyncio.run(KeyCheck(book).caller(text))


def test_without_the_database_nobody_is_let_in_or_called_wrong(book: KeyBook, tmp_path: Path) -> None:
    clock = Clock()
    check = check_with(book, clock)
    text = book.new("X", ("advies",))[1]
    asyncio.run(check.caller(text))
    for path in tmp_path.iterdir():
        path.unlink()
    clock.now += KNOWN_SECONDS

    for shown in (text, f"dw_aaaaaaaaaa_{text.split('_', 2)[2]}"):
        with pytest.raises(CannotTellError):
            asyncio.run(check.caller(shown))


@pytest.mark.parametrize(
    ("naam", "scopes"),
    [("", ("advies",)), (" ", ("advies",)), ("a\nb", ("advies",)), ("a" * 201, ("advies",)), ("X", ()), ("X", ("a",))],
)
def test_a_key_has_a_name_and_scopes_that_exist(book: KeyBook, naam: str, scopes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="a "):
        book.new(naam, scopes)
    assert book.all() == []
