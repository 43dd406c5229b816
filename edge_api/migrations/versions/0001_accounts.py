"""Accounts, flows, sessions, newsletter, outbox and limits.

A migration is history: it repeats the columns instead of importing today's tables, which will move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _time(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=optional)


def _text(name: str, size: int, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), nullable=optional)


def _id(size: int = 32) -> sa.Column[str]:
    return sa.Column("id", sa.String(size), nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "users",
        _id(),
        _text("email", 320),
        _text("email_key", 320),
        _text("password", 200),
        _text("lang", 2),
        _time("created_ms"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
    )
    op.create_table(
        "flows",
        _id(64),
        _text("kind", 8),
        _text("email", 320),
        _text("email_key", 320),
        _text("user_id", 32, optional=True),
        _text("password", 200, optional=True),
        _text("lang", 2),
        sa.Column("newsletter", sa.Boolean, nullable=False),
        _text("return_to", 512),
        _time("created_ms"),
        _time("expires_ms"),
        _time("verified_ms", optional=True),
        _time("done_ms", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_flows"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_flows_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_flows_email_key", "flows", ["email_key"])
    op.create_table(
        "challenges",
        _id(),
        _text("flow_id", 64),
        _text("purpose", 8),
        _text("kid", 12),
        sa.Column("tries", sa.Integer, nullable=False),
        _time("created_ms"),
        _time("expires_ms"),
        _time("used_ms", optional=True),
        _time("ended_ms", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flows.id"], name="fk_challenges_flow_id", ondelete="CASCADE", onupdate="CASCADE"
        ),
    )
    op.create_index("ix_challenges_flow_id", "challenges", ["flow_id"])
    op.create_table(
        "sessions",
        _id(),
        _text("token", 64),
        _text("user_id", 32),
        _text("agent", 80),
        _text("return_to", 512),
        _time("created_ms"),
        _time("seen_ms"),
        _time("expires_ms"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token", name="uq_sessions_token"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "subscriptions",
        _id(),
        _text("email", 320),
        _text("email_key", 320),
        _text("lang", 2),
        _text("state", 10),
        _time("asked_ms"),
        _time("confirmed_ms", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("email_key", name="uq_subscriptions_email_key"),
    )
    op.create_table(
        "consents",
        _id(),
        _text("address", 80),
        _text("subscription_id", 32),
        _text("action", 10),
        _text("wording", 20),
        _text("lang", 2),
        _text("source", 200),
        _text("network", 45),
        _time("at_ms"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_address", "consents", ["address"])
    op.create_table(
        "outbox",
        _id(),
        _text("letter", 24),
        _text("lang", 2),
        _text("recipient", 320),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        _text("problem", 200),
        _time("created_ms"),
        _time("due_ms"),
        _time("leased_ms"),
        _time("expires_ms", optional=True),
        _time("sent_ms", optional=True),
        _time("dead_ms", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due_ms", "outbox", ["due_ms"])
    op.create_table("limits", _id(80), _time("empty_ms"), sa.PrimaryKeyConstraint("id", name="pk_limits"))
