"""How one order becomes a file: the media from footage, a package around it, or one of its papers alone."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from footage.clips.labels import Labels
from footage.clips.profiles import PieceRequest, make_piece
from footage.errors import WorkKilled

from .alone import paper
from .clip_order import ClipOrder
from .library import Library
from .packing import make_package
from .papers import Edition, edition_digest
from .seals import Parent, Sealer
from .stock import Stock

log = structlog.get_logger()

# Of the work on a package that has its media cut, this part is the cutting.
_CUTTING = 0.9


class Changed(Exception):
    """The interview is told in other words than when its package, or a paper of it, was asked for."""


class Workshop:
    """Makes what is wanting in `stock`. `words` holds, by language, what packages say; `origin` begins their
    addresses."""

    def __init__(
        self,
        stock: Stock,
        library: Library,
        words: Mapping[str, Mapping[str, Any]],
        origin: str,
        sealer: Sealer | None = None,
    ) -> None:
        self.stock, self.library = stock, library
        self._words, self._origin, self._sealer = words, origin, sealer

    def marked(self, order: ClipOrder) -> ClipOrder:
        """The same order, as it is named where files are sealed."""
        return msgspec.structs.replace(order, sealed="") if self._sealer is None else self._sealer.marked(order)

    async def edition(self, interview: str, master: str) -> str:
        """The name of the state in which an interview is told today."""
        return edition_digest(await self.library.editions(interview, master), self._origin)

    async def make(self, order: ClipOrder, progress: Callable[[float], object]) -> int:
        """Makes what was ordered, unless it stands; its size in bytes. `progress` hears the part done, from 0 to 1.

        FootageError, OSError, Changed or NoWords when it cannot be made. Work that is ended from outside is begun once
        more. Cancelling ends the work and leaves nothing behind.
        """
        for again in (False, True):
            try:
                if await asyncio.to_thread(self.stock.size, order) is None:
                    await self._made_anew(order, progress)
                if (size := await asyncio.to_thread(self.stock.size, order)) is None:
                    raise FileNotFoundError(self.stock.name(order))
                return size
            except WorkKilled:
                if again:
                    raise
                log.warning("clip begun again", clip=order.key)
        raise AssertionError

    async def _made_anew(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
        if order.paper is not None:
            await self._paper(order)
        elif order.package:
            await self._package(order, progress)
        else:
            await self._piece(order, progress)

    async def _paper(self, order: ClipOrder) -> None:
        editions = await self._editions(order)
        index = await self.library.index(order.master, order.version)

        def write() -> None:
            file = f"{order.master}{self.library.store.master(order.master, order.version).suffix}"
            text = paper(order, index, file, editions, self._words, self._origin)
            self.stock.place.write(self.stock.name(order), text)

        await asyncio.to_thread(write)

    async def _editions(self, order: ClipOrder) -> dict[str, Edition]:
        """The words that an order was asked for in. Changed when they are others by now."""
        assert order.papers is not None
        editions = await self.library.editions(order.papers.interview, order.master)
        if order.papers.lang not in editions or edition_digest(editions, self._origin) != order.papers.edition:
            raise Changed
        return editions

    async def _piece(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
        labels = Labels(
            title=order.title,
            credit=order.credit,
            reference=order.reference,
            terms=order.terms,
            place=order.place,
            day=order.day,
            timecode=order.timecode,
            source=order.master,
        )
        sealer = self._sealer if order.sealed and order.inside else None
        with self.stock.place.bench() as bench:
            target = bench / self.stock.name(order)
            # Who looks for it while it is being sealed must not find it under its own name.
            made = target if sealer is None else bench / f".{order.key}.part{order.suffix}"
            request = PieceRequest(
                master=order.master,
                version=order.version,
                first=order.in_frame,
                last=order.out_frame,
                profile=order.profile,
                target=made,
                labels=labels,
                kept=bench / self.stock.kept_name(order) if self.stock.keeps else None,
            )
            index = await self.library.index(order.master, order.version)
            store = self.library.store
            await make_piece(store, request, index, lambda done: progress(min(1.0, done / order.frames)))
            if sealer is not None:
                await sealer.inside(order, index, await self._parent(order), made, target)
            await asyncio.to_thread(self.stock.place.take, bench)

    async def _package(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
        editions = await self._editions(order)
        begun = 0.0
        if not order.as_is and await asyncio.to_thread(self.stock.size, order.media) is None:
            begun = _CUTTING
            await self._piece(order.media, lambda share: progress(share * _CUTTING))
        media = await asyncio.to_thread(self.stock.parts, order.media)
        if media is None:
            raise FileNotFoundError(self.stock.name(order.media))
        parent, index = await self._parent(order), await self.library.index(order.master, order.version)
        seal = b""
        if self._sealer is not None and order.sealed:
            made, kept = await asyncio.to_thread(self.stock.made, order.media)
            seal = await self._sealer.beside(order, index, parent, made, kept)
        with self.stock.place.bench() as bench:
            await make_package(
                order,
                media,
                index,
                parent.file,
                editions,
                seal=seal,
                words=self._words,
                origin=self._origin,
                target=bench / self.stock.name(order),
                progress=lambda share: progress(begun + share * (1 - begun)),
            )
            await asyncio.to_thread(self.stock.place.take, bench)

    async def _parent(self, order: ClipOrder) -> Parent:
        store = self.library.store
        master = await asyncio.to_thread(store.master, order.master, order.version)
        sheet = await asyncio.to_thread(store.sheet, order.master, order.version)
        carried = b""
        if self._sealer is not None and order.sealed:
            carried = await asyncio.to_thread(store.ingredient, order.master, order.version)
        return Parent(f"{order.master}{master.suffix}", sheet.sha256 if sheet else order.version, carried)
