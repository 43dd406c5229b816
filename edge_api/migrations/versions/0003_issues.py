"""Issues of the newsletter, and a lane of the outbox for them, so that no code waits behind an issue."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the lane with its index, and makes the three tables."""
    op.add_column("outbox", sa.Column("lane", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("ix_outbox_due_ms", "outbox")
    waiting = sa.text("sent_ms IS NULL AND dead_ms IS NULL")
    op.create_index(
        "ix_outbox_lane_due_ms", "outbox", ["lane", "due_ms", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "issues",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("begun_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("sent", sa.Integer),
        sa.Column("dropped", sa.Integer),
        sa.Column("dead", sa.Integer),
        sa.PrimaryKeyConstraint("id", "lang", name="pk_issues"),
    )
    op.create_table(
        "deliveries",
        sa.Column("issue", sa.String(20), nullable=False),
        sa.Column("subscription", sa.String(32), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("letter", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("issue", "subscription", name="pk_deliveries"),
        sa.UniqueConstraint("letter", name="uq_deliveries_letter"),
    )
    op.create_index("ix_deliveries_issue_lang_outcome", "deliveries", ["issue", "lang", "outcome"])
    op.create_table(
        "announced",
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("issue", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("slug", "lang", name="pk_announced"),
    )
