"""The tables, the same for SQLite and PostgreSQL.

Goes in: nothing. Comes out: SQLAlchemy tables. Must not know: who reads or writes them.

Personal data stands in one table only (`stuk`) and can be taken out of it without touching anything
that the hash chain covers. Times are milliseconds since 1970, in UTC.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SHA256_HEX: Final = 64
metadata: Final = MetaData()

besluit: Final = Table(
    "besluit",
    metadata,
    Column("nr", BigInteger, primary_key=True, autoincrement=False),
    Column("trace_id", String(32), nullable=False),
    Column("span_id", String(16), nullable=False),
    Column("parent_span_id", String(16)),
    Column("event_name", String(64), nullable=False),
    Column("begin_ms", BigInteger, nullable=False),
    Column("einde_ms", BigInteger, nullable=False),
    Column("status", String(8), nullable=False),
    Column("aanroeper", String(200), nullable=False),
    Column("beleid", String(80)),
    Column("engine", String(40), nullable=False),
    Column("versie", String(40), nullable=False),
    Column("verwerking", Text),
    Column("bewaard", String(10), nullable=False),
    Column("bijzonderheden", Text),
    Column("vorige", String(SHA256_HEX), nullable=False),
    Column("hash", String(SHA256_HEX), nullable=False),
    Column("vorm", Integer, nullable=False, server_default="1"),
    Column("sleutel", String(32)),
    UniqueConstraint("trace_id", "span_id", name="besluit_span"),
    comment="one record per call, in the order of the chain",
)
Index("besluit_aanroeper_begin", besluit.c.aanroeper, besluit.c.begin_ms)

stuk: Final = Table(
    "stuk",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("nr", BigInteger, ForeignKey("besluit.nr", ondelete="CASCADE"), nullable=False, index=True),
    Column("plaats", Integer, nullable=False),
    Column("soort", String(40), nullable=False),
    Column("peildatum", Integer, nullable=False),
    Column("betrokkene", String(SHA256_HEX), index=True),
    Column("zout", LargeBinary(16)),
    Column("vraag", Text),
    Column("antwoord", Text),
    Column("vraag_afdruk", String(SHA256_HEX), nullable=False),
    Column("antwoord_afdruk", String(SHA256_HEX), nullable=False),
    Column("samenvatting", Text),
    Column("betrokkene_afdruk", String(SHA256_HEX)),
    comment="what was asked and answered about one young person; the only table with personal data",
)

ketenstand: Final = Table(
    "ketenstand",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("begin_nr", BigInteger, nullable=False),
    Column("begin_hash", String(SHA256_HEX), nullable=False),
    Column("nr", BigInteger, nullable=False),
    Column("hash", String(SHA256_HEX), nullable=False),
    comment="one row: where the chain starts and where it ends; writers wait for each other here",
)

beleid: Final = Table(
    "beleid",
    metadata,
    Column("hash", String(80), primary_key=True),
    Column("versie", String(40), nullable=False),
    Column("sinds_ms", BigInteger, nullable=False),
    Column("teksten", LargeBinary, nullable=False),
    comment="every policy set that decided, by content hash",
)

instelling: Final = Table(
    "instelling",
    metadata,
    Column("naam", String(40), primary_key=True),
    Column("waarde", Text, nullable=False),
    comment="what all processes on this database share",
)

sleutel: Final = Table(
    "sleutel",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("naam", String(200), nullable=False),
    Column("afdruk", String(SHA256_HEX), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("gemaakt_ms", BigInteger, nullable=False),
    Column("verloopt_ms", BigInteger),
    Column("ingetrokken_ms", BigInteger),
    comment="API keys, hashed",
)
