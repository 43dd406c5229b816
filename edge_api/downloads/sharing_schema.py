"""The tables by which shared links are noticed. Networks are keyed hashes of a /24 or /48, and go with their link."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from ..schema import metadata

# From where a link was used; `expires` (seconds since 1970) tells the links of one download apart.
link_networks = Table(
    "link_networks",
    metadata,
    Column("download_id", String(32), ForeignKey("downloads.id", ondelete="CASCADE"), primary_key=True),
    Column("expires", BigInteger, primary_key=True),
    Column("network", String(32), primary_key=True),
)

# A download whose links that end at `until` or before (seconds since 1970) open nothing any more.
link_pauses = Table(
    "link_pauses",
    metadata,
    Column("download_id", String(32), ForeignKey("downloads.id", ondelete="CASCADE"), primary_key=True),
    Column("until", BigInteger, nullable=False),
)
