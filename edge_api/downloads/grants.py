"""What a link is worth: whether it opens a file, which one, and what took it back.

A link carries the id of a grant (`links`), the grant's row says what it is worth: so taking a grant back, an account's
end, or a film that left the catalogue, count from the next request on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, update

from footage.errors import FootageError, StorageAway
from footage.places.bucket import Bucket
from footage.places.place import Source

from ..question import Question
from ..world import World
from . import sharing
from .bodies import Body, open_file
from .library import Library, standing
from .links import GRACE_S, Link, read_token, write_token
from .schema import Download, downloads
from .sharing_schema import link_networks, link_pauses
from .stock import Stock

_PURPOSE = "download"
# All that the database knows of a link in one row: its grant (gone with its member), a pause, and whether its network
# was seen before.
_STATE = Question(
    select(downloads, link_pauses.c.until, link_networks.c.network)
    .outerjoin(link_pauses, link_pauses.c.download_id == downloads.c.id)
    .outerjoin(
        link_networks,
        (link_networks.c.download_id == downloads.c.id)
        & (link_networks.c.expires == bindparam("expires"))
        & (link_networks.c.network == bindparam("network")),
    )
    .where(downloads.c.id == bindparam("grant"))
)


@dataclass(frozen=True)
class Granted:
    """A file that a link opens: how, and the name of its content for the entity tag. `whole` looks where it lies, None
    when it is put together while it is sent. Both may have to ask a bucket. A link that is `over` gives the rest of
    what was begun, never all of it."""

    download: Download
    open: Callable[[], Body]
    content: str
    whole: Callable[[], Source | None]
    over: bool = False


@dataclass(frozen=True)
class Refused:
    """Why a link opens nothing, for the log alone: whoever asked is told the same 404 for all of it."""

    why: str


class Grants:
    """Writes links, and tells what they open."""

    def __init__(self, world: World, library: Library, stock: Stock) -> None:
        self.world, self.library, self.stock = world, library, stock

    def link(self, download: Download) -> str | None:
        """The token of its link; None while there is no file, when its time is over, or when its film was replaced."""
        dead = download.revoked_ms is not None or download.expires_ms <= self.world.clock()
        if download.state != "ready" or dead or not self.in_catalogue(download):
            return None
        link = Link(download.id, download.expires_ms // 1000)
        return write_token(link, *self.world.keys.signing(_PURPOSE))

    async def granted(
        self, token: str, filename: str, *, network: str, resumes: bool = False, looks: bool = False
    ) -> Granted | Refused:
        """What a link opens for somebody of a network (limits.network_of), and for the log why it opens nothing.

        `resumes` says that the request is for a later part of a file, which a link may still fetch in its grace;
        `looks` that no byte is asked for (HEAD), which counts for nothing. StorageAway when a bucket is silent.
        """
        await self.world.look()
        link = read_token(token, self.world.keys.all(_PURPOSE))
        now = self.world.clock() // 1000
        if link is None:
            return Refused("altered")
        if not link.alive(now, GRACE_S if resumes else 0):
            return Refused("expired")
        hashed = sharing.network_key(self.world, network)
        row = await self.world.database.row(_STATE, grant=link.grant, expires=link.expires, network=hashed)
        if row is None:
            return Refused("account gone")
        paused_until, seen = row.pop("until"), row.pop("network") is not None
        download = Download(**row)
        if (why := self._why_not(link, download, filename, paused_until)) is not None:
            return Refused(why)
        if (file := await self._looked_for(download)) is None:
            return Refused("no file")
        if not (seen or looks or await sharing.admits(self.world, link, download, hashed)):
            return Refused("paused")
        return replace(file, over=not link.alive(now))

    def _why_not(self, link: Link, download: Download, filename: str, paused_until: int | None) -> str | None:
        if download.revoked_ms is not None:
            return "revoked"
        if not (link.alive(self.world.clock() // 1000) or download.hits > 0):
            return "expired"
        if download.filename != filename:
            return "another name"
        if download.state != "ready":
            return "no file"
        if not self.in_catalogue(download):
            return "film replaced"
        return "paused" if paused_until is not None and link.expires <= paused_until else None

    async def _looked_for(self, download: Download) -> Granted | None:
        """Its file: in a thread where a bucket must be asked."""
        if download.clip_order is None and isinstance(self.library.store.place, Bucket):
            return await asyncio.to_thread(self._file, download)
        return self._file(download)

    async def begun(self, download: Download) -> None:
        """Remembers that a transfer was begun."""
        hit = update(downloads).where(downloads.c.id == download.id).values(hits=downloads.c.hits + 1)
        async with self.world.database.write(lasting=False) as connection:
            await connection.execute(hit)

    async def revoke(self, id: str) -> None:
        """Takes a grant back: its links are dead at the next request."""
        async with self.world.database.write() as connection:
            revoked = update(downloads).where(downloads.c.id == id, downloads.c.revoked_ms.is_(None))
            await connection.execute(revoked.values(revoked_ms=self.world.clock()))

    def in_catalogue(self, download: Download) -> bool:
        """Whether a page of today still shows this state of this film."""
        entry = self.library.entry(download.interview, download.lang)
        return entry is not None and (entry.master, entry.version) == (download.master, download.version)

    def _file(self, download: Download) -> Granted | None:
        order = download.order
        if order is not None:
            return Granted(
                download,
                lambda: self.stock.open(order),
                # Sealed twice, a file has the same name and other bytes: then its time tells them apart.
                "" if order.sealed else download.clip or "",
                lambda: self.stock.sendable(order),
            )
        try:
            path = standing(self.library, download.master, download.version, download.profile)
        except StorageAway:
            raise
        except FootageError:
            return None
        content = f"{download.version}-{download.profile}"
        return Granted(download, lambda: open_file(path), content, lambda: path)
