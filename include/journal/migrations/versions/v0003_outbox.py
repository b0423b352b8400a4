"""Messages on their way, and where an account is reached."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, and add the column."""
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(120), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("claimed_at", sa.String(32)),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column("desk_account", sa.Column("contact", sa.Text, nullable=False, server_default=""))
