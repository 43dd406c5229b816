"""How one order becomes a file: the media from footage, a package around it or one of its papers alone when that is
asked for, and where it stands.

A file that stands under the name of its content is whole, because it got that name by a rename.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog

from footage.clips.labels import Labels
from footage.clips.profiles import PieceRequest, make_piece
from footage.errors import FootageError, StorageAway, WorkKilled
from footage.places.place import Place, Source, place_of

from .alone import paper
from .bodies import Body, open_parts
from .clip_order import ClipOrder
from .eviction import QUIET_MS, evicted
from .library import Library, standing
from .packing import make_package
from .papers import Edition, edition_digest
from .parts import Parts, kept_clip, named, read_parts, whole_file
from .seals import Parent, Sealer

log = structlog.get_logger()

LAYOUT, KEPT = ".parts", ".kept"
_ABANDONED_S = 60 * 60
# Of the work on a package that has its media cut, this part is the cutting.
_CUTTING = 0.9


class Changed(Exception):
    """The interview is told in other words than when its package, or a paper of it, was asked for."""


@dataclass(frozen=True)
class _Standing:
    """What was made and is whole: its parts, the files they lie in, and which of these is its own."""

    parts: Parts
    sources: Mapping[str, Source]
    made: Source


class Workshop:
    """Makes files into a place, a folder or a bucket. `words` holds, by language, what packages say; `origin` begins
    their addresses.

    Where it `keeps`, a clip that can be read out of its master is not written: what is its own lies in the place.
    """

    def __init__(
        self,
        place: str | Path,
        library: Library,
        words: Mapping[str, Mapping[str, Any]],
        origin: str,
        *,
        keeps: bool = True,
        sealer: Sealer | None = None,
    ) -> None:
        self.place: Place = place_of(place)
        self.library = library
        self._words, self._origin, self._keeps, self._sealer = words, origin, keeps, sealer

    def marked(self, order: ClipOrder) -> ClipOrder:
        """The same order, as it is named where files are sealed."""
        return msgspec.structs.replace(order, sealed="") if self._sealer is None else self._sealer.marked(order)

    def name(self, order: ClipOrder) -> str:
        """The name of what is made for an order: the file, or the layout of a package."""
        return f"{order.key}{LAYOUT if order.package else order.suffix}"

    def parts(self, order: ClipOrder) -> Parts | None:
        """What a member gets, piece by piece; None while it is not made, or no longer whole. StorageAway when nobody
        says."""
        found = self._standing(order)
        return None if found is None else found.parts

    def size(self, order: ClipOrder) -> int | None:
        """How many bytes a member gets; None while it is not made, or no longer whole. StorageAway likewise."""
        parts = self.parts(order)
        return None if parts is None else parts.size

    def open(self, order: ClipOrder) -> Body:
        """What a member gets, open for reading. OSError when it does not stand."""
        found = self._standing(order)
        if found is None:
            raise FileNotFoundError(self.name(order))
        sources = {id(source): source for source in (found.made, *found.sources.values())}.values()

        def note() -> None:
            for source in sources:
                self.place.note(source)

        self.place.note(found.made)
        return open_parts(found.parts, found.made.stat().st_mtime_ns, found.sources, note)

    def sendable(self, order: ClipOrder) -> Source | None:
        """The file that another program may send as it is; None for what is put together."""
        return None if order.package else self.place.find(self.name(order))

    def _standing(self, order: ClipOrder) -> _Standing | None:
        try:
            found = self._whole(order)
            return None if found is None else _Standing(found[1], found[1].sources(found[2]), found[0])
        except StorageAway:
            raise
        except (OSError, FootageError):
            return None

    def _whole(self, order: ClipOrder) -> tuple[Source, Parts, dict[str, Source]] | None:
        """What was made for an order, the parts of the whole, and the files that are known to be there."""
        if order.as_is and not order.papers:
            master = self.standing(order)
            return master, whole_file(master), {named(master): master}
        names = [self.name(order)]
        if not order.papers:
            names.insert(0 if self._keeps else 1, self._kept_name(order))
        made = next((found for name in names if (found := self.place.find(name)) is not None), None)
        if made is None:
            return None
        if order.package:
            with made.open("rb") as file:
                parts = read_parts(file.read())
            return None if parts is None else (made, parts, {})
        if KEPT not in made.name:
            return made, whole_file(made), {named(made): made}
        master = self.standing(order)
        return made, kept_clip(made, master), {named(made): made, named(master): master}

    def _kept_name(self, order: ClipOrder) -> str:
        return f"{order.key}{KEPT}{order.suffix}"

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
                if await asyncio.to_thread(self.size, order) is None:
                    await self._made_anew(order, progress)
                if (size := await asyncio.to_thread(self.size, order)) is None:
                    raise FileNotFoundError(self.name(order))
                return size
            except WorkKilled:
                if again:
                    raise
                log.warning("clip begun again", clip=order.key)
        raise AssertionError

    def evict(self, now_ms: int, most_bytes: int, most_age_ms: int, quiet_ms: int = QUIET_MS) -> list[str]:
        """Removes files that are old or too many, as `eviction` decides; the keys of what is gone."""
        kept = list(self.place.kept())
        gone = evicted(kept, now_ms, most_bytes=most_bytes, most_age_ms=most_age_ms, quiet_ms=quiet_ms)
        for each in gone:
            self.place.remove(each.name)
        # A package lives no longer than its media.
        left = {each.name for each in kept if each.name.endswith(LAYOUT)} - {each.name for each in gone}
        hollow = [name for name in sorted(left) if gone and not self._laid(name)]
        for name in hollow:
            self.place.remove(name)
        return [name.partition(".")[0] for name in (*(each.name for each in gone), *hollow)]

    def _laid(self, name: str) -> bool:
        """Whether everything that a layout names is there."""
        try:
            parts = read_parts(self.place.read(name))
            return parts is not None and bool(parts.sources())
        except StorageAway:
            raise
        except OSError:
            return False

    def sweep(self, now_ms: int) -> None:
        """Removes what encoders of a killed service left half-made, once it is too old to be still written to."""
        self.place.sweep(now_ms - _ABANDONED_S * 1000)

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
            self.place.write(self.name(order), paper(order, index, file, editions, self._words, self._origin))

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
        with self.place.bench() as bench:
            target = bench / self.name(order)
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
                kept=bench / self._kept_name(order) if self._keeps else None,
            )
            index = await self.library.index(order.master, order.version)
            store = self.library.store
            await make_piece(store, request, index, lambda done: progress(min(1.0, done / order.frames)))
            if sealer is not None:
                await sealer.inside(order, index, await self._parent(order), made, target)
            await asyncio.to_thread(self.place.take, bench)

    async def _package(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
        editions = await self._editions(order)
        begun = 0.0
        if not order.as_is and await asyncio.to_thread(self.size, order.media) is None:
            begun = _CUTTING
            await self._piece(order.media, lambda share: progress(share * _CUTTING))
        media = await asyncio.to_thread(self.parts, order.media)
        if media is None:
            raise FileNotFoundError(self.name(order.media))
        parent, index = await self._parent(order), await self.library.index(order.master, order.version)
        seal = b""
        if self._sealer is not None and order.sealed:
            made, kept = await asyncio.to_thread(self._made, order.media)
            seal = await self._sealer.beside(order, index, parent, made, kept)
        with self.place.bench() as bench:
            await make_package(
                order,
                media,
                index,
                parent.file,
                editions,
                seal=seal,
                words=self._words,
                origin=self._origin,
                target=bench / self.name(order),
                progress=lambda share: progress(begun + share * (1 - begun)),
            )
            await asyncio.to_thread(self.place.take, bench)

    def _made(self, order: ClipOrder) -> tuple[Source, Source | None]:
        """What was made of a clip, and the master when that is not all of it. FileNotFoundError when nothing was."""
        found = self._whole(order)
        if found is None:
            raise FileNotFoundError(self.name(order))
        return found[0], self.standing(order) if KEPT in found[0].name else None

    async def _parent(self, order: ClipOrder) -> Parent:
        store = self.library.store
        master = await asyncio.to_thread(store.master, order.master, order.version)
        sheet = await asyncio.to_thread(store.sheet, order.master, order.version)
        carried = b""
        if self._sealer is not None and order.sealed:
            carried = await asyncio.to_thread(store.ingredient, order.master, order.version)
        return Parent(f"{order.master}{master.suffix}", sheet.sha256 if sheet else order.version, carried)

    def standing(self, order: ClipOrder) -> Source:
        """The file of the store that an order takes as it is. UnknownMaster when it is gone."""
        return standing(self.library, order.master, order.version, order.profile)
