"""The journal, and the triggers that keep it append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table and what refuses to change it."""
    op.create_table(
        "journal",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.String(80), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("alert_no", sa.String(80), index=True),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20)),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger journal_no_{act} before {act} on journal "
                "begin select raise(abort, 'the journal is only appended to'); end"
            )
    else:
        op.execute(
            "create function journal_is_append_only() returns trigger language plpgsql as "
            "$$ begin raise exception 'the journal is only appended to'; end $$"
        )
        op.execute(
            "create trigger journal_append_only before update or delete on journal "
            "for each row execute function journal_is_append_only()"
        )
