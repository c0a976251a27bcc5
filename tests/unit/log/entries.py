"""Made-up entries, and what is found of them in a log."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, update

from app.log.entry import ADVIES, Entry, Status, Stuk, trace_of
from app.log.verify import Verdict
from app.logbook import LogBook, open_log
from app.settings import Settings
from app.web.recording import summary_of


def stuk(kenmerk: str | None = "A-1", **others: Any) -> Stuk:
    identifier = str(uuid.uuid4())
    answer = json.dumps({"id": identifier, "kenmerk": kenmerk, "adviezen": [{"oordeel": "toegestaan"}]})
    plain: dict[str, Any] = {
        "id": identifier,
        "soort": ADVIES,
        "kenmerk": kenmerk,
        "peildatum": 20260301,
        "vraag": json.dumps({"kenmerk": kenmerk, "jongere": {"leeftijd": 18}}),
        "antwoord": answer,
        "samenvatting": summary_of(json.loads(answer)),
    }
    return Stuk(**{**plain, **others})


def entry(*parts: Stuk, aanroeper: str = "sleutel:a", begin_ms: int = 1_000, status: Status = "Unset") -> Entry:
    return Entry(
        trace_of(None),
        "adl.access_evaluation",
        begin_ms,
        begin_ms + 1,
        status,
        aanroeper,
        "sha256:" + "a" * 64,
        "compiled",
        "0.1.0",
        "https://register.example/1",
        parts or (stuk(),),
    )


@contextmanager
def opened(url: str) -> Iterator[LogBook]:
    made = open_log(Settings(log_url=url))
    try:
        yield made
    finally:
        made.close()


def verified(book: LogBook) -> Verdict:
    return book.verify()


def change(book: LogBook, table: Table, nr: int, **values: Any) -> None:
    """Do to a row what nobody should."""
    with book.database.write() as connection:
        assert connection.execute(update(table).where(table.c.nr == nr).values(**values)).rowcount > 0
