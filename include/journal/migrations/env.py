"""Runs the migrations on the connection that the journal's engine hands over."""

from alembic import context

from include.journal.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
