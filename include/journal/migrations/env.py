"""Runs the migrations on the connection that the journal's engine hands over."""

from alembic import context

from include.journal.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="journal_version",  # Airflow's own may lie in the same database
)
with context.begin_transaction():
    context.run_migrations()
