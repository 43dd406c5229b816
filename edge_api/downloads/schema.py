"""The table of downloads: one row is one grant, a member's right to one file for a while."""

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Row, String, Table, Text

from ..schema import language, metadata, time_of
from .clip_order import ClipOrder

# `clip` is the content key of a made file and `clip_order` (JSON) all that is needed to make it again; both are null
# when the file is the master itself. Points are frames and the milliseconds at which they start; `bytes` is null until
# the file stands. `state` is queued, ready or failed: what is being made just now is known only to who makes it.
# `expires_ms` is when the newest link dies, `hits` how often a transfer was begun.
downloads = Table(
    "downloads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("interview", String(200), nullable=False),
    language(),
    Column("kind", String(8), nullable=False),
    Column("profile", String(8), nullable=False),
    Column("master", String(100), nullable=False),
    Column("version", String(64), nullable=False),
    Column("in_frame", Integer, nullable=False),
    Column("out_frame", Integer, nullable=False),
    Column("in_ms", BigInteger, nullable=False),
    Column("out_ms", BigInteger, nullable=False),
    Column("clip", String(40)),
    Column("clip_order", Text),
    Column("filename", String(240), nullable=False),
    Column("bytes", BigInteger),
    Column("state", String(8), nullable=False),
    Column("reason", String(40)),
    time_of("created_ms"),
    time_of("expires_ms"),
    time_of("revoked_ms", optional=True),
    Column("hits", Integer, nullable=False),
    Index("ix_downloads_user_id_created_ms", "user_id", "created_ms"),
    Index("ix_downloads_clip_state", "clip", "state"),
)


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table, as it stands there."""

    id: str
    user_id: str
    interview: str
    lang: str
    kind: str
    profile: str
    master: str
    version: str
    in_frame: int
    out_frame: int
    in_ms: int
    out_ms: int
    clip: str | None
    clip_order: str | None
    filename: str
    bytes: int | None
    state: str
    reason: str | None
    created_ms: int
    expires_ms: int
    revoked_ms: int | None
    hits: int

    @property
    def order(self) -> ClipOrder | None:
        """What is needed to make its clip; None when it is the master itself."""
        return None if self.clip_order is None else msgspec.json.decode(self.clip_order, type=ClipOrder)

    @property
    def package(self) -> bool:
        """Whether it is an archive of the media and what belongs to it."""
        order = self.order
        return order is not None and order.package


def download_of(row: Row[Any]) -> Download:
    """The record of a row."""
    return Download(**row._mapping)
