"""The decision log: records, what they are about, the chain, the policy sets, and API keys.

Goes in: an empty database. Comes out: the tables and the chain's start. Must not know: tables.py.
Written out, not taken from there: a step that was taken stays what it was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the chain's start."""
    _records()
    _chain()
    _around()


def _records() -> None:
    op.create_table(
        "besluit",
        sa.Column("nr", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("span_id", sa.String(16), nullable=False),
        sa.Column("parent_span_id", sa.String(16)),
        sa.Column("event_name", sa.String(64), nullable=False),
        sa.Column("begin_ms", sa.BigInteger, nullable=False),
        sa.Column("einde_ms", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("aanroeper", sa.String(200), nullable=False),
        sa.Column("beleid", sa.String(80)),
        sa.Column("engine", sa.String(40), nullable=False),
        sa.Column("versie", sa.String(40), nullable=False),
        sa.Column("verwerking", sa.Text),
        sa.Column("bewaard", sa.String(10), nullable=False),
        sa.Column("bijzonderheden", sa.Text),
        sa.Column("vorige", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("trace_id", "span_id", name="besluit_span"),
        comment="one record per call, in the order of the chain",
    )
    op.create_index("besluit_aanroeper_begin", "besluit", ["aanroeper", "begin_ms"])
    op.create_table(
        "stuk",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("nr", sa.BigInteger, sa.ForeignKey("besluit.nr", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("plaats", sa.Integer, nullable=False),
        sa.Column("soort", sa.String(40), nullable=False),
        sa.Column("peildatum", sa.Integer, nullable=False),
        sa.Column("betrokkene", sa.String(64), index=True),
        sa.Column("zout", sa.LargeBinary(16)),
        sa.Column("vraag", sa.Text),
        sa.Column("antwoord", sa.Text),
        sa.Column("vraag_afdruk", sa.String(64), nullable=False),
        sa.Column("antwoord_afdruk", sa.String(64), nullable=False),
        comment="what was asked and answered about one young person; the only table with personal data",
    )


def _chain() -> None:
    ketenstand = op.create_table(
        "ketenstand",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("begin_nr", sa.BigInteger, nullable=False),
        sa.Column("begin_hash", sa.String(64), nullable=False),
        sa.Column("nr", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        comment="one row: where the chain starts and where it ends; writers wait for each other here",
    )
    op.bulk_insert(ketenstand, [{"id": 1, "begin_nr": 0, "begin_hash": "0" * 64, "nr": 0, "hash": "0" * 64}])


def _around() -> None:
    op.create_table(
        "beleid",
        sa.Column("hash", sa.String(80), primary_key=True),
        sa.Column("versie", sa.String(40), nullable=False),
        sa.Column("sinds_ms", sa.BigInteger, nullable=False),
        sa.Column("teksten", sa.LargeBinary, nullable=False),
        comment="every policy set that decided, by content hash",
    )
    op.create_table(
        "instelling",
        sa.Column("naam", sa.String(40), primary_key=True),
        sa.Column("waarde", sa.Text, nullable=False),
        comment="what all processes on this database share",
    )
    op.create_table(
        "sleutel",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("naam", sa.String(200), nullable=False),
        sa.Column("afdruk", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("gemaakt_ms", sa.BigInteger, nullable=False),
        sa.Column("verloopt_ms", sa.BigInteger),
        sa.Column("ingetrokken_ms", sa.BigInteger),
        comment="API keys, hashed",
    )


def downgrade() -> None:
    """Refuse: a log is not thrown away by a step back."""
    raise NotImplementedError("the decision log is not thrown away; restore a backup instead")
