"""Records of form 2: what stood beside the seal is sealed too, and the tables beside the chain are held to it.

Goes in: the tables of step 0002. Comes out: columns for form 2, pseudonyms of the normal form of each kenmerk, and in a
log that has records already one more, which holds the digests of the tables beside the chain.
Must not know: tables.py, or the code that seals. Written out here: a step that was taken stays what it was.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
_TOGETHER = 200
_BESIDE = ("beleid", "instelling", "sleutel")


def upgrade() -> None:
    """Add the columns, make pseudonyms anew where the normal form differs, and note the tables beside the chain."""
    op.add_column("besluit", sa.Column("vorm", sa.Integer, nullable=False, server_default="1"))
    op.add_column("besluit", sa.Column("sleutel", sa.String(32)))
    op.add_column("stuk", sa.Column("betrokkene_afdruk", sa.String(64)))
    connection = op.get_bind()
    pepper = connection.execute(sa.text("SELECT waarde FROM instelling WHERE naam = 'betrokkene'")).scalar()
    if pepper is not None:
        _normalise(connection, bytes.fromhex(pepper))
    _note(connection)


def downgrade() -> None:
    """Refuse: a log is not thrown away by a step back."""
    raise NotImplementedError("restore a backup instead")


def _normalise(connection: Any, pepper: bytes) -> None:
    """Replace the pseudonym of each kenmerk that is not in its normal form, so that it is found by that form."""
    stuk = sa.table("stuk", *(sa.column(name) for name in ("id", "betrokkene", "vraag")))
    some = sa.select(stuk.c.id, stuk.c.vraag).where(stuk.c.betrokkene.is_not(None), stuk.c.vraag.is_not(None))
    some = some.order_by(stuk.c.id).limit(_TOGETHER)
    last = ""
    while rows := connection.execute(some.where(stuk.c.id > last)).all():
        for identifier, question in rows:
            last = identifier
            try:
                kenmerk = _kenmerk(json.loads(question))
            except ValueError:  # damaged: `log verify` tells
                continue
            if isinstance(kenmerk, str) and (normal := _normal_form(kenmerk)) != kenmerk:
                pseudonym = hmac.new(pepper, normal.encode(), hashlib.sha256).hexdigest()
                connection.execute(stuk.update().where(stuk.c.id == identifier).values(betrokkene=pseudonym))


def _kenmerk(question: Any) -> Any:
    if not isinstance(question, dict):
        return None
    context = question.get("context")
    casus = context.get("casus") if isinstance(context, dict) else question  # over AuthZEN
    return casus.get("kenmerk") if isinstance(casus, dict) else None


def _normal_form(text: str) -> str:
    spaced = (" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return unicodedata.normalize("NFC", "".join(sign for sign in spaced if sign == " " or _is_seen(sign)))


def _is_seen(sign: str) -> bool:
    code = ord(sign)
    hidden = (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    )  # fmt: skip
    return sign.isprintable() and not any(first <= code <= last for first, last in hidden)


def _note(connection: Any) -> None:
    """Seal the digests of the tables beside the chain to its end; an empty log has nothing to hold them to yet."""
    end = connection.execute(sa.text("SELECT nr, hash FROM ketenstand WHERE id = 1")).one_or_none()
    if end is None or end.nr == 0:
        return
    now = time.time_ns() // 1_000_000
    record = {
        "nr": end.nr + 1, "trace_id": secrets.token_hex(16), "span_id": secrets.token_hex(8), "parent_span_id": None,
        "event_name": "deelwijzer.log.stand", "begin_ms": now, "einde_ms": now, "status": "Unset",
        "aanroeper": "beheer",
        "beleid": None, "engine": "", "versie": "0003", "verwerking": None, "bewaard": "volledig",
        "bijzonderheden": json.dumps({"tabellen": {name: _digest(connection, name) for name in _BESIDE}}),
        "sleutel": None,
    }  # fmt: skip
    sealed = json.dumps(["deelwijzer-log/2", end.hash, list(record.values()), []], separators=(",", ":"))
    record |= {"vorige": end.hash, "hash": hashlib.sha256(sealed.encode("ascii")).hexdigest(), "vorm": 2}
    besluit = sa.table("besluit", *(sa.column(name) for name in record))
    connection.execute(besluit.insert().values(**record))
    connection.execute(
        sa.text("UPDATE ketenstand SET nr = :nr, hash = :hash"), {"nr": record["nr"], "hash": record["hash"]}
    )


def _digest(connection: Any, name: str) -> str:
    """Digest a table: the SHA-256 of the sorted SHA-256s of its rows."""
    columns = {
        "beleid": "hash, versie, sinds_ms, teksten",
        "instelling": "naam, waarde",
        "sleutel": "id, naam, afdruk, scopes, gemaakt_ms, verloopt_ms, ingetrokken_ms",
    }[name]
    rows = []
    for row in connection.execute(sa.text(f"SELECT {columns} FROM {name}")):  # noqa: S608 - names of this module
        values = [hashlib.sha256(one).hexdigest() if isinstance(one, bytes | memoryview) else one for one in row]
        rows.append(hashlib.sha256(json.dumps(values, separators=(",", ":")).encode("ascii")).hexdigest())
    return hashlib.sha256("".join(sorted(rows)).encode("ascii")).hexdigest()
