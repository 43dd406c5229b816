"""Shared links: from how many networks one was used, and which are paused."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the two tables."""
    op.create_table(
        "link_networks",
        sa.Column("download_id", sa.String(32), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("network", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("download_id", "expires", "network", name="pk_link_networks"),
        sa.ForeignKeyConstraint(
            ["download_id"], ["downloads.id"], name="fk_link_networks_download_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "link_pauses",
        sa.Column("download_id", sa.String(32), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("download_id", name="pk_link_pauses"),
        sa.ForeignKeyConstraint(
            ["download_id"], ["downloads.id"], name="fk_link_pauses_download_id", ondelete="CASCADE"
        ),
    )
