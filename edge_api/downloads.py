"""A member's downloads: asked for, made when need be, linked, fetched, and remembered for as long as the account lives.

One row is one grant. A link carries the grant's id (`links`), the row says what it is worth: so taking a grant back, an
account's end, or a film that left the catalogue, count from the next request on.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Update, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue.manifest import Entry
from footage.errors import FootageError

from .clips import CuttingRoom, Failed, Full, Made, Outcome
from .downloads_schema import Download, download_of, downloads
from .errors import Busy, NoFilm, NotFound, TooManyRequests, UnknownInterview
from .library import Library
from .links import Link, read_token, write_token
from .orders import Order, Wanted, plan
from .world import World

LIFE_MS = 24 * 60 * 60 * 1000
# A transfer that was begun may be resumed this long after its link died (requests for a part that is not the first).
GRACE_S = 6 * 60 * 60
_PURPOSE = "download"
_RECENT = 50


@dataclass(frozen=True)
class Granted:
    """A file that a link opens: where it lies, and the name of its content for the entity tag."""

    download: Download
    path: Path
    content: str


class Downloads:
    """The flows; `library` holds films and catalogue, `room` makes clips."""

    def __init__(self, world: World, library: Library, clips: Path) -> None:
        self.world, self.library = world, library
        self.room = CuttingRoom(clips, library.store, self._finished)

    async def ask(self, user_id: str, order: Order) -> Download:
        """Grants a file to a member, and has it made if it does not stand yet.

        Asking for the same again renews the grant that is there. UnknownInterview, NoFilm, BadPassage, PassageTooLong;
        Busy or TooManyRequests when the cutting room takes no more.
        """
        wanted = await self._wanted(order)
        ready = wanted.clip is None or self.room.file(wanted.clip.key, wanted.clip.suffix).is_file()
        if wanted.clip is not None and not ready and self.room.job(wanted.clip.key) is None:
            self._check_room(user_id)
        values = self._values(wanted, ready)
        async with self.world.database.write() as connection:
            found = await self._same(connection, user_id, wanted)
            if found is None:
                id = self.world.random(16).hex()
                fresh = {"id": id, "user_id": user_id, "created_ms": self.world.clock(), "hits": 0}
                await connection.execute(downloads.insert().values(**values, **fresh))
            else:
                id = found
                await connection.execute(update(downloads).where(downloads.c.id == id).values(**values))
        if wanted.clip is not None and not ready:
            self.room.ask(wanted.clip, user_id)
        return await self.one(user_id, id)

    async def one(self, user_id: str, id: str) -> Download:
        """A download of this member. NotFound for everything else."""
        query = select(downloads).where(downloads.c.id == id, downloads.c.user_id == user_id)
        async with self.world.database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise NotFound
        return download_of(row)

    async def recent(self, user_id: str) -> list[Download]:
        """The member's newest downloads, newest first."""
        query = select(downloads).where(downloads.c.user_id == user_id)
        newest = query.order_by(downloads.c.created_ms.desc(), downloads.c.id).limit(_RECENT)
        async with self.world.database.read() as connection:
            return [download_of(row) for row in await connection.execute(newest)]

    async def renew(self, user_id: str, id: str) -> Download:
        """A fresh link to a file granted before; it is made again only if it no longer stands."""
        download = await self.one(user_id, id)
        if download.revoked_ms is not None or not self._in_catalogue(download):
            raise NotFound
        order = download.order
        ready = order is None or self.room.file(download.clip or "", order.suffix).is_file()
        changed: dict[str, object] = {"expires_ms": self.world.clock() + LIFE_MS}
        if order is not None and not ready:
            if self.room.job(order.key) is None:
                self._check_room(user_id)
            changed |= {"state": "queued", "reason": None, "bytes": None, "clip": order.key}
        async with self.world.database.write() as connection:
            await connection.execute(update(downloads).where(downloads.c.id == id).values(**changed))
        if order is not None and not ready:
            self.room.ask(order, user_id)
        return await self.one(user_id, id)

    async def revoke(self, id: str) -> None:
        """Takes a grant back: its links are dead at the next request."""
        async with self.world.database.write() as connection:
            revoked = update(downloads).where(downloads.c.id == id, downloads.c.revoked_ms.is_(None))
            await connection.execute(revoked.values(revoked_ms=self.world.clock()))

    def link(self, download: Download) -> str | None:
        """The token of its link; None while there is no file, when its time is over, or when its film was replaced."""
        dead = download.revoked_ms is not None or download.expires_ms <= self.world.clock()
        if download.state != "ready" or dead or not self._in_catalogue(download):
            return None
        link = Link(download.id, download.expires_ms // 1000)
        return write_token(link, *self.world.keys.signing(_PURPOSE))

    async def timecodes(self, download: Download) -> tuple[str, str]:
        """The programme timecodes of its first frame and of the first one left out. NotFound without its film."""
        try:
            index = await self.library.index(download.master, download.version)
        except FootageError as error:
            raise NotFound from error
        return index.timecode(download.in_frame), index.timecode(download.out_frame)

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
        return self._file(download) if self._in_catalogue(download) else None

    async def begun(self, download: Download) -> None:
        """Remembers that a transfer was begun."""
        hit = update(downloads).where(downloads.c.id == download.id).values(hits=downloads.c.hits + 1)
        async with self.world.database.write() as connection:
            await connection.execute(hit)

    async def resume(self) -> None:
        """After a start: asks again for every clip that was promised and not made."""
        self.room.sweep(self.world.clock())
        query = select(downloads).where(downloads.c.state == "queued").order_by(downloads.c.created_ms)
        async with self.world.database.read() as connection:
            waiting = [download_of(row) for row in await connection.execute(query)]
        for download in waiting:
            order = download.order
            if order is None:
                continue
            if order.key != download.clip:  # another encoder since: another content, another name
                async with self.world.database.write() as connection:
                    named = update(downloads).where(downloads.c.id == download.id).values(clip=order.key)
                    await connection.execute(named)
            self.room.ask(order, download.user_id)

    async def _finished(self, key: str, outcome: Outcome) -> None:
        async with self.world.database.write() as connection:
            await connection.execute(_outcome(key, outcome, self.world.clock() + LIFE_MS))

    async def _wanted(self, order: Order) -> Wanted:
        entry = self.library.entry(order.interview, order.lang)
        if entry is None:
            raise UnknownInterview
        if entry.master is None or entry.version is None:
            raise NoFilm
        try:
            index = await self.library.index(entry.master, entry.version)
            suffix = self.library.store.master(entry.master, entry.version).suffix
        except FootageError as error:
            raise NoFilm from error
        return plan(order, entry, index, suffix)

    def _values(self, wanted: Wanted, ready: bool) -> dict[str, object]:
        order, clip = wanted.order, wanted.clip
        store = self.library.store
        path = self.room.file(clip.key, clip.suffix) if clip else store.master(wanted.master, wanted.version)
        return {
            "interview": order.interview,
            "lang": order.lang,
            "kind": order.kind,
            "profile": order.profile,
            "master": wanted.master,
            "version": wanted.version,
            "in_frame": wanted.in_frame,
            "out_frame": wanted.out_frame,
            "in_ms": wanted.in_ms,
            "out_ms": wanted.out_ms,
            "clip": clip.key if clip else None,
            "clip_order": msgspec.json.encode(clip).decode() if clip else None,
            "filename": wanted.filename,
            "bytes": path.stat().st_size if ready else None,
            "state": "ready" if ready else "queued",
            "reason": None,
            "expires_ms": self.world.clock() + LIFE_MS,
        }

    async def _same(self, connection: AsyncConnection, user_id: str, wanted: Wanted) -> str | None:
        """The grant that this member has for the same file under the same name, if it was not taken back."""
        clip = wanted.clip.key if wanted.clip else None
        query = select(downloads.c.id).where(
            downloads.c.user_id == user_id,
            downloads.c.interview == wanted.order.interview,
            downloads.c.lang == wanted.order.lang,
            downloads.c.kind == wanted.order.kind,
            downloads.c.version == wanted.version,
            downloads.c.filename == wanted.filename,
            downloads.c.clip.is_(None) if clip is None else downloads.c.clip == clip,
            downloads.c.revoked_ms.is_(None),
        )
        return (await connection.execute(query.limit(1))).scalar()

    def _check_room(self, user_id: str) -> None:
        try:
            self.room.check_room(user_id)
        except Full as full:
            raise (TooManyRequests(retry_after=60) if full.mine else Busy(retry_after=60)) from full

    def _in_catalogue(self, download: Download) -> bool:
        """Whether a page of today still shows this state of this film."""
        entry: Entry | None = self.library.entry(download.interview, download.lang)
        return entry is not None and (entry.master, entry.version) == (download.master, download.version)

    def _file(self, download: Download) -> Granted | None:
        order = download.order
        if order is not None and download.clip is not None:
            return Granted(download, self.room.file(download.clip, order.suffix), download.clip)
        try:
            return Granted(download, self.library.store.master(download.master, download.version), download.version)
        except FootageError:
            return None


def _outcome(key: str, outcome: Outcome, expires_ms: int) -> Update:
    waiting = update(downloads).where(downloads.c.clip == key, downloads.c.state == "queued")
    match outcome:
        case Made(bytes=size):
            return waiting.values(state="ready", bytes=size, expires_ms=expires_ms)
        case Failed(reason=reason):
            return waiting.values(state="failed", reason=reason)
