"""A member's downloads: asked for, made when need be, and remembered for as long as the account lives.

One row is one grant; what its links open is told by `grants`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from sqlalchemy import select, update

from footage.errors import FootageError, StorageAway
from footage.places.folder import Folder

from ..errors import Busy, EdgeError, NoFilm, NotFound, NoWords, TooManyRequests, UnknownInterview
from ..limits import PAPERS_ACCOUNT, allow
from ..offload import writes_clips
from ..web.rendering import package_words
from ..world import World
from .clip_order import ClipOrder
from .clips import CANCELLED, CuttingRoom, Full, Made, Outcome, failure_of, reason_of
from .grants import Grants
from .library import Library, standing
from .links import LIFE_MS
from .orders import Order, Wanted, plan
from .rows import finished, named, same_grant, told, values_of
from .schema import Download, download_of, downloads
from .seals import sealer_of
from .stock import Stock
from .workshop import Workshop

_RECENT = 50


class Downloads:
    """The flows; `library` holds films and catalogue, `room` makes clips."""

    def __init__(self, world: World, library: Library, clips: str | Path) -> None:
        self.world, self.library = world, library
        keeps = not writes_clips(world.settings.offload, clips)
        self.stock = Stock(clips, library, keeps=keeps)
        sealer = sealer_of(world.settings)
        self.workshop = Workshop(self.stock, library, package_words(), world.settings.origin, sealer)
        self.grants = Grants(world, library, self.stock)
        self.room = CuttingRoom(self.workshop.make, self._finished)

    async def ask(self, user_id: str, order: Order) -> Download:
        """Grants a file to a member, and has it made if it does not stand yet.

        Asking for the same again renews the grant that is there. UnknownInterview, NoFilm, NoWords, BadPassage,
        PassageTooLong; Busy or TooManyRequests when the cutting room takes no more.
        """
        wanted = await self._wanted(order)
        if wanted.clip is None:
            outcome: Outcome | None = Made(await asyncio.to_thread(self._size, wanted))
        else:
            outcome = await self._begun(user_id, wanted.clip)
        values = values_of(wanted, outcome, self.world.clock())
        # In turn with what else this member asks for: two equal requests at once are one grant.
        async with self.world.database.write(user_id) as connection:
            found = (await connection.execute(same_grant(user_id, wanted))).scalar()
            if found is None:
                id = self.world.random(16).hex()
                fresh = {"id": id, "user_id": user_id, "created_ms": self.world.clock(), "hits": 0}
                await connection.execute(downloads.insert().values(**values, **fresh))
            else:
                id = found
                await connection.execute(update(downloads).where(downloads.c.id == id).values(**values))
        if wanted.clip is not None and outcome is None:
            self.room.ask(wanted.clip, user_id)
        return await self.one(user_id, id)

    async def _begun(self, user_id: str, order: ClipOrder) -> Outcome | None:
        """What became of an order: it stands already, or is a paper, which is written here and now, since a line of
        text must not wait behind a film. None when it is for the room. NoWords, Busy, TooManyRequests."""
        size = await asyncio.to_thread(self.stock.size, order)
        if size is not None:
            return Made(size)
        if order.paper is None:
            if self.room.job(order.key) is None:
                self._check_room(user_id)
            return None
        await allow(self.world, (PAPERS_ACCOUNT, user_id))
        try:
            return Made(await self.workshop.make(order, lambda share: None))
        except EdgeError:
            raise
        except Exception as error:
            return failure_of(order, error)

    async def one(self, user_id: str, id: str) -> Download:
        """A download of this member. NotFound for everything else."""
        if "\0" in id:  # PostgreSQL does not even look for such text
            raise NotFound
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

    async def as_they_stand(self, found: Sequence[Download]) -> list[Download]:
        """The same, told as things are now: what is ready no more has failed when its film is gone or unanswered for
        it, and has no link when only what was made of it is gone. Nothing is changed: all may be back at the next look.
        """
        await self.world.look()
        if isinstance(self.library.store.place, Folder) and isinstance(self.stock.place, Folder):
            return await asyncio.to_thread(lambda: [self._as_it_stands(download) for download in found])
        # A bucket is asked for several at once.
        return await asyncio.gather(*(asyncio.to_thread(self._as_it_stands, download) for download in found))

    def _as_it_stands(self, download: Download) -> Download:
        now = self.world.clock()
        if download.state != "ready" or download.expires_ms <= now or not self.grants.in_catalogue(download):
            return download
        try:
            order = download.order
            if order is None:
                standing(self.library, download.master, download.version, download.profile)
            elif self.stock.size(order) is None:
                standing(self.library, download.master, download.version, "master")
                return msgspec.structs.replace(download, expires_ms=now)
        except FootageError as error:
            return msgspec.structs.replace(download, state="failed", reason=reason_of(error))
        return download

    async def renew(self, user_id: str, id: str) -> Download:
        """A fresh link to a file granted before; it is made again only if it no longer stands."""
        await self.world.look()
        download = await self.one(user_id, id)
        if download.revoked_ms is not None or not self.grants.in_catalogue(download):
            raise NotFound
        order = await self.as_told_today(download)
        changed: dict[str, object] = {"expires_ms": self.world.clock() + LIFE_MS}
        outcome = None
        if order is not None:
            try:
                outcome = await self._begun(user_id, order)
            except NoWords as error:  # they were there when it was asked for
                raise NotFound from error
            changed |= {**told(outcome), **named(order)}
        async with self.world.database.write() as connection:
            await connection.execute(update(downloads).where(downloads.c.id == id).values(**changed))
        if order is not None and outcome is None:
            self.room.ask(order, user_id)
        return await self.one(user_id, id)

    async def cancel(self, user_id: str, id: str) -> Download:
        """Gives up a download that is not ready; the work ends when no other member waits for it."""
        download = await self.one(user_id, id)
        if download.state != "queued" or download.clip is None:
            return download
        mine = update(downloads).where(downloads.c.id == id, downloads.c.state == "queued")
        others = select(downloads.c.id).where(downloads.c.clip == download.clip, downloads.c.state == "queued")
        # In turn with others who give up the same: whoever is last ends the work.
        async with self.world.database.write(download.clip) as connection:
            await connection.execute(mine.values(state="failed", reason=CANCELLED.reason))
            wanted = (await connection.execute(others.limit(1))).first() is not None
        if not wanted:
            await self.room.cancel(download.clip)
        return await self.one(user_id, id)

    async def timecodes(self, download: Download) -> tuple[str, str]:
        """The programme timecodes of its first frame and of the first one left out. NotFound without its film."""
        try:
            index = await self.library.index(download.master, download.version)
        except StorageAway:
            raise
        except FootageError as error:
            raise NotFound from error
        return index.timecode(download.in_frame), index.timecode(download.out_frame)

    async def _finished(self, key: str, outcome: Outcome) -> None:
        async with self.world.database.write() as connection:
            await connection.execute(finished(key, outcome, self.world.clock()))

    async def _wanted(self, order: Order) -> Wanted:
        await self.world.look()
        entry = self.library.entry(order.interview, order.lang)
        if entry is None:
            raise UnknownInterview
        if entry.master is None or entry.version is None:
            raise NoFilm
        try:
            index = await self.library.index(entry.master, entry.version)
            master = await asyncio.to_thread(standing, self.library, entry.master, entry.version, "master")
        except StorageAway:
            raise
        except FootageError as error:
            raise NoFilm from error
        edition = await self.workshop.edition(entry.slug, entry.master) if order.package or order.paper else ""
        wanted = plan(order, entry, index, master.suffix, edition)
        return wanted if wanted.clip is None else replace(wanted, clip=self.workshop.marked(wanted.clip))

    def _size(self, wanted: Wanted) -> int:
        """Bytes of a file of the store. NoFilm when the store has lost it."""
        try:
            return standing(self.library, wanted.master, wanted.version, wanted.order.profile).stat().st_size
        except StorageAway:
            raise
        except (FootageError, OSError) as error:
            raise NoFilm from error

    async def as_told_today(self, download: Download) -> ClipOrder | None:
        """What is needed to make a download; the words of a package, or of a paper of it, are those of today."""
        order = download.order
        if order is None or order.papers is None:
            return order
        edition = await self.workshop.edition(download.interview, download.master)
        return self.workshop.marked(
            msgspec.structs.replace(order, papers=msgspec.structs.replace(order.papers, edition=edition))
        )

    def _check_room(self, user_id: str) -> None:
        try:
            self.room.check_room(user_id)
        except Full as full:
            raise (TooManyRequests(retry_after=60) if full.mine else Busy(retry_after=60)) from full
