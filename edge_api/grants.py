"""What a link is worth: whether it opens a file, which one, and what took it back.

A link carries the id of a grant (`links`), the grant's row says what it is worth: so taking a grant back, an account's
end, or a film that left the catalogue, count from the next request on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from footage.errors import FootageError

from .bodies import Body, open_file
from .downloads_schema import Download, download_of, downloads
from .library import Library
from .links import Link, read_token, write_token
from .workshop import Workshop, standing
from .world import World

LIFE_MS = 24 * 60 * 60 * 1000
# A transfer that was begun may be resumed this long after its link died (requests for a part that is not the first).
GRACE_S = 6 * 60 * 60
_PURPOSE = "download"


@dataclass(frozen=True)
class Granted:
    """A file that a link opens: how, and the name of its content for the entity tag. `path` is where it lies, None when
    it is put together while it is sent."""

    download: Download
    open: Callable[[], Body]
    content: str
    path: Path | None


class Grants:
    """Writes links, and tells what they open."""

    def __init__(self, world: World, library: Library, workshop: Workshop) -> None:
        self.world, self.library, self.workshop = world, library, workshop

    def link(self, download: Download) -> str | None:
        """The token of its link; None while there is no file, when its time is over, or when its film was replaced."""
        dead = download.revoked_ms is not None or download.expires_ms <= self.world.clock()
        if download.state != "ready" or dead or not self.in_catalogue(download):
            return None
        link = Link(download.id, download.expires_ms // 1000)
        return write_token(link, *self.world.keys.signing(_PURPOSE))

    async def granted(self, token: str, filename: str, *, resumes: bool) -> Granted | None:
        """What a link opens, or None: altered, dead, taken back, and never issued are all alike.

        `resumes` says that the request is for a later part of a file, which a link may still fetch in its grace.
        """
        link = read_token(token, self.world.keys.all(_PURPOSE))
        now = self.world.clock() // 1000
        if link is None or not link.alive(now, GRACE_S if resumes else 0):
            return None
        async with self.world.database.read() as connection:
            row = (await connection.execute(select(downloads).where(downloads.c.id == link.grant))).first()
        if row is None:
            return None
        download = download_of(row)
        begun = link.alive(now) or download.hits > 0
        if download.revoked_ms is not None or download.state != "ready" or download.filename != filename or not begun:
            return None
        return self._file(download) if self.in_catalogue(download) else None

    async def begun(self, download: Download) -> None:
        """Remembers that a transfer was begun."""
        hit = update(downloads).where(downloads.c.id == download.id).values(hits=downloads.c.hits + 1)
        async with self.world.database.write() as connection:
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
                download, lambda: self.workshop.open(order), download.clip or "", self.workshop.sendable(order)
            )
        try:
            path = standing(self.library, download.master, download.version, download.profile)
        except FootageError:
            return None
        content = f"{download.version}-{download.profile}"
        return Granted(download, lambda: open_file(path), content, path)
