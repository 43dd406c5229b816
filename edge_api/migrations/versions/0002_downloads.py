"""Downloads: the grants behind links."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "downloads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("interview", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("profile", sa.String(8), nullable=False),
        sa.Column("master", sa.String(100), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("in_frame", sa.Integer, nullable=False),
        sa.Column("out_frame", sa.Integer, nullable=False),
        sa.Column("in_ms", sa.BigInteger, nullable=False),
        sa.Column("out_ms", sa.BigInteger, nullable=False),
        sa.Column("clip", sa.String(40)),
        sa.Column("clip_order", sa.Text),
        sa.Column("filename", sa.String(240), nullable=False),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("revoked_ms", sa.BigInteger),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_downloads"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_downloads_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_downloads_user_id_created_ms", "downloads", ["user_id", "created_ms"])
    op.create_index("ix_downloads_clip_state", "downloads", ["clip", "state"])
