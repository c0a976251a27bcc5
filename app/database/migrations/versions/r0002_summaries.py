"""What a search shows of an advice, apart from the advice: a list need not read every answer.

Goes in: the tables of step 0001. Comes out: the same with a column, filled in from the answers that are kept.
Must not know: tables.py. Written out, not taken from elsewhere: a step that was taken stays what it was.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
_TOGETHER = 50


def upgrade() -> None:
    """Add the column, and fill it."""
    op.add_column("stuk", sa.Column("samenvatting", sa.Text))
    connection = op.get_bind()
    stuk = sa.table("stuk", sa.column("id"), sa.column("antwoord"), sa.column("samenvatting"))
    some = sa.select(stuk.c.id, stuk.c.antwoord).where(stuk.c.antwoord != "").order_by(stuk.c.id).limit(_TOGETHER)
    last = ""
    while rows := connection.execute(some.where(stuk.c.id > last)).all():
        for identifier, answer in rows:
            said = json.loads(answer)
            told = said.get("context", said)  # over AuthZEN
            judged = told.get("adviezen", [told] if "oordeel" in told else ())
            shown = {"kenmerk": told.get("kenmerk"), "oordelen": [one["oordeel"] for one in judged]}
            text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
            connection.execute(stuk.update().where(stuk.c.id == identifier).values(samenvatting=text))
            last = identifier


def downgrade() -> None:
    """Refuse: a log is not thrown away by a step back."""
    raise NotImplementedError("restore a backup instead")
