"""What Alembic runs: the steps, on the connection it is handed.

Goes in: the connection that app/database/migrating.py hands over, inside a transaction. Comes out: the tables up to
date. Must not know: where the database is.
"""

from __future__ import annotations

from alembic import context

from app.database.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
